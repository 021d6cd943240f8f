"""Billing tax numbers: which are valid, how they are written, and what a change means for an invoice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

COUNTRIES: dict[str, str] = {
    "BR": "cnpj",
    "AR": "cuit",
    "CL": "rut",
    "CO": "nit",
    "EC": "ruc",
    "ES": "nif",
    "MX": "rfc",
    "PE": "ruc",
    "PT": "nif",
    "PY": "ruc",
    "UY": "rut",
}
"""Country → the number that invoices of companies there carry. CNPJ: both formats, letters included (since July 2026)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxId:
    """A billing tax number whose check digits fit."""

    country: str
    kind: str
    """``cnpj``, ``rut``, ``cuit``…"""
    number: str
    """Without punctuation, letters upper-case."""

    @property
    def key(self) -> str:
        """The one form that is stored and compared, which ``tax_id`` reads back: a CNPJ bare, others as ``CL:760864285``."""
        return self.number if self.country == "BR" else f"{self.country}:{self.number}"

    @property
    def written(self) -> str:
        """The number as its country writes it: ``12.ABC.345/01DE-35``."""
        module = get_cc_module(self.country.lower(), self.kind)
        write = getattr(module, "format", None)
        return str(write(self.number)) if write is not None else self.number

    @property
    def label(self) -> str:
        """What people call such a number: ``CNPJ``."""
        return self.kind.upper()


class Verdict(StrEnum):
    """What a changed tax number means for what was invoiced already."""

    BEFORE = "before"
    """No invoice yet: it will carry the new number."""
    SAME_MONTH = "same_month"
    """Changed in the month of issue: invoiced again at no cost to the customer."""
    LATER = "later"
    """Changed in a later month: the invoice stands; invoicing again is at the customer's cost (term, clause f)."""

    @property
    def takes_effect(self) -> bool:
        """True when the new number replaces the old one without a charge."""
        return self is not Verdict.LATER


def tax_id(text: str, country: str = "BR") -> TaxId | None:
    """Read a tax number, of ``country`` before any other; None when its check digits fit nowhere.

    Other countries' numbers are taken only with their name or country code in front (``RUT 76.086.428-5``, ``CL:…``).
    """
    named, number = _split(text)
    for code in named or (country,):
        module = get_cc_module(code.lower(), COUNTRIES[code]) if code in COUNTRIES else None
        if module is None:
            continue
        try:
            return TaxId(country=code, kind=COUNTRIES[code], number=module.validate(number).upper())
        except ValidationError:
            continue
    return None


def _split(text: str) -> tuple[tuple[str, ...], str]:
    """Return the countries that a leading word names, and the number behind it."""
    word, number = text.strip(), ""
    for separator in (":", " "):
        head, found, rest = text.strip().partition(separator)
        if found and head.isalpha():
            word, number = head, rest.strip(" :")
            break
    if not number:
        return (), text.strip()
    if word.upper() in COUNTRIES:
        return (word.upper(),), number
    return tuple(code for code, kind in COUNTRIES.items() if kind == word.lower()) or (), number


def verdict(change_at: datetime, invoice_issued_on: date | None, zone: str) -> Verdict:
    """Judge a change of the tax number against the invoice's day of issue, in local months."""
    if invoice_issued_on is None:
        return Verdict.BEFORE
    changed = change_at.astimezone(ZoneInfo(zone)).date()
    if changed < invoice_issued_on:
        return Verdict.BEFORE
    same_month = (changed.year, changed.month) == (invoice_issued_on.year, invoice_issued_on.month)
    return Verdict.SAME_MONTH if same_month else Verdict.LATER
