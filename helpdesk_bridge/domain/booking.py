"""Booking: a piece of work enters the ledger as an entry of its own, and everybody who must know of it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from helpdesk_bridge.domain import billing, prerequisites
from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.decision import Decision, Situation
from helpdesk_bridge.domain.durations import TOLERANCE
from helpdesk_bridge.domain.effects import Update
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.journal import Entry
from helpdesk_bridge.domain.ledger import Charge, TimeEntry
from helpdesk_bridge.domain.lifecycle import WAITING, TermState, WorkState
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.words import label_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A piece of work about to be booked under a term."""

    term: ServiceTerm
    kind: str
    span: Interval
    consultant: str
    source: str
    corrects: int | None = None
    logged_at: datetime | None = None
    """When the desk says it was logged; None: it is logged now."""
    same_as: int | None = None
    """Number of the entry that tells the same work already."""


def book(situation: Situation, work: Work, order: Order | None, *, reason: str | None = None) -> Decision:
    """Book a piece of work: its entry, what it moves on, and who is told; ``order`` is the command that is answered."""
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
        logged_at=work.logged_at.isoformat() if work.logged_at else None,
        same_as=work.same_as,
    )
    before = charge_now(situation, work.term)
    done = Decision((entry,))
    after = situation.after(done)
    term = after.engagement.numbered(work.term.number)
    assert term is not None
    charge = charge_now(after, term)
    billable = next((line.seconds for line in charge.lines if line.entry == number), 0)
    if billable > 0:
        done += Decision(moved_on(after, term, work.span))
    return done + Decision(
        (),
        (
            *_recorded(situation, work, number, charge, order),
            *_shown_to_customer(situation, work, number, billable, charge),
            *_totals(situation, term, before, charge, order),
        ),
    )


def charge_now(situation: Situation, term: ServiceTerm) -> Charge:
    """Return what a term costs by what is recorded so far."""
    return billing.charge_of(term, situation.rules, situation.engagement.before(term))


def moved_on(situation: Situation, term: ServiceTerm, span: Interval) -> tuple[Entry, ...]:
    """Move the work on: billable time means that it began, or began again after it was concluded."""
    if term.work is WorkState.CONCLUDED and term.concluded_at is not None and span[1] > term.concluded_at:
        return (situation.entry("reopened", number=term.number),)
    if term.work not in WAITING:
        return ()
    return (situation.entry("work_started", number=term.number),)


def _recorded(situation: Situation, work: Work, number: int, charge: Charge, order: Order | None) -> tuple[Update, ...]:
    """Answer a command; other time is only told when part of it is not billable, or when it corrects what was told."""
    excluded = [{"seconds": one.seconds, "reason": one.reason} for one in charge.exclusions if one.entry == number]
    if order is None and not excluded and work.corrects is None:
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
        **told(situation, work),
    )
    return (note,)


def _shown_to_customer(situation: Situation, work: Work, number: int, billable: int, charge: Charge) -> tuple[Update, ...]:
    """Show an entry where policy lets customers see it; time of the desk's own field is left to the desk, and to the summary."""
    sees = situation.rules.billing.customer_sees
    if sees == "nothing" or (billable == 0 and work.corrects is None) or not work.source.startswith(("comment:", "order:")):
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
        **told(situation, work),
    )
    return (note,)


def _totals(situation: Situation, term: ServiceTerm, before: Charge, after: Charge, order: Order | None) -> tuple[Update, ...]:
    """Tell when the total passes a threshold, or the cap of a conditional acceptance."""
    caps = dict(term.caps)
    steps = [("threshold", minutes * 60) for minutes in situation.rules.billing.thresholds_minutes]
    cap = billing.cap_seconds(term, situation.rules.billing)
    if cap is not None:
        steps.append(("cap", cap))
    passed = [(kind, step) for kind, step in steps if before.seconds < step <= after.seconds]
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
    return (note, *_total_shown(situation, term, passed[-1][1], after)) if order is None else (note,)


def _total_shown(situation: Situation, term: ServiceTerm, step: int, charge: Charge) -> tuple[Update, ...]:
    """Show the customer the running total where its entries were not shown one by one."""
    sees = situation.rules.billing.customer_sees
    if sees == "nothing":
        return ()
    shown = situation.note(
        "running_total_shown",
        key=f"running_total_shown:{term.number}:{step}",
        rule="thresholds_minutes",
        public=True,
        total=charge.seconds,
        amount=charge.gross if sees == "price" else None,
        currency=term.currency,
        modality_label=label_of(situation, term),
    )
    return (shown,)


def refusal_of(situation: Situation, work: Work) -> tuple[str | None, str | None]:
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


def term_of(situation: Situation, span: Interval, number: int | None) -> ServiceTerm | None:
    """Return the term under which work falls: the named one, the last one accepted before it ended, else the last one sent."""
    terms = situation.engagement.terms
    if number is not None:
        return situation.engagement.numbered(number)
    accepted = [
        term for term in terms if term.state is TermState.ACCEPTED and term.accepted_at is not None and term.accepted_at < span[1]
    ]
    return accepted[-1] if accepted else (terms[-1] if terms else None)


def told(situation: Situation, work: Work) -> dict[str, Any]:
    """Return what every comment about a piece of work says."""
    return {
        "start": work.span[0],
        "end": work.span[1],
        "consultant": work.consultant,
        "modality_label": label_of(situation, work.term),
        **kind_shown(situation, work.kind),
    }


def kind_shown(situation: Situation, code: str) -> dict[str, Any]:
    """Return a kind of work as people read it."""
    kind = situation.rules.billing.kind(code)
    label = kind.labels[situation.engagement.language] if kind else code
    return {"kind_label": label, "zone": situation.rules.calendar.zone}
