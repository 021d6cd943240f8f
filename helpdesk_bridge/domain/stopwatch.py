"""The stopwatch: work that is measured while it goes on. It runs until it is stopped; nothing that is refused loses it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk_bridge.domain import prerequisites
from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.booking import Work, book, kind_shown, moved_on, refusal_of
from helpdesk_bridge.domain.decision import NOTHING, Decision, Situation
from helpdesk_bridge.domain.durations import LONGEST, OVERNIGHT, impossible, typed
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.ledger import Stopwatch
from helpdesk_bridge.domain.lifecycle import WAITING
from helpdesk_bridge.domain.order import Order


def start(order: Order, rest: str) -> Decision:
    """``/tempo iniciar remoto``: one stopwatch in a ticket, under the current term."""
    situation, term, kind = order.situation, order.term, order.situation.rules.billing.kind_in(rest)
    if term is None or not term.is_running:
        return order.refused("no_running_term")
    if kind is None:
        return order.refused("kind_unknown", detail=situation.rules.billing.known_kinds)
    running = _running(situation.engagement)
    if running is not None:
        return order.refused("stopwatch_running", detail=_since(situation, running[1]))
    if term.is_paused:
        return order.refused("already_paused")
    if term.work in WAITING and prerequisites.blocks(situation, term):
        return order.refused("prerequisites_missing")
    entry = situation.entry("stopwatch_started", number=term.number, kind=kind.code, consultant=order.person, source=order.source)
    begun = Interval(situation.at, situation.at)
    answer = order.answer("stopwatch_started", at=situation.at, **kind_shown(situation, kind.code))
    return Decision((entry, *moved_on(situation, term, begun)), (answer,))


def stop(order: Order, rest: str) -> Decision:
    """``/tempo parar``: book what was measured; ``parar 3h`` when it ran on by mistake, ``parar 0min`` to throw it away.

    What overlaps other work of the consultant is booked and not billed: it was measured, and no command could name it again.
    """
    situation, running = order.situation, _running(order.situation.engagement)
    if running is None:
        return order.refused("stopwatch_stopped")
    term, watch = running
    stopped = Decision((situation.entry("stopwatch_stopped", number=term.number),))
    said = typed(rest, watch.started_at, situation.rules.calendar.zone)
    if said.length == timedelta():
        return stopped + Decision(
            (), (order.answer("stopwatch_discarded", at=watch.started_at, **kind_shown(situation, watch.kind)),)
        )
    span = said.span or Interval(watch.started_at, watch.started_at + said.length if said.length else situation.at)
    is_typed = said.span is not None or said.length is not None
    wrong = impossible(said, span) if is_typed or said.impossible else None
    if wrong is not None:
        return order.refused(wrong)
    if not is_typed and _is_forgotten(watch, situation):
        return order.refused("stopwatch_forgotten", detail=_since(situation, watch))
    work = _work(term, watch, span, order.source)
    refusal, detail = refusal_of(situation, work)
    if refusal is not None and (is_typed or refusal != "overlapping"):
        return order.refused(refusal, detail=detail)
    return stopped + book(situation.after(stopped), work, order)


def finish(situation: Situation, term: ServiceTerm) -> Decision:
    """Book what the stopwatch of a term measured until the work is concluded; one that was forgotten runs on, for a person."""
    watch = term.stopwatch
    if watch is None or _is_forgotten(watch, situation) or watch.started_at >= situation.at or term.charge.is_locked:
        return NOTHING
    stopped = Decision((situation.entry("stopwatch_stopped", number=term.number),))
    work = _work(term, watch, Interval(watch.started_at, situation.at), watch.source)
    return stopped + book(situation.after(stopped), work, None)


def remind(situation: Situation, decision: Decision) -> Decision:
    """Tell the agent of a stopwatch that still runs though the work under its term is over now."""
    before, after = situation.engagement, situation.after(decision).engagement
    running = _running(after)
    if running is None or not running[0].work.is_over:
        return NOTHING
    term, watch = running
    known = before.numbered(term.number)
    if known is not None and known.work.is_over:
        return NOTHING
    note = situation.note(
        "stopwatch_running",
        key=f"stopwatch_running:{situation.fact}",
        rule="/tempo",
        at=watch.started_at,
        consultant=watch.consultant,
        **kind_shown(situation, watch.kind),
    )
    return Decision((), (note,))


def _running(engagement: Engagement) -> tuple[ServiceTerm, Stopwatch] | None:
    return next(((term, term.stopwatch) for term in reversed(engagement.terms) if term.stopwatch is not None), None)


def _work(term: ServiceTerm, watch: Stopwatch, span: Interval, source: str) -> Work:
    return Work(term=term, kind=watch.kind, span=span, consultant=watch.consultant, source=source or watch.source)


def _is_forgotten(watch: Stopwatch, situation: Situation) -> bool:
    """True when it ran longer than anybody works: over a day, or through a night."""
    ran = situation.at - watch.started_at
    same_day = _local(watch.started_at, situation).date() == _local(situation.at, situation).date()
    return ran > LONGEST or (ran > OVERNIGHT and not same_day)


def _since(situation: Situation, watch: Stopwatch) -> str:
    return f"{watch.consultant}, {_local(watch.started_at, situation):%d/%m/%Y %H:%M}"


def _local(at: datetime, situation: Situation) -> datetime:
    return at.astimezone(ZoneInfo(situation.rules.calendar.zone))
