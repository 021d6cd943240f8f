"""From documents that agree with each other to the Rules of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import re2  # type: ignore[import-untyped]

from helpdesk_bridge.domain.rules import (
    Adjustment,
    BillingRules,
    Checklist,
    CompletenessItem,
    ConsentRules,
    Criterion,
    FindingKind,
    Modality,
    PrerequisiteItem,
    Questions,
    Rate,
    Route,
    Rules,
    Seller,
    ServiceInvoice,
    StatementRules,
    WorkKind,
)
from helpdesk_bridge.domain.values import CriterionId, Language, ModalityCode, plain
from helpdesk_bridge.policy import calendars
from helpdesk_bridge.policy.checks import Contents
from helpdesk_bridge.policy.wording import Wording


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
        return self.wording.term_languages(self.template)

    def render(self, language: Language, variables: Mapping[str, Any]) -> str:
        """Return the exact text, Markdown. Raises: Permanent."""
        return self.wording.term(self.template, language, {**variables, **self.variables})


def assemble(contents: Contents, wording: Wording, digest: str) -> Rules:
    """Build the rules of documents that ``checks.check`` found nothing wrong with."""
    site = contents.whole["site"][0].data
    calendar = contents.whole["calendars"][0].data
    return Rules(
        digest=digest,
        modalities=tuple(sorted((_modality(one.data) for one in contents.modalities), key=lambda one: one.rank)),
        criteria=tuple(_criterion(one.data) for one in contents.criteria),
        rates=tuple(_rate(one.data) for one in contents.rates),
        terms=tuple(_term(one.data, wording) for one in contents.terms),
        consent=_consent(contents.whole["consent"][0].data),
        calendar=calendars.service_calendar(calendar),
        scheduling=calendars.scheduling(calendar),
        consultants=tuple(calendars.consultant(one.data, calendar) for one in contents.whole.get("consultants", [])),
        customers=tuple(calendars.customer(one.data, calendar) for one in contents.whole.get("customers", [])),
        billing=_billing(contents.whole["billing"][0].data),
        checklists=tuple(_checklist(one.data) for one in contents.whole.get("prerequisites", [])),
        statements=_statements(contents.whole["statements"][0].data),
        routes=tuple(Route(**one.data) for one in contents.routes),
        completeness=tuple(CompletenessItem(**one.data) for one in contents.completeness),
        questions=tuple(Questions(**{**one.data, "ask": tuple(one.data["ask"])}) for one in contents.questions),
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


def _statements(data: Mapping[str, Any]) -> StatementRules:
    seller, invoice = data["seller"], data["service_invoice"]
    return StatementRules(
        business_day=data["business_day"],
        automatic=data["automatic"],
        seller=Seller(**{**seller, "address": tuple(seller.get("address", ()))}),
        footer=data["footer"],
        service_invoice=None if invoice is None else ServiceInvoice(**invoice),
    )


def _rate(data: Mapping[str, Any]) -> Rate:
    adjustment = data["adjustment"]
    return Rate(**{**data, "adjustment": None if adjustment is None else Adjustment(**adjustment)})


def _term(data: Mapping[str, Any], wording: Wording) -> WordedTerm:
    kept = {key: value for key, value in data.items() if key not in ("examples", "required_slots")}
    return WordedTerm(**kept, required_slots=tuple(data["required_slots"]), wording=wording)


def _checklist(data: Mapping[str, Any]) -> Checklist:
    items = tuple(PrerequisiteItem(id=one["id"], labels=one["labels"], words=tuple(one["words"])) for one in data["items"])
    return Checklist(product_line=data["product_line"], items=items)


def _consent(data: Mapping[str, Any]) -> ConsentRules:
    return ConsentRules(
        who_may_accept=data["who_may_accept"],
        required_slots=tuple(data["required_slots"]),
        blocking_warnings=frozenset(data["blocking_warnings"]),
        ask_automatically=data["ask_automatically"],
        auto_send=frozenset(data["auto_send"]),
        term_valid_days=data["term_valid_days"],
    )


def _billing(data: Mapping[str, Any]) -> BillingRules:
    kept = {key: value for key, value in data.items() if key not in ("examples", "issue_pattern")}
    issue = re2.compile(data["issue_pattern"])
    return BillingRules(
        **{
            **kept,
            "kinds": tuple(WorkKind(**_named(one)) for one in data["kinds"]),
            "findings": tuple(FindingKind(**_named(one)) for one in data["findings"]),
            "thresholds_minutes": tuple(sorted(data["thresholds_minutes"])),
            "pass_through_fields": tuple(data["pass_through_fields"]),
        },
        is_issue=lambda text: issue.fullmatch(text) is not None,
    )


def _named(kind: Mapping[str, Any]) -> dict[str, Any]:
    return {**kind, "aliases": tuple(plain(alias) for alias in kind["aliases"])}
