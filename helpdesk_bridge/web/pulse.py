"""Whether the desks answer, remembered for a while so that a health check never floods them."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from helpdesk_bridge.domain.values import DeskId
from helpdesk_bridge.engine.bridge import Reception
from helpdesk_bridge.errors import BridgeError

FRESH = 30.0
"""Seconds a ping's answer is good for."""


@dataclass(slots=True)
class Pulse:
    """The last ping of every desk."""

    _answers: dict[DeskId, tuple[float, str | None]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, reception: Reception, desk: DeskId) -> str | None:
        """Return what is wrong with a desk, or None when it answers."""
        with self._lock:
            at, problem = self._answers.get(desk, (float("-inf"), None))
            if time.monotonic() - at < FRESH:
                return problem
            try:
                reception.desks[desk].ping()
            except BridgeError as error:
                problem = str(error)
            else:
                problem = None
            self._answers[desk] = (time.monotonic(), problem)
            return problem
