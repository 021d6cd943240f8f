"""Catching up: tickets that changed while their webhooks were lost enter through the same inbox."""

from __future__ import annotations

from datetime import timedelta

import structlog

from helpdesk_bridge.adapters.base import Change
from helpdesk_bridge.domain.events import Hint
from helpdesk_bridge.domain.values import DeskId
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.store import NewRow

log = structlog.get_logger()

POLL = "poll"
"""Kind of the hints that a poll leaves: what such a hint still finds, no webhook had told."""

OVERLAP = timedelta(minutes=2)
"""How far a poll looks back behind the last one: clocks differ, and Zendesk holds back the newest minute."""


def reconcile(bridge: Bridge, desk: DeskId) -> int:
    """Poll one desk once; return how many changes no webhook had told us. A failing desk is logged and tried again."""
    now = bridge.now()
    with bridge.store.write() as tx:
        since = tx.polls.get(desk)
        if since is None:
            tx.polls.set(desk, now, now)
            return 0
    try:
        changes = list(bridge.desks[desk].changed_since(since - OVERLAP))
    except BridgeError as error:
        log.warning("poll_failed", desk=desk, reason=str(error))
        return 0
    rows = [NewRow.hinted(_hint(desk, change), raw=None, digest=None, received_at=now) for change in changes]
    with bridge.store.write() as tx:
        added = sum(row_id is not None for row_id in tx.inbox.add(rows))
        tx.polls.set(desk, now, now)
    if added:
        bridge.bell.ring("inbox")
        log.info("polled", desk=desk, changes=len(changes), new=added)
    return added


def _hint(desk: DeskId, change: Change) -> Hint:
    identity = f"poll:{change.ticket}:{change.marker}"
    return Hint(desk=desk, ticket=change.ticket, identity=identity, at=change.updated_at, kind=POLL)
