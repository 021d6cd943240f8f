"""Tickets that are gone from their desk: noticed once, and settled by finance, since nobody can do anything in them any more."""

from __future__ import annotations

from dataclasses import replace

from helpdesk_bridge.domain.decision import NOTHING, Decision, Situation
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.events import GoneSettled
from helpdesk_bridge.domain.lifecycle import SETTLED, ChargeState

CHARGE, NEVER = "charge", "never"
"""What finance may decide: state what was worked by then with the next closing, or charge nothing ever."""


def noticed(situation: Situation) -> Decision:
    """Record that the desk no longer has the ticket. The journal stays; nothing is written to a ticket that is gone."""
    if situation.engagement.gone_at is not None:
        return NOTHING
    return Decision((situation.entry("ticket_gone"),))


def returned(situation: Situation) -> Decision:
    """Record that a ticket that was gone is there again."""
    if situation.engagement.gone_at is None:
        return NOTHING
    return Decision((situation.entry("ticket_returned"),))


def unsettled(engagement: Engagement) -> tuple[ServiceTerm, ...]:
    """Return the terms of a ticket that is gone whose charge waits for finance."""
    if engagement.gone_at is None or engagement.gone_settled is not None:
        return ()
    return tuple(term for term in engagement.terms if _waits(term))


def settle(event: GoneSettled, situation: Situation) -> Decision:
    """Do what finance decided: end the work, and either let its charges close or end them for good."""
    waiting = unsettled(situation.engagement)
    if not waiting:
        return NOTHING
    done = Decision((situation.entry("gone_settled", verdict=event.verdict, reason=event.reason),))
    for term in waiting:
        numbered = replace(situation, fact=f"{situation.fact}$term{term.number}")
        if term.is_running:
            done += Decision((numbered.entry("concluded", number=term.number),))
        if event.verdict == NEVER:
            told = {"statement": None, "invoice": None, "tax_id": None, "issued_on": None, "reason": event.reason}
            done += Decision((numbered.entry("cancelled", number=term.number, **told),))
    return done


def _waits(term: ServiceTerm) -> bool:
    if term.charge is ChargeState.OPEN:
        return term.is_running and bool(term.standing or term.stopwatch)
    return term.charge in SETTLED and term.charge is not ChargeState.NO_CHARGE
