"""What finance does to a charge outside of the ticket: statement, invoice, invoice again, cancellation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.events import Billed
from helpdesk_bridge.domain.invoicing import can_be
from helpdesk_bridge.domain.tax_ids import tax_id
from helpdesk_bridge.domain.values import Ticket


def stated(engagement: Engagement, ticket: Ticket, at: datetime) -> Iterator[Billed]:
    """State every charge that is settled, the waived ones too."""
    for term in engagement.terms:
        if can_be("stated", term):
            yield _billed("stated", term, engagement, ticket, at)


def invoiced(engagement: Engagement, ticket: Ticket, at: datetime, day: date) -> Iterator[Billed]:
    """Invoice what is due, stating it first; what is invoiced already is invoiced again, to whoever bears it now."""
    yield from stated(engagement, ticket, at)
    for term in engagement.terms:
        if can_be("reinvoiced", term):
            yield _billed("reinvoiced", term, engagement, ticket, at, day)
        elif term.charged is not None and term.charged.due:
            yield _billed("invoiced", term, engagement, ticket, at, day)


def cancelled(engagement: Engagement, ticket: Ticket, at: datetime, *, kind: str = "cancelled") -> Iterator[Billed]:
    """Cancel what is stated or invoiced, for good or (``released``) for the next closing."""
    for term in engagement.terms:
        if can_be(kind, term):
            yield _billed(kind, term, engagement, ticket, at)


def payer(engagement: Engagement, ticket: Ticket, term: ServiceTerm) -> str | None:
    """Return whom the invoice of a term goes to: the unit that bears the cost, whom somebody named, else the organization."""
    own = tax_id(ticket.organization.tax_id) if ticket.organization and ticket.organization.tax_id else None
    unit = term.pass_through.tax_id if term.pass_through else None
    return unit or engagement.tax_id or (own.key if own else None)


def _billed(
    kind: str, term: ServiceTerm, engagement: Engagement, ticket: Ticket, at: datetime, issued_on: date | None = None
) -> Billed:
    return Billed(
        kind=kind,
        number=term.number,
        statement=f"{at:%Y-%m}",
        operator="finance",
        at=at,
        identity=f"{kind}:{term.number}:{at.isoformat()}",
        invoice=f"{ticket.id}-{term.number}" if issued_on else None,
        tax_id=payer(engagement, ticket, term),
        issued_on=issued_on,
    )
