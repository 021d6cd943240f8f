"""Amounts, moments and days as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.policy import formats

PT, ES, EN = Language.PT, Language.ES, Language.EN


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        ("354.00", "BRL", PT, "R$ 354,00"),
        ("354", "BRL", ES, "R$ 354,00"),
        ("1234567.5", "BRL", PT, "R$ 1.234.567,50"),
        ("1234567.5", "USD", EN, "US$ 1,234,567.50"),
        ("0.005", "EUR", EN, "€ 0.01"),
        ("2.675", "BRL", PT, "R$ 2,68"),
        ("1500.5", "CLP", ES, "CLP$ 1.501"),
        ("10", "JPY", EN, "JPY 10.00"),
    ],
)
def test_an_amount_is_rounded_half_up_and_written_in_its_language(
    amount: str, currency: str, language: Language, written: str
) -> None:
    assert written == formats.money(Decimal(amount), currency, language) == formats.money(amount, currency, language)


@pytest.mark.parametrize(
    ("hourly", "currency", "language", "written"),
    [
        ("354", "BRL", PT, "R$ 5,90"),
        ("400", "BRL", PT, "R$ 6,6667"),
        ("400", "USD", EN, "US$ 6.6667"),
        ("75", "BRL", PT, "R$ 1,25"),
        ("60", "CLP", ES, "CLP$ 1"),
        ("90", "CLP", ES, "CLP$ 1,5"),
        ("120000", "CLP", ES, "CLP$ 2.000"),
    ],
)
def test_a_price_per_minute_hides_no_cents(hourly: str, currency: str, language: Language, written: str) -> None:
    assert written == formats.unit_price(Decimal(hourly) / 60, currency, language)


def test_a_moment_is_told_in_local_time_with_its_offset() -> None:
    at = datetime(2026, 11, 24, 2, 5, 9, tzinfo=UTC)
    assert formats.instant(at, "America/Sao_Paulo", PT) == "23/11/2026 às 23:05:09 (UTC-03:00)"
    assert formats.instant(at.isoformat(), "Europe/Madrid", ES) == "24/11/2026 a las 03:05:09 (UTC+01:00)"
    assert formats.instant(at, "Asia/Kolkata", EN) == "2026-11-24 at 07:35:09 (UTC+05:30)"


def test_a_day_is_told_so_that_nobody_misreads_it() -> None:
    assert [formats.day(date(2026, 2, 1), each) for each in (PT, ES, EN)] == ["01/02/2026", "01/02/2026", "2026-02-01"]


@pytest.mark.parametrize(
    ("days", "language", "written"),
    [
        ((0, 1, 2, 3, 4), PT, "segunda-feira a sexta-feira"),
        ((0, 1, 2, 3, 4), EN, "Monday to Friday"),
        ((0, 2, 5), ES, "lunes, miércoles y sábado"),
        ((0, 1), EN, "Monday and Tuesday"),
        ((6,), PT, "domingo"),
    ],
)
def test_weekdays_that_follow_each_other_are_a_range(days: tuple[int, ...], language: Language, written: str) -> None:
    assert written == formats.weekdays(days, language)


def test_windows_and_cities_are_told_in_words() -> None:
    windows = (("08:00", "12:00"), ("13:30", "17:30"))
    zones = ("America/Sao_Paulo", "America/Argentina/Buenos_Aires")
    assert formats.windows(windows, PT) == "das 08:00 às 12:00 e das 13:30 às 17:30"
    assert formats.windows(windows[:1], EN) == "from 08:00 to 12:00"
    assert [formats.city(zone, PT) for zone in zones] == ["São Paulo", "Buenos Aires"]
