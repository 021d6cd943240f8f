"""What documents must agree on: everything named exists, is named once, and every paid modality can be sold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any

from helpdesk_bridge.domain.values import Language, TicketStatus, plain
from helpdesk_bridge.errors import Problem
from helpdesk_bridge.policy.conditions import checks_of, values_of
from helpdesk_bridge.policy.documents import Document
from helpdesk_bridge.policy.wording import Wording

ENFORCED = {"confirmation_hours": "calendars/", "counting": "calendars/", "prerequisites": "prerequisites/"}
"""Variables of the terms that come from what the bridge enforces."""

KINDS_OF_REQUESTER = ("customer", "consultant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A document that fits its schema."""

    document: Document
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing in a document: a rate row, a criterion, or the whole document."""

    document: Document
    path: str
    data: Mapping[str, Any]

    @property
    def place(self) -> str:
        """File and line where it stands."""
        return f"{self.document.file}:{self.document.line(self.path)}"

    def problem(self, key: str, reason: str) -> Problem:
        """Return what is wrong with ``key`` of this item."""
        return self.document.problem(f"{self.path}.{key}".lstrip("."), reason)


class Contents:
    """Everything the documents of a policy hold, by kind."""

    def __init__(self, loaded: Sequence[Loaded]) -> None:
        self.whole: dict[str, list[Item]] = {}
        for one in loaded:
            self.whole.setdefault(one.kind, []).append(Item(document=one.document, path="", data=one.data))
        self.modalities = self.whole.get("modalities", [])
        self.terms = self.whole.get("terms", [])
        self.criteria = self._listed("criteria", "criteria")
        self.rates = self._listed("rates", "rows")
        self.routes = self._listed("routes", "routes")
        self.completeness = self._listed("routes", "completeness")
        self.questions = self._listed("routes", "questions")
        self.details = self._listed("criteria", "details")

    def _listed(self, kind: str, key: str) -> list[Item]:
        return [
            Item(document=one.document, path=f"{key}.{number}", data=each)
            for one in self.whole.get(kind, [])
            for number, each in enumerate(one.data[key])
        ]


def check(contents: Contents, wording: Wording) -> list[Problem]:
    """Return every disagreement between the documents, and between them and the templates."""
    return [
        *_singles(contents),
        *_repeated(contents),
        *_unknown(contents),
        *_conditions(contents),
        *_rates(contents.rates),
        *_unsellable(contents, wording),
        *_default(contents.modalities),
        *_promised(contents),
    ]


def _singles(contents: Contents) -> Iterator[Problem]:
    for kind in ("billing", "calendars", "consent", "site", "statements"):
        found = contents.whole.get(kind, [])
        if not found:
            yield Problem(f"{kind}/", None, "", "there must be one document")
        for other in found[1:]:
            yield other.document.problem("", f"only one document of {kind} can hold, and {found[0].document.file} is another")
    for other in contents.whole.get("heads", [])[1:]:
        yield other.document.problem("", "only one document of heads can hold")


def _repeated(contents: Contents) -> Iterator[Problem]:
    named = [
        [(one, "code", str(one.data["code"])) for one in contents.modalities],
        [(one, f"aliases.{n}", plain(alias)) for one in contents.modalities for n, alias in enumerate(_aliases(one.data))],
        [(one, "id", str(one.data["id"])) for one in contents.criteria],
        [(one, "id", str(one.data["id"])) for one in contents.rates],
        *[_names_of_kinds(one, key) for one in contents.whole.get("billing", []) for key in ("kinds", "findings")],
        [(one, "id", str(one.data["id"])) for one in contents.routes],
        [(one, "id", str(one.data["id"])) for one in contents.completeness],
        [(one, "id", str(one.data["id"])) for one in contents.whole.get("consultants", [])],
        [
            (one, f"agents.{n}", f"agent {agent}")
            for one in contents.whole.get("consultants", [])
            for n, agent in enumerate(one.data["agents"])
        ],
        [
            (one, f"organizations.{n}", f"organization {name}")
            for one in contents.whole.get("customers", [])
            for n, name in enumerate(one.data["organizations"])
        ],
        [
            (one, "product_line", f"the checklist of {one.data['product_line'] or 'every other line'}")
            for one in contents.whole.get("prerequisites", [])
        ],
        [
            (one, f"items.{n}.id", f"{item['id']} of {one.document.name}")
            for one in contents.whole.get("prerequisites", [])
            for n, item in enumerate(one.data["items"])
        ],
        [(one, "version", f"version {one.data['version']} of {one.data['modality']}") for one in contents.terms],
    ]
    for group in named:
        seen: dict[str, Item] = {}
        for one, key, name in group:
            if name in seen:
                yield one.problem(key, f"{name} is already in {seen[name].document.file}")
            seen.setdefault(name, one)


def _aliases(modality: Mapping[str, Any]) -> list[str]:
    """Names of one modality, each spelling once."""
    return list({plain(alias): alias for alias in modality["aliases"]}.values())


def _names_of_kinds(billing: Item, key: str) -> list[tuple[Item, str, str]]:
    return [
        (billing, f"{key}.{number}", plain(name))
        for number, kind in enumerate(billing.data[key])
        for name in sorted({plain(one) for one in (kind["code"], *kind["aliases"])})
    ]


def _unknown(contents: Contents) -> Iterator[Problem]:
    """Modalities and details that are named but nowhere described."""
    codes = {one.data["code"] for one in contents.modalities}
    named = [(one, "modality", one.data["modality"]) for one in (*contents.criteria, *contents.rates, *contents.terms)]
    for one in contents.whole.get("consent", []):
        named += [(one, f"auto_send.{number}", code) for number, code in enumerate(one.data["auto_send"])]
    for one, key, code in named:
        if code is not None and code not in codes:
            yield one.problem(key, f"there is no modality {code!r}; known: {', '.join(sorted(codes))}")
    items = {one.data["id"] for one in contents.completeness}
    for one in contents.questions:
        for number, name in enumerate(one.data["ask"]):
            if name not in items:
                yield one.problem(f"ask.{number}", f"there is no completeness item {name!r}; known: {', '.join(sorted(items))}")
    details = {one.data["id"] for one in contents.details}
    for one in contents.completeness:
        if one.data["id"] not in details:
            yield one.problem("id", f"no document of criteria tells how to recognise {one.data['id']!r} (`details`)")


def _conditions(contents: Contents) -> Iterator[Problem]:
    """Conditions that could never hold, because what they compare with does not exist."""
    known: dict[str, set[str]] = {
        "criteria": {one.data["id"] for one in contents.criteria},
        "modality_choice": {one.data["code"] for one in contents.modalities},
        "missing": {one.data["id"] for one in contents.details},
        "language": {language.value for language in Language},
        "status": {status.value for status in TicketStatus},
        "requester_kind": set(KINDS_OF_REQUESTER),
    }
    conditional = [(one, "recommended_when") for one in contents.modalities]
    conditional += [(one, "when") for one in (*contents.criteria, *contents.routes, *contents.questions)]
    for one, key in conditional:
        if one.data[key] is None:
            continue
        for path, test in checks_of(one.data[key], key):
            absent = [
                value for value in values_of(test) if isinstance(value, str) and value not in known.get(test.field, {value})
            ]
            if absent:
                yield one.problem(f"{path}.value", f"there is no {test.field} {absent[0]!r}")


def _rates(rows: Sequence[Item]) -> Iterator[Problem]:
    """One price for each modality, product line and day: rows follow each other without overlap or gap, in one currency."""
    prices: dict[tuple[Any, ...], list[Item]] = {}
    for row in rows:
        if _end(row) < row.data["valid_from"]:
            yield row.problem("valid_to", f"{row.data['id']} ends before it begins")
        prices.setdefault((row.data["modality"], row.data["product_line"]), []).append(row)
    for price in prices.values():
        yield from _overlaps(price)
        for currency in sorted({row.data["currency"] for row in price}):
            yield from _gaps(row for row in price if row.data["currency"] == currency)


def _overlaps(price: Iterable[Item]) -> Iterator[Problem]:
    for earlier, later in combinations(sorted(price, key=_start), 2):
        if _end(earlier) >= later.data["valid_from"]:
            yield later.problem("valid_from", f"{later.data['id']} overlaps {earlier.data['id']} ({earlier.place})")


def _gaps(price: Iterable[Item]) -> Iterator[Problem]:
    for earlier, later in pairwise(sorted(price, key=_start)):
        if _end(earlier) < later.data["valid_from"] - timedelta(days=1):
            names = f"{earlier.data['id']} ({earlier.place}) and {later.data['id']}"
            yield later.problem("valid_from", f"no rate is valid between {names}")


def _start(row: Item) -> date:
    start: date = row.data["valid_from"]
    return start


def _end(row: Item) -> date:
    return row.data["valid_to"] or date.max


def _unsellable(contents: Contents, wording: Wording) -> Iterator[Problem]:
    """Paid modalities without a rate, or without a term in some language."""
    priced = {row.data["modality"] for row in contents.rates}
    current = {one.data["modality"]: wording.term_languages(one.data["template"]) for one in contents.terms}
    for one in contents.modalities:
        if not one.data["paid"]:
            continue
        if one.data["code"] not in priced:
            yield one.problem("paid", f"{one.data['code']} is paid but has no rate")
        absent = [language.value for language in Language if language not in current.get(one.data["code"], frozenset())]
        if absent:
            yield one.problem("paid", f"{one.data['code']} is paid but has no term in {', '.join(absent)}")


def _promised(contents: Contents) -> Iterator[Problem]:
    """Variables that say what the bridge enforces: a term that said otherwise would promise what nobody keeps."""
    given = [(one, "variables") for one in contents.terms] + [(one, "term_variables") for one in contents.whole.get("site", [])]
    for one, key in given:
        for name, where in ENFORCED.items():
            if name in one.data[key] and (name, key) != ("counting", "term_variables"):
                yield one.problem(f"{key}.{name}", f"is what {where} says, and cannot be told otherwise here")


def _default(modalities: Sequence[Item]) -> Iterator[Problem]:
    defaults = [one.data["code"] for one in modalities if one.data["recommended_when"] is None]
    if len(defaults) != 1:
        found = ", ".join(defaults) or "none"
        yield Problem(
            "modalities/", None, "recommended_when", f"exactly one modality has no condition, the default; here: {found}"
        )
