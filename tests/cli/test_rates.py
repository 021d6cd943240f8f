"""``rates adjust``: a row ends, another follows it with its provenance; what was sent keeps its price."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.values import DeskId, Language, ModalityCode, TicketId
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.store import encode_engagement
from tests.cli.site import CommandSite

ADJUST = ("rates", "adjust", "--index", "IGP-M", "--from", "2027-01-01")
OWN_TABLE = """\
# Preços desta casa.
rows:
  # Suporte
  - id: suporte   # combinado em 2025
    modality: support_consulting
    currency: BRL
    hourly: '354.00'
    valid_from: 2026-01-01   # começo
    index: IGP-M

  # Técnica
  - {id: tecnica, modality: technical_consulting, currency: BRL, hourly: "400.00", valid_from: 2026-01-01, index: IPCA}
"""
OWN_TABLE_ADJUSTED = """\
# Preços desta casa.
rows:
  # Suporte
  - id: suporte   # combinado em 2025
    modality: support_consulting
    currency: BRL
    hourly: '354.00'
    valid_from: 2026-01-01   # começo
    valid_to: 2026-12-31
    index: IGP-M
  - id: suporte-2027
    modality: support_consulting
    currency: BRL
    hourly: "368.87"
    valid_from: 2027-01-01
    index: IGP-M
    adjustment: {follows: suporte, percent: "4.2", source: percent}

  # Técnica
  - {id: tecnica, modality: technical_consulting, currency: BRL, hourly: "400.00", valid_from: 2026-01-01, index: IPCA}
"""


def a_sent_term(site: CommandSite, *, rate: str, sent_at: datetime) -> None:
    term = ServiceTerm(
        number=1,
        modality=ModalityCode("support_consulting"),
        version="v1",
        language=Language.PT,
        text_digest="0" * 64,
        rate=rate,
        hourly="354.00",
        currency="BRL",
        reference="HB-AAAAAA",
        sent_at=sent_at,
    )
    engagement = replace(Engagement(desk=DeskId("desk"), ticket=TicketId("7")), terms=(term,))
    with site.store.write() as tx:
        tx.engagements.save(engagement.desk, engagement.ticket, encode_engagement(engagement), seq=1, head="0" * 64, now=sent_at)


def test_an_adjustment_ends_the_rows_of_its_index_and_adds_others(site: CommandSite) -> None:
    answer = site.run(*ADJUST, "--percent", "4,2")

    assert answer.exit_code == 0, answer.output
    rates = {rate.id: rate for rate in load_policy(site.policy).rules.rates}
    assert {"brl-2026-support", "brl-2027-support", "brl-2026-technical", "brl-2027-technical"} == set(rates)
    old, new = rates["brl-2026-support"], rates["brl-2027-support"]
    assert (str(old.hourly), str(old.valid_to)) == ("354.00", "2026-12-31")
    assert (str(new.hourly), str(new.valid_from), new.valid_to) == ("368.87", "2027-01-01", None)
    assert new.adjustment is not None
    assert ("brl-2026-support", Decimal("4.2"), "percent") == (
        new.adjustment.follows,
        new.adjustment.percent,
        new.adjustment.source,
    )


def test_comments_and_layout_of_the_file_stay(site: CommandSite) -> None:
    table = site.policy / "rates" / "brl.yaml"
    table.parent.mkdir()
    table.write_text(OWN_TABLE, encoding="utf-8")

    assert site.run(*ADJUST, "--percent", "4.2").exit_code == 0
    assert table.read_text(encoding="utf-8") == OWN_TABLE_ADJUSTED


def test_a_series_gives_the_percentage_and_is_named_with_its_digest(site: CommandSite) -> None:
    series = site.folder / "igpm.csv"
    series.write_text("data;valor\n01/11/2026;0,42\n01/12/2026;1,00\n", encoding="utf-8")
    answer = site.run(*ADJUST, "--series", str(series), "--modality", "support_consulting", "--first", "2026-12")

    assert answer.exit_code == 0, answer.output
    new = {rate.id: rate for rate in load_policy(site.policy).rules.rates}["brl-2027-support"]
    assert new.adjustment is not None
    assert (
        str(new.hourly),
        new.adjustment.source,
        new.adjustment.months,
        len(new.adjustment.digest),
    ) == ("357.54", "igpm.csv", "2026-12/2026-12", 64)
    assert "IGP-M +1.0000% on brl-2026-support (igpm.csv 2026-12/2026-12" in site.run("rates", "show").output


def test_only_rows_in_force_on_a_day_are_shown(site: CommandSite) -> None:
    site.run(*ADJUST, "--percent", "4.2")

    assert "2027" not in site.run("rates", "show", "--at", "2026-12-31").output
    assert "brl-2026" not in "".join(
        line[:24] for line in site.run("rates", "show", "--at", "2027-01-01").output.splitlines(keepends=True)
    )


def test_a_dry_run_writes_nothing(site: CommandSite) -> None:
    answer = site.run(*ADJUST, "--percent", "4.2", "--dry-run")

    assert "brl-2027-support" in answer.output
    assert not (site.policy / "rates").exists()


def test_a_price_from_the_past_that_would_change_a_sent_term_is_refused(site: CommandSite) -> None:
    a_sent_term(site, rate="brl-2026-support", sent_at=datetime(2027, 1, 2, 2, 30, tzinfo=UTC))  # 1 January in São Paulo
    answer = site.run(*ADJUST, "--percent", "4.2")

    assert (answer.exit_code, "would change what was sent to customers: desk/7 term 1" in answer.output) == (1, True)
    assert not (site.policy / "rates").exists()


def test_a_term_sent_before_the_new_price_is_no_obstacle(site: CommandSite) -> None:
    a_sent_term(site, rate="brl-2026-support", sent_at=datetime(2027, 1, 1, 2, 59, tzinfo=UTC))  # 31 December in São Paulo

    assert site.run(*ADJUST, "--percent", "4.2").exit_code == 0


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ((*ADJUST, "--percent", "muito"), "'muito' is no percentage such as 4.2"),
        ((*ADJUST, "--percent", "-100"), "'-100' is no percentage such as 4.2"),
        (ADJUST, "give one of --percent, --series and --series-code"),
        (
            (*ADJUST, "--percent", "4.2", "--modality", "standard_support"),
            "no row of the rate table fits; rows follow these indices: IGP-M",
        ),
        (("rates", "adjust", "--index", "IPCA", "--from", "2027-01-01", "--percent", "4.2"), "no row of the rate table fits"),
        (("rates", "adjust", "--index", "IGP-M", "--from", "2026-01-01", "--percent", "4.2"), "adjusted from a later day only"),
        ((*ADJUST, "--percent", "-99.9999"), "brl-2026-support would cost nothing"),
        ((*ADJUST, "--series-code", "189"), "--series-code needs --first and --last"),
    ],
)
def test_what_cannot_be_adjusted_is_told_in_one_sentence(site: CommandSite, options: tuple[str, ...], reason: str) -> None:
    answer = site.run(*options)

    assert (answer.exit_code != 0, reason in " ".join(answer.output.split())) == (True, True), answer.output
    assert not (site.policy / "rates").exists()


def test_the_shipped_policy_is_never_changed(site: CommandSite) -> None:
    settings = site.folder / "bridge.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("policy: policy\n", ""), encoding="utf-8")

    assert "name a policy folder of your own" in site.run(*ADJUST, "--percent", "4.2").output


def test_an_adjusted_table_can_be_adjusted_again(site: CommandSite) -> None:
    site.run(*ADJUST, "--percent", "4.2")
    again = ("rates", "adjust", "--index", "IGP-M", "--from", "2028-01-01", "--percent", "-1")

    assert site.run(*again).exit_code == 0
    assert "365.18" in [str(rate.hourly) for rate in load_policy(site.policy).rules.rates if rate.id == "brl-2028-support"]
