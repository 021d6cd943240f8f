"""What an index does to a price: months are multiplied, the result is rounded once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from helpdesk_bridge.domain.rules import Rate

CENT = Decimal("0.01")
PERCENT = Decimal("0.0001")


def accumulated(months: Iterable[Decimal]) -> Decimal:
    """Return what monthly variations in per cent add up to, to four decimals: they multiply."""
    factor = Decimal(1)
    for month in months:
        factor *= 1 + month / 100
    return ((factor - 1) * 100).quantize(PERCENT, ROUND_HALF_UP)


def adjusted(hourly: Decimal, percent: Decimal) -> Decimal:
    """Return a price after an adjustment, rounded half-up to cents."""
    return (hourly * (1 + percent / 100)).quantize(CENT, ROUND_HALF_UP)


def last_rows(rates: Iterable[Rate]) -> tuple[Rate, ...]:
    """Return the row that each modality and product line ends with: the one an adjustment follows."""
    last: dict[tuple[str, str | None], Rate] = {}
    for row in sorted(rates, key=lambda row: row.valid_from):
        last[row.modality, row.product_line] = row
    return tuple(last.values())


def refusal_to_adjust(row: Rate, day: date, percent: Decimal) -> str | None:
    """Return why a row cannot be followed by an adjusted one from ``day`` on, or None."""
    if day <= row.valid_from:
        return f"{row.id} is valid from {row.valid_from} on: its price is adjusted from a later day only"
    if row.valid_to is not None and (day - row.valid_to).days > 1:
        return f"{row.id} ends on {row.valid_to}: no rate would be valid until {day}"
    if adjusted(row.hourly, percent) <= 0:
        return f"{row.id} would cost nothing"
    return None
