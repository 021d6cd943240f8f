"""The one pure function that decides: TicketEvent, Engagement and Rules in, a Decision out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from helpdesk_bridge.domain import (
    closing,
    commands,
    customers,
    desk_time,
    gone,
    invoicing,
    prerequisites,
    slot_clock,
    stopwatch,
    terms,
    tickets,
)
from helpdesk_bridge.domain.agenda import Agenda
from helpdesk_bridge.domain.decision import NOTHING, Decision, Situation, actor_of
from helpdesk_bridge.domain.effects import Wake
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.events import (
    Billed,
    CommentAdded,
    CommentEdited,
    DecidedEvent,
    GoneSettled,
    Operated,
    Ordered,
    Posted,
    TicketOpened,
    TicketSeen,
    TimeLogged,
    TimerFired,
)
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.domain.values import Role
from helpdesk_bridge.domain.words import label_of

TERM_EXPIRY = "term_expiry"
NOBODY_TAKEN = Agenda()


def decide(event: DecidedEvent, engagement: Engagement, rules: Rules, agenda: Agenda = NOBODY_TAKEN) -> Decision:
    """Decide what a TicketEvent means. Total: an event that means nothing gives an empty Decision."""
    situation = replace(_situation(event, engagement, rules), agenda=agenda)
    decision = _decided(event, situation)
    decision += slot_clock.release(situation, decision) + prerequisites.warn(situation, decision)
    decision += stopwatch.remind(situation, decision)
    return decision + closing.settle(situation, decision)


def _decided(event: DecidedEvent, situation: Situation) -> Decision:
    match event:
        case TicketOpened():
            return _opened(event, situation)
        case CommentAdded() | CommentEdited():
            return _comment(event, situation)
        case TimeLogged():
            return desk_time.clock(event, situation)
        case Posted():
            return _posted(event, situation)
        case TicketSeen():
            return tickets.see(event, situation)
        case TimerFired():
            return _timer(event, situation)
        case Ordered():
            return commands.obey(Order(situation=situation, command=event.command, source=event.identity, person=event.operator))
        case Billed():
            return invoicing.billed(event, situation)
        case GoneSettled():
            return gone.settle(event, situation)
        case Operated():
            return _operated(event, situation)
    assert_never(event)


def _situation(event: DecidedEvent, engagement: Engagement, rules: Rules) -> Situation:
    match event:
        case CommentAdded() | CommentEdited():
            actor = actor_of(event.comment.author)
        case TimeLogged():
            actor = actor_of(event.time.author)
        case Ordered() | Billed() | GoneSettled() | Operated():
            actor = f"operator:{event.operator}"
        case _:
            actor = "bridge"
    ticket = getattr(event, "ticket", None)
    return Situation(engagement=engagement, rules=rules, at=event.at, fact=event.identity, actor=actor, ticket=ticket)


def _opened(event: TicketOpened, situation: Situation) -> Decision:
    return Decision((situation.entry("opened", language=event.language.value),))


def _comment(event: CommentAdded | CommentEdited, situation: Situation) -> Decision:
    comment = event.comment
    heard = Decision((situation.entry("heard", comment=comment.id, digest=comment.digest, public=comment.public),))
    situation = situation.after(heard)
    if comment.author.role is Role.AGENT and not comment.public:
        return heard + _obey(event, situation)
    if not comment.public or comment.author.role in (Role.AGENT, Role.BRIDGE, Role.SYSTEM):
        return heard
    judge = customers.rehear if isinstance(event, CommentEdited) else customers.hear
    return heard + judge(situation, comment, event.reading, event.delivery)


def _obey(event: CommentAdded | CommentEdited, situation: Situation) -> Decision:
    if isinstance(event, CommentEdited):
        return NOTHING
    done = NOTHING
    for position, command in enumerate(event.commands, start=1):
        order = Order(
            situation=situation.numbered(position),
            command=command,
            source=f"comment:{event.comment.id}",
            person=event.comment.author.label,
            position=position,
        )
        answered = commands.obey(order)
        situation = situation.after(answered)
        done += answered
    return done


def _posted(event: Posted, situation: Situation) -> Decision:
    """A term or a proposed session starts to count when the desk shows it; other updates leave their receipt in the outbox only."""
    term = situation.engagement.term
    if term is None or term.reference != event.reference or term.posted_at is not None:
        return slot_clock.posted(event, situation)
    entry = situation.entry("term_posted", number=term.number, reference=event.reference, comment=event.comment)
    days = situation.rules.consent.term_valid_days
    if days is None or not term.is_pending:
        return Decision((entry,))
    wake = Wake(key=terms.expiry_key(term), kind=TERM_EXPIRY, at=event.at + timedelta(days=days))
    return Decision((entry,), (wake,))


def _timer(event: TimerFired, situation: Situation) -> Decision:
    term = situation.engagement.term
    if event.kind != TERM_EXPIRY:
        return slot_clock.fired(event, situation)
    if term is None or not term.is_pending or event.key != terms.expiry_key(term):
        return NOTHING
    note = situation.note(
        "term_expired",
        key=f"term_expired:{term.number}",
        rule="term_valid_days",
        remove_tags=(terms.TAG_SENT,),
        fields=(("term_state", "expired"),),
        modality_label=label_of(situation, term),
        term_reference=term.reference,
        days=situation.rules.consent.term_valid_days,
    )
    return Decision((situation.entry("expired", number=term.number),), (note,))


def _operated(event: Operated, situation: Situation) -> Decision:
    return Decision((situation.entry("operated", action=event.action, row=event.row, reason=event.reason),))
