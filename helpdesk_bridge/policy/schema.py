"""What each kind of policy document may say; unknown keys are refused."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

import holidays
import marshmallow as ma
import re2  # type: ignore[import-untyped]
from marshmallow.validate import Length, OneOf, Range, Regexp

from helpdesk_bridge.domain.calendar import Counting
from helpdesk_bridge.domain.facts import FACTS
from helpdesk_bridge.domain.tax_ids import tax_id
from helpdesk_bridge.domain.values import Language, Role
from helpdesk_bridge.policy.conditions import Conditions

LANGUAGES = tuple(language.value for language in Language)
SLOTS = ("cnpj", "modality")
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class _Strict(ma.Schema):
    class Meta:
        unknown = ma.RAISE


class Sentences(ma.fields.Field[dict[Language, str]]):
    """One sentence for every language."""

    _given = ma.fields.Dict(keys=ma.fields.String(validate=OneOf(LANGUAGES)), values=ma.fields.String(validate=Length(min=1)))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> dict[Language, str]:
        given = self._given.deserialize(value) or {}
        absent = [language for language in LANGUAGES if language not in given]
        if given and absent:
            raise ma.ValidationError(f"a sentence is missing for {', '.join(absent)}")
        return {Language(language): text for language, text in given.items()}


class Word(ma.fields.Field[str]):
    """A word or a phrase; a number stands for its digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        if type(value) not in (str, int, float) or value == "":
            raise ma.ValidationError("must be a word or a phrase")
        return str(value)


class Words(ma.fields.List[str]):
    """A list of words or phrases."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Word(), **options)


class FactsExample(_Strict):
    """An example of a condition: facts, and whether it holds."""

    facts = ma.fields.Dict(keys=ma.fields.String(validate=OneOf(tuple(FACTS))), values=ma.fields.Raw(), required=True)
    expect = ma.fields.Boolean(required=True)


class ModalityDocument(_Strict):
    """``modalities/*.yaml``."""

    code = ma.fields.String(required=True, validate=Regexp(r"^[a-z][a-z0-9_]*$"))
    labels = Sentences(required=True)
    aliases = ma.fields.List(ma.fields.String(), load_default=list)
    paid = ma.fields.Boolean(required=True)
    rank = ma.fields.Integer(required=True)
    recommended_when = Conditions(load_default=None, allow_none=True)
    waivable = ma.fields.Boolean(load_default=False)
    cost = Sentences(required=True)
    next_step = Sentences(required=True)
    examples = ma.fields.List(ma.fields.Nested(FactsExample), load_default=list)


class PhraseEntry(_Strict):
    """One entry of the cue lexicon: patterns that mean one thing."""

    id = ma.fields.String(required=True)
    patterns = Words(required=True, validate=Length(min=1))
    roles = Words(load_default=list)
    unless = Words(load_default=list)
    score = ma.fields.Float(load_default=0.9, validate=Range(min=0, max=1))
    examples = Words(load_default=list)
    refused = Words(load_default=list, data_key="not")


class CriterionDocument(_Strict):
    """One item of ``criteria`` in ``criteria/*.yaml``."""

    id = ma.fields.String(required=True, validate=Regexp(r"^[A-Z]{2}-[A-Za-z0-9]+$", error="must look like CS-01"))
    modality = ma.fields.String(load_default=None, allow_none=True)
    labels = Sentences(required=True)
    ask = Sentences(load_default=dict)
    roles = Words(load_default=list)
    when = Conditions(load_default=None, allow_none=True)
    unless = Words(load_default=list)
    undone_by = Words(load_default=list)
    cues = ma.fields.Dict(
        keys=ma.fields.String(validate=OneOf(LANGUAGES)), values=ma.fields.List(ma.fields.Nested(PhraseEntry)), load_default=dict
    )


class CriteriaDocument(_Strict):
    """``criteria/*.yaml``: the catalogue and its lexicon. What the patterns say, the lexicon itself checks."""

    words = ma.fields.Dict(keys=ma.fields.String(), values=Words(), load_default=dict)
    criteria = ma.fields.List(ma.fields.Nested(CriterionDocument), load_default=list)
    findings = ma.fields.List(ma.fields.Nested(PhraseEntry), load_default=list)
    details = ma.fields.List(ma.fields.Nested(PhraseEntry), load_default=list)
    ignored = ma.fields.List(ma.fields.Nested(PhraseEntry), load_default=list)


class RateExample(_Strict):
    """A day, and the row that is valid on it."""

    at = ma.fields.AwareDateTime(required=True)
    modality = ma.fields.String(required=True)
    product_line = ma.fields.String(load_default=None, allow_none=True)
    expect = ma.fields.String(required=True, allow_none=True)


class AdjustmentOfRate(_Strict):
    """Where an adjusted price comes from, as ``rates adjust`` writes it."""

    follows = ma.fields.String(required=True)
    percent = ma.fields.Decimal(required=True)
    source = ma.fields.String(required=True)
    months = ma.fields.String(load_default="")
    digest = ma.fields.String(load_default="", validate=Regexp(r"^([0-9a-f]{64})?$"))


class RateRow(_Strict):
    """One row of the rate table."""

    id = ma.fields.String(required=True)
    modality = ma.fields.String(required=True)
    product_line = ma.fields.String(load_default=None, allow_none=True)
    currency = ma.fields.String(required=True, validate=Regexp(r"^[A-Z]{3}$"))
    hourly = ma.fields.Decimal(required=True, validate=Range(min=Decimal("0.01")))
    valid_from = ma.fields.Date(required=True)
    valid_to = ma.fields.Date(load_default=None, allow_none=True)
    index = ma.fields.String(load_default="")
    adjustment = ma.fields.Nested(AdjustmentOfRate, load_default=None, allow_none=True)


class RatesDocument(_Strict):
    """``rates/*.yaml``."""

    rows = ma.fields.List(ma.fields.Nested(RateRow), required=True, validate=Length(min=1))
    examples = ma.fields.List(ma.fields.Nested(RateExample), load_default=list)


class TermExample(_Strict):
    """What the rendered term must contain."""

    language = ma.fields.String(required=True, validate=OneOf(LANGUAGES))
    product_line = ma.fields.String(load_default=None, allow_none=True)
    contains = Words(required=True, validate=Length(min=1))


class TermDocument(_Strict):
    """``terms/*.yaml``."""

    modality = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    template = ma.fields.String(required=True, validate=Regexp(r"^[a-z0-9_]+$"))
    required_slots = ma.fields.List(ma.fields.String(validate=OneOf(SLOTS)), load_default=list)
    variables = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Raw(), load_default=dict)
    examples = ma.fields.List(ma.fields.Nested(TermExample), load_default=list)


class CalendarExample(_Strict):
    """A moment, and what it is."""

    at = ma.fields.AwareDateTime(required=True)
    expect = ma.fields.String(required=True, validate=OneOf(("open", "closed", "holiday")))


class ClosedDay(_Strict):
    """A day on which nobody works although the law does not say so."""

    day = ma.fields.String(
        required=True,
        validate=Regexp(
            r"^(?:(?:\d{4}-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])|easter(?:[+-]\d{1,3})?)$",
            error="must look like 2026-12-24, 12-24 or easter-47",
        ),
    )
    name = ma.fields.String(required=True, validate=Length(min=1))


class SchedulingEntry(_Strict):
    """How times are proposed, answered and kept."""

    confirmation_hours = ma.fields.Integer(load_default=24, validate=Range(min=1, max=720))
    counting = ma.fields.String(load_default="clock", validate=OneOf(tuple(Counting)))
    late_confirmation = ma.fields.String(load_default="reschedule", validate=OneOf(("reschedule", "accept")))
    reminder_hours = ma.fields.Integer(load_default=None, allow_none=True, validate=Range(min=1, max=719))
    slot_minutes = ma.fields.Integer(load_default=60, validate=Range(min=5, max=1440))
    longest_minutes = ma.fields.Integer(load_default=480, validate=Range(min=5, max=1440))
    notice_minutes = ma.fields.Integer(load_default=60, validate=Range(min=0, max=14_400))
    step_minutes = ma.fields.Integer(load_default=30, validate=Range(min=5, max=480))
    suggestions = ma.fields.Integer(load_default=3, validate=Range(min=1, max=10))
    horizon_days = ma.fields.Integer(load_default=60, validate=Range(min=1, max=366))
    most_rounds = ma.fields.Integer(load_default=None, allow_none=True, validate=Range(min=1, max=100))
    prerequisites = ma.fields.String(load_default="warn", validate=OneOf(("warn", "block")))

    @ma.validates_schema
    def _possible(self, data: dict[str, Any], **_: Any) -> None:
        if data["slot_minutes"] > data["longest_minutes"]:
            raise ma.ValidationError("is longer than longest_minutes", "slot_minutes")
        if data["reminder_hours"] is not None and data["reminder_hours"] >= data["confirmation_hours"]:
            raise ma.ValidationError("must be less than confirmation_hours", "reminder_hours")


class _Hours(_Strict):
    """When somebody can; a subclass says what may be left out."""

    zone = ma.fields.String(validate=OneOf(tuple(sorted(available_timezones())), error="is no time zone"))
    windows = ma.fields.List(
        ma.fields.List(ma.fields.String(validate=Regexp(r"^([01]\d|2[0-3]):[0-5]\d$")), validate=Length(equal=2)),
        validate=Length(min=1),
    )
    weekdays = ma.fields.List(ma.fields.String(validate=OneOf(_DAY_NAMES)), validate=Length(min=1))
    holidays = ma.fields.String(validate=Regexp(r"^[A-Z]{2}$"))
    subdivision = ma.fields.String(load_default=None, allow_none=True)
    closed_days = ma.fields.List(ma.fields.Nested(ClosedDay))

    @ma.post_load
    def _numbers(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if "weekdays" in data:
            data = {**data, "weekdays": tuple(sorted(map(_DAY_NAMES.index, data["weekdays"])))}
        if "windows" in data:
            data = {**data, "windows": tuple((start, end) for start, end in data["windows"])}
        return data

    @ma.validates_schema
    def _known_holidays(self, data: dict[str, Any], **_: Any) -> None:
        countries, country = holidays.list_supported_countries(), data.get("holidays")
        if country is not None and country not in countries:
            raise ma.ValidationError(f"nobody knows the holidays of {country}", "holidays")
        subdivision = data.get("subdivision")
        if country is not None and subdivision is not None and subdivision not in countries[country]:
            raise ma.ValidationError(f"{country} has no part called {subdivision}", "subdivision")

    @ma.validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        times = [time for window in data.get("windows", ()) for time in window]
        if times != sorted(set(times)):
            raise ma.ValidationError("windows must follow each other without overlapping", "windows")


class CalendarDocument(_Hours):
    """``calendars/*.yaml``; there is one calendar."""

    scheduling = ma.fields.Nested(SchedulingEntry, load_default=lambda: SchedulingEntry().load({}))
    examples = ma.fields.List(ma.fields.Nested(CalendarExample), load_default=list)

    @ma.validates_schema
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        absent = [key for key in ("zone", "windows", "weekdays", "holidays") if key not in data]
        if absent:
            raise ma.ValidationError({key: ["Missing data for required field."] for key in absent})

    @ma.post_load
    def _closed(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"closed_days": [], **data}


class AbsenceEntry(_Strict):
    """A time at which a consultant is away: days, the last one included, or local times."""

    start = ma.fields.String(required=True, data_key="from")
    end = ma.fields.String(required=True, data_key="to")
    reason = ma.fields.String(load_default="")

    @ma.validates("start", "end")
    def _moment(self, value: str, data_key: str) -> None:
        try:
            told = datetime.fromisoformat(value)
        except ValueError:
            told = None
        if told is None or told.tzinfo is not None:
            raise ma.ValidationError("must look like 2026-12-21 or 2026-12-21T13:30")

    @ma.validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["end"][:10] < data["start"][:10] or (
            "T" in data["start"] and "T" in data["end"] and data["end"] <= data["start"]
        ):
            raise ma.ValidationError("ends before it begins", "to")


class ConsultantDocument(_Hours):
    """``consultants/*.yaml``: somebody who does the work. Hours left out are the service calendar's."""

    id = ma.fields.String(required=True, validate=Regexp(r"^[a-z0-9][a-z0-9._-]{0,40}$", error="must look like maria.silva"))
    name = ma.fields.String(required=True, validate=Length(min=1))
    agents = Words(load_default=list)
    absences = ma.fields.List(ma.fields.Nested(AbsenceEntry), load_default=list)
    feed = ma.fields.String(load_default=None, allow_none=True, validate=Regexp(r"^(?:https?://|/|\./)\S+$"))


class CustomerDocument(_Hours):
    """``customers/*.yaml``: when the people of some organizations can. Hours left out are the service calendar's."""

    organizations = Words(required=True, validate=Length(min=1))


class ConsentExample(_Strict):
    """A comment's author and desk warnings, and whether an acceptance by them may count."""

    author = ma.fields.String(required=True, validate=OneOf(tuple(role.value for role in Role)))
    flags = ma.fields.List(ma.fields.String(), load_default=list)
    warnings = ma.fields.List(ma.fields.String(), load_default=list)
    expect = ma.fields.Boolean(required=True)


class ConsentDocument(_Strict):
    """``consent/*.yaml``; there is one."""

    who_may_accept = ma.fields.String(required=True, validate=OneOf(("requester", "organization", "flagged")))
    required_slots = ma.fields.List(ma.fields.String(validate=OneOf(SLOTS)), load_default=list)
    blocking_warnings = ma.fields.List(ma.fields.String(), load_default=list)
    ask_automatically = ma.fields.Boolean(load_default=False)
    auto_send = ma.fields.List(ma.fields.String(), load_default=list)
    term_valid_days = ma.fields.Integer(load_default=None, allow_none=True, validate=Range(min=1, max=3650))
    examples = ma.fields.List(ma.fields.Nested(ConsentExample), load_default=list)


class NamedKind(_Strict):
    """A kind of work, as people name it."""

    code = ma.fields.String(required=True, validate=Regexp(r"^[a-z][a-z0-9_]*$"))
    labels = Sentences(required=True)
    aliases = Words(load_default=list)


class FindingItem(NamedKind):
    """A cause that work can find."""

    waives = ma.fields.Boolean(load_default=False)
    needs_issue = ma.fields.Boolean(load_default=False)


class ChargeExample(_Strict):
    """Billable minutes at an hourly rate, and what they cost."""

    minutes = ma.fields.List(ma.fields.Decimal(validate=Range(min=0)), required=True)
    hourly = ma.fields.Decimal(required=True)
    expect = ma.fields.Decimal(required=True)


class BillingDocument(_Strict):
    """``billing/*.yaml``; there is one."""

    kinds = ma.fields.List(ma.fields.Nested(NamedKind), required=True, validate=Length(min=1))
    findings = ma.fields.List(ma.fields.Nested(FindingItem), required=True, validate=Length(min=1))
    motives = ma.fields.Dict(keys=ma.fields.String(validate=Regexp(r"^[a-z][a-z0-9_]*$")), values=Sentences(), required=True)
    issue_pattern = ma.fields.String(required=True, validate=Length(min=1, max=200))
    minimum_minutes = ma.fields.Integer(load_default=0, validate=Range(min=0, max=1440))
    increment_minutes = ma.fields.Integer(load_default=0, validate=Range(min=0, max=1440))
    applies_to = ma.fields.String(load_default="engagement", validate=OneOf(("engagement", "entry")))
    tax_percent = ma.fields.Decimal(load_default=Decimal(0), validate=Range(min=0, max=100))
    clip_to_windows = ma.fields.Boolean(load_default=False)
    thresholds_minutes = ma.fields.List(ma.fields.Integer(validate=Range(min=1)), load_default=list)
    customer_sees = ma.fields.String(load_default="minutes", validate=OneOf(("nothing", "minutes", "price")))
    pass_through_fields = ma.fields.List(ma.fields.String(validate=Regexp(r"^[a-z][a-z0-9_]*$")), load_default=list)
    examples = ma.fields.List(ma.fields.Nested(ChargeExample), load_default=list)

    @ma.validates_schema
    def _sound_pattern(self, data: dict[str, Any], **_: Any) -> None:
        try:
            re2.compile(data.get("issue_pattern", ""))
        except re2.error as error:
            raise ma.ValidationError(f"is no pattern: {error}", "issue_pattern") from error


class TaxNumber(ma.fields.String):
    """A tax number whose check digits fit, as it is stored."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        known = tax_id(str(value))
        if value and known is None:
            raise ma.ValidationError("is no valid tax number")
        return known.key if known is not None else ""


class SellerEntry(_Strict):
    """Who bills."""

    name = ma.fields.String(load_default="")
    tax_id = TaxNumber(load_default="")
    address = ma.fields.List(ma.fields.String(), load_default=list)
    contact = ma.fields.String(load_default="")


class ServiceInvoiceEntry(_Strict):
    """What the draft of an NFS-e Nacional says beside the statement; codes as the tax authority's tables have them."""

    environment = ma.fields.Integer(load_default=2, validate=OneOf((1, 2)))
    series = ma.fields.String(load_default="1", validate=Regexp(r"^\d{1,5}$"))
    municipality = ma.fields.String(required=True, validate=Regexp(r"^\d{7}$", error="must be an IBGE code of seven digits"))
    service_code = ma.fields.String(required=True, validate=Regexp(r"^\d{6}$", error="must be six digits"))
    simples_nacional = ma.fields.Integer(load_default=1, validate=OneOf((1, 2, 3)))
    municipal_registration = ma.fields.String(load_default="", validate=Length(max=15))
    special_regime = ma.fields.Integer(load_default=0, validate=OneOf((0, 1, 2, 3, 4, 5, 6, 9)))


class StatementsDocument(_Strict):
    """``statements/*.yaml``; there is one."""

    business_day = ma.fields.Integer(load_default=2, validate=Range(min=1, max=20))
    automatic = ma.fields.Boolean(load_default=True)
    seller = ma.fields.Nested(SellerEntry, load_default=dict)
    footer = Sentences(load_default=dict)
    service_invoice = ma.fields.Nested(ServiceInvoiceEntry, load_default=None, allow_none=True)
    examples = ma.fields.List(ma.fields.Nested(lambda: ClosingExample()), load_default=list)


class ClosingExample(_Strict):
    """A month, and the day it closes on."""

    month = ma.fields.String(required=True, validate=Regexp(r"^\d{4}-(0[1-9]|1[0-2])$"))
    closes = ma.fields.Date(required=True)


class RouteItem(_Strict):
    """A sibling channel."""

    id = ma.fields.String(required=True)
    labels = Sentences(required=True)
    url = ma.fields.Url(required=True, schemes={"http", "https"})
    when = Conditions(load_default=None, allow_none=True)


class CompletenessEntry(_Strict):
    """Something a ticket must say to be answered at once."""

    id = ma.fields.String(required=True)
    labels = Sentences(required=True)
    questions = Sentences(required=True)


class RoutesDocument(_Strict):
    """``routes/*.yaml``."""

    routes = ma.fields.List(ma.fields.Nested(RouteItem), load_default=list)
    completeness = ma.fields.List(ma.fields.Nested(CompletenessEntry), load_default=list)


class SiteDocument(_Strict):
    """``site/*.yaml``; there is one: what holds for every term."""

    default_language = ma.fields.String(load_default="pt-BR", validate=OneOf(LANGUAGES))
    term_variables = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Raw(), load_default=dict)


class PrerequisiteEntry(_Strict):
    """Something that must be ready before work starts."""

    id = ma.fields.String(required=True, validate=Regexp(r"^[a-z][a-z0-9_]*$"))
    labels = Sentences(required=True)
    words = Words(load_default=list)


class PrerequisiteExample(_Strict):
    """What a customer writes, and what it says of the items."""

    text = ma.fields.String(required=True)
    expect = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.String(validate=OneOf(("ok", "not_ok", "not_applicable"))), required=True
    )


class PrerequisitesDocument(_Strict):
    """``prerequisites/*.yaml``: the checklist of a product line, or of every other."""

    product_line = ma.fields.String(load_default=None, allow_none=True)
    items = ma.fields.List(ma.fields.Nested(PrerequisiteEntry), required=True, validate=Length(min=1, max=99))
    examples = ma.fields.List(ma.fields.Nested(PrerequisiteExample), load_default=list)


SCHEMAS: dict[str, type[ma.Schema]] = {
    "modalities": ModalityDocument,
    "criteria": CriteriaDocument,
    "rates": RatesDocument,
    "terms": TermDocument,
    "calendars": CalendarDocument,
    "consultants": ConsultantDocument,
    "customers": CustomerDocument,
    "prerequisites": PrerequisitesDocument,
    "consent": ConsentDocument,
    "billing": BillingDocument,
    "statements": StatementsDocument,
    "routes": RoutesDocument,
    "site": SiteDocument,
}
"""Folder → what its documents may say. ``language`` is checked by the lexicon itself."""
