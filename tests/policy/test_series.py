"""Index series as the Banco Central publishes them, and what their months add up to."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.domain.rates import accumulated, adjusted
from helpdesk_bridge.errors import ConfigurationError
from helpdesk_bridge.policy.series import live_series, read_series

CSV = '"data";"valor"\r\n"01/01/2026";"0,42"\r\n"01/02/2026";"-0,10"\r\n"01/03/2026";"1,00"\r\n'
JSON = '[{"data":"01/01/2026","valor":"0.42"},{"data":"01/02/2026","valor":"-0.10"},{"data":"01/03/2026","valor":"1.00"}]'
TOGETHER = Decimal("1.3228")  # 1.0042 x 0.9990 x 1.0100


@pytest.mark.parametrize("text", [CSV, CSV.replace('"', ""), "\ufeff" + CSV, JSON, JSON.replace('"0.42"', "0.42")])
def test_a_series_is_read_from_csv_and_json_alike(text: str) -> None:
    series = read_series(text.encode(), "igpm.csv")

    assert (series.percent, series.span) == (TOGETHER, "2026-01/2026-03")


def test_only_the_months_asked_for_count() -> None:
    series = read_series(CSV.encode(), "igpm.csv").between(date(2026, 2, 1), date(2026, 2, 1))

    assert (Decimal("-0.1000"), "2026-02/2026-02") == (series.percent, series.span)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("data;valor\n", "igpm.csv: holds no month"),
        ("data;valor\n01/01/2026;muito\n", "igpm.csv:2: 'muito' is no percentage such as 0,42"),
        ("data;valor\n01/01/2026;NaN\n", "igpm.csv:2: 'NaN' is no percentage such as 0,42"),
        ("data;valor\n01/01/2026;-100\n", "igpm.csv:2: '-100' is no percentage such as 0,42"),
        ("data;valor\n01/01/2026\n", "igpm.csv:2: '' is no percentage such as 0,42"),
        ("data;valor\n2026-01-01;0,42\n", "igpm.csv:2: '2026-01-01' is no date such as 01/12/2026"),
        ("data;valor\n31/02/2026;0,42\n", "igpm.csv:2: '31/02/2026' is no date such as 01/12/2026"),
        ("data;valor\n01/01/2026;0,42\n01/01/2026;0,42\n", "igpm.csv: 01/2026 stands there twice"),
        ("data;valor\n01/01/2026;0,42\n01/03/2026;0,42\n", "igpm.csv: there is a hole between 01/2026 and 03/2026"),
        ('[{"data":"01/01/2026"}]', "igpm.csv: row 1 has no data and valor"),
        ("[", "igpm.csv: is no JSON"),
    ],
)
def test_a_series_that_is_not_whole_is_refused_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_series(text.encode(), "igpm.csv")

    assert str(refused.value).startswith(reason)


@given(st.lists(st.decimals(min_value=-20, max_value=20, places=2), max_size=24))
def test_the_order_of_the_months_does_not_matter(months: list[Decimal]) -> None:
    assert accumulated(months) == accumulated(reversed(months))


@given(st.decimals(min_value="0.01", max_value=100_000, places=2), st.decimals(min_value=-99, max_value=1000, places=4))
def test_an_adjusted_price_is_never_more_than_half_a_cent_off(hourly: Decimal, percent: Decimal) -> None:
    assert abs(adjusted(hourly, percent) - hourly * (100 + percent) / 100) <= Decimal("0.005")


def test_the_live_series_is_what_the_service_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    service = SimpleNamespace(get=lambda code, **options: asked.append((code, options)) or JSON)
    monkeypatch.setitem(sys.modules, "bcb", SimpleNamespace(sgs=service))

    assert live_series(189, date(2026, 1, 1), date(2026, 3, 1)).percent == TOGETHER
    assert asked == [(189, {"start": date(2026, 1, 1), "end": date(2026, 3, 1), "output": "text"})]


def test_without_the_extra_the_live_series_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bcb", None)

    with pytest.raises(ConfigurationError, match=r"pip install 'helpdesk-bridge\[bcb\]'"):
        live_series(189, date(2026, 1, 1), date(2026, 3, 1))
