"""From documents that fit their schemas to the Rules of the domain, with everything they name in place."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from helpdesk_bridge.domain.rules import (
    Calendar,
    CompletenessItem,
    ConsentRules,
    Criterion,
    Modality,
    Rate,
    Route,
    Rules,
)
from helpdesk_bridge.domain.values import CriterionId, Language, ModalityCode
from helpdesk_bridge.errors import Problem
from helpdesk_bridge.policy.wording import Wording

if TYPE_CHECKING:
    from helpdesk_bridge.policy.load import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class WordedTerm:
    """A service term: its document's variables over a template."""

    modality: ModalityCode
    version: str
    template: str
    required_slots: tuple[str, ...]
    variables: Mapping[str, Any] = field(repr=False)
    wording: Wording = field(repr=False, compare=False)

    def languages(self) -> frozenset[Language]:
        """Return the languages it is written in."""
        return frozenset(one for one in Language if f"terms/{one.value}/{self.template}.md" in self.wording.sources)

    def render(self, language: Language, variables: Mapping[str, Any]) -> str:
        """Return the exact text, Markdown."""
        return self.wording.term(self.template, language, {**variables, **self.variables})


def assemble(loaded: Sequence[Loaded], wording: Wording, digest: str, problems: list[Problem]) -> Rules | None:
    """Build the rules; what does not fit together is added to ``problems``."""
    by_kind: dict[str, list[Loaded]] = {}
    for one in loaded:
        by_kind.setdefault(one.kind, []).append(one)
    singles = {kind: _only(kind, by_kind.get(kind, []), problems) for kind in ("calendars", "consent", "site")}
    modalities = by_kind.get("modalities", [])
    _unique([(one, "code", one.data["code"]) for one in modalities], problems)
    codes = {one.data["code"] for one in modalities}
    _known_modalities(by_kind, codes, problems)
    _continuous_rates(by_kind.get("rates", []), problems)
    _complete_modalities(modalities, by_kind, wording, problems)
    if problems or any(one is None for one in singles.values()):
        return None
    return _rules(by_kind, {kind: one.data for kind, one in singles.items() if one is not None}, wording, digest)


def _rules(by_kind: Mapping[str, list[Loaded]], singles: Mapping[str, dict[str, Any]], wording: Wording, digest: str) -> Rules:
    calendar, consent, site = (dict(singles[kind]) for kind in ("calendars", "consent", "site"))
    calendar.pop("examples")
    routes = [route for one in by_kind.get("routes", []) for route in one.data["routes"]]
    items = [item for one in by_kind.get("routes", []) for item in one.data["completeness"]]
    return Rules(
        digest=digest,
        modalities=tuple(sorted((_modality(one.data) for one in by_kind["modalities"]), key=lambda one: one.rank)),
        criteria=tuple(_criterion(each) for one in by_kind["criteria"] for each in one.data["criteria"]),
        rates=tuple(Rate(**row) for one in by_kind["rates"] for row in one.data["rows"]),
        terms=tuple(_term(one.data, wording) for one in by_kind["terms"]),
        consent=ConsentRules(
            who_may_accept=consent["who_may_accept"],
            required_slots=tuple(consent["required_slots"]),
            blocking_warnings=frozenset(consent["blocking_warnings"]),
            ask_automatically=consent["ask_automatically"],
            auto_send=frozenset(consent["auto_send"]),
            term_valid_days=consent["term_valid_days"],
        ),
        calendar=Calendar(**calendar),
        routes=tuple(Route(**route) for route in routes),
        completeness=tuple(CompletenessItem(**item) for item in items),
        term_variables=site["term_variables"],
        default_language=Language(site["default_language"]),
    )


def _modality(data: Mapping[str, Any]) -> Modality:
    kept = {key: value for key, value in data.items() if key not in ("examples", "aliases")}
    return Modality(**kept, aliases=tuple(data["aliases"]))


def _criterion(data: Mapping[str, Any]) -> Criterion:
    return Criterion(
        id=CriterionId(data["id"]),
        modality=data["modality"],
        labels=data["labels"],
        when=data["when"],
        ask=data["ask"],
        roles=tuple(data["roles"]),
    )


def _term(data: Mapping[str, Any], wording: Wording) -> WordedTerm:
    kept = {key: value for key, value in data.items() if key not in ("examples", "required_slots")}
    return WordedTerm(**kept, required_slots=tuple(data["required_slots"]), wording=wording)


def _only(kind: str, found: list[Loaded], problems: list[Problem]) -> Loaded | None:
    if len(found) == 1:
        return found[0]
    if not found:
        problems.append(Problem(f"{kind}/", None, "", "there must be one document"))
    problems.extend(one.document.problem("", f"there is another document in {kind}/: only one can hold") for one in found[1:])
    return None


def _unique(named: Iterable[tuple[Loaded, str, str]], problems: list[Problem]) -> None:
    seen: dict[str, Loaded] = {}
    for one, path, name in named:
        if name in seen:
            problems.append(one.document.problem(path, f"{name} is also in {seen[name].document.file}"))
        seen.setdefault(name, one)


def _known_modalities(by_kind: Mapping[str, list[Loaded]], codes: set[str], problems: list[Problem]) -> None:
    criteria = [
        (one, f"criteria.{n}.id", each["id"])
        for one in by_kind.get("criteria", [])
        for n, each in enumerate(one.data["criteria"])
    ]
    _unique(criteria, problems)
    named = [
        (one, f"criteria.{number}.modality", each["modality"])
        for one in by_kind.get("criteria", [])
        for number, each in enumerate(one.data["criteria"])
    ]
    named += [
        (one, f"rows.{n}.modality", row["modality"]) for one in by_kind.get("rates", []) for n, row in enumerate(one.data["rows"])
    ]
    named += [(one, "modality", one.data["modality"]) for one in by_kind.get("terms", [])]
    named += [(one, f"auto_send.{n}", code) for one in by_kind.get("consent", []) for n, code in enumerate(one.data["auto_send"])]
    problems.extend(
        one.document.problem(path, f"there is no modality {code!r}; known: {', '.join(sorted(codes))}")
        for one, path, code in named
        if code is not None and code not in codes
    )


def _continuous_rates(found: list[Loaded], problems: list[Problem]) -> None:
    """The rows of one price follow each other without overlap or gap."""
    rows = [(one, f"rows.{number}", row) for one in found for number, row in enumerate(one.data["rows"])]
    _unique([(one, f"{path}.id", row["id"]) for one, path, row in rows], problems)
    groups: dict[tuple[Any, ...], list[tuple[Loaded, str, dict[str, Any]]]] = {}
    for one, path, row in rows:
        groups.setdefault((row["modality"], row["product_line"], row["currency"]), []).append((one, path, row))
    for group in groups.values():
        group.sort(key=lambda item: item[2]["valid_from"])
        for (_, _, earlier), (one, path, later) in itertools.pairwise(group):
            end = earlier["valid_to"]
            if end is None or end >= later["valid_from"]:
                problems.append(one.document.problem(path, f"{later['id']} overlaps {earlier['id']}"))
            elif end + timedelta(days=1) != later["valid_from"]:
                problems.append(one.document.problem(path, f"no rate is valid between {earlier['id']} and {later['id']}"))


def _complete_modalities(
    modalities: list[Loaded], by_kind: Mapping[str, list[Loaded]], wording: Wording, problems: list[Problem]
) -> None:
    """Every paid modality has a rate, and a term in every language; exactly one modality is the default."""
    priced = {row["modality"] for one in by_kind.get("rates", []) for row in one.data["rows"]}
    written = {one.data["modality"]: _term(one.data, wording).languages() for one in by_kind.get("terms", [])}
    for one in modalities:
        code = one.data["code"]
        if one.data["paid"] and code not in priced:
            problems.append(one.document.problem("code", f"{code} is paid but has no rate"))
        absent = [language.value for language in Language if language not in written.get(code, frozenset())]
        if one.data["paid"] and absent:
            problems.append(one.document.problem("code", f"{code} is paid but has no term in {', '.join(absent)}"))
    defaults = [one for one in modalities if one.data["recommended_when"] is None]
    if len(defaults) != 1:
        names = ", ".join(one.data["code"] for one in defaults) or "none"
        problems.append(
            Problem("modalities/", None, "recommended_when", f"one modality is the default and has no condition; here: {names}")
        )
