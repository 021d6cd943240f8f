"""What policy documents say about money: rates, billing and statements."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import marshmallow as ma
import re2  # type: ignore[import-untyped]
from marshmallow.validate import Length, OneOf, Range, Regexp

from helpdesk_bridge.domain.tax_ids import tax_id
from helpdesk_bridge.policy.fields import Sentences, Strict, Words


class RateExample(Strict):
    """A day, and the row that is valid on it."""

    at = ma.fields.AwareDateTime(required=True)
    modality = ma.fields.String(required=True)
    product_line = ma.fields.String(load_default=None, allow_none=True)
    expect = ma.fields.String(required=True, allow_none=True)


class AdjustmentOfRate(Strict):
    """Where an adjusted price comes from, as ``rates adjust`` writes it."""

    follows = ma.fields.String(required=True)
    percent = ma.fields.Decimal(required=True)
    source = ma.fields.String(required=True)
    months = ma.fields.String(load_default="")
    digest = ma.fields.String(load_default="", validate=Regexp(r"^([0-9a-f]{64})?$"))


class RateRow(Strict):
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


class RatesDocument(Strict):
    """``rates/*.yaml``."""

    rows = ma.fields.List(ma.fields.Nested(RateRow), required=True, validate=Length(min=1))
    examples = ma.fields.List(ma.fields.Nested(RateExample), load_default=list)


class NamedKind(Strict):
    """A kind of work, as people name it."""

    code = ma.fields.String(required=True, validate=Regexp(r"^[a-z][a-z0-9_]*$"))
    labels = Sentences(required=True)
    aliases = Words(load_default=list)


class FindingItem(NamedKind):
    """A cause that work can find."""

    waives = ma.fields.Boolean(load_default=False)
    needs_issue = ma.fields.Boolean(load_default=False)


class ChargeExample(Strict):
    """Billable minutes at an hourly rate, and what they cost."""

    minutes = ma.fields.List(ma.fields.Decimal(validate=Range(min=0)), required=True)
    hourly = ma.fields.Decimal(required=True)
    expect = ma.fields.Decimal(required=True)


class BillingDocument(Strict):
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
    cap_stops = ma.fields.Boolean(load_default=True)
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


class SellerEntry(Strict):
    """Who bills."""

    name = ma.fields.String(load_default="")
    tax_id = TaxNumber(load_default="")
    address = ma.fields.List(ma.fields.String(), load_default=list)
    contact = ma.fields.String(load_default="")


class ServiceInvoiceEntry(Strict):
    """What the draft of an NFS-e Nacional says beside the statement; codes as the tax authority's tables have them."""

    environment = ma.fields.Integer(load_default=2, validate=OneOf((1, 2)))
    series = ma.fields.String(load_default="1", validate=Regexp(r"^\d{1,5}$"))
    municipality = ma.fields.String(required=True, validate=Regexp(r"^\d{7}$", error="must be an IBGE code of seven digits"))
    service_code = ma.fields.String(required=True, validate=Regexp(r"^\d{6}$", error="must be six digits"))
    simples_nacional = ma.fields.Integer(load_default=1, validate=OneOf((1, 2, 3)))
    municipal_registration = ma.fields.String(load_default="", validate=Length(max=15))
    special_regime = ma.fields.Integer(load_default=0, validate=OneOf((0, 1, 2, 3, 4, 5, 6, 9)))


class StatementsDocument(Strict):
    """``statements/*.yaml``; there is one."""

    business_day = ma.fields.Integer(load_default=2, validate=Range(min=1, max=20))
    automatic = ma.fields.Boolean(load_default=True)
    seller = ma.fields.Nested(SellerEntry, load_default=dict)
    footer = Sentences(load_default=dict)
    service_invoice = ma.fields.Nested(ServiceInvoiceEntry, load_default=None, allow_none=True)
    examples = ma.fields.List(ma.fields.Nested(lambda: ClosingExample()), load_default=list)


class ClosingExample(Strict):
    """A month, and the day it closes on."""

    month = ma.fields.String(required=True, validate=Regexp(r"^\d{4}-(0[1-9]|1[0-2])$"))
    closes = ma.fields.Date(required=True)
