"""Consultants' own calendars as the engine keeps them: read seldom, kept when a reading fails, said when they are not known."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from structlog import get_logger

from helpdesk_bridge.adapters.calendars import read_busy
from helpdesk_bridge.domain.agenda import Busy, Interval
from helpdesk_bridge.domain.calendar import Consultant
from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.errors import BridgeError

FRESH = 300.0
"""Seconds a reading is good for."""
PATIENCE = 20.0
"""Seconds that all readings of one moment may take together: whoever asks holds a row's lease."""

log = get_logger()


@dataclass(slots=True)
class _Reading:
    at: float
    busy: tuple[Interval, ...]
    is_known: bool


class Feeds:
    """The .ics files and addresses of a policy's consultants. Safe to share between threads."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._consultants = tuple(one for one in rules.consultants if one.feed is not None)
        self._readings: dict[str, _Reading] = {}
        self._lock = threading.Lock()

    def busy(self, now: datetime) -> tuple[tuple[Busy, ...], tuple[str, ...]]:
        """Return the busy times ahead, and the consultants whose calendar could not be read."""
        with self._lock:
            last = time.monotonic() + PATIENCE
            readings = {one.id: self._reading(one, now, last) for one in self._consultants}
        busy = tuple(
            Busy(consultant=name, start=span.start, end=span.end, source="feed")
            for name, reading in readings.items()
            for span in reading.busy
        )
        return busy, tuple(name for name, reading in readings.items() if not reading.is_known)

    def _reading(self, consultant: Consultant, now: datetime, last: float) -> _Reading:
        known = self._readings.get(consultant.id)
        if known is not None and time.monotonic() - known.at < FRESH:
            return known
        if time.monotonic() > last:
            return _Reading(float("-inf"), known.busy if known else (), False)
        assert consultant.feed is not None
        ahead = now + timedelta(days=self._rules.scheduling.horizon_days + 7)
        zone = (consultant.calendar or self._rules.calendar).zone
        try:
            found = _Reading(time.monotonic(), read_busy(consultant.feed, start=now, end=ahead, zone=zone), True)
        except BridgeError as error:
            log.warning("feed_unread", consultant=consultant.id, reason=str(error))
            found = _Reading(time.monotonic(), known.busy if known else (), False)
        self._readings[consultant.id] = found
        return found
