"""Sending a service term: the exact text, frozen with its version, hash and rate row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from helpdesk_bridge.domain.decision import Decision, Situation
from helpdesk_bridge.domain.effects import Forget
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.rules import Modality, Rate, Rules
from helpdesk_bridge.domain.values import Language, TicketStatus

TAG_SENT = "hb_term_sent"
TAG_ACCEPTED = "hb_accepted"
TAG_DECLINED = "hb_declined"
TAG_INTERRUPTED = "hb_interrupted"
TAG_PERSON = "hb_needs_person"
TAG_PAUSED = "hb_paused"
STATE_TAGS = (TAG_SENT, TAG_ACCEPTED, TAG_DECLINED, TAG_INTERRUPTED, TAG_PAUSED, TAG_PERSON)


def others(*kept: str) -> tuple[str, ...]:
    """Return the state tags to remove when only ``kept`` should stay."""
    return tuple(tag for tag in STATE_TAGS if tag not in kept)


def refusal_to_send(situation: Situation, modality: Modality) -> str | None:
    """Return why a term of this modality cannot be sent now (a stable code), or None."""
    ticket, engagement, rules = situation.ticket, situation.engagement, situation.rules
    assert ticket is not None
    if ticket.status in (TicketStatus.CLOSED, TicketStatus.GONE):
        return "ticket_closed"
    if not modality.paid or rules.term(modality.code) is None:
        return "no_term"
    if engagement.term is not None and engagement.term.is_running:
        return "term_running"
    if rules.rate(modality.code, ticket.field("product_line"), situation.at) is None:
        return "no_rate"
    return None


def send(situation: Situation, modality: Modality, *, rule: str) -> Decision:
    """Post the current term of a modality; a pending one is withdrawn. The caller has asked ``refusal_to_send``."""
    ticket, engagement, rules = situation.ticket, situation.engagement, situation.rules
    template = rules.term(modality.code)
    rate = rules.rate(modality.code, ticket.field("product_line") if ticket else None, situation.at)
    assert ticket is not None
    assert template is not None
    assert rate is not None
    number = len(engagement.terms) + 1
    key = f"term:{number}"
    text = template.render(engagement.language, variables_of(modality, rate, rules, ticket.field("product_line")))
    sent = situation.entry(
        "term_sent",
        number=number,
        modality=modality.code,
        version=template.version,
        language=engagement.language.value,
        text=text,
        text_digest=hashlib.sha256(text.encode()).hexdigest(),
        reference=situation.reference(key),
        waivable=modality.waivable,
        product_line=ticket.field("product_line"),
        rate={
            "id": rate.id,
            "hourly": str(rate.hourly),
            "currency": rate.currency,
            "valid_from": rate.valid_from.isoformat(),
            "index": rate.index,
        },
        rule=rule,
    )
    note = situation.note(
        "term",
        key=key,
        rule=rule,
        public=True,
        add_tags=(TAG_SENT,),
        remove_tags=others(TAG_SENT),
        fields=(("modality", modality.code), ("term_reference", situation.reference(key)), ("term_state", "sent")),
        text=text,
        modality_label=modality.labels[engagement.language],
        version=template.version,
        slots=required_slots(rules, modality.code),
    )
    return _withdrawal(situation) + Decision((sent,), (note,))


def _withdrawal(situation: Situation) -> Decision:
    pending = situation.engagement.term
    if pending is None or not pending.is_pending:
        return Decision()
    entry = situation.entry("withdrawn", number=pending.number, reason="superseded")
    return Decision((entry,), (Forget(key=expiry_key(pending)),))


def expiry_key(term: ServiceTerm) -> str:
    """Key of the timer that ends a term's validity."""
    return f"expiry:{term.number}"


def required_slots(rules: Rules, modality: str) -> tuple[str, ...]:
    """Return the data an acceptance must carry: the site's and the term's own."""
    template = next((term for term in reversed(rules.terms) if term.modality == modality), None)
    return tuple(dict.fromkeys((*rules.consent.required_slots, *(template.required_slots if template else ()))))


def variables_of(modality: Modality, rate: Rate, rules: Rules, product_line: str | None) -> Mapping[str, Any]:
    """Return what a term's wording may say; site-wide variables come from the policy."""
    return {
        **rules.term_variables,
        "confirmation_hours": rules.scheduling.confirmation_hours,
        "prerequisites": _checklists(rules),
        "counting": rules.term_variables.get("counting", {}).get(rules.scheduling.counting.value, {}),
        "modality_labels": dict(modality.labels),
        "waivable": modality.waivable,
        "hourly": rate.hourly,
        "per_minute": rate.per_minute,
        "currency": rate.currency,
        "index": rate.index,
        "rate_valid_from": rate.valid_from,
        "windows": rules.calendar.windows,
        "weekdays": rules.calendar.weekdays,
        "zone": rules.calendar.zone,
        "product_line": product_line,
    }


def _checklists(rules: Rules) -> Mapping[str, Mapping[str, list[str]]]:
    """Return what must be ready, by product line (``default`` for the others) and language."""
    nothing: dict[str, Mapping[str, list[str]]] = {"default": {language.value: [] for language in Language}}
    return nothing | {
        one.product_line or "default": {language.value: [item.labels[language] for item in one.items] for language in Language}
        for one in rules.checklists
    }
