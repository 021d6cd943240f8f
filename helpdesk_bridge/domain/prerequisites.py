"""The checklist of a product line: what must be ready before work, who said so, and whether work waits for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from helpdesk_bridge.domain import terms
from helpdesk_bridge.domain.decision import NOTHING, Decision, Situation
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.rules import PrerequisiteItem, Rules
from helpdesk_bridge.domain.values import plain
from helpdesk_bridge.domain.words import Words

OK, NOT_OK, NOT_APPLICABLE = "ok", "not_ok", "not_applicable"
_STATES = {
    OK: ("ok", "sim", "yes", "si", "pronto", "listo", "ready", "done"),
    NOT_OK: ("nao", "no", "not", "falta", "pendente", "pendiente", "missing"),
    NOT_APPLICABLE: ("na", "n/a", "naoseaplica", "noaplica"),
}
_DISPENSE = ("dispensar", "dispense", "waive", "eximir")
_PARTS = re.compile(r"[.;!?\n]+|,\s|\s(?:mas|porem|contudo|but|however|pero|sin embargo)\s")
_NUMBERED = re.compile(
    r"\b(?:item |requisito |n[o.]? ?)?(?P<item>\d{1,2})\s*[:.)=-]*\s*(?:(?:esta|estao|is|are)\s+)?"
    r"(?P<said>ok|sim|yes|pronto|feito|listo|ready|done|nao se aplica|no aplica|not applicable|n/a|na\b|nao|no\b|not|falta|pendente)"
)
_NOT_APPLICABLE = re.compile(r"\b(?:nao se aplica|no aplica|no corresponde|not applicable|does not apply|n/a)\b")
_NEGATIVE = re.compile(
    r"\b(?:nao|not|no|sem|sin|without|falt\w+|pendent\w*|pendient\w*|missing|pending|cannot|can't|nunca|never|ainda vamos|todavia)\b"
)
_POSITIVE = re.compile(
    r"\b(?:ok|okay|sim|yes|pront\w+|atualizad\w+|actualizad\w+|instalad\w+|configurad\w+|desabilitad\w+|desactivad\w+|deshabilitad\w+|"
    r"liberad\w+|disponive\w+|disponible\w*|feit\w+|hech\w+|list[oa]s?|temos|tenemos|have|ready|done|installed|updated|configured|"
    r"disabled|available|in place|criad\w+|preparad\w+|validad\w+|verificad\w+|conferid\w+)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One item and what somebody says about it."""

    number: int
    state: str


def checklist(rules: Rules, product_line: str | None) -> tuple[PrerequisiteItem, ...]:
    """Return the items of a product line, else those of every line."""
    named = [
        one for one in rules.checklists if one.product_line is not None and plain(one.product_line) == plain(product_line or "")
    ]
    general = [one for one in rules.checklists if one.product_line is None]
    return next((one.items for one in (*named, *general)), ())


def missing(situation: Situation, term: ServiceTerm) -> tuple[int, ...]:
    """Return the numbers of the items nobody said are ready or out of place."""
    settled = {one.item for one in term.prerequisites if one.state != NOT_OK}
    return tuple(
        number for number, _item in enumerate(checklist(situation.rules, term.product_line), start=1) if number not in settled
    )


def open_items(situation: Situation, term: ServiceTerm) -> list[dict[str, Any]]:
    """Show the items that are missing."""
    absent = missing(situation, term)
    return [one for one in _shown(situation, term) if one["number"] in absent]


def blocks(situation: Situation, term: ServiceTerm) -> bool:
    """True when work under a term must wait: the policy says so, an item is missing, and nobody dispensed with it."""
    waits = situation.rules.scheduling.prerequisites == "block" and not term.prerequisites_dispensed
    return waits and bool(missing(situation, term))


def answer(order: Order) -> Decision:
    """``/requisito ok|nao|na <n> [texto]`` and ``/requisito dispensar motivo``."""
    term, situation = order.term, order.situation
    if term is None or not term.is_running:
        return order.refused("no_running_term")
    items = checklist(situation.rules, term.product_line)
    if not items:
        return order.refused("no_checklist")
    verb, _, rest = order.argument.partition(" ")
    word = plain(verb)
    if word in _DISPENSE:
        return _dispensed(order, term, rest.strip())
    state = next((state for state, words in _STATES.items() if word in words), None)
    if state is None:
        return order.refused("item_state_unknown")
    number, _, text = rest.strip().partition(" ")
    if not number.isdigit() or not 1 <= int(number) <= len(items):
        return order.refused("item_unknown", detail=f"1-{len(items)}")
    entry = _entry(order.situation, term, Told(number=int(number), state=state), by=order.person, source=order.source, text=text)
    return _recorded(order, term, Decision((entry,)), text or None)


def _dispensed(order: Order, term: ServiceTerm, reason: str) -> Decision:
    if not reason:
        return order.refused("reason_missing")
    if not missing(order.situation, term):
        return order.refused("nothing_missing")
    entry = order.situation.entry("prerequisites_dispensed", number=term.number, reason=reason, by=order.person)
    return _recorded(order, term, Decision((entry,)), reason)


def _recorded(order: Order, before: ServiceTerm, done: Decision, text: str | None) -> Decision:
    after = order.situation.after(done)
    term = after.engagement.numbered(before.number)
    assert term is not None
    note = order.answer(
        "prerequisites_recorded",
        items=_shown(after, term),
        missing=len(missing(after, term)),
        dispensed=term.prerequisites_dispensed,
        person=order.person,
        evidence=text,
    )
    return done + Decision((), (note,))


def told(words: Words) -> Decision:
    """Take what a customer says about the items; what cannot be told apart goes to the agent, and nothing is assumed."""
    if words.reading.signal(SignalKind.PREREQUISITES) is None or not words.term.is_running:
        return NOTHING
    items = checklist(words.situation.rules, words.term.product_line)
    if not items:
        return NOTHING
    found = {one.number: one for one in said(words.reading.own_words, items)}
    if not found:
        return _unread(words) if words.reading.label is SignalKind.PREREQUISITES else NOTHING
    situation = words.situation
    entries = tuple(
        _entry(situation.numbered(one.number), words.term, one, by=situation.actor, source=f"comment:{words.comment.id}", text="")
        for one in found.values()
    )
    done = Decision((*entries, *words.recorded("prerequisites_told", items=sorted(found))))
    after = words.after(done)
    note = words.situation.note(
        "prerequisites_recorded",
        key=words.key("prerequisites_recorded"),
        rule=words.rule,
        items=_shown(after.situation, after.term),
        missing=len(missing(after.situation, after.term)),
        dispensed=after.term.prerequisites_dispensed,
        person=words.person,
        evidence=words.reading.own_words[:500],
    )
    return done + Decision((), (note,))


def _unread(words: Words) -> Decision:
    note = words.situation.note(
        "prerequisites_unread",
        key=words.key("prerequisites_unread"),
        rule=words.rule,
        add_tags=(terms.TAG_PERSON,),
        items=_shown(words.situation, words.term),
        person=words.person,
        evidence=words.evidence,
    )
    return Decision(words.recorded("prerequisites_unread"), (note,))


def warn(situation: Situation, decision: Decision) -> Decision:
    """Show what is missing when work begins, once."""
    after = situation.after(decision)
    notes = tuple(
        situation.note(
            "prerequisites_missing",
            key=f"prerequisites_missing:{entry.body['number']}",
            rule="prerequisites",
            items=open_items(after, term),
        )
        for entry in decision.entries
        if entry.kind == "work_started"
        and (term := after.engagement.numbered(entry.body["number"])) is not None
        and not term.prerequisites_dispensed
        and missing(after, term)
    )
    return Decision((), notes)


def said(text: str, items: tuple[PrerequisiteItem, ...]) -> Iterator[Told]:
    """Read answers: ``1 ok, 2 não``, or sentences that name items and say whether they are ready. Total on any text."""
    folded = _folded(text)
    numbered = [match for match in _NUMBERED.finditer(folded) if 1 <= int(match["item"]) <= len(items)]
    yield from (Told(number=int(match["item"]), state=_state(match["said"])) for match in numbered)
    if numbered:
        return
    for part in _PARTS.split(folded):
        named = [number for number, item in enumerate(items, start=1) if any(_names(part, word) for word in item.words)]
        state = _polarity(part, len(named))
        if state is not None:
            yield from (Told(number=number, state=state) for number in named)


def _polarity(part: str, items: int) -> str | None:
    """Say what a part of a sentence holds of the items it names; None when it could mean several things."""
    if _NOT_APPLICABLE.search(part):
        return NOT_APPLICABLE if items == 1 else None
    if _NEGATIVE.search(part):
        return NOT_OK if items == 1 else None
    return OK if _POSITIVE.search(part) else None


def _state(word: str) -> str:
    if _NOT_APPLICABLE.search(word) or word == "na":
        return NOT_APPLICABLE
    return NOT_OK if _NEGATIVE.search(word) else OK


def _names(part: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(_folded(word))}", part) is not None


def _folded(text: str) -> str:
    return "\n".join(plain(line).replace("-", " ") for line in text.splitlines())


def _entry(situation: Situation, term: ServiceTerm, one: Told, *, by: str, source: str, text: str) -> Any:
    return situation.entry(
        "prerequisite", number=term.number, item=one.number, state=one.state, by=by, source=source, text=text or None
    )


def _shown(situation: Situation, term: ServiceTerm) -> list[dict[str, Any]]:
    answers = {one.item: one for one in term.prerequisites}
    language = situation.engagement.language
    return [
        {
            "number": number,
            "label": item.labels[language],
            "state": answers[number].state if number in answers else "open",
            "by": answers[number].by.partition(":")[0] if number in answers else None,
        }
        for number, item in enumerate(checklist(situation.rules, term.product_line), start=1)
    ]
