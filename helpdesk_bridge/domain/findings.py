"""What the work found, and what follows for the charge: the waiver, and the unit that bears the cost."""

from __future__ import annotations

from typing import Any

from helpdesk_bridge.domain.billing import is_waiving
from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.lifecycle import TermState
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.tax_ids import tax_id
from helpdesk_bridge.domain.values import plain
from helpdesk_bridge.domain.words import label_of

AVAILABLE = ("disponivel", "available", "disponible", "publicada", "publicado", "liberada")
UNAVAILABLE = ("indisponivel", "unavailable", "no-disponible", "nao-disponivel")


def find(order: Order) -> Decision:
    """``/constatacao produto ISSUE-123 [disponivel]``: record the cause; whether it waives the charge follows from the policy."""
    situation, rules, term = order.situation, order.situation.rules.billing, order.term
    name, _, rest = order.argument.partition(" ")
    kind = rules.finding(plain(name))
    if kind is None:
        return order.refused(
            "finding_unknown", detail=", ".join(one.aliases[0] if one.aliases else one.code for one in rules.findings)
        )
    refusal = _refusal(term)
    if refusal is not None or term is None:
        return order.refused(refusal or "no_term_yet")
    words = rest.split()
    issue = next((word.upper() for word in words if rules.is_issue(word.upper())), None)
    if kind.needs_issue and issue is None:
        return order.refused("issue_invalid")
    said = [plain(word) for word in words]
    available = any(word in AVAILABLE for word in said) and not any(word in UNAVAILABLE for word in said)
    entry = situation.entry(
        "finding", number=term.number, kind=kind.code, issue=issue, available=available, remark=rest, command=order.command.line
    )
    note = order.answer(
        "finding_recorded",
        finding_label=kind.labels[situation.engagement.language],
        issue=issue,
        available=available,
        waives=term.waivable and is_waiving(kind.code, rules) and not available,
        waivable=term.waivable,
        **_told(order, term),
    )
    return Decision((entry,), (note,))


def waive(order: Order) -> Decision:
    """``/abonar <motive> <reason>``: a person waives the charge; never that of a modality without a waiver."""
    situation, rules, term = order.situation, order.situation.rules.billing, order.term
    name, _, reason = order.argument.partition(" ")
    motive = next(
        (code for code, labels in rules.motives.items() if plain(name) in {plain(code), *map(plain, labels.values())}), None
    )
    if motive is None:
        return order.refused("motive_unknown", detail=", ".join(rules.motives))
    if not reason.strip():
        return order.refused("reason_missing")
    refusal = _refusal(term)
    if refusal is not None or term is None:
        return order.refused(refusal or "no_term_yet")
    if not term.waivable:
        return order.refused("never_waived")
    entry = situation.entry("waived", number=term.number, motive=motive, by=situation.actor, reason=reason.strip())
    label = rules.motives[motive][situation.engagement.language]
    note = order.answer("waiver_recorded", motive_label=label, reason=reason.strip(), person=order.person, **_told(order, term))
    return Decision((entry,), (note,))


def pass_through(order: Order) -> Decision:
    """``/repasse <unit> <tax id> [field=value …]``: the cost goes to a unit, with what finance needs to charge it."""
    situation, term = order.situation, order.term
    refusal = _refusal(term)
    if refusal is not None or term is None:
        return order.refused(refusal or "no_term_yet")
    words = order.argument.split()
    fields = dict(word.split("=", 1) for word in words if "=" in word)
    number = next((found for word in words if (found := tax_id(word)) is not None), None)
    unit = " ".join(word for word in words if "=" not in word and tax_id(word) is None)
    if not unit or number is None:
        return order.refused("unit_or_tax_id_missing")
    entry = situation.entry("passed_through", number=term.number, unit=unit, tax_id=number.key, fields=fields)
    wanted = situation.rules.billing.pass_through_fields
    note = order.answer(
        "pass_through_recorded",
        unit=unit,
        tax_id=number.written,
        given=fields,
        missing=tuple(name for name in wanted if not fields.get(name)),
    )
    return Decision((entry,), (note,))


def _refusal(term: ServiceTerm | None) -> str | None:
    if term is None:
        return "no_term_yet"
    if term.charge.is_locked:
        return "charge_locked"
    return None if term.state is TermState.ACCEPTED else "not_accepted"


def _told(order: Order, term: ServiceTerm) -> dict[str, Any]:
    return {"modality_label": label_of(order.situation, term)}
