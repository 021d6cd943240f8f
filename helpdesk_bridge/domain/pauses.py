"""Pauses: work stopped for a while, by the customer's words or by an agent's command; nothing worked meanwhile is billable."""

from __future__ import annotations

from typing import Any

from helpdesk_bridge.domain import terms
from helpdesk_bridge.domain.decision import NOTHING, Decision
from helpdesk_bridge.domain.engagement import PAUSE_SUSPECTED, RESUME_SUSPECTED, ServiceTerm
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.words import Words, label_of


def asked(words: Words) -> Decision:
    """Pause on a customer's certain word. Where it is not, the clock runs on and a person asks: no work is unbillable unseen."""
    if words.term.is_paused:
        return NOTHING
    if not words.certain:
        return _suspected(words, PAUSE_SUSPECTED)
    facts = _facts(words)
    confirmed = words.situation.note(
        "pause_confirmed", key=words.key("pause_confirmed"), rule=words.rule, public=True, add_tags=(terms.TAG_PAUSED,), **facts
    )
    recorded = words.situation.note(
        "pause_recorded", key=words.key("pause_recorded"), rule=words.rule, reason=None, evidence=words.evidence, **facts
    )
    return Decision(words.recorded("paused", reason="asked"), (confirmed, recorded))


def ended(words: Words) -> Decision:
    """Resume on a customer's certain word; it also says that a suspected interruption, or a suspected pause, was none."""
    term = words.term
    if not (term.is_paused or term.cut_off_is_provisional or term.suspected_pause):
        return NOTHING
    if not words.certain:
        return NOTHING if term.suspected_pause else _suspected(words, RESUME_SUSPECTED)
    kind = "resumed" if term.is_paused else "cut_off_cleared" if term.cut_off_is_provisional else "pause_dismissed"
    note = words.situation.note(
        "resume_recorded",
        key=words.key("resume_recorded"),
        rule=words.rule,
        remove_tags=(terms.TAG_PAUSED,),
        evidence=words.evidence,
        reason=None,
        ended=kind,
        **_facts(words),
    )
    return Decision(words.recorded(kind, reason="asked"), (note,))


def _suspected(words: Words, reason: str) -> Decision:
    """Hand a comment that may pause or resume to a person, with a drafted question; nothing else changes."""
    note = words.situation.note(
        "pause_unclear",
        key=words.key("pause_unclear"),
        rule=words.rule,
        add_tags=(terms.TAG_PERSON,),
        reason=reason,
        evidence=words.evidence,
        **_facts(words),
    )
    return Decision(words.recorded("questioned", reason=reason), (note,))


def _facts(words: Words) -> dict[str, Any]:
    return {
        "modality_label": label_of(words.situation, words.term),
        "at": words.situation.at,
        "zone": words.situation.rules.calendar.zone,
        "person": words.person,
    }


def pause(order: Order) -> Decision:
    """``/pausar motivo``: where a comment of the customer waits that may have asked for it, the pause counts from then."""
    term = order.term
    if term is None or not term.is_running:
        return order.refused("no_running_term")
    if term.is_paused:
        return order.refused("already_paused")
    if not order.argument:
        return order.refused("reason_missing")
    meant = term.suspected_pause
    since = {"comment": meant.comment, "since": meant.at.isoformat()} if meant else {}
    entry = order.situation.entry("paused", number=term.number, reason=order.argument, command=order.command.line, **since)
    facts = {**_told(order, term), "at": meant.at if meant else order.situation.at}
    note = order.answer(
        "pause_recorded", add_tags=(terms.TAG_PAUSED,), remove_tags=(terms.TAG_PERSON,) if meant else (), evidence=None, **facts
    )
    return Decision((entry,), (note,))


def resume(order: Order) -> Decision:
    """``/retomar motivo``: end a pause, or say that a suspected interruption or pause was none."""
    term = order.term
    if term is None or not term.is_running:
        return order.refused("no_running_term")
    if not (term.is_paused or term.cut_off_is_provisional or term.suspected_pause):
        return order.refused("not_paused")
    if not order.argument:
        return order.refused("reason_missing")
    kinds = (["resumed"] if term.is_paused else []) + (["cut_off_cleared"] if term.cut_off_is_provisional else [])
    kinds = kinds or ["pause_dismissed"]
    entries = tuple(
        order.situation.entry(kind, number=term.number, reason=order.argument, command=order.command.line) for kind in kinds
    )
    note = order.answer(
        "resume_recorded",
        remove_tags=(terms.TAG_PAUSED, terms.TAG_PERSON),
        evidence=None,
        ended=kinds[-1],
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
