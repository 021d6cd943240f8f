"""The end of the work: interruption by an agent's command, conclusion, and the charge that follows whatever is recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from helpdesk_bridge.domain import billing, stopwatch, terms
from helpdesk_bridge.domain.decision import NOTHING, Decision, Situation
from helpdesk_bridge.domain.effects import Update
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.ledger import Charge
from helpdesk_bridge.domain.lifecycle import ChargeState, TermState
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.words import label_of


def interrupt(order: Order) -> Decision:
    """``/interromper motivo``: stop for good, at the provisional cut-off where the customer's words set one."""
    term, situation = order.term, order.situation
    if term is None or not term.is_running:
        return order.refused("no_running_term")
    if not order.argument:
        return order.refused("reason_missing")
    entry = situation.entry("interrupted", number=term.number, reason=order.argument, command=order.command.line)
    notes = interruption_notes(
        situation, term, person=order.person, evidence=order.argument, rule=order.rule, recorded_key=order.key
    )
    return Decision((entry,), notes)


def interruption_notes(
    situation: Situation, term: ServiceTerm, *, person: str, evidence: str, rule: str, recorded_key: str
) -> tuple[Update, Update]:
    """Tell the customer and the agent that the work stopped, and from when: a provisional cut-off stands."""
    facts: dict[str, Any] = {
        "cut_off": term.cut_off or situation.at,
        "zone": situation.rules.calendar.zone,
        "modality_label": label_of(situation, term),
        "term_reference": term.reference,
        "person": person,
    }
    confirmed = situation.note(
        "interruption_confirmed",
        key=f"interruption_confirmed:{term.number}",
        rule=rule,
        public=True,
        add_tags=(terms.TAG_INTERRUPTED,),
        remove_tags=terms.others(terms.TAG_INTERRUPTED),
        fields=(("term_state", "interrupted"),),
        **facts,
    )
    return confirmed, situation.note("interruption_recorded", key=recorded_key, rule=rule, evidence=evidence, **facts)


def conclude(order: Order) -> Decision:
    """``/concluir``: the work is done; the charge is computed."""
    if order.term is None or not order.term.is_running:
        return order.refused("no_running_term")
    return concluded(order.situation, order.term, rule=order.rule)


def concluded(situation: Situation, term: ServiceTerm, *, rule: str) -> Decision:
    """Conclude the work under a term: tell the agent the result, and the customer what policy lets them see."""
    measured = stopwatch.finish(situation, term)
    situation = situation.after(measured)
    done = measured + Decision((situation.entry("concluded", number=term.number),))
    after = situation.after(done).engagement.numbered(term.number)
    assert after is not None
    charge = billing.charge_of(after, situation.rules, situation.engagement.before(after))
    note = situation.note(
        "work_concluded",
        key=f"work_concluded:{situation.fact}",
        rule=rule,
        finding=_finding(situation, after),
        **_told(situation, after, charge),
    )
    sees = situation.rules.billing.customer_sees
    if sees == "nothing" or charge.seconds == 0:
        return done + Decision((), (note,))
    entries = [
        {"kind_label": _kind(situation, entry.kind), "start": entry.start, "seconds": line.seconds}
        for entry in after.standing
        for line in charge.lines
        if line.entry == entry.number and line.seconds
    ]
    summary = situation.note(
        "work_summary",
        key=f"work_summary:{situation.fact}",
        rule=rule,
        public=True,
        entries=entries,
        shows_price=sees == "price",
        zone=situation.rules.calendar.zone,
        **_told(situation, after, charge),
    )
    return done + Decision((), (note, summary))


def settle(situation: Situation, decision: Decision) -> Decision:
    """Let every charge follow what is recorded, until a statement holds it."""
    after = situation.after(decision)
    done = NOTHING
    for term in after.engagement.terms:
        charge = _settled(term, after)
        if charge is None or term.charge.is_locked or charge == (term.charged or _OPEN):
            continue
        numbered = replace(after, fact=f"{after.fact}$term{term.number}")
        done += Decision((numbered.entry("charged", number=term.number, **_plain(charge)),))
    return done


_OPEN = Charge(state=ChargeState.OPEN, seconds=0, charged_seconds=0, gross=billing.ZERO, due=billing.ZERO)


def _settled(term: ServiceTerm, situation: Situation) -> Charge | None:
    if term.state is TermState.SENT or (term.accepted_at is None and not term.entries):
        return None
    if term.state is TermState.ACCEPTED and not term.work.is_over:
        return _OPEN
    return billing.charge_of(term, situation.rules, situation.engagement.before(term))


def _plain(charge: Charge) -> dict[str, Any]:
    return {
        "state": charge.state.value,
        "seconds": charge.seconds,
        "charged_seconds": charge.charged_seconds,
        "gross": str(charge.gross),
        "due": str(charge.due),
        "reason": charge.reason,
        "lines": [{"entry": line.entry, "seconds": line.seconds} for line in charge.lines],
        "exclusions": [{"entry": one.entry, "seconds": one.seconds, "reason": one.reason} for one in charge.exclusions],
    }


def _told(situation: Situation, term: ServiceTerm, charge: Charge) -> dict[str, Any]:
    return {
        "modality_label": label_of(situation, term),
        "term_reference": term.reference,
        "total": charge.seconds,
        "gross": charge.gross,
        "due": charge.due,
        "currency": term.currency,
        "state": charge.state.value,
        "reason": charge.reason,
    }


def _finding(situation: Situation, term: ServiceTerm) -> str | None:
    kind = situation.rules.billing.finding(term.finding.kind) if term.finding else None
    return kind.labels[situation.engagement.language] if kind else None


def _kind(situation: Situation, code: str) -> str:
    kind = situation.rules.billing.kind(code)
    return kind.labels[situation.engagement.language] if kind else code
