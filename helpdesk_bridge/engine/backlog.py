"""What waits for a worker or a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from helpdesk_bridge.engine.bridge import Reception
from helpdesk_bridge.store import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Counts of rows, and ages in seconds (0 when nothing waits)."""

    inbox: int
    inbox_age: float
    outbox: int
    outbox_age: float
    parked: int
    unsealed_age: float
    """How long the oldest change waits for a seal."""


def backlog(reception: Reception) -> Backlog:
    """Count what waits now."""
    now = reception.now()
    with reception.store.read() as tx:
        unsealed = tx.seals.oldest_unsealed()
        boxes = [(box.counts(), box.oldest_waiting()) for box in (tx.inbox, tx.outbox)]
    (inbox, inbox_since), (outbox, outbox_since) = boxes
    return Backlog(
        inbox=_waiting(inbox),
        inbox_age=_age(inbox_since, now),
        outbox=_waiting(outbox),
        outbox_age=_age(outbox_since, now),
        parked=inbox.get(State.PARKED, 0) + outbox.get(State.PARKED, 0),
        unsealed_age=_age(unsealed, now),
    )


def _waiting(counts: Mapping[str, int]) -> int:
    return sum(number for state, number in counts.items() if state != State.PARKED)


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, round((now - since).total_seconds(), 1)) if since else 0.0
