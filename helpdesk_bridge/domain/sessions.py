"""What every decision about a session needs: whose clocks it is told on, who can do it, and which times are still free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from helpdesk_bridge.domain.agenda import Agenda, Busy, Interval
from helpdesk_bridge.domain.calendar import Calendar, Consultant, Offer, Search, why_closed
from helpdesk_bridge.domain.decision import Situation
from helpdesk_bridge.domain.effects import Invitation
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.ledger import Proposal, ProposalState
from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.domain.values import plain
from helpdesk_bridge.domain.words import label_of

LIVE = (ProposalState.OPEN, ProposalState.CONFIRMED)


def customer_calendar(situation: Situation) -> Calendar | None:
    """Return when the ticket's organization can, where the policy or a desk field says it."""
    ticket, rules = situation.ticket, situation.rules
    organization = ticket.organization if ticket is not None else None
    if organization is not None:
        names = {organization.id, plain(organization.name)}
        for one in rules.customers:
            if any(name == organization.id or plain(name) in names for name in one.organizations):
                return one.calendar
    return None


def customer_zone(situation: Situation) -> str:
    """Return the zone in which the customer reads times: theirs where it is known, else the service calendar's."""
    known = customer_calendar(situation)
    if known is not None:
        return known.zone
    told = situation.ticket.field("time_zone") if situation.ticket is not None else None
    return told if told is not None and is_zone(told) else situation.rules.calendar.zone


def is_zone(name: str) -> bool:
    """True for the name of a time zone."""
    try:
        ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return False
    return True


def zones(situation: Situation) -> tuple[str, ...]:
    """Return the clocks a time may be read from, the customer's first."""
    return tuple(dict.fromkeys((customer_zone(situation), situation.rules.calendar.zone)))


def consultant_of(rules: Rules, name: str) -> Consultant | None:
    """Find a consultant by what stands after ``@``, by name, or by desk user; without any in the policy a name is enough."""
    wanted = plain(name)
    for one in rules.consultants:
        if wanted in (plain(one.id), plain(one.name)) or name in one.agents:
            return one
    return Consultant(id=wanted, name=name) if wanted and not rules.consultants else None


def known_consultant(rules: Rules, consultant: str) -> Consultant:
    """Return the consultant of a proposal, who may have left the policy since."""
    return next((one for one in rules.consultants if one.id == consultant), Consultant(id=consultant, name=consultant))


def search(situation: Situation, consultants: Iterable[Consultant], within: tuple[Interval, ...] = ()) -> Search:
    """Look for times that suit both sides; this ticket's own booking is given back first."""
    return Search(
        calendar=situation.rules.calendar,
        rules=situation.rules.scheduling,
        agenda=agenda(situation),
        consultants=tuple(consultants),
        customer=customer_calendar(situation),
        within=within,
    )


def agenda(situation: Situation) -> Agenda:
    """Return what others have taken."""
    return situation.agenda.without(source_of(situation.engagement))


def source_of(engagement: Engagement) -> str:
    """Name the bookings of one ticket."""
    return f"booking:{engagement.desk}:{engagement.ticket}"


def able(situation: Situation, term: ServiceTerm) -> tuple[Consultant, ...]:
    """Return who may be offered: the one already chosen, else everybody."""
    rules, last = situation.rules, term.proposal
    if last is not None and last.consultant:
        return (known_consultant(rules, last.consultant),)
    return rules.consultants or (Consultant(id="", name=""),)


def suggestions(
    situation: Situation,
    consultants: tuple[Consultant, ...],
    length: timedelta | None = None,
    within: tuple[Interval, ...] = (),
) -> list[dict[str, Any]]:
    """Return the next free times as a note shows them, each with the command that proposes it."""
    rules = situation.rules.scheduling
    after = situation.at + timedelta(minutes=rules.notice_minutes)
    offers = search(situation, consultants, within).next_free(
        after, length or timedelta(minutes=rules.slot_minutes), rules.suggestions
    )
    return [option(situation, offer) for offer in offers]


def option(situation: Situation, offer: Offer) -> dict[str, Any]:
    """Show one free time."""
    return {
        "start": offer.slot.start,
        "end": offer.slot.end,
        "consultant": offer.consultant.name,
        "command": command_for(situation, offer.slot, offer.consultant),
    }


def command_for(situation: Situation, slot: Interval, consultant: Consultant) -> str:
    """Write the command that proposes a time."""
    start, end = (situation.rules.calendar.local(at) for at in slot)
    who = f" @{consultant.id}" if consultant.id else ""
    return f"/agendar {start:%d/%m/%Y} {start:%H:%M}-{end:%H:%M}{who}"


def obstacle(situation: Situation, slot: Interval, consultant: Consultant) -> str | None:
    """Return why a consultant cannot be met then, as a stable code, or None."""
    rules = situation.rules
    closed = why_closed(slot, consultant.calendar or rules.calendar, rules.scheduling, situation.at)
    if closed is not None:
        return closed
    if any(slot.overlaps(absence) for absence in consultant.absences):
        return "consultant_away"
    return "consultant_busy" if agenda(situation).conflict(consultant.id, slot) is not None else None


def length_of(situation: Situation, term: ServiceTerm) -> timedelta:
    """Return how long the session is: as the last one proposed, else the policy's length."""
    last = term.proposal
    return last.end - last.start if last is not None else timedelta(minutes=situation.rules.scheduling.slot_minutes)


def shown(situation: Situation, term: ServiceTerm, proposal: Proposal) -> dict[str, Any]:
    """Return what every comment about a session says."""
    here, theirs = situation.rules.calendar.zone, customer_zone(situation)
    return {
        "modality_label": label_of(situation, term),
        "start": proposal.start,
        "end": proposal.end,
        "consultant": known_consultant(situation.rules, proposal.consultant).name,
        "zone": here,
        "customer_zone": theirs if theirs != here else None,
    }


def slot_of(proposal: Proposal) -> Interval:
    """Return a proposal's time."""
    return Interval(proposal.start, proposal.end)


def is_live(proposal: Proposal | None, at: datetime) -> bool:
    """True for a session that is proposed or agreed and not over."""
    return proposal is not None and proposal.state in LIVE and proposal.end > at


def is_shown(proposal: Proposal | None, at: datetime) -> bool:
    """True when the customer can have read the proposal before ``at``."""
    return proposal is not None and proposal.posted_at is not None and proposal.posted_at <= at


def deadline_key(term: ServiceTerm) -> str:
    """Key of the timer that ends the current proposal."""
    return f"slot:{term.number}:{term.rounds}"


def reminder_key(term: ServiceTerm) -> str:
    """Key of the timer that reminds of it."""
    return f"slot_reminder:{term.number}:{term.rounds}"


def invitation(situation: Situation, term: ServiceTerm, proposal: Proposal, *, cancelled: bool = False) -> Invitation:
    """Describe the calendar entry of a session: one UID a term, so that a later round moves it and a cancellation ends it."""
    engagement = situation.engagement
    return Invitation(
        uid=f"{engagement.ticket}-{term.number}-{term.reference.lower()}@{engagement.desk}.helpdesk-bridge",
        sequence=2 * proposal.round + (1 if cancelled else 0),
        method="CANCEL" if cancelled else "REQUEST",
        start=proposal.start,
        end=proposal.end,
        at=situation.at,
        summary=f"{label_of(situation, term)}: ticket {engagement.ticket}",
        consultant=known_consultant(situation.rules, proposal.consultant).name,
    )


def bookings(engagement: Engagement) -> tuple[Busy, ...]:
    """Return the times an engagement takes: every proposed or agreed session."""
    return tuple(
        Busy(consultant=one.consultant, start=one.start, end=one.end, source=source_of(engagement))
        for term in engagement.terms
        if (one := term.proposal) is not None and one.state in LIVE and term.is_running
    )
