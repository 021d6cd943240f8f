"""Timers: due dates that passed become TicketEvents in the same inbox as everything else."""

from __future__ import annotations

from helpdesk_bridge.domain.events import TimerFired
from helpdesk_bridge.engine import crash
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.store import NewRow

BATCH = 200


def tick(bridge: Bridge) -> int:
    """Fire due timers; return how many."""
    now = bridge.now()
    with bridge.store.write() as tx:
        fired = tx.due.fire(now, BATCH)
        rows = [
            NewRow.internal(due.desk, due.ticket, TimerFired(key=due.key, kind=due.kind, at=due.at), now=now) for due in fired
        ]
        if rows:
            tx.inbox.add(rows)
    if rows:
        crash.point("tick.committed")
        bridge.bell.ring("inbox")
    return len(rows)
