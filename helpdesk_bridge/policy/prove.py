"""Running the examples that every document carries, and rendering every template: a policy that fails its own is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import holidays

from helpdesk_bridge.domain.consent import is_entitled
from helpdesk_bridge.domain.rules import Calendar, Modality, Rate, Rules
from helpdesk_bridge.domain.terms import variables_of
from helpdesk_bridge.domain.values import Comment, CommentId, Language, Person, Role
from helpdesk_bridge.errors import Permanent, Problem
from helpdesk_bridge.policy.samples import SAMPLES
from helpdesk_bridge.policy.wording import COMMON, Wording

if TYPE_CHECKING:
    from helpdesk_bridge.policy.load import Loaded


def prove(rules: Rules, loaded: Sequence[Loaded], wording: Wording) -> list[Problem]:
    """Return every example that fails and every template that cannot say what it must."""
    problems = [problem for one in loaded for problem in _PROOFS.get(one.kind, _nothing)(one, rules)]
    return problems + list(_templates(wording))


def _nothing(_one: Loaded, _rules: Rules) -> Iterator[Problem]:
    return iter(())


def _modality(one: Loaded, _rules: Rules) -> Iterator[Problem]:
    condition = one.data["recommended_when"]
    for number, example in enumerate(one.data["examples"]):
        facts = {name: tuple(value) if isinstance(value, list) else value for name, value in example["facts"].items()}
        holds = condition is None or condition.holds(facts)
        if holds is not example["expect"]:
            yield one.document.problem(f"examples.{number}", f"recommended_when {'holds' if holds else 'does not hold'}")


def _rates(one: Loaded, rules: Rules) -> Iterator[Problem]:
    for number, example in enumerate(one.data["examples"]):
        rate = rules.rate(example["modality"], example["product_line"], example["at"])
        if (rate.id if rate else None) != example["expect"]:
            yield one.document.problem(f"examples.{number}", f"the row is {rate.id if rate else None}")


def _calendar(one: Loaded, rules: Rules) -> Iterator[Problem]:
    for number, example in enumerate(one.data["examples"]):
        found = state_at(rules.calendar, example["at"])
        if found != example["expect"]:
            yield one.document.problem(f"examples.{number}", f"it is {found}")


def state_at(calendar: Calendar, at: datetime) -> str:
    """Say whether a moment is ``open``, ``closed`` or on a ``holiday``."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    if local.date() in holidays.country_holidays(calendar.holidays, subdiv=calendar.subdivision, years=local.year):
        return "holiday"
    inside = any(start <= f"{local:%H:%M}" < end for start, end in calendar.windows)
    return "open" if inside and local.weekday() in calendar.weekdays else "closed"


def _consent(one: Loaded, rules: Rules) -> Iterator[Problem]:
    for number, example in enumerate(one.data["examples"]):
        author = Person(id="1", role=Role(example["author"]), flags=frozenset(example["flags"]))
        comment = Comment(id=CommentId("1"), author=author, public=True, at=datetime(2026, 1, 1, tzinfo=UTC), text="")
        may = is_entitled(comment, rules.consent) and not rules.consent.blocking_warnings.intersection(example["warnings"])
        if may is not example["expect"]:
            yield one.document.problem(f"examples.{number}", "may accept" if may else "may not accept")


def _term(one: Loaded, rules: Rules) -> Iterator[Problem]:
    modality = rules.modality(one.data["modality"])
    template = next(term for term in rules.terms if (term.modality, term.version) == (one.data["modality"], one.data["version"]))
    assert modality is not None
    variables = variables_of(modality, _sample_rate(modality), rules, None)
    for language in Language:
        try:
            text = template.render(language, variables)
        except Permanent as error:
            yield one.document.problem("template", str(error))
            continue
        wanted = [
            (n, words)
            for n, each in enumerate(one.data["examples"])
            if each["language"] == language
            for words in each["contains"]
        ]
        for number, words in wanted:
            if words not in text:
                yield one.document.problem(f"examples.{number}", f"the text does not contain {words!r}")


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


def _templates(wording: Wording) -> Iterator[Problem]:
    """Every comment the engine may post exists in every language and renders with the variables it gets."""
    for template, variables in SAMPLES.items():
        for language in Language:
            name = f"comments/{language.value}/{template}.md"
            everything: Mapping[str, Any] = {**variables, **dict.fromkeys(COMMON, "HB-7F3K2Q"), "language": language.value}
            for where, line, reason in wording.complaints(name, everything):
                yield Problem(f"templates/{where}", line, "", reason)


_PROOFS = {"modalities": _modality, "rates": _rates, "calendars": _calendar, "consent": _consent, "terms": _term}
