"""The stopwatch measures work; nothing that is refused loses it, and nothing nobody worked is billed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_bridge.domain.lifecycle import ChargeState, WorkState
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.values import Person, Role, TicketStatus
from tests.domain.builders import Story, at, kinds, notes

BIA = Person(id="18", role=Role.AGENT, name="Bia")


def started(minutes: int = 60) -> Story:
    """A running stopwatch; noon of the stories is 09:00 in São Paulo."""
    story = Story().accepted()
    story.commands(minutes, "/tempo iniciar remoto")
    return story


def spans(story: Story) -> list[tuple[float, float]]:
    """Standing entries in minutes after noon."""
    return [((one.start - at(0)) / timedelta(minutes=1), (one.end - at(0)) / timedelta(minutes=1)) for one in story.term.standing]


def billed(story: Story) -> tuple[int, dict[str, int]]:
    """Billable minutes and what is not, once the work is concluded."""
    if story.term.is_running:
        story.commands(9000, "/concluir")
    assert story.term.charged is not None
    return story.term.charged.seconds // 60, {one.reason: one.seconds // 60 for one in story.term.charged.exclusions}


def test_it_books_what_passed():
    story = started(60)
    story.commands(95, "/tempo parar")

    assert (spans(story), story.term.stopwatch) == ([(60, 95)], None)


def test_a_second_start_is_refused_and_the_first_one_runs_on():
    story = started(60)
    story.commands(70, "/tempo iniciar remoto", author=BIA)

    assert story.refusal == "stopwatch_running"
    assert dict(story.last.effects[0].variables)["detail"] == "Caio, 24/11/2026 10:00"
    story.commands(95, "/tempo parar", author=BIA)
    assert (spans(story), story.term.standing[0].consultant) == ([(60, 95)], "Caio")


def test_a_stop_without_a_start_is_refused():
    story = Story().accepted()

    assert kinds(story.commands(60, "/tempo parar")) == []
    assert story.refusal == "stopwatch_stopped"


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ("/tempo parar 25h", "minutes_invalid"),
        ("/tempo parar -5min", "minutes_invalid"),
        ("/tempo parar 2h", "in_the_future"),
        ("/tempo parar 12:00-10:00", "times_invalid"),
        ("/tempo parar 10min 10:00-10:30", "minutes_disagree"),
    ],
)
def test_a_refused_stop_keeps_it_running(line, refusal):
    story = started(60)

    assert kinds(story.commands(95, line)) == []
    assert (story.refusal, story.term.stopwatch.started_at) == (refusal, at(60))
    story.commands(96, "/tempo parar")
    assert spans(story) == [(60, 96)]


@pytest.mark.parametrize("minutes", [60 + 24 * 60 + 1, 60 + 15 * 60])
def test_over_a_day_or_through_a_night_it_was_forgotten_and_a_person_says_how_long_it_was(minutes):
    story = started(60)

    assert kinds(story.commands(minutes, "/tempo parar")) == []
    assert (story.refusal, story.term.stopwatch is not None) == ("stopwatch_forgotten", True)
    story.commands(minutes + 1, "/tempo parar 3h")
    assert (spans(story), story.term.stopwatch) == ([(60, 240)], None)


def test_times_that_are_typed_are_of_the_day_it_was_started():
    story = started(60)
    story.commands(60 + 16 * 60, "/tempo parar 10:00-11:30")

    assert spans(story) == [(60, 150)]


def test_a_long_day_that_ends_before_midnight_is_work():
    story = started(60)
    story.commands(60 + 10 * 60, "/tempo parar")

    assert spans(story) == [(60, 660)]


def test_it_can_be_thrown_away():
    story = started(60)

    assert kinds(story.commands(95, "/tempo parar 0min")) == ["stopwatch_stopped"]
    assert (notes(story.last), spans(story)) == ([("stopwatch_discarded", "internal")], [])


def test_it_runs_across_a_pause_which_is_not_billed():
    story = started(60)
    story.says(70, SignalKind.PAUSE)
    story.says(90, SignalKind.RESUME)
    story.commands(100, "/tempo parar")

    assert billed(story) == (20, {"during_pause": 20})


def test_it_may_be_stopped_within_a_pause():
    story = started(60)
    story.says(70, SignalKind.PAUSE)
    story.commands(80, "/tempo parar")

    assert billed(story) == (10, {"during_pause": 10})


def test_it_does_not_start_within_a_pause():
    story = Story().accepted()
    story.commands(50, "/tempo 10min remoto")
    story.says(55, SignalKind.PAUSE)
    story.commands(60, "/tempo iniciar remoto")

    assert story.refusal == "already_paused"


def test_the_cut_off_does_not_lose_it_and_what_comes_after_is_not_billed():
    story = started(60)
    told = notes(story.says(90, SignalKind.INTERRUPTION))
    assert ("stopwatch_running", "internal") in told
    story.commands(100, "/tempo parar")

    assert (story.term.work, billed(story)) == (WorkState.INTERRUPTED, (30, {"after_interruption": 10}))


def test_the_conclusion_books_what_was_measured_by_then():
    story = started(60)

    assert kinds(story.commands(95, "/concluir")) == ["stopwatch_stopped", "time_logged", "concluded", "charged"]
    assert (spans(story), story.term.standing[0].source, billed(story)) == ([(60, 95)], "comment:60", (35, {}))


def test_a_solved_ticket_books_it_too():
    story = started(60)
    story.seen(95, status=TicketStatus.SOLVED)

    assert (spans(story), story.term.charge) == ([(60, 95)], ChargeState.CHARGEABLE)


def test_one_that_was_forgotten_is_not_booked_by_a_conclusion_but_by_a_person():
    story = started(60)
    story.commands(3000, "/concluir")
    assert ("stopwatch_running", "internal") in notes(story.last)
    assert (spans(story), story.term.charge) == ([], ChargeState.NO_CHARGE)
    story.commands(3001, "/tempo parar 2h")

    assert (spans(story), billed(story)) == ([(60, 180)], (120, {}))


def test_what_overlaps_other_work_is_booked_and_billed_once():
    story = started(60)
    story.commands(80, "/tempo 15min remoto")
    story.commands(95, "/tempo parar")

    assert billed(story) == (35, {"overlap": 15})


def test_it_is_found_under_the_term_it_was_started_under():
    story = started(60)
    story.says(90, SignalKind.INTERRUPTION)
    story.commands(91, "/termo consultoria-tecnica")
    story.posted(92)
    story.says(93, SignalKind.ACCEPTANCE)
    story.commands(100, "/tempo parar")

    assert [len(term.entries) for term in story.engagement.terms] == [1, 0]
