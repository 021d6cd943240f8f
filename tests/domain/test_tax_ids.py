"""Billing tax numbers: only valid ones are read, and a change is judged in local months."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cnpj

from helpdesk_bridge.domain.tax_ids import TaxId, Verdict, tax_id, verdict

ZONE = "America/Sao_Paulo"
ISSUED = date(2026, 11, 4)


@pytest.mark.parametrize(
    ("text", "key", "written"),
    [
        ("12.ABC.345/01DE-35", "12ABC34501DE35", "12.ABC.345/01DE-35"),
        ("12abc34501de35", "12ABC34501DE35", "12.ABC.345/01DE-35"),
        ("CNPJ: 11.222.333/0001-81", "11222333000181", "11.222.333/0001-81"),
        ("RUT 76.086.428-5", "CL:760864285", "76.086.428-5"),
        ("CUIT 20-05536168-2", "AR:20055361682", "20-05536168-2"),
        ("RUC 20512333797", "PE:20512333797", "20512333797"),
        ("PT:123456789", "PT:123456789", "123456789"),
    ],
)
def test_a_tax_number_is_read_as_its_country_writes_it(text: str, key: str, written: str) -> None:
    read = tax_id(text)
    assert read is not None
    assert (key, written) == (read.key, read.written)


@pytest.mark.parametrize("text", ["", ":", "11.222.333/0001-82", "12.ABC.345/01DE-36", "RUT 76.086.428-6", "quanto custa?"])
def test_a_number_whose_check_digits_do_not_fit_is_none(text: str) -> None:
    assert tax_id(text) is None


def test_a_site_of_another_country_reads_its_own_numbers_bare() -> None:
    assert tax_id("76.086.428-5", country="CL") == TaxId(country="CL", kind="rut", number="760864285")


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12))
def test_what_is_stored_is_read_back_as_the_same_number(root: str) -> None:
    number = root + cnpj.calc_check_digits(root)
    known = tax_id(number)
    if known is not None:  # python-stdnum refuses a few, such as all zeros
        assert known == tax_id(known.key) == tax_id(known.written)


@pytest.mark.parametrize(
    ("change_at", "issued", "expected"),
    [
        ("2026-11-10T12:00:00-03:00", None, Verdict.BEFORE),
        ("2026-11-03T23:59:59-03:00", ISSUED, Verdict.BEFORE),
        ("2026-11-04T00:00:00-03:00", ISSUED, Verdict.SAME_MONTH),
        ("2026-11-30T23:59:59-03:00", ISSUED, Verdict.SAME_MONTH),
        ("2026-12-01T02:59:59+00:00", ISSUED, Verdict.SAME_MONTH),
        ("2026-12-01T00:00:00-03:00", ISSUED, Verdict.LATER),
        ("2027-11-04T12:00:00-03:00", ISSUED, Verdict.LATER),
    ],
)
def test_a_change_of_number_is_judged_in_local_months(change_at: str, issued: date | None, expected: Verdict) -> None:
    assert expected is verdict(datetime.fromisoformat(change_at), issued, ZONE)


@given(st.integers(0, 800))
def test_a_verdict_never_improves_as_time_passes(days: int) -> None:
    order = list(Verdict)
    start = datetime(2026, 10, 1, tzinfo=UTC)
    today, tomorrow = (verdict(start + timedelta(days=days + more), ISSUED, ZONE) for more in (0, 1))
    assert order.index(today) <= order.index(tomorrow)
