"""Hop 3: perform the head of an outbox lane once, and commit its Receipt. Never resend blindly."""

from __future__ import annotations

import time

from helpdesk_bridge.domain.events import Posted
from helpdesk_bridge.domain.values import Receipt
from helpdesk_bridge.engine import crash
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.telemetry import observe
from helpdesk_bridge.errors import Permanent, Refused, Retryable, Uncertain
from helpdesk_bridge.store import LeaseLost, NewRow, OutboxRow

PATIENCE = 5
"""Attempts after which an update that fails in a way nobody foresaw is parked for a person."""


def deliver(bridge: Bridge) -> bool:
    """Deliver one update; False when there is nothing to do now."""
    with bridge.store.read() as tx:
        if not tx.outbox.lanes_waiting(bridge.now(), limit=1):
            return False
    with bridge.store.write() as tx:
        row = tx.outbox.claim(bridge.now(), bridge.lease)
    if row is None:
        return False
    crash.point("deliver.claimed")
    started = time.monotonic()
    try:
        outcome = _deliver(bridge, row)
    except LeaseLost:
        outcome = "lease_lost"
    except Exception as error:
        if row.attempt < PATIENCE:
            raise
        outcome = _park(bridge, row, f"unforeseen: {type(error).__name__}: {error}"[:500])
    observe(
        "deliver",
        desk=row.desk,
        ticket=row.ticket,
        outcome=outcome,
        seconds=time.monotonic() - started,
        key=row.key,
        reference=row.reference,
        attempt=row.attempt,
    )
    return True


def _deliver(bridge: Bridge, row: OutboxRow) -> str:
    adapter = bridge.desks[row.desk]
    try:
        receipt = adapter.find(row.update) if row.must_look else None
    except Retryable as error:
        return _look_later(bridge, row, str(error), error.after)
    except Uncertain as error:
        return _look_later(bridge, row, str(error))
    except (Refused, Permanent) as error:
        return _park(bridge, row, f"cannot look whether it was posted: {error}")
    if receipt is not None:
        return _record(bridge, row, receipt, "found")
    with bridge.store.write() as tx:
        tx.outbox.sending(row, bridge.now() + bridge.lease)
    crash.point("deliver.sending")
    try:
        receipt = adapter.perform(row.update)
    except Retryable as error:
        with bridge.store.write() as tx:
            tx.outbox.postpone(row, bridge.backoff(row.attempt, error.after), str(error))
        return "postponed"
    except (Refused, Permanent) as error:
        return _park(bridge, row, str(error))
    except Uncertain as error:
        return _look_later(bridge, row, str(error))
    crash.point("deliver.performed")
    return _record(bridge, row, receipt, "sent")


def _record(bridge: Bridge, row: OutboxRow, receipt: Receipt, outcome: str) -> str:
    """Commit the Receipt, and tell the lane that its comment stands: a term counts from then on."""
    posted = Posted(reference=row.reference, comment=receipt.comment, at=receipt.at)
    with bridge.store.write() as tx:
        tx.outbox.sent(row, receipt, bridge.now())
        if row.update.public:
            tx.inbox.add([NewRow.internal(row.desk, row.ticket, posted, now=bridge.now())])
        crash.point("deliver.before_commit")
    crash.point("deliver.committed")
    bridge.bell.ring("outbox")
    if row.update.public:
        bridge.bell.ring("inbox")
    return outcome


def _look_later(bridge: Bridge, row: OutboxRow, reason: str, after: float | None = None) -> str:
    wait = max(bridge.grace.total_seconds(), after or 0.0)
    with bridge.store.write() as tx:
        tx.outbox.uncertain(row, bridge.backoff(row.attempt, wait), reason)
    return "uncertain"


def _park(bridge: Bridge, row: OutboxRow, reason: str) -> str:
    with bridge.store.write() as tx:
        tx.outbox.park(row, reason)
    return "parked"
