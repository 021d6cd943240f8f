"""Times as people name them: which one is meant, and whether it is the proposed one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.slots import matches, wish
from tests.domain.test_calendar import ZONES, local, slot

BRASILIA, MEXICO = "America/Sao_Paulo", "America/Mexico_City"
PROPOSED = slot("2026-11-26T14:00", "2026-11-26T15:30")
"""A Thursday."""
NOW = local("2026-11-24T16:00")
"""The Tuesday before."""


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({}, True),
        ({"weekday": "3"}, True),
        ({"weekday": "3", "time": "14:00"}, True),
        ({"weekday": "3", "time": "02:00"}, True),
        ({"time": "14:00", "time_to": "15:30"}, True),
        ({"date": "2026-11-26"}, True),
        ({"date": "--11-26", "weekday": "3"}, True),
        ({"date": "---26", "time": "14:00"}, True),
        ({"day_offset": "2"}, True),
        ({"week_offset": "0", "weekday": "3"}, True),
        ({"part": "afternoon"}, True),
        ({"time": "11:00", "zone": MEXICO}, True),
        ({"zone": MEXICO}, True),
        ({"weekday": "4"}, False),
        ({"weekday": "3", "time": "15:00"}, False),
        ({"time": "14:00", "time_to": "15:00"}, False),
        ({"date": "--11-27", "time": "14:00"}, False),
        ({"date": "--11-26", "weekday": "4"}, False),
        ({"day_offset": "1"}, False),
        ({"week_offset": "1", "weekday": "3"}, False),
        ({"part": "morning"}, False),
        ({"after": "15:00"}, False),
        ({"before": "15:00"}, False),
        ({"time": "14:00", "zone": MEXICO}, False),
        ({"time": "14:00", "zone": "Mars/Olympus"}, False),
    ],
)
def test_a_confirmation_names_the_proposed_time_or_another(named: dict[str, str], *, expected: bool) -> None:
    assert matches(PROPOSED, named, now=NOW, zones=(BRASILIA,)) is expected


def test_an_hour_may_be_read_from_the_customers_clock_or_from_ours() -> None:
    told = [{"time": "14:00"}, {"time": "11:00"}, {"time": "12:00"}]
    assert [matches(PROPOSED, named, now=NOW, zones=(MEXICO, BRASILIA)) for named in told] == [True, True, False]


@pytest.mark.parametrize(
    ("named", "start", "end"),
    [
        ({"time": "16:00"}, "2026-11-26T16:00", "2026-11-26T17:30"),
        ({"weekday": "4", "time": "09:00"}, "2026-11-27T09:00", "2026-11-27T10:30"),
        ({"weekday": "1", "time": "17:00"}, "2026-11-24T17:00", "2026-11-24T18:30"),
        ({"day_offset": "1", "time": "10:00", "time_to": "11:00"}, "2026-11-25T10:00", "2026-11-25T11:00"),
        ({"date": "--01-05", "time": "03:00"}, "2027-01-05T15:00", "2027-01-05T16:30"),
        ({"date": "---02", "time": "09:00"}, "2026-12-02T09:00", "2026-12-02T10:30"),
        ({"week_offset": "1", "weekday": "0", "time": "09:00"}, "2026-11-30T09:00", "2026-11-30T10:30"),
    ],
)
def test_a_named_hour_is_one_slot_as_long_as_the_proposed_one(named: dict[str, str], start: str, end: str) -> None:
    length = PROPOSED.end - PROPOSED.start
    found = wish(named, now=NOW, zone=BRASILIA, proposed=PROPOSED, length=length)
    assert found is not None
    assert found.slot == slot(start, end)


def test_a_day_without_an_hour_is_any_time_on_it() -> None:
    found = wish({"weekday": "4", "after": "15:00"}, now=NOW, zone=BRASILIA, proposed=PROPOSED, length=timedelta(hours=1))
    assert found is not None
    assert (found.slot, found.within) == (None, (slot("2026-11-27T15:00", "2026-11-27T23:59"),))


@pytest.mark.parametrize(
    "named",
    [
        {"date": "--02-31", "time": "09:00"},
        {"date": "--11-27", "weekday": "3"},
        {"weekday": "3", "day_offset": "1"},
        {"time": "9", "zone": "Mars/Olympus"},
    ],
)
def test_words_that_contradict_each_other_name_no_time(named: dict[str, str]) -> None:
    assert wish(named, now=NOW, zone=BRASILIA, proposed=PROPOSED, length=timedelta(hours=1)) is None


@given(
    st.integers(28_000_000, 31_000_000).map(lambda minutes: datetime.fromtimestamp(minutes * 60, UTC)),
    st.integers(0, 20_000),
    st.sampled_from(ZONES),
)
def test_a_proposal_is_named_by_its_own_day_and_hour_on_any_clock(now: datetime, minutes: int, zone: str) -> None:
    start = now + timedelta(minutes=minutes)
    proposed = Interval(start, start + timedelta(hours=1))
    there = start.astimezone(ZoneInfo(zone))
    named = {"date": f"{there:%Y-%m-%d}", "time": f"{there:%H:%M}", "weekday": str(there.weekday()), "zone": zone}
    assert matches(proposed, named, now=now, zones=(BRASILIA,))
    assert not matches(proposed, {**named, "time": f"{(there + timedelta(hours=1)):%H:%M}"}, now=now, zones=(BRASILIA,))
