"""The service calendar: windows, holidays, deadlines and free times, with and without clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_bridge.domain.agenda import Agenda, Busy, Interval
from helpdesk_bridge.domain.calendar import (
    Calendar,
    Consultant,
    Counting,
    NoHolidays,
    SchedulingRules,
    Search,
    deadline,
    why_closed,
)
from helpdesk_bridge.policy.calendars import PublicHolidays

BRAZIL = PublicHolidays(country="BR", closed={"easter-48": "Carnaval", "easter-47": "Carnaval", "12-24": "Véspera"})
ZONES = ("America/Sao_Paulo", "America/New_York", "Europe/Lisbon", "America/Mexico_City", "Australia/Lord_Howe")


def calendar(zone: str = "America/Sao_Paulo") -> Calendar:
    return Calendar(zone=zone, windows=(("08:00", "12:00"), ("13:30", "17:30")), weekdays=(0, 1, 2, 3, 4), holidays=BRAZIL)


def local(text: str, zone: str = "America/Sao_Paulo") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def slot(start: str, end: str, zone: str = "America/Sao_Paulo") -> Interval:
    return Interval(local(start, zone), local(end, zone))


CAIO = Consultant(id="caio", name="Caio")
NUBIA = Consultant(id="nubia", name="Núbia")


def search(**changes: object) -> Search:
    given = {"calendar": calendar(), "rules": SchedulingRules(), "agenda": Agenda(), "consultants": (CAIO,)}
    return Search(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-25T14:00", "2026-11-25T16:00", None),
        ("2026-11-25T13:30", "2026-11-25T17:30", None),
        ("2026-11-25T16:00", "2026-11-25T14:00", "slot_backwards"),
        ("2026-11-23T09:00", "2026-11-23T10:00", "slot_past"),
        ("2026-11-25T08:00", "2026-11-25T17:30", "slot_too_long"),
        ("2026-11-25T11:00", "2026-11-25T14:00", "slot_outside_windows"),
        ("2026-11-25T17:00", "2026-11-25T18:00", "slot_outside_windows"),
        ("2026-11-28T09:00", "2026-11-28T10:00", "slot_weekend"),
        ("2026-12-25T09:00", "2026-12-25T10:00", "holiday:Natal"),
        ("2026-12-24T09:00", "2026-12-24T10:00", "holiday:Véspera"),
        ("2027-01-01T09:00", "2027-01-01T10:00", "holiday:Confraternização Universal"),
        ("2027-02-09T09:00", "2027-02-09T10:00", "holiday:Carnaval"),
        ("2027-02-10T09:00", "2027-02-10T10:00", None),
    ],
)
def test_a_time_is_refused_for_one_clear_reason(start: str, end: str, expected: str | None) -> None:
    assert why_closed(slot(start, end), calendar(), SchedulingRules(), local("2026-11-24T09:00")) == expected


def test_the_twentieth_of_november_is_a_holiday_since_it_became_one() -> None:
    names = [BRAZIL.name_of(date(year, 11, 20)) for year in (2023, 2026)]
    assert names[0] is None
    assert names[1] is not None


def test_a_state_has_its_own_holidays() -> None:
    revolution = date(2026, 7, 9)
    assert BRAZIL.name_of(revolution) is None
    assert PublicHolidays(country="BR", subdivision="SP").name_of(revolution) is not None


@pytest.mark.parametrize(
    ("counting", "posted", "expected"),
    [
        ("clock", "2026-11-19T16:05", "2026-11-20T16:05"),
        ("business_days", "2026-11-19T16:05", "2026-11-23T16:05"),
        ("business_days", "2026-11-21T10:00", "2026-11-24T00:00"),
        ("service_hours", "2026-11-24T09:00", "2026-11-27T09:00"),
        ("service_hours", "2026-12-23T17:00", "2026-12-30T17:00"),
    ],
)
def test_the_hours_of_a_deadline_are_counted_as_the_policy_says(counting: str, posted: str, expected: str) -> None:
    """20 November 2026 is a Friday and a holiday; 24 service hours are three whole days of eight."""
    counted = deadline(local(posted), 24, Counting(counting), calendar())
    assert counted == local(expected)


instants = st.integers(28_000_000, 32_000_000).map(lambda minutes: datetime.fromtimestamp(minutes * 60, UTC))
zones = st.sampled_from(ZONES)


@given(instants, st.integers(1, 200), zones)
def test_clock_hours_ignore_zones_holidays_and_clock_changes(posted: datetime, hours: int, zone: str) -> None:
    assert deadline(posted, hours, Counting.CLOCK, calendar(zone)) == posted + timedelta(hours=hours)


@given(instants, st.integers(1, 72), zones, st.sampled_from((Counting.BUSINESS_DAYS, Counting.SERVICE_HOURS)))
@settings(max_examples=60, deadline=None)
def test_other_countings_never_end_sooner_and_end_where_hours_count(
    posted: datetime, hours: int, zone: str, counting: Counting
) -> None:
    here = calendar(zone)
    ends = deadline(posted, hours, counting, here)
    assert ends >= posted + timedelta(hours=hours)
    last = here.local(ends - timedelta(microseconds=1))
    assert here.is_business_day(last.date())
    assert counting is Counting.BUSINESS_DAYS or here.is_open(last.astimezone(UTC))


@given(instants, zones, st.sampled_from((15, 45, 60, 90, 240)), st.lists(st.tuples(instants, st.integers(1, 600)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_suggested_time_is_open_free_ahead_and_as_long_as_asked(
    now: datetime, zone: str, minutes: int, taken: list[tuple[datetime, int]]
) -> None:
    here, length = calendar(zone), timedelta(minutes=minutes)
    near = [(now + timedelta(minutes=(start - now).total_seconds() // 60 % 20_000), many) for start, many in taken]
    busy = tuple(Busy(consultant="caio", start=at, end=at + timedelta(minutes=many), source="feed") for at, many in near)
    rules = SchedulingRules()
    offers = search(calendar=here, agenda=Agenda(busy=busy)).next_free(now, length, 3)
    assert len(offers) == 3
    for offer in offers:
        assert offer.slot.end - offer.slot.start == length
        assert why_closed(offer.slot, here, rules, now) is None
        assert not any(offer.slot.overlaps(Interval(one.start, one.end)) for one in busy)
    assert list(offers) == sorted(offers, key=lambda offer: offer.slot.start)
    assert all(not one.slot.overlaps(other.slot) for one in offers for other in offers if one is not other)


@given(instants, zones)
@settings(max_examples=60, deadline=None)
def test_windows_keep_their_local_hours_over_clock_changes(at: datetime, zone: str) -> None:
    here = Calendar(zone=zone, windows=(("08:00", "12:00"),), weekdays=tuple(range(7)), holidays=NoHolidays())
    (opening,) = here.openings(here.local(at).date())
    assert (here.local(opening.start).time(), here.local(opening.end).time()) == (time(8), time(12))


def test_a_day_with_a_clock_change_has_its_own_number_of_hours() -> None:
    here = calendar("America/New_York")
    lengths = [here.day(day).end - here.day(day).start for day in (date(2026, 3, 8), date(2026, 3, 9), date(2026, 11, 1))]
    assert lengths == [timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)]


def test_suggestions_pass_over_the_turn_of_the_year() -> None:
    offers = search().next_free(local("2026-12-31T16:45"), timedelta(hours=1), 2)
    assert [offer.slot.start for offer in offers] == [local("2027-01-04T08:00"), local("2027-01-04T13:30")]


def test_a_time_suits_the_customers_windows_in_the_customers_zone() -> None:
    mexico = Calendar(zone="America/Mexico_City", windows=(("09:00", "14:00"),), weekdays=(0, 1, 2, 3, 4), holidays=NoHolidays())
    (offer,) = search(customer=mexico).next_free(local("2026-11-24T08:00"), timedelta(hours=1), 1)
    assert offer.slot.start == local("2026-11-24T10:30", "America/Mexico_City")
    assert mexico.is_open(offer.slot.start)


def test_the_first_consultant_who_can_is_offered_and_absences_count() -> None:
    away = Consultant(id="caio", name="Caio", absences=(slot("2026-11-25T00:00", "2026-11-26T00:00"),))
    offers = search(consultants=(away, NUBIA)).next_free(local("2026-11-25T08:00"), timedelta(hours=1), 1)
    assert [offer.consultant.id for offer in offers] == ["nubia"]


def test_a_consultant_in_another_zone_works_in_their_own_hours() -> None:
    lisbon = Consultant(id="rui", name="Rui", calendar=calendar("Europe/Lisbon"))
    (offer,) = search(consultants=(lisbon,)).next_free(local("2026-11-24T20:00"), timedelta(hours=1), 1)
    assert offer.slot == slot("2026-11-25T08:00", "2026-11-25T09:00", "Europe/Lisbon")


def test_only_times_inside_what_was_asked_for_are_offered() -> None:
    asked = (slot("2026-11-26T15:00", "2026-11-26T17:30"),)
    offers = search(within=asked).next_free(local("2026-11-24T08:00"), timedelta(hours=1), 3)
    assert [offer.slot for offer in offers] == [slot("2026-11-26T15:00", "2026-11-26T16:00")]
