"""Retention: copies go when they are old, in small transactions; the journal, and what waits for a person, never."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from time import sleep

import structlog

from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.store import Inbox, Outbox, Store, Transaction

log = structlog.get_logger()

BATCH = 500
"""Rows of one transaction: webhooks wait for one batch at most."""
BREATH = 0.05
"""Seconds between two transactions that changed something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many rows went."""

    deliveries: int
    updates: int


def prune(store: Store, before: datetime, rest: Callable[[float], object] = sleep) -> Pruned:
    """Delete deliveries that were finished before a moment, and empty updates that were sent before it."""
    return Pruned(
        deliveries=_prune(store, lambda tx: tx.inbox, before, rest),
        updates=_prune(store, lambda tx: tx.outbox, before, rest),
    )


class Pruner:
    """Prunes once a day, and when a worker starts."""

    def __init__(self, rest: Callable[[float], object]) -> None:
        self._rest = rest
        self._last: date | None = None

    def prune_when_due(self, bridge: Bridge) -> bool:
        """Prune unless that was done today; True when something went."""
        today = bridge.policy.rules.calendar.local(bridge.now()).date()
        if bridge.retention is None or self._last == today:
            return False
        done = prune(bridge.store, bridge.now() - bridge.retention, self._rest)
        self._last = today
        if done.deliveries or done.updates:
            log.info("pruned", deliveries=done.deliveries, updates=done.updates)
        return bool(done.deliveries or done.updates)


def _prune(store: Store, box: Callable[[Transaction], Inbox | Outbox], before: datetime, rest: Callable[[float], object]) -> int:
    """Look without holding anybody up, and write only where there is something to do."""
    total, place = 0, 0
    while True:
        with store.read() as tx:
            aged, onward = box(tx).aged(before, place, BATCH)
        if aged:
            with store.write() as tx:
                gone = box(tx).prune(aged)
            total += gone
            if gone:
                rest(BREATH)
        if onward is None:
            return total
        place = onward
