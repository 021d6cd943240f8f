"""Whatever is typed wrong gets one clear internal note, and changes nothing: not the term, not the ledger, not the session."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.domain.calendar import Calendar, Consultant
from helpdesk_bridge.policy.calendars import PublicHolidays
from tests.domain.builders import Story, kinds, notes, some_rules

SERVICE = Calendar(
    zone="America/Sao_Paulo",
    windows=(("08:00", "12:00"), ("13:30", "17:30")),
    weekdays=(0, 1, 2, 3, 4),
    holidays=PublicHolidays(country="BR"),
)


def at_work() -> Story:
    """Accepted at 09:03 on Tuesday, 24 November 2026; entry 1 is 09:10-09:40 by Caio."""
    story = Story(some_rules(calendar=SERVICE, consultants=(Consultant(id="caio", name="Caio", agents=("17",)),))).accepted()
    story.commands(50, "/tempo remoto 09:10-09:40")
    return story


WRONG = [
    ("/agendar 26/11/2026 11:30-14:00", "slot_outside_windows"),
    ("/agendar 26/11/2026 18:00-19:00", "slot_outside_windows"),
    ("/agendar 25/12/2026 09:00-10:00", "slot_holiday"),
    ("/agendar 20/11/2028 09:00-10:00", "slot_holiday"),
    ("/agendar 28/11/2026 09:00-10:00", "slot_weekend"),
    ("/agendar 23/11/2026 09:00-10:00", "slot_past"),
    ("/agendar 26/11/2026 10:00-09:00", "slot_backwards"),
    ("/tempo -5min remoto", "minutes_invalid"),
    ("/tempo 0min remoto", "minutes_invalid"),
    ("/tempo 0 remoto", "minutes_missing"),
    ("/tempo 1441min remoto", "minutes_invalid"),
    ("/tempo 24h01 remoto", "minutes_invalid"),
    ("/tempo 9999h remoto", "minutes_invalid"),
    ("/tempo remoto 09:30-10:00", "overlapping"),
    ("/tempo remoto 09:00-12:00", "in_the_future"),
    ("/tempo 35min remoto 23/11 09:00-09:35", "before_engagement"),
    ("/tempo 35min remoto 31/02 09:00-09:35", "times_invalid"),
    ("/tempo 35min remoto 09:00-09:20", "minutes_disagree"),
    ("/tempo corrigir 1 -5min engano", "minutes_invalid"),
    ("/tempo corrigir 1 25h engano", "minutes_invalid"),
    ("/tempo corrigir 1 20min", "reason_missing"),
    ("/tempo corrigir 1 0min", "reason_missing"),
    ("/tempo corrigir 1 09:00-23:00 engano", "in_the_future"),
    ("/tempo corrigir 1 engano", "minutes_missing"),
    ("/tempo corrigir 7 20min engano", "entry_unknown"),
    ("/tempo corrigir", "entry_unknown"),
    ("/tempo parar", "stopwatch_stopped"),
    ("/constatacao produto", "issue_invalid"),
    ("/constatacao produto 123", "issue_invalid"),
    ("/constatacao fantasma", "finding_unknown"),
    ("/abonar porque-sim", "motive_unknown"),
    ("/cnpj 11.222.333/0001-82", "tax_id_invalid"),
    ("/cnpj 12.ABC.345/01DE-36", "tax_id_invalid"),
    ("/repasse Serra Norte 11.222.333/0001-82", "unit_or_tax_id_missing"),
]


@pytest.mark.parametrize(("line", "reason"), WRONG)
def test_it_is_told_once_and_changes_nothing(line: str, reason: str) -> None:
    story = at_work()
    before = story.engagement.terms, story.engagement.tax_id
    told = story.commands(100, line)

    assert (story.refusal, notes(told), kinds(told)) == (reason, [("command_refused", "internal")], [])
    assert (story.engagement.terms, story.engagement.tax_id) == before


@pytest.mark.parametrize(("line", "reason"), WRONG)
def test_the_commands_beside_it_are_obeyed(line: str, reason: str) -> None:
    story = at_work()
    told = story.commands(100, line, "/tempo 10min remoto")

    assert "time_logged" in kinds(told)
    assert notes(told)[0] == ("command_refused", "internal"), reason


@given(st.text(max_size=80))
def test_whatever_follows_the_stopwatchs_stop_books_it_or_leaves_it_running(text: str) -> None:
    story = at_work()
    story.commands(60, "/tempo iniciar remoto")
    story.commands(90, f"/tempo parar {' '.join(text.split())}")

    assert (story.term.stopwatch is None) == (story.refusal is None)
