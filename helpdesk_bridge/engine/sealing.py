"""Sealing: what the journals are today is put under one digest that can be published where nobody here can change it."""

from __future__ import annotations

import structlog

from helpdesk_bridge.domain.seals import FIRST, Head, Seal, seal
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.store import AlreadyRecorded, Transaction

log = structlog.get_logger()


def seal_heads(bridge: Bridge) -> Seal | None:
    """Seal every chain that grew since the last seal; None when none did, or when another machine was faster."""
    now = bridge.now()
    with bridge.store.read() as tx:
        last = tx.seals.last()
        heads = [head for name in tx.seals.unsealed() if (head := _head(tx, *name)).seq > 0]
    if not heads:
        return None
    made = seal(last.number + 1 if last is not None else 1, now, heads, last.hash if last is not None else FIRST)
    try:
        with bridge.store.write() as tx:
            tx.seals.add(made, heads)
    except AlreadyRecorded:
        return None
    return made


def seal_when_due(bridge: Bridge) -> bool:
    """Seal when a local midnight has passed since the last seal; True when this did it."""
    local = bridge.policy.rules.calendar.local
    with bridge.store.read() as tx:
        last = tx.seals.last()
    if last is not None and local(last.at).date() >= local(bridge.now()).date():
        return False
    made = seal_heads(bridge)
    if made is None:
        return False
    log.info("sealed", number=made.number, heads=made.heads, hash=made.hash)  # where logs leave the machine, a first witness
    return True


def _head(tx: Transaction, desk: DeskId, ticket: TicketId) -> Head:
    """Read the head from the journal itself: the engagement only tells that there is a new one."""
    seq, digest = tx.journal.head(desk, ticket)
    return Head(desk=desk, ticket=ticket, seq=seq, hash=digest)
