"""Consultants' own calendars: an .ics file or address, read for the times at which they are busy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from helpdesk_bridge.adapters.http import read_address
from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.errors import Permanent

LARGEST = 2 * 1024 * 1024
"""Bytes of a calendar."""
MOST = 2000
"""Busy times that are looked at; a rule may repeat for ever."""


def read_busy(feed: str, *, start: datetime, end: datetime, zone: str) -> tuple[Interval, ...]:
    """Return the busy times between two instants. Dates without an hour are days in ``zone``. Raises: Permanent, Retryable."""
    raw = read_address(feed, LARGEST) if feed.startswith(("http://", "https://")) else _file(feed)
    return busy_times(raw, start=start, end=end, zone=zone)


def _file(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise Permanent(f"{path} cannot be read: {error.strerror}") from None
    if len(raw) > LARGEST:
        raise Permanent(f"{path} is larger than {LARGEST} bytes")
    return raw


def busy_times(raw: bytes, *, start: datetime, end: datetime, zone: str) -> tuple[Interval, ...]:
    """Return what an .ics says is taken. Raises: Permanent for anything that is no calendar."""
    try:
        calendars = icalendar.Calendar.from_ical(raw, multiple=True)
        spans = [span for one in calendars for span in (*_events(one, start, end, zone), *_free_busy(one, zone))]
    except Exception as error:  # hostile or broken files fail in many places of both libraries
        raise Permanent(f"is no calendar ({type(error).__name__})") from error
    if not calendars:
        raise Permanent("holds no calendar")
    return tuple(sorted(span for span in spans if span.start < end and span.end > start and span.start < span.end))


def _events(calendar: Any, start: datetime, end: datetime, zone: str) -> Iterator[Interval]:
    repeated = recurring_ical_events.of(calendar, components=["VEVENT"]).after(start)
    for number, event in enumerate(repeated):
        begins = _instant(event.start, zone)
        if begins >= end:
            return
        if number >= MOST:
            raise ValueError("too many events")
        free = str(event.get("TRANSP", "OPAQUE")).upper() == "TRANSPARENT" or str(event.get("STATUS", "")).upper() == "CANCELLED"
        if not free:
            yield Interval(begins, _instant(event.end, zone))


def _free_busy(calendar: Any, zone: str) -> Iterator[Interval]:
    for component in calendar.walk("VFREEBUSY"):
        told = component.get("FREEBUSY", [])
        for entry in islice(told if isinstance(told, list) else [told], MOST):
            if str(getattr(entry, "params", {}).get("FBTYPE", "BUSY")).upper() != "FREE":
                begins, ends = entry.dt if hasattr(entry, "dt") else (entry.start, entry.end)
                first = _instant(begins, zone)
                yield Interval(first, first + ends if isinstance(ends, timedelta) else _instant(ends, zone))


def _instant(moment: date | datetime, zone: str) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
