"""Time by command: booked, measured by a stopwatch, or corrected by an entry that replaces another."""

from __future__ import annotations

from datetime import datetime, timedelta

from helpdesk_bridge.domain import stopwatch
from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.booking import Work, book, refusal_of, term_of
from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.durations import LONGEST, Typed, impossible, typed
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.values import plain

START = ("iniciar", "inicio", "comecar", "start", "begin", "empezar")
STOP = ("parar", "fim", "stop", "end", "terminar")
CORRECT = ("corrigir", "correct", "corregir")


def log(order: Order) -> Decision:
    """``/tempo``: book time, start or stop the stopwatch, or correct an entry."""
    verb, _, rest = order.argument.partition(" ")
    match plain(verb):
        case word if word in START:
            return stopwatch.start(order, rest)
        case word if word in STOP:
            return stopwatch.stop(order, rest)
        case word if word in CORRECT:
            return _correct(order, rest)
        case _:
            return _book(order, typed(order.argument, order.situation.at, order.situation.rules.calendar.zone))


def _book(order: Order, said: Typed) -> Decision:
    span, kind = _span(said, order.situation.at), order.situation.rules.billing.kind_in(said.rest)
    wrong = impossible(said, span)
    if wrong is not None or span is None:
        return order.refused(wrong or "minutes_missing")
    if kind is None:
        return order.refused("kind_unknown", detail=order.situation.rules.billing.known_kinds)
    term = term_of(order.situation, span, said.term)
    if term is None:
        return order.refused("no_term_yet" if said.term is None else "term_unknown")
    work = Work(
        term=term,
        kind=kind.code,
        span=span,
        consultant=said.consultant or order.person,
        source=order.source,
    )
    refusal, detail = refusal_of(order.situation, work)
    return order.refused(refusal, detail=detail) if refusal else book(order.situation, work, order)


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
    wrong = impossible(said, span) if said.length != timedelta() else None
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
    refusal, detail = refusal_of(order.situation, work)
    return order.refused(refusal, detail=detail) if refusal else book(order.situation, work, order, reason=said.rest)


def _span(said: Typed, at: datetime) -> Interval | None:
    """Return when it was worked: as typed, or the minutes before it was logged."""
    if said.span is not None or said.length is None:
        return said.span
    return Interval(at - said.length, at)
