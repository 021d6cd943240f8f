"""Time: what was worked, by command, by stopwatch or in the desk's own field. Booked once, corrected only by another entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from helpdesk_bridge.domain import billing, prerequisites
from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.decision import Decision, Situation
from helpdesk_bridge.domain.durations import LONGEST, TOLERANCE, Typed, typed
from helpdesk_bridge.domain.effects import Update
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.events import TimeLogged
from helpdesk_bridge.domain.journal import Entry
from helpdesk_bridge.domain.ledger import Charge, TimeEntry
from helpdesk_bridge.domain.lifecycle import WAITING, TermState, WorkState
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.rules import WorkKind
from helpdesk_bridge.domain.values import plain
from helpdesk_bridge.domain.words import label_of

START = ("iniciar", "inicio", "comecar", "start", "begin", "empezar")
STOP = ("parar", "fim", "stop", "end", "terminar")
CORRECT = ("corrigir", "correct", "corregir")
OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A piece of work about to be booked under a term."""

    term: ServiceTerm
    kind: str
    span: Interval
    consultant: str
    source: str
    corrects: int | None = None


def log(order: Order) -> Decision:
    """``/tempo``: book time, start or stop the stopwatch, or correct an entry."""
    verb, _, rest = order.argument.partition(" ")
    match plain(verb):
        case word if word in START:
            return _start(order, rest)
        case word if word in STOP:
            return _stop(order)
        case word if word in CORRECT:
            return _correct(order, rest)
        case _:
            return _book(order, typed(order.argument, order.situation.at, order.situation.rules.calendar.zone))


def _book(order: Order, said: Typed) -> Decision:
    span, kind = _span(said, order.situation.at), _kind(order.situation, said.rest)
    wrong = _impossible(said, span)
    if wrong is not None or span is None:
        return order.refused(wrong or "minutes_missing")
    if kind is None:
        return order.refused("kind_unknown", detail=_kinds(order.situation))
    term = _term_of(order.situation, span, said.term)
    if term is None:
        return order.refused("no_term_yet" if said.term is None else "term_unknown")
    work = Work(
        term=term,
        kind=kind.code,
        span=span,
        consultant=said.consultant or order.person,
        source=order.source,
    )
    refusal, detail = _refusal(order.situation, work)
    return order.refused(refusal, detail=detail) if refusal else _booked(order.situation, work, order)


def _correct(order: Order, rest: str) -> Decision:
    """``/tempo corrigir 3 20min [14:00-14:20] motivo``, on the entry's own day unless told; ``0min`` takes the entry back."""
    number, _, said_text = rest.partition(" ")
    found = [
        (term, entry)
        for term in order.situation.engagement.terms
        for entry in term.standing
        if number.lstrip("#") == str(entry.number)
    ]
    if not found:
        return order.refused("entry_unknown")
    term, old = found[-1]
    said = typed(said_text, old.start, order.situation.rules.calendar.zone)
    if said.span is None and said.length is not None and timedelta() <= said.length <= LONGEST:
        span: Interval | None = Interval(old.start, old.start + said.length)
    else:
        span = said.span
    wrong = _impossible(said, span) if said.length != timedelta() else None
    if wrong is not None or span is None:
        return order.refused(wrong or "minutes_missing")
    if not said.rest:
        return order.refused("reason_missing")
    work = Work(
        term=term,
        kind=old.kind,
        span=span,
        consultant=said.consultant or old.consultant,
        source=order.source,
        corrects=old.number,
    )
    refusal, detail = _refusal(order.situation, work)
    return order.refused(refusal, detail=detail) if refusal else _booked(order.situation, work, order, reason=said.rest)


def _start(order: Order, rest: str) -> Decision:
    term, kind = order.term, _kind(order.situation, rest)
    if term is None or not term.is_running:
        return order.refused("no_running_term")
    if kind is None:
        return order.refused("kind_unknown", detail=_kinds(order.situation))
    if term.stopwatch is not None:
        return order.refused("stopwatch_running")
    if term.is_paused:
        return order.refused("already_paused")
    if term.work in WAITING and prerequisites.blocks(order.situation, term):
        return order.refused("prerequisites_missing")
    entry = order.situation.entry("stopwatch_started", number=term.number, kind=kind.code, consultant=order.person)
    begun = Interval(order.situation.at, order.situation.at)
    started = Decision((entry, *_started(order.situation, term, begun)))
    return started + Decision(
        (), (order.answer("stopwatch_started", at=order.situation.at, **_shown(order.situation, kind.code)),)
    )


def _stop(order: Order) -> Decision:
    term = order.term
    if term is None or term.stopwatch is None:
        return order.refused("stopwatch_stopped")
    stopped = Decision((order.situation.entry("stopwatch_stopped", number=term.number),))
    watch = term.stopwatch
    work = Work(
        term=term,
        kind=watch.kind,
        span=Interval(watch.started_at, order.situation.at),
        consultant=watch.consultant,
        source=order.source,
    )
    refusal, detail = _refusal(order.situation, work)
    if refusal:
        return stopped + order.refused(refusal, detail=detail)
    return stopped + _booked(order.situation.after(stopped), work, order)


def clock(event: TimeLogged, situation: Situation) -> Decision:
    """Book time that somebody logged in the desk's own field: a fact, so it is flagged where a command would be refused."""
    logged = event.time
    source = f"time:{logged.id}"
    heard = Decision((situation.entry("clocked", id=logged.id, digest=logged.digest),))
    old = next((entry for term in situation.engagement.terms for entry in term.standing if entry.source == source), None)
    started = logged.started or (old.start if old else logged.at - timedelta(seconds=logged.seconds))
    span = Interval(started, started + timedelta(seconds=logged.seconds))
    holder = next((term for term in situation.engagement.terms if old in term.standing), None) if old else None
    term = holder or _term_of(situation, span, None)
    if term is None or (logged.seconds <= 0 and old is None):
        return heard
    kind = situation.rules.billing.kind(plain(logged.kind)) if logged.kind else None
    work = Work(
        term=term,
        kind=kind.code if kind else old.kind if old else OTHER,
        span=span,
        consultant=logged.author.label,
        source=source,
        corrects=old.number if old else None,
    )
    if term.charge.is_locked:
        note = situation.note(
            "time_refused", key=f"time_refused:{situation.fact}", rule="time", reason="charge_locked", **_told(situation, work)
        )
        return heard + Decision((), (note,))
    return heard + _booked(situation.after(heard), work, None)


def _booked(situation: Situation, work: Work, order: Order | None, *, reason: str | None = None) -> Decision:
    number = 1 + sum(len(term.entries) for term in situation.engagement.terms)
    entry = situation.entry(
        "time_logged",
        number=work.term.number,
        entry=number,
        kind=work.kind,
        start=work.span[0].isoformat(),
        end=work.span[1].isoformat(),
        consultant=work.consultant,
        source=work.source,
        corrects=work.corrects,
        reason=reason,
    )
    before = charge_now(situation, work.term)
    done = Decision((entry,))
    after = situation.after(done)
    term = after.engagement.numbered(work.term.number)
    assert term is not None
    charge = charge_now(after, term)
    billable = next((line.seconds for line in charge.lines if line.entry == number), 0)
    if billable > 0:
        done += Decision(_started(after, term, work.span))
    return done + Decision(
        (),
        (
            *_recorded(situation, work, number, charge, order),
            *_shown_to_customer(situation, work, number, billable, charge),
            *_totals(situation, term, before, charge),
        ),
    )


def charge_now(situation: Situation, term: ServiceTerm) -> Charge:
    """Return what a term costs by what is recorded so far."""
    return billing.charge_of(term, situation.rules)


def _started(situation: Situation, term: ServiceTerm, span: Interval) -> tuple[Entry, ...]:
    """Move the work on: billable time means that it began, or began again after it was concluded."""
    if term.work is WorkState.CONCLUDED and term.concluded_at is not None and span[1] > term.concluded_at:
        return (situation.entry("reopened", number=term.number),)
    if term.work not in WAITING:
        return ()
    return (situation.entry("work_started", number=term.number),)


def _recorded(situation: Situation, work: Work, number: int, charge: Charge, order: Order | None) -> tuple[Update, ...]:
    """Answer a command; time of the desk's own field is only answered when part of it is not billable."""
    excluded = [{"seconds": one.seconds, "reason": one.reason} for one in charge.exclusions if one.entry == number]
    if order is None and not excluded:
        return ()
    key = order.key if order else f"time_recorded:{situation.fact}"
    note = situation.note(
        "time_recorded",
        key=key,
        rule=order.rule if order else "time",
        entry=number,
        billable=next((line.seconds for line in charge.lines if line.entry == number), 0),
        excluded=excluded,
        corrects=work.corrects,
        total=charge.seconds,
        amount=charge.gross,
        currency=work.term.currency,
        **_told(situation, work),
    )
    return (note,)


def _shown_to_customer(situation: Situation, work: Work, number: int, billable: int, charge: Charge) -> tuple[Update, ...]:
    sees = situation.rules.billing.customer_sees
    if sees == "nothing" or billable == 0 or not work.source.startswith(("comment:", "order:")):
        return ()
    note = situation.note(
        "time_shown",
        key=f"time_shown:{number}",
        rule="time",
        public=True,
        entry=number,
        billable=billable,
        corrects=work.corrects,
        total=charge.seconds,
        amount=charge.gross if sees == "price" else None,
        currency=work.term.currency,
        **_told(situation, work),
    )
    return (note,)


def _totals(situation: Situation, term: ServiceTerm, before: Charge, after: Charge) -> tuple[Update, ...]:
    """Tell the agent when the total passes a threshold, or the cap of a conditional acceptance."""
    caps = dict(term.caps)
    steps = [("threshold", minutes * 60) for minutes in situation.rules.billing.thresholds_minutes]
    if "cap_minutes" in caps:
        steps.append(("cap", int(float(caps["cap_minutes"]) * 60)))
    passed = [(kind, step) for kind, step in steps if before.seconds < step <= after.seconds]
    if "cap_amount" in caps and before.gross < Decimal(caps["cap_amount"]) <= after.gross:
        passed.append(("cap", after.seconds))
    if not passed:
        return ()
    note = situation.note(
        "running_total",
        key=f"running_total:{term.number}:{passed[-1][1]}",
        rule="thresholds_minutes",
        is_cap=any(kind == "cap" for kind, _step in passed),
        cap_minutes=caps.get("cap_minutes"),
        cap_amount=Decimal(caps["cap_amount"]) if "cap_amount" in caps else None,
        total=after.seconds,
        amount=after.gross,
        currency=term.currency,
        modality_label=label_of(situation, term),
    )
    return (note,)


def _refusal(situation: Situation, work: Work) -> tuple[str | None, str | None]:
    """Return why a command cannot book this, with what to name; facts of the desk's own field are never refused for it."""
    ticket, (start, end) = situation.ticket, work.span
    overlapping = _overlapping(situation, work)
    checks = (
        (work.term.charge.is_locked, "charge_locked", None),
        (work.term.work in WAITING and prerequisites.blocks(situation, work.term), "prerequisites_missing", None),
        (end > situation.at + TOLERANCE, "in_the_future", None),
        (ticket is not None and end <= ticket.created_at, "before_engagement", None),
        (overlapping is not None, "overlapping", f"#{overlapping.number}" if overlapping else None),
        (start == end and work.corrects is None, "minutes_missing", None),
    )
    return next(((reason, detail) for holds, reason, detail in checks if holds), (None, None))


def _overlapping(situation: Situation, work: Work) -> TimeEntry | None:
    start, end = work.span
    mine = (entry for term in situation.engagement.terms for entry in term.standing if entry.consultant == work.consultant)
    return next((one for one in mine if one.start < end and start < one.end and one.number != work.corrects), None)


def _impossible(said: Typed, span: Interval | None) -> str | None:
    length = said.length if said.length is not None else (span[1] - span[0] if span else None)
    if said.impossible:
        return "times_invalid"
    if length is None:
        return "minutes_missing"
    if length <= timedelta() or length > LONGEST:
        return "minutes_invalid"
    if span is not None and said.span is not None and abs(span[1] - span[0] - length) >= TOLERANCE:
        return "minutes_disagree"
    return None


def _span(said: Typed, at: datetime) -> Interval | None:
    """Return when it was worked: as typed, or the minutes before it was logged."""
    if said.span is not None or said.length is None:
        return said.span
    return Interval(at - said.length, at)


def _term_of(situation: Situation, span: Interval, number: int | None) -> ServiceTerm | None:
    """Return the term under which work falls: the named one, the last one accepted before it ended, else the last one sent."""
    terms = situation.engagement.terms
    if number is not None:
        return situation.engagement.numbered(number)
    accepted = [
        term for term in terms if term.state is TermState.ACCEPTED and term.accepted_at is not None and term.accepted_at < span[1]
    ]
    return accepted[-1] if accepted else (terms[-1] if terms else None)


def _kind(situation: Situation, words: str) -> WorkKind | None:
    """Find the kind of work in the first two words, or in the first; no word means other effort."""
    first = words.split()[:2]
    if not first:
        return situation.rules.billing.kind(OTHER)
    return situation.rules.billing.kind(plain(" ".join(first))) or situation.rules.billing.kind(plain(first[0]))


def _kinds(situation: Situation) -> str:
    return ", ".join(kind.aliases[0] if kind.aliases else kind.code for kind in situation.rules.billing.kinds)


def _told(situation: Situation, work: Work) -> dict[str, Any]:
    return {
        "start": work.span[0],
        "end": work.span[1],
        "consultant": work.consultant,
        "modality_label": label_of(situation, work.term),
        **_shown(situation, work.kind),
    }


def _shown(situation: Situation, code: str) -> dict[str, Any]:
    kind = situation.rules.billing.kind(code)
    label = kind.labels[situation.engagement.language] if kind else code
    return {"kind_label": label, "zone": situation.rules.calendar.zone}
