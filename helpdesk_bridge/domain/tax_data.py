"""Whom to invoice: the tax id a customer or an agent names, before and after the invoice."""

from __future__ import annotations

from datetime import date
from typing import Any

from helpdesk_bridge.domain.decision import NOTHING, Decision, Situation
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.lifecycle import TermState
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.tax_ids import TaxId, tax_id, verdict
from helpdesk_bridge.domain.words import Words


def told(words: Words) -> Decision:
    """Take the tax id that a customer's billing data names; a consultant's is their unit's, which bears the cost."""
    signals = [words.reading.signal(kind) for kind in (SignalKind.BILLING_INFO, SignalKind.ACCEPTANCE)]
    named = {key: value for signal in signals if signal is not None for key, value in signal.data}
    number = tax_id(named.get("cnpj", ""))
    if number is None or words.term.state not in (TermState.SENT, TermState.ACCEPTED):
        return NOTHING
    if is_consultants(words.situation):
        return _passed(words, named.get("unit", ""), number)
    return _changed(words.situation, number, by=words.person, key=words.key("tax_id"), rule=words.rule)


def is_consultants(situation: Situation) -> bool:
    """True when the requester is a consultant of a unit (RQ-01): the cost passes to the unit."""
    ticket = situation.ticket
    return ticket is not None and ("consultant" in ticket.requester.flags or ticket.field("requester_kind") == "consultant")


def order(order: Order) -> Decision:
    """``/cnpj <number>``: record whom to invoice."""
    number = tax_id(order.argument)
    if number is None:
        return order.refused("tax_id_invalid")
    if number.key == _current(order.situation):
        return order.refused("tax_id_same")
    return _changed(order.situation, number, by=order.person, key=order.key, rule=order.rule)


def _passed(words: Words, unit: str, number: TaxId) -> Decision:
    term = words.term
    if term.charge.is_locked or (term.pass_through is not None and term.pass_through.tax_id == number.key):
        return NOTHING
    entry = words.situation.entry("passed_through", number=term.number, unit=unit, tax_id=number.key, fields={})
    note = words.situation.note(
        "pass_through_recorded",
        key=words.key("pass_through"),
        rule=words.rule,
        unit=unit,
        tax_id=number.written,
        given={},
        missing=words.situation.rules.billing.pass_through_fields,
    )
    return Decision((entry,), (note,))


def _changed(situation: Situation, number: TaxId, *, by: str, key: str, rule: str) -> Decision:
    if number.key == _current(situation):
        return NOTHING
    judged = verdict(situation.at, _last_issue(situation.engagement), situation.rules.calendar.zone)
    entry = situation.entry("tax_id_changed", tax_id=number.key, by=situation.actor, verdict=judged.value)
    shown: dict[str, Any] = {"tax_id": number.written, "label": number.label}
    note = situation.note("tax_id_recorded", key=key, rule=rule, verdict=judged.value, person=by, **shown)
    if judged.takes_effect:
        return Decision((entry,), (note,))
    return Decision((entry,), (note, situation.note("tax_id_answered", key=f"{key}:public", rule=rule, public=True, **shown)))


def _last_issue(engagement: Engagement) -> date | None:
    return max((term.invoice.issued_on for term in engagement.terms if term.invoice is not None), default=None)


def _current(situation: Situation) -> str | None:
    """Whom an invoice would go to now: the number somebody named, else the organization's."""
    organization = situation.ticket.organization if situation.ticket else None
    own = tax_id(organization.tax_id) if organization is not None and organization.tax_id else None
    return situation.engagement.tax_id or (own.key if own is not None else None)
