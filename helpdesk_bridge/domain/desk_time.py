"""Time of the desk's own field: a fact as the desk tells it now. What changes or goes there becomes a correction, never an edit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.booking import Work, book, term_of, told
from helpdesk_bridge.domain.decision import NOTHING, Decision, Situation
from helpdesk_bridge.domain.durations import LONGEST, TOLERANCE
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.events import TimeLogged
from helpdesk_bridge.domain.ledger import TimeEntry
from helpdesk_bridge.domain.rules import OTHER
from helpdesk_bridge.domain.values import LoggedTime, Person, Role, Ticket, plain

NOBODY = Person(id="desk", role=Role.SYSTEM)
"""Who took time away, where no desk tells."""


def news(ticket: Ticket, engagement: Engagement, at: datetime) -> Iterator[LoggedTime]:
    """Tell what the desk's own field says that was not heard yet; time that stood there and is gone comes as no seconds."""
    heard, logged = dict(engagement.clocked), ticket.time
    if logged is None:
        return
    standing = {time.id for time in logged}
    gone = (LoggedTime(id=known, author=NOBODY, at=at, seconds=0) for known in heard if known not in standing)
    yield from (time for time in (*logged, *gone) if heard.get(time.id) != time.digest)


def clock(event: TimeLogged, situation: Situation) -> Decision:
    """Book time that somebody logged in the desk's own field: a fact, so it is flagged where a command would be refused.

    Only agents work: what a customer, a rule of the desk or the bridge itself put there counts as no time.
    """
    logged = event.time if event.time.author.role is Role.AGENT else replace(event.time, seconds=0)
    if dict(situation.engagement.clocked).get(logged.id) == event.time.digest:
        return NOTHING
    heard = Decision((situation.entry("clocked", id=logged.id, digest=event.time.digest),))
    holder, old = _booked_of(situation.engagement, f"time:{logged.id}")
    span = _span(logged, old)
    term = holder or term_of(situation, span, None)
    if term is None or (logged.seconds == 0 and (old is None or old.seconds == 0)):
        return heard
    work = _work(logged, situation, term, span, old)
    refusal = _refusal(logged, situation, work)
    if refusal is not None:
        note = situation.note(
            "time_refused", key=f"time_refused:{situation.fact}", rule="time", reason=refusal, **told(situation, work)
        )
        return heard + Decision((), (note,))
    return heard + book(situation.after(heard), work, None)


def _span(logged: LoggedTime, old: TimeEntry | None) -> Interval:
    """Return when it was worked: as the desk tells, where the entry it corrects was, else until the moment it was logged."""
    length = timedelta(seconds=min(max(logged.seconds, 0), LONGEST.total_seconds()))
    start = logged.started or (old.start if old is not None else logged.at - length)
    return Interval(start, start + length)


def _work(logged: LoggedTime, situation: Situation, term: ServiceTerm, span: Interval, old: TimeEntry | None) -> Work:
    kind = situation.rules.billing.kind(plain(logged.kind)) if logged.kind else None
    is_gone = logged.seconds == 0 and old is not None
    return Work(
        term=term,
        kind=kind.code if kind else old.kind if old else OTHER,
        span=span,
        consultant=old.consultant if is_gone and old else logged.author.label,
        source=f"time:{logged.id}",
        corrects=old.number if old else None,
        logged_at=logged.at,
        same_as=_told_by_command(situation.engagement, logged),
    )


def _refusal(logged: LoggedTime, situation: Situation, work: Work) -> str | None:
    """Return why it cannot be booked (a stable code): what no command may change, or no time at all."""
    checks = (
        (work.term.charge.is_locked, "charge_locked"),
        (not 0 <= logged.seconds <= LONGEST.total_seconds(), "minutes_invalid"),
        (work.span.end > situation.at + TOLERANCE, "in_the_future"),
    )
    return next((reason for holds, reason in checks if holds), None)


def _booked_of(engagement: Engagement, source: str) -> tuple[ServiceTerm, TimeEntry] | tuple[None, None]:
    """Find the entry that stands for a fact of the desk, also where a command corrected it."""
    for term in engagement.terms:
        first: dict[int, str] = {}
        for entry in term.entries:
            first[entry.number] = first.get(entry.corrects, entry.source) if entry.corrects else entry.source
        for entry in term.standing:
            if first[entry.number] == source:
                return term, entry
    return None, None


def _told_by_command(engagement: Engagement, logged: LoggedTime) -> int | None:
    """Return the entry that a command in the same comment booked: the agent told one piece of work in both ways."""
    source = f"comment:{logged.comment}" if logged.comment is not None else None
    entries = (entry for term in engagement.terms for entry in term.entries)
    return next((entry.number for entry in entries if entry.source == source and entry.corrects is None), None)
