"""From a thread as it was read to TicketEvents that are decided, one by one, in the desk's order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from helpdesk_bridge.domain import desk_time
from helpdesk_bridge.domain.agenda import Agenda
from helpdesk_bridge.domain.decide import NOBODY_TAKEN, decide
from helpdesk_bridge.domain.decision import NOTHING, Decision
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.events import (
    CommentAdded,
    CommentEdited,
    DecidedEvent,
    Ordered,
    Posted,
    TicketOpened,
    TicketSeen,
    TimeLogged,
    TimerFired,
)
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.reading import Command, Context, Pending, Reading, SignalKind
from helpdesk_bridge.domain.values import Comment, Role, Ticket
from helpdesk_bridge.language import detect_language, parse_commands, visible_text
from helpdesk_bridge.policy import Policy
from helpdesk_bridge.readers import Reader, read_comment, read_ticket


def settle(
    ticket: Ticket,
    engagement: Engagement,
    policy: Policy,
    *,
    at: datetime,
    delivery: str = "",
    last: Ordered | TimerFired | None = None,
    agenda: Agenda = NOBODY_TAKEN,
    reader: Reader | None = None,
) -> Decision:
    """Decide every fact of ``ticket`` that ``engagement`` has not heard yet, then ``last``; the same reading gives the same Decision."""
    take = partial(_take, policy=policy, agenda=agenda)
    done = NOTHING
    if engagement.opened_at is None:
        language = detect_language(f"{ticket.subject}\n{ticket.description}", policy.rules.default_language)
        done, engagement = take(TicketOpened(ticket=ticket, language=language, at=at), engagement, done)
    heard = dict(engagement.heard)
    for comment, asked in _with_question(ticket.comments):
        event = _news(comment, asked, heard.get(comment.id), ticket, engagement, policy, at=at, delivery=delivery, reader=reader)
        if event is not None:
            done, engagement = take(event, engagement, done)
    for time in desk_time.news(ticket, engagement, at):
        done, engagement = take(TimeLogged(ticket=ticket, time=time, at=max(at, time.at)), engagement, done)
    if last is not None:
        done, engagement = take(_heard(last, ticket, policy), engagement, done)
    seen = TicketSeen(ticket=ticket, reading=read_ticket(ticket, policy.cues, reader), at=at)
    return take(seen, engagement, done)[0]


def _take(
    event: DecidedEvent, engagement: Engagement, done: Decision, *, policy: Policy, agenda: Agenda
) -> tuple[Decision, Engagement]:
    decision = decide(event, engagement, policy.rules, agenda)
    return done + decision, fold(engagement, decision.entries)


def _heard(last: Ordered | TimerFired, ticket: Ticket, policy: Policy) -> Ordered | TimerFired:
    """Lay the ticket beside what came without one; an order's command is looked up in the policy in force."""
    if isinstance(last, TimerFired):
        return replace(last, ticket=ticket)
    (command,) = parse_commands(last.command.line, policy.lexicon)
    return replace(last, ticket=ticket, command=command)


def _with_question(comments: tuple[Comment, ...]) -> Iterator[tuple[Comment, str | None]]:
    """Pair each comment with the support's public comment before it: what the customer was last told."""
    asked: str | None = None
    for comment in comments:
        yield comment, asked
        if comment.public and comment.author.role in (Role.AGENT, Role.BRIDGE):
            asked = visible_text(comment)


def _news(
    comment: Comment,
    asked: str | None,
    known: str | None,
    ticket: Ticket,
    engagement: Engagement,
    policy: Policy,
    *,
    at: datetime,
    delivery: str,
    reader: Reader | None,
) -> DecidedEvent | None:
    if comment.author.role is Role.BRIDGE:
        return Posted(reference=comment.reference, comment=comment.id, at=comment.at) if comment.reference else None
    if known == comment.digest:
        return None
    reading = _read(comment, asked, ticket, engagement, policy, reader)
    commands = _commands(comment, policy)
    if known is not None:
        return CommentEdited(ticket=ticket, comment=comment, reading=reading, at=at, commands=commands, delivery=delivery)
    return CommentAdded(ticket=ticket, comment=comment, reading=reading, commands=commands, delivery=delivery)


def _read(
    comment: Comment, asked: str | None, ticket: Ticket, engagement: Engagement, policy: Policy, reader: Reader | None
) -> Reading:
    """Read an outsider like a customer: ``decide`` refuses them, but the agent hears what they seem to say.

    An acceptance whose spelling was edited still answers the term, whatever is pending since.
    """
    role = Role.REQUESTER if comment.author.role is Role.OUTSIDER else comment.author.role
    comment = replace(comment, author=replace(comment.author, role=role))
    hourly = engagement.term.hourly_rate if engagement.term is not None else None
    context = Context(author=role, pending=engagement.pending, last_agent_text=asked, hourly=hourly, ticket=ticket.id)
    if engagement.term is not None and engagement.term.consent_comment == comment.id:
        answer = read_comment(comment, replace(context, pending=Pending.TERM_PENDING), policy.lexicon)
        if answer.label is SignalKind.ACCEPTANCE and answer.signals[0].certain:
            return answer
    return read_comment(comment, context, policy.lexicon, reader)


def _commands(comment: Comment, policy: Policy) -> tuple[Command, ...]:
    if comment.public or comment.author.role is not Role.AGENT:
        return ()
    return parse_commands(visible_text(comment), policy.lexicon)
