"""Pauses: work stopped for a while, by the customer's words or by an agent's command; nothing worked meanwhile is billable."""

from __future__ import annotations

from typing import Any

from helpdesk_bridge.domain import terms
from helpdesk_bridge.domain.decision import NOTHING, Decision
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.words import Words, label_of


def asked(words: Words) -> Decision:
    """Pause on a customer's word, certain or not: stopping the clock too early costs them nothing."""
    if words.term.is_paused:
        return NOTHING
    situation = words.situation
    facts: dict[str, Any] = {
        "modality_label": label_of(situation, words.term),
        "at": situation.at,
        "zone": situation.rules.calendar.zone,
        "person": words.person,
    }
    confirmed = situation.note(
        "pause_confirmed", key=words.key("pause_confirmed"), rule=words.rule, public=True, add_tags=(terms.TAG_PAUSED,), **facts
    )
    recorded = situation.note(
        "pause_recorded", key=words.key("pause_recorded"), rule=words.rule, reason=None, evidence=words.evidence, **facts
    )
    return Decision(words.recorded("paused", reason="asked"), (confirmed, recorded))


def ended(words: Words) -> Decision:
    """Resume on a customer's certain word; it also says that a suspected interruption was none."""
    if not words.certain or not (words.term.is_paused or words.term.cut_off_is_provisional):
        return NOTHING
    entries = words.recorded("resumed" if words.term.is_paused else "cut_off_cleared", reason="asked")
    note = words.situation.note(
        "resume_recorded",
        key=words.key("resume_recorded"),
        rule=words.rule,
        remove_tags=(terms.TAG_PAUSED,),
        modality_label=label_of(words.situation, words.term),
        at=words.situation.at,
        zone=words.situation.rules.calendar.zone,
        person=words.person,
        evidence=words.evidence,
        reason=None,
        cleared=words.term.cut_off_is_provisional,
    )
    return Decision(entries, (note,))


def pause(order: Order) -> Decision:
    """``/pausar motivo``."""
    term = order.term
    if term is None or not term.is_running:
        return order.refused("no_running_term")
    if term.is_paused:
        return order.refused("already_paused")
    if not order.argument:
        return order.refused("reason_missing")
    entry = order.situation.entry("paused", number=term.number, reason=order.argument, command=order.command.line)
    note = order.answer("pause_recorded", add_tags=(terms.TAG_PAUSED,), evidence=None, **_told(order, term))
    return Decision((entry,), (note,))


def resume(order: Order) -> Decision:
    """``/retomar motivo``: end a pause, or clear the provisional cut-off of an interruption that was none."""
    term = order.term
    if term is None or not term.is_running:
        return order.refused("no_running_term")
    if not (term.is_paused or term.cut_off_is_provisional):
        return order.refused("not_paused")
    if not order.argument:
        return order.refused("reason_missing")
    kinds = (["resumed"] if term.is_paused else []) + (["cut_off_cleared"] if term.cut_off_is_provisional else [])
    entries = tuple(
        order.situation.entry(kind, number=term.number, reason=order.argument, command=order.command.line) for kind in kinds
    )
    note = order.answer(
        "resume_recorded",
        remove_tags=(terms.TAG_PAUSED, terms.TAG_PERSON),
        evidence=None,
        cleared=term.cut_off_is_provisional,
        **_told(order, term),
    )
    return Decision(entries, (note,))


def _told(order: Order, term: ServiceTerm) -> dict[str, Any]:
    return {
        "modality_label": label_of(order.situation, term),
        "at": order.situation.at,
        "zone": order.situation.rules.calendar.zone,
        "person": order.person,
        "reason": order.argument,
    }
