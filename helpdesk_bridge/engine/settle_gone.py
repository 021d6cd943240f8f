"""Tickets that are gone from their desk, as finance sees them: what waits there, and what is decided about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.events import GoneSettled
from helpdesk_bridge.domain.gone import unsettled
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.store import NewRow, decode_engagement


class NothingToSettle(BridgeError):
    """Nothing of this ticket waits for finance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A ticket that is gone, and its terms whose charge waits."""

    engagement: Engagement
    terms: tuple[ServiceTerm, ...]


def orphans(bridge: Bridge) -> Iterator[Orphan]:
    """List every ticket that is gone with something to settle."""
    with bridge.store.read() as tx:
        for row in tx.engagements.each():
            engagement = decode_engagement(row.state)
            terms = unsettled(engagement)
            if terms:
                yield Orphan(engagement=engagement, terms=terms)


def settle_gone(bridge: Bridge, desk: DeskId, ticket: TicketId, *, verdict: str, operator: str, reason: str) -> None:
    """Record what finance decided; the ticket's lane carries it out. Raises: NothingToSettle."""
    now = bridge.now()
    with bridge.store.write() as tx:
        saved = tx.engagements.load(desk, ticket)
        engagement = decode_engagement(saved.state) if saved is not None else None
        if engagement is None or engagement.gone_at is None:
            raise NothingToSettle(f"{desk}/{ticket} is not gone from its desk, as far as the bridge has seen")
        if not unsettled(engagement):
            raise NothingToSettle(f"nothing of {desk}/{ticket} waits for finance")
        identity = f"gone:{verdict}:{now.isoformat()}"
        event = GoneSettled(verdict=verdict, operator=operator, reason=reason, at=now, identity=identity)
        tx.inbox.add([NewRow.internal(desk, ticket, event, now=now)])
    bridge.bell.ring("inbox")
