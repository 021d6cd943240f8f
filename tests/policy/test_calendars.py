"""Calendars, consultants and customers as documents: what they may say, and what becomes of what they leave out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.calendar import Counting, SchedulingRules
from helpdesk_bridge.domain.terms import variables_of
from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.policy.formats import minute, session
from tests.policy.site import Site, shipped

CALENDAR = "calendars/brazil.yaml"
CAIO = "consultants/caio.yaml"


def test_the_shipped_calendar_is_the_one_of_the_term() -> None:
    rules = shipped().rules
    assert rules.scheduling == SchedulingRules()
    assert rules.calendar.windows == (("08:00", "12:00"), ("13:30", "17:30"))
    names = [rules.calendar.holidays.name_of(date.fromisoformat(day)) for day in ("2026-11-20", "2027-02-08", "2027-02-09")]
    assert names == ["Dia Nacional de Zumbi e da Consciência Negra", "Carnaval", "Carnaval"]


def test_a_consultant_without_hours_has_the_service_calendars(site: Site) -> None:
    (caio,) = site.write(CAIO, "id: caio\nname: Caio\nagents: [17]\n").load().rules.consultants
    assert (caio.calendar, caio.agents, caio.feed) == (None, ("17",), None)


def test_a_consultant_elsewhere_has_that_countrys_holidays_and_the_rest_of_the_service_calendar(site: Site) -> None:
    site.write(CAIO, "id: rui\nname: Rui\nzone: Europe/Lisbon\nholidays: PT\nweekdays: [monday]\n")
    (rui,) = site.load().rules.consultants
    assert rui.calendar is not None
    assert (rui.calendar.zone, rui.calendar.weekdays) == ("Europe/Lisbon", (0,))
    assert rui.calendar.windows == shipped().rules.calendar.windows
    days = [rui.calendar.holidays.name_of(day) for day in (date(2026, 6, 10), date(2026, 11, 20), date(2027, 2, 9))]
    assert (days[0] is not None, days[1:]) == (True, [None, None])


def test_an_absence_of_days_ends_with_the_last_one_where_the_consultant_is(site: Site) -> None:
    site.write(
        CAIO,
        "id: caio\nname: Caio\nabsences:\n"
        "  - {from: 2026-12-21, to: 2026-12-22, reason: férias}\n"
        "  - {from: '2026-11-25T13:30', to: '2026-11-25T15:00'}\n",
    )
    (caio,) = site.load().rules.consultants
    assert caio.absences == (
        Interval(datetime(2026, 12, 21, 3, tzinfo=UTC), datetime(2026, 12, 23, 3, tzinfo=UTC)),
        Interval(datetime(2026, 11, 25, 16, 30, tzinfo=UTC), datetime(2026, 11, 25, 18, tzinfo=UTC)),
    )


def test_a_customers_calendar_is_found_by_organization(site: Site) -> None:
    site.write("customers/acme.yaml", "organizations: ['360001', ACME]\nzone: America/Mexico_City\nholidays: MX\n")
    (acme,) = site.load().rules.customers
    assert (acme.organizations, acme.calendar.zone) == (("360001", "ACME"), "America/Mexico_City")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        (CAIO, "id: Caio Prado\nname: Caio\n", "id: must look like maria.silva"),
        (CAIO, "id: caio\nname: Caio\nzone: Brasilia\n", "zone: is no time zone"),
        (CAIO, "id: caio\nname: Caio\nwindows: [['10:00', '09:00']]\n", "windows: windows must follow each other"),
        (CAIO, "id: caio\nname: Caio\nfeed: ftp://x\n", "feed: String does not match"),
        (CAIO, "id: caio\nname: Caio\nabsences: [{from: amanhã, to: 2026-12-22}]\n", "must look like 2026-12-21 or"),
        (CAIO, "id: caio\nname: Caio\nabsences: [{from: 2026-12-22, to: 2026-12-21}]\n", "absences.0.to: ends before it begins"),
        ("customers/a.yaml", "organizations: []\n", "organizations: Shorter than minimum length 1."),
        ("prerequisites/rm.yaml", "product_line: rm\nitems: []\n", "items: Length must be between 1 and 99."),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(site: Site, name: str, text: str, problem: str) -> None:
    assert any(problem in one for one in site.write(name, text).problems()), site.problems()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("easter-48", "easter-4800", "closed_days.0.day: must look like 2026-12-24, 12-24 or easter-47"),
        ("counting: clock", "counting: moon", "scheduling.counting: Must be one of"),
        ("reminder_hours: null", "reminder_hours: 24", "scheduling.reminder_hours: must be less than confirmation_hours"),
        ("slot_minutes: 60", "slot_minutes: 600", "scheduling.slot_minutes: is longer than longest_minutes"),
        ("confirmation_hours: 24", "confirmation_hours: 0", "scheduling.confirmation_hours: Must be greater"),
        ("zone: America/Sao_Paulo\n", "", "zone: Missing data for required field."),
    ],
)
def test_a_calendar_that_cannot_be_kept_is_refused(site: Site, old: str, new: str, problem: str) -> None:
    found = site.changed(CALENDAR, (old, new)).problems()
    assert any(problem in one for one in found), found


def test_two_consultants_share_no_name_and_no_desk_user(site: Site) -> None:
    site.write(CAIO, "id: caio\nname: Caio\nagents: [17]\n").write("consultants/z.yaml", "id: caio\nname: Z\nagents: [17]\n")
    assert site.problems() == [
        "consultants/z.yaml:1: id: caio is already in " + f"{site.folder}/{CAIO}",
        "consultants/z.yaml:3: agents.0: agent 17 is already in " + f"{site.folder}/{CAIO}",
    ]


def test_two_checklists_of_one_product_line_leave_nobody_to_say_which_holds(site: Site) -> None:
    item = "{id: a, labels: {pt-BR: a, es: a, en: a}, words: [a]}"
    site.write("prerequisites/other.yaml", f"items: [{item}]\n")
    assert any("the checklist of every other line is already in" in one for one in site.problems())


def test_a_term_cannot_promise_other_hours_than_the_ones_that_are_kept(site: Site) -> None:
    site.changed("terms/support_consulting.yaml", ("variables: {}", "variables: {confirmation_hours: 48}"))
    assert any("variables.confirmation_hours: is what calendars/ says" in one for one in site.problems())


def test_the_hours_of_the_term_are_those_of_the_calendar() -> None:
    rules = shipped().rules
    slow = replace(rules, scheduling=SchedulingRules(confirmation_hours=48, counting=Counting.BUSINESS_DAYS))
    term, modality = rules.terms[0], rules.modality(rules.terms[0].modality)
    assert modality is not None
    text = term.render(Language.PT, variables_of(modality, rules.rates[0], slow, None))
    assert "48 horas de dias úteis" in text


def test_a_session_is_written_with_its_day_its_hours_and_its_clock() -> None:
    start, end = datetime(2026, 11, 26, 17, tzinfo=UTC), datetime(2026, 11, 26, 18, 30, tzinfo=UTC)
    zone = "America/Sao_Paulo"
    assert session(start, end, zone, Language.PT) == "quinta-feira, 26/11/2026, das 14:00 às 15:30 (São Paulo, UTC-03:00)"
    assert session(start, end, zone, Language.EN) == "Thursday, 2026-11-26, from 14:00 to 15:30 (São Paulo, UTC-03:00)"
    over = datetime(2026, 11, 27, 4, tzinfo=UTC)
    assert session(start, over, zone, Language.ES).startswith("26/11/2026 a las 14:00")
    assert minute(start, zone, Language.PT) == "26/11/2026 às 14:00 (São Paulo, UTC-03:00)"
