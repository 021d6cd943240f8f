"""What the rate table owes to terms that were sent: a price that a customer was told never changes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.store import Store, decode_engagement


@dataclass(frozen=True, slots=True, kw_only=True)
class SentTerm:
    """A service term and the ticket it was sent in."""

    desk: DeskId
    ticket: TicketId
    term: ServiceTerm

    def __str__(self) -> str:
        return f"{self.desk}/{self.ticket} term {self.term.number} ({self.term.rate}, sent {self.term.sent_at:%Y-%m-%d})"


def sent_from(store: Store, rates: Collection[str], day: date, zone: str) -> tuple[SentTerm, ...]:
    """List terms that froze one of these rows on ``day`` or later: another price from that day on would contradict them."""
    with store.read() as tx:
        engagements = [decode_engagement(row.state) for row in tx.engagements.each()]
    return tuple(
        SentTerm(desk=engagement.desk, ticket=engagement.ticket, term=term)
        for engagement in engagements
        for term in engagement.terms
        if term.rate in rates and term.sent_at.astimezone(ZoneInfo(zone)).date() >= day
    )
