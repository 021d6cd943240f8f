"""Statements and invoices as a ticket's journal sees them: each is a move of the charge, refused where the table has none."""

from __future__ import annotations

from helpdesk_bridge.domain.decision import NOTHING, Decision, Situation
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.events import Billed
from helpdesk_bridge.domain.lifecycle import CHARGE, ChargeMove

MOVES = {
    "stated": ChargeMove.STATE,
    "invoiced": ChargeMove.INVOICE,
    "reinvoiced": ChargeMove.REINVOICE,
    "cancelled": ChargeMove.CANCEL,
    "released": ChargeMove.RELEASE,
}


def can_be(kind: str, term: ServiceTerm) -> bool:
    """True when the charge of a term may be ``stated``, ``invoiced``, ``reinvoiced``, ``cancelled`` or ``released`` now."""
    return (term.charge, MOVES[kind]) in CHARGE and (kind == "stated" or term.charge.is_locked)


def billed(event: Billed, situation: Situation) -> Decision:
    """Record what became of a charge; the same news again, or news that the charge cannot take, changes nothing."""
    term = situation.engagement.numbered(event.number)
    if term is None or not can_be(event.kind, term):
        return NOTHING
    entry = situation.entry(
        event.kind,
        number=event.number,
        statement=event.statement,
        invoice=event.invoice,
        tax_id=event.tax_id,
        issued_on=event.issued_on.isoformat() if event.issued_on else None,
        reason=event.reason,
    )
    return Decision((entry,))
