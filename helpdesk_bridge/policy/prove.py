"""Running the examples that every document carries, and rendering every template: a policy that fails its own is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from helpdesk_bridge.domain.billing import amount_of, charged_seconds
from helpdesk_bridge.domain.calendar import Calendar
from helpdesk_bridge.domain.consent import is_entitled
from helpdesk_bridge.domain.prerequisites import checklist, said
from helpdesk_bridge.domain.rules import Modality, Rate, Rules
from helpdesk_bridge.domain.statements import Period, closing_day
from helpdesk_bridge.domain.terms import variables_of
from helpdesk_bridge.domain.values import Comment, CommentId, Language, ModalityCode, Person, Role
from helpdesk_bridge.errors import Permanent, Problem
from helpdesk_bridge.policy import vocabulary
from helpdesk_bridge.policy.assemble import WordedTerm
from helpdesk_bridge.policy.checks import Contents, Item
from helpdesk_bridge.policy.samples import BARE, SAMPLES
from helpdesk_bridge.policy.wording import COMMON, Complaint, Wording


def prove(rules: Rules, contents: Contents, wording: Wording, files: Mapping[str, str]) -> list[Problem]:
    """Return every example that fails and every template that cannot say what it must; ``files`` names each template's file."""
    problems = [
        problem for kind, proof in _PROOFS.items() for one in contents.whole.get(kind, []) for problem in proof(one, rules)
    ]
    complaints = [*_complaints(rules, wording), *vocabulary.complaints(wording.sources)]
    return problems + [Problem(files.get(name, name), line, "", reason) for name, line, reason in complaints]


def _modality(one: Item, _rules: Rules) -> Iterator[Problem]:
    condition = one.data["recommended_when"]
    for number, example in enumerate(one.data["examples"]):
        facts = {name: tuple(value) if isinstance(value, list) else value for name, value in example["facts"].items()}
        holds = condition is None or condition.holds(facts)
        if holds is not example["expect"]:
            yield one.problem(f"examples.{number}", f"recommended_when {'holds' if holds else 'does not hold'}")


def _rates(one: Item, rules: Rules) -> Iterator[Problem]:
    for number, example in enumerate(one.data["examples"]):
        rate = rules.rate(example["modality"], example["product_line"], example["at"])
        if (rate.id if rate else None) != example["expect"]:
            yield one.problem(f"examples.{number}", f"the row is {rate.id if rate else 'none'}")


def _calendar(one: Item, rules: Rules) -> Iterator[Problem]:
    for number, example in enumerate(one.data["examples"]):
        found = state_at(rules.calendar, example["at"])
        if found != example["expect"]:
            yield one.problem(f"examples.{number}", f"it is {found}")


def state_at(calendar: Calendar, at: datetime) -> str:
    """Say whether a moment is ``open``, ``closed`` or on a ``holiday``."""
    if calendar.holidays.name_of(calendar.local(at).date()) is not None:
        return "holiday"
    return "open" if calendar.is_open(at) else "closed"


def _statements(one: Item, rules: Rules) -> Iterator[Problem]:
    for number, example in enumerate(one.data["examples"]):
        found = closing_day(Period.of(example["month"]), rules.statements.business_day, rules.calendar)
        if found != example["closes"]:
            yield one.problem(f"examples.{number}", f"it closes on {found}")


def _consent(one: Item, rules: Rules) -> Iterator[Problem]:
    for number, example in enumerate(one.data["examples"]):
        author = Person(id="1", role=Role(example["author"]), flags=frozenset(example["flags"]))
        comment = Comment(id=CommentId("1"), author=author, public=True, at=datetime(2026, 1, 1, tzinfo=UTC), text="")
        may = is_entitled(comment, rules.consent) and not rules.consent.blocking_warnings.intersection(example["warnings"])
        if may is not example["expect"]:
            yield one.problem(f"examples.{number}", "may accept" if may else "may not accept")


def _billing(one: Item, rules: Rules) -> Iterator[Problem]:
    for number, example in enumerate(one.data["examples"]):
        seconds = charged_seconds([int(minutes * 60) for minutes in example["minutes"]], rules.billing)
        amount = amount_of(seconds, example["hourly"], rules.billing)
        if amount != example["expect"]:
            yield one.problem(f"examples.{number}", f"it costs {amount}")


def _prerequisites(one: Item, rules: Rules) -> Iterator[Problem]:
    items = checklist(rules, one.data["product_line"])
    for number, example in enumerate(one.data["examples"]):
        found = {items[each.number - 1].id: each.state for each in said(example["text"], items)}
        if found != example["expect"]:
            yield one.problem(f"examples.{number}", f"it says {found or 'nothing'}")


def _term(one: Item, rules: Rules) -> Iterator[Problem]:
    term = next(term for term in rules.terms if (term.modality, term.version) == (one.data["modality"], one.data["version"]))
    for number, example in enumerate(one.data["examples"]):
        try:
            text = term.render(Language(example["language"]), _sample(term.modality, example["product_line"], rules))
        except Permanent:
            continue  # said once for the template, with its line
        absent = [words for words in example["contains"] if words not in text]
        if absent:
            yield one.problem(f"examples.{number}", f"the text does not contain {absent[0]!r}")


def _sample(code: ModalityCode, product_line: str | None, rules: Rules) -> Mapping[str, Any]:
    modality = rules.modality(code)
    assert modality is not None
    return variables_of(modality, _sample_rate(modality), rules, product_line)


def _sample_rate(modality: Modality) -> Rate:
    return Rate(
        id="sample",
        modality=modality.code,
        product_line=None,
        currency="BRL",
        hourly=Decimal("354.00"),
        valid_from=date(2026, 1, 1),
        valid_to=None,
        index="IGP-M",
    )


def _complaints(rules: Rules, wording: Wording) -> Iterator[Complaint]:
    """Every comment the engine may post, and every term, exists in every language and renders with the variables it gets."""
    for template, variables in SAMPLES.items():
        full: Mapping[str, Any] = {**dict.fromkeys(COMMON, "HB-7F3K2Q"), **variables}
        for language in Language:
            name = f"comments/{language.value}/{template}.md"
            yield from wording.complaints(name, full) or wording.complaints(name, {**full, **BARE.get(template, {})})
    for term in rules.terms:
        assert isinstance(term, WordedTerm)
        for language in term.languages():
            variables = {**_sample(term.modality, None, rules), **term.variables}
            yield from wording.complaints(f"terms/{language.value}/{term.template}.md", variables)


_PROOFS: dict[str, Callable[[Item, Rules], Iterator[Problem]]] = {
    "modalities": _modality,
    "rates": _rates,
    "calendars": _calendar,
    "consent": _consent,
    "billing": _billing,
    "terms": _term,
    "prerequisites": _prerequisites,
    "statements": _statements,
}
