"""Time is booked once, cut at consent, cut-off and pauses, and corrected only by another entry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.domain.durations import typed
from helpdesk_bridge.domain.events import TimeLogged
from helpdesk_bridge.domain.lifecycle import ChargeState, WorkState
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.values import LoggedTime
from tests.domain.builders import AGENT, Story, at, kinds, notes, some_billing, some_rules

ZONE = "America/Sao_Paulo"
"""Noon of the stories is 09:00 there."""


def spans(story: Story) -> list[tuple[float, float]]:
    """Standing entries in minutes after noon."""
    return [((one.start - at(0)) / timedelta(minutes=1), (one.end - at(0)) / timedelta(minutes=1)) for one in story.term.standing]


def charge(story: Story) -> tuple[int, Decimal]:
    """Billable seconds and amount, as the conclusion finds them."""
    story.commands(900, "/concluir")
    assert story.term.charged is not None
    return story.term.charged.seconds, story.term.charged.gross


def test_minutes_alone_are_the_minutes_before_they_were_logged():
    story = Story().accepted()

    assert kinds(story.commands(60, "/tempo 35min remoto")) == ["time_logged", "work_started"]
    assert spans(story) == [(25, 60)]
    assert story.term.work is WorkState.IN_PROGRESS


def test_times_are_local_and_may_be_of_another_day():
    story = Story().accepted()
    story.commands(2000, "/tempo remoto 24/11 09:10-09:40")

    assert spans(story) == [(10, 40)]


def test_work_before_the_acceptance_is_recorded_and_not_billed():
    story = Story().accepted()
    story.commands(20, "/tempo 20min remoto")

    assert charge(story) == (17 * 60, Decimal("100.30"))
    assert [(one.seconds, one.reason) for one in story.term.charged.exclusions] == [(180, "before_acceptance")]


def test_work_without_any_acceptance_is_evidence_only():
    story = Story().term_sent_and_posted()

    assert kinds(story.commands(60, "/tempo 35min remoto")) == ["time_logged"]
    assert notes(story.last) == [("time_recorded", "internal")]
    assert story.term.work is WorkState.UNSCHEDULED


def test_an_entry_across_the_interruption_is_cut_to_the_second():
    story = Story().accepted()
    story.says(60, SignalKind.INTERRUPTION)
    story.commands(100, "/tempo 60min remoto 09:30-10:30")

    assert story.term.charged is not None
    assert (story.term.charged.seconds, story.term.work) == (30 * 60, WorkState.INTERRUPTED)


def test_work_during_a_pause_is_not_billed():
    story = Story().accepted()
    story.says(60, SignalKind.PAUSE)
    story.commands(100, "/tempo 80min remoto")
    story.says(110, SignalKind.RESUME)
    story.commands(130, "/tempo 10min remoto")

    assert charge(story) == (40 * 60 + 10 * 60, Decimal("295.00"))


def test_a_correction_is_an_entry_that_replaces_another():
    story = Story().accepted()
    story.commands(60, "/tempo 35min remoto")
    story.commands(61, "/tempo corrigir 1 20min engano")

    assert [entry.corrects for entry in story.term.entries] == [None, 1]
    assert spans(story) == [(25, 45)]


def test_a_correction_to_nothing_takes_an_entry_back():
    story = Story().accepted()
    story.commands(60, "/tempo 35min remoto")
    story.commands(61, "/tempo corrigir 1 0min lançado no ticket errado")

    assert charge(story) == (0, Decimal("0.00"))


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ("/tempo remoto", "minutes_missing"),
        ("/tempo 0min remoto", "minutes_invalid"),
        ("/tempo -5min remoto", "minutes_invalid"),
        ("/tempo 25h remoto", "minutes_invalid"),
        ("/tempo 10min remoto 09:10-09:40", "minutes_disagree"),
        ("/tempo remoto 31/02 09:10-09:40", "times_invalid"),
        ("/tempo remoto 12:00-09:00", "times_invalid"),
        ("/tempo 35min pescaria", "kind_unknown"),
        ("/tempo 35min remoto 11:00-11:35", "in_the_future"),
        ("/tempo 35min remoto 23/11 11:00-11:35", "before_engagement"),
        ("/tempo 35min remoto termo 7", "term_unknown"),
        ("/tempo corrigir 9 20min engano", "entry_unknown"),
        ("/tempo parar", "stopwatch_stopped"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_its_reason_and_changes_nothing(line, refusal):
    story = Story().accepted()

    assert kinds(story.commands(60, line)) == []
    assert story.refusal == refusal


def test_a_time_without_any_term_is_refused():
    story = Story()
    story.commands(60, "/tempo 35min remoto")

    assert story.refusal == "no_term_yet"


def test_a_command_does_not_book_the_same_time_of_a_consultant_twice():
    story = Story().accepted()
    story.commands(60, "/tempo 35min remoto")
    story.commands(70, "/tempo 35min remoto")

    assert story.refusal == "overlapping"
    assert kinds(story.commands(71, "/tempo 35min remoto @bia")) == ["time_logged"]


def test_corrections_are_refused_once_a_statement_holds_the_charge():
    story = Story().accepted()
    story.commands(60, "/tempo 35min remoto")
    story.commands(61, "/concluir")
    story.bills("stated")
    story.commands(62, "/tempo corrigir 1 20min engano")

    assert story.refusal == "charge_locked"


def test_time_logged_later_for_earlier_work_goes_to_the_term_it_was_worked_under():
    story = Story().accepted()
    story.says(60, SignalKind.INTERRUPTION)
    story.commands(61, "/termo consultoria-tecnica")
    story.posted(62)
    story.says(63, SignalKind.ACCEPTANCE)
    story.commands(90, "/tempo 20min remoto 09:40-10:00")
    story.commands(120, "/tempo 20min remoto 10:10-10:30")

    assert [len(term.entries) for term in story.engagement.terms] == [1, 1]


def test_the_agent_is_told_when_the_total_passes_a_threshold_or_a_cap():
    story = Story(some_rules(billing=some_billing(thresholds_minutes=(60, 120))))
    story.term_sent_and_posted()
    story.says(3, SignalKind.CONDITIONAL_ACCEPTANCE, data=(("cap_minutes", "90"),))
    story.commands(4, "/aceite confirmar o cliente confirmou o limite")

    assert notes(story.commands(40, "/tempo 30min remoto")) == [("time_recorded", "internal")]
    assert notes(story.commands(80, "/tempo 35min remoto")) == [("time_recorded", "internal"), ("running_total", "internal")]
    crossing = story.commands(120, "/tempo 35min remoto").effects[-1]
    assert dict(crossing.variables)["is_cap"] is True


def capped(data: tuple[tuple[str, str], ...], **billing) -> Story:
    """The customer accepts up to a limit, and the agent ratifies it."""
    story = Story(some_rules(billing=some_billing(**billing))).term_sent_and_posted()
    story.says(3, SignalKind.CONDITIONAL_ACCEPTANCE, data=data)
    story.commands(4, "/aceite confirmar o cliente confirmou o limite")
    return story


@pytest.mark.parametrize(
    ("data", "billing", "seconds", "amount"),
    [
        ((("cap_minutes", "45"),), {}, 45 * 60, "265.50"),
        ((("cap_amount", "100.00"),), {}, 1016, "99.91"),
        ((("cap_amount", "100.00"),), {"tax_percent": Decimal(10)}, 924, "99.95"),
        ((("cap_minutes", "45"), ("cap_amount", "100.00")), {}, 1016, "99.91"),
        ((("cap_minutes", "45"),), {"increment_minutes": 60}, 45 * 60, "265.50"),
        ((("cap_minutes", "45"),), {"cap_stops": False}, 65 * 60, "383.50"),
        ((("cap_minutes", "120"),), {}, 65 * 60, "383.50"),
    ],
)
def test_nothing_beyond_the_limit_of_a_conditional_acceptance_is_billed(data, billing, seconds, amount):
    story = capped(data, **billing)
    story.commands(40, "/tempo 30min remoto")
    story.commands(80, "/tempo 35min remoto")

    assert charge(story) == (seconds, Decimal(amount))
    beyond = sum(one.seconds for one in story.term.charged.exclusions if one.reason == "beyond_cap")
    assert seconds + beyond == 65 * 60


def test_the_entry_that_reaches_the_limit_is_cut_and_the_agent_is_told():
    story = capped((("cap_minutes", "45"),))
    story.commands(40, "/tempo 30min remoto")
    told = story.commands(80, "/tempo 35min remoto")

    assert dict(told.effects[0].variables)["excluded"] == [{"seconds": 20 * 60, "reason": "beyond_cap"}]
    assert (dict(told.effects[-1].variables)["is_cap"], told.effects[-1].template) == (True, "running_total")


@pytest.mark.parametrize(("sees", "amount"), [("nothing", ()), ("minutes", (None,)), ("price", (Decimal("354.00"),))])
def test_a_threshold_that_the_desks_own_time_passes_is_shown_to_the_customer_as_policy_lets_them(sees, amount):
    story = Story(some_rules(billing=some_billing(thresholds_minutes=(60,), customer_sees=sees))).accepted()
    time = LoggedTime(id="77", author=AGENT, at=at(90), seconds=3600)
    told = story.tell(TimeLogged(ticket=story.ticket, time=time, at=at(90)))

    assert tuple(dict(effect.variables)["amount"] for effect in told.effects if effect.public) == amount
    assert ("running_total", "internal") in notes(told)


@pytest.mark.parametrize(("sees", "amount"), [("minutes", None), ("price", Decimal("206.50"))])
def test_the_customer_sees_what_policy_lets_them_see(sees, amount):
    story = Story(some_rules(billing=some_billing(customer_sees=sees))).accepted()
    shown = [effect for effect in story.commands(60, "/tempo 35min remoto").effects if effect.public]

    assert [dict(effect.variables)["amount"] for effect in shown] == [amount]


@pytest.mark.parametrize(
    ("changes", "seconds", "amount"),
    [
        ({"minimum_minutes": 60}, 3600, "354.00"),
        ({"increment_minutes": 15}, 30 * 60, "177.00"),
        ({"increment_minutes": 15, "applies_to": "entry"}, 45 * 60, "265.50"),
        ({"tax_percent": Decimal(10)}, 27 * 60, "175.23"),
    ],
)
def test_minimum_rounding_and_taxes_follow_the_policy(changes, seconds, amount):
    story = Story(some_rules(billing=some_billing(**changes))).accepted()
    story.commands(60, "/tempo 20min remoto")
    story.commands(80, "/tempo 7min remoto")
    story.commands(90, "/concluir")

    assert story.term.charged is not None
    assert (story.term.charged.charged_seconds, str(story.term.charged.gross)) == (seconds, amount)


def test_minutes_outside_the_service_windows_can_be_left_out():
    story = Story(some_rules(billing=some_billing(clip_to_windows=True))).accepted()
    story.commands(240, "/tempo 90min remoto 11:30-13:00")

    assert charge(story)[0] == 30 * 60


def test_work_after_the_conclusion_reopens_the_charge_until_it_is_concluded_again():
    story = Story().accepted()
    story.commands(60, "/tempo 30min remoto")
    story.commands(61, "/concluir")
    story.commands(120, "/tempo 30min remoto")

    assert (story.term.work, story.term.charge) == (WorkState.IN_PROGRESS, ChargeState.OPEN)
    assert charge(story)[0] == 3600


@given(st.text(max_size=60))
def test_any_text_after_the_command_is_read_without_an_error(text):
    typed(text, datetime(2026, 11, 24, 12, tzinfo=UTC), ZONE)


@given(st.integers(1, 1439), st.integers(0, 1439))
def test_a_span_is_as_long_as_its_clock_says(length, start):
    end = start + length
    if end >= 1440:
        return
    said = typed(f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}", datetime(2026, 11, 24, 12, tzinfo=UTC), ZONE)

    assert said.span is not None
    assert said.span.end - said.span.start == timedelta(minutes=length)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("35min", 35), ("1h", 60), ("1h30", 90), ("1h30min", 90), ("1,5h", 90), ("90 minutos", 90), ("2 horas", 120), ("1h 5m", 65)],
)
def test_lengths_are_read_as_people_write_them(text, minutes):
    assert typed(f"{text} remoto", datetime(2026, 11, 24, 12, tzinfo=UTC), ZONE).length == timedelta(minutes=minutes)
