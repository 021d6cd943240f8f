"""Agents' commands about sessions: propose one, ask for free times, record that somebody did not come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from helpdesk_bridge.domain import prerequisites, sessions
from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.calendar import Consultant, deadline
from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.effects import Update
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.ledger import ProposalState
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.slots import Named, Wish, wish
from helpdesk_bridge.domain.values import TicketStatus, plain

NEVER_FORCED = ("slot_backwards", "slot_past")
CUSTOMER = ("cliente", "customer", "client")
CONSULTANT = ("consultor", "consultora", "consultant", "analista")

_CLOCK = r"(?:[01]?\d|2[0-3])(?::[0-5]\d|h(?:[0-5]\d)?)"
_FORCE = re.compile(r"(?<!\S)(?:for[cç]ar|force|forzar)(?:\s+(?P<reason>.*))?$", re.IGNORECASE)
_WHO = re.compile(r'(?<!\S)@(?:"(?P<quoted>[^"]{1,80})"|(?P<plain>[\w.+-]{1,80}))')
_SPAN = re.compile(rf"(?<!\S)(?P<start>{_CLOCK})(?:\s?(?:-|–|—|às|as|a|to|até)\s?(?P<end>{_CLOCK}))?(?!\S)", re.IGNORECASE)
_ISO_DAY = re.compile(r"(?<!\S)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\S)")
_DAY = re.compile(r"(?<!\S)(?P<day>[0-3]?\d)/(?P<month>[01]?\d)(?:/(?P<year>\d{4}|\d\d))?(?!\S)")
_LENGTH = re.compile(r"(?<!\S)(?P<minutes>\d{1,4})\s?min\w*(?!\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What an agent typed about a session."""

    named: Named
    """Like a ``Signal``'s data."""
    consultant: str | None
    length: timedelta | None
    force: str | None
    """Why the calendar is overridden; empty when no reason was given."""
    rest: str
    """Words that mean nothing here."""


def schedule(order: Order) -> Decision:
    """``/agendar``: propose a session in public, or the next free times when no hour is given."""
    term, ticket = order.term, order.situation.ticket
    if ticket is not None and ticket.status in (TicketStatus.CLOSED, TicketStatus.GONE):
        return order.refused("ticket_closed")
    if term is None or not term.is_running:
        return order.refused("no_running_term")
    if term.is_paused:
        return order.refused("already_paused")
    said = typed(order.argument)
    if said.rest:
        return order.refused("slot_unreadable", detail=said.rest)
    who = _consultants(order, term, said)
    if not who:
        return order.refused("consultant_unknown", detail=", ".join(f"@{one.id}" for one in order.situation.rules.consultants))
    asked = _wish(order, term, said)
    if asked is None:
        return order.refused("slot_unreadable", detail=order.argument)
    return _propose(order, term, said, who, asked.slot) if asked.slot else _suggest(order, term, said, who, asked)


def _wish(order: Order, term: ServiceTerm, said: Typed) -> Wish | None:
    situation = order.situation
    if not said.named:
        return Wish(slot=None, within=())
    length = said.length or sessions.length_of(situation, term)
    last = term.proposal if sessions.is_live(term.proposal, situation.at) else None
    return wish(
        said.named,
        now=situation.at,
        zone=situation.rules.calendar.zone,
        proposed=sessions.slot_of(last) if last else None,
        length=length,
        spoken=False,
    )


def _suggest(order: Order, term: ServiceTerm, said: Typed, who: tuple[Consultant, ...], asked: Wish) -> Decision:
    situation = order.situation
    options = sessions.suggestions(situation, who, said.length or sessions.length_of(situation, term), asked.within)
    if not options:
        return order.refused("no_free_slot")
    zone, theirs = situation.rules.calendar.zone, sessions.customer_zone(situation)
    note = order.answer(
        "slot_suggestions",
        options=options,
        zone=zone,
        customer_zone=theirs if theirs != zone else None,
        unread=_unread(order, who),
    )
    return Decision((), (note,))


def _propose(order: Order, term: ServiceTerm, said: Typed, who: tuple[Consultant, ...], slot: Interval) -> Decision:
    situation = order.situation
    obstacles = [(sessions.obstacle(situation, slot, one), one) for one in who]
    found, consultant = next(((why, one) for why, one in obstacles if why is None), obstacles[0])
    if found is not None and (said.force is None or found in NEVER_FORCED):
        code, _, name = found.partition(":")
        return order.refused("slot_holiday" if code == "holiday" else code, detail=name or consultant.name or None)
    if said.force == "":
        return order.refused("reason_missing")
    number, key = term.rounds + 1, f"slot:{term.number}:{term.rounds + 1}"
    entry = situation.entry(
        "slot_proposed",
        number=term.number,
        round=number,
        start=slot.start.isoformat(),
        end=slot.end.isoformat(),
        consultant=consultant.id,
        reference=situation.reference(key),
        command=order.command.line,
        forced=found,
        reason=said.force or None,
    )
    done = Decision((entry,))
    return done + Decision((), (_proposal(order, done, term, key), *_warned(order, term, said, found, consultant)))


def _proposal(order: Order, done: Decision, before: ServiceTerm, key: str) -> Update:
    """Ask the customer; the deadline told here is never later than the one that counts from the desk's own posting."""
    situation = order.situation.after(done)
    term = situation.engagement.numbered(before.number)
    assert term is not None
    assert term.proposal is not None
    rules, old = situation.rules.scheduling, before.proposal
    ends = deadline(situation.at, rules.confirmation_hours, rules.counting, situation.rules.calendar)
    agreed = old is not None and old.state is ProposalState.CONFIRMED and sessions.is_live(old, situation.at)
    return situation.note(
        "slot_proposal",
        key=key,
        rule=order.rule,
        public=True,
        hours=rules.confirmation_hours,
        counting=rules.counting.value,
        answer_by=min(ends, term.proposal.start),
        replaces=old.start if agreed and old is not None else None,
        **sessions.shown(situation, term, term.proposal),
    )


def _warned(order: Order, term: ServiceTerm, said: Typed, forced: str | None, consultant: Consultant) -> tuple[Update, ...]:
    """Tell the agent what a proposal leaves open; nothing to tell, no note."""
    rules = order.situation.rules.scheduling
    missing = prerequisites.missing(order.situation, term)
    unread = _unread(order, (consultant,))
    many = rules.most_rounds is not None and term.rounds + 1 > rules.most_rounds
    if not (forced or unread or many):
        return ()
    note = order.answer(
        "slot_warning",
        forced=(forced or "").partition(":")[0] or None,
        holiday=(forced or "").partition(":")[2] or None,
        reason=said.force,
        unread=unread,
        rounds=term.rounds + 1 if many else None,
        missing=len(missing),
    )
    return (note,)


def _unread(order: Order, who: tuple[Consultant, ...]) -> list[str]:
    return [one.name for one in who if one.id in order.situation.agenda.unread]


def _consultants(order: Order, term: ServiceTerm, said: Typed) -> tuple[Consultant, ...]:
    """Return who may do it: the one named, the agent who asks, the one of the last session, else anybody."""
    situation, rules = order.situation, order.situation.rules
    if said.consultant is not None:
        named = sessions.consultant_of(rules, said.consultant)
        return (named,) if named is not None else ()
    agent = situation.actor.partition(":")[2]
    mine = next((one for one in rules.consultants if agent in one.agents), None)
    if mine is not None:
        return (mine,)
    if term.proposal is not None or rules.consultants:
        return sessions.able(situation, term)
    return (Consultant(id=plain(order.person), name=order.person),)


def no_show(order: Order) -> Decision:
    """``/falta cliente|consultor [motivo]``: somebody did not come to an agreed session."""
    term, situation = order.term, order.situation
    word, _, reason = order.argument.partition(" ")
    who = "customer" if plain(word) in CUSTOMER else "consultant" if plain(word) in CONSULTANT else None
    if who is None:
        return order.refused("who_unknown")
    session = term.proposal if term is not None and term.is_running and not term.is_paused else None
    if term is None or session is None or session.state is not ProposalState.CONFIRMED or session.start > situation.at:
        return order.refused("no_session")
    entries = (
        situation.entry("no_show", number=term.number, round=session.round, who=who, reason=reason or None),
        situation.entry("reschedule_needed", number=term.number, round=session.round, cause=ProposalState.MISSED.value),
    )
    note = order.answer(
        "no_show_recorded",
        who=who,
        reason=reason or None,
        times=term.no_shows + 1,
        person=order.person,
        options=sessions.suggestions(situation, sessions.able(situation, term), session.end - session.start),
        **sessions.shown(situation, term, session),
    )
    return Decision(entries, (note,))


def typed(text: str) -> Typed:
    """Read what follows ``/agendar``. Total on any text."""
    text, force = _taken(text, _FORCE)
    text, who = _taken(text, _WHO)
    text, day = _taken(text, _ISO_DAY)
    if day is None:
        text, day = _taken(text, _DAY)
    text, length = _taken(text, _LENGTH)
    text, span = _taken(text, _SPAN)
    named: dict[str, str] = {}
    if day is not None:
        year = f"20{day['year'][-2:]}" if day["year"] else "-"
        named["date"] = f"{year}-{int(day['month']):02}-{int(day['day']):02}"
    if span is not None:
        named |= {key: _hour(span[part]) for key, part in (("time", "start"), ("time_to", "end")) if span[part]}
    return Typed(
        named=named,
        consultant=(who["quoted"] or who["plain"]) if who else None,
        length=timedelta(minutes=int(length["minutes"])) if length and int(length["minutes"]) else None,
        force=(force["reason"] or "").strip() if force else None,
        rest=" ".join(text.split()),
    )


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, re.Match[str] | None]:
    match = pattern.search(text)
    return (f"{text[: match.start()]} {text[match.end() :]}", match) if match else (text, None)


def _hour(told: str) -> str:
    hour, _, minute = told.lower().replace("h", ":").partition(":")
    return f"{int(hour):02}:{int(minute or 0):02}"
