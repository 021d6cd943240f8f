"""Time of the desk's own field: heard once, corrected by entries when it changes or goes, and never counted beside a command."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk_bridge.domain import desk_time
from helpdesk_bridge.domain.billing import charge_of
from helpdesk_bridge.domain.events import TimeLogged
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.values import CommentId, LoggedTime
from tests.domain.builders import AGENT, BRIDGE, OUTSIDER, REQUESTER, Story, at, kinds, notes


def logged(seconds: int, minutes: float, **changes) -> LoggedTime:
    """Time logged so many minutes after noon."""
    return replace(LoggedTime(id="77", author=AGENT, at=at(minutes), seconds=seconds), **changes)


def tell(story: Story, time: LoggedTime, *, seen: float | None = None):
    """Let the bridge hear of it, at once unless told otherwise."""
    return story.tell(TimeLogged(ticket=story.ticket, time=time, at=max(time.at, at(seen or 0))))


def spans(story: Story) -> list[tuple[float, float]]:
    """Standing entries in minutes after noon."""
    return [((one.start - at(0)) / timedelta(minutes=1), (one.end - at(0)) / timedelta(minutes=1)) for one in story.term.standing]


def billable(story: Story) -> int:
    """Billable seconds, as the conclusion finds them."""
    if story.term.is_running:
        story.commands(900, "/concluir")
    assert story.term.charged is not None
    return story.term.charged.seconds


def refused(story: Story) -> str | None:
    """Why the desk's time was not booked."""
    told = [dict(effect.variables) for effect in story.last.effects if effect.template == "time_refused"]
    return told[0]["reason"] if told else None


def test_it_is_a_fact_that_counts_once():
    story = Story().accepted()

    assert kinds(tell(story, logged(600, 60))) == ["clocked", "time_logged", "work_started"]
    assert kinds(tell(story, logged(600, 60), seen=70)) == []
    assert spans(story) == [(50, 60)]


def test_a_total_alone_was_worked_until_it_was_logged_whenever_the_bridge_saw_it():
    story = Story().accepted()
    tell(story, logged(600, 60), seen=500)

    (entry,) = story.term.standing
    assert (spans(story), entry.logged_at, entry.consultant, entry.source) == ([(50, 60)], at(60), "Caio", "time:77")


def test_a_start_that_the_desk_tells_is_believed():
    story = Story().accepted()
    tell(story, logged(600, 60, started=at(20)))

    assert spans(story) == [(20, 30)]


def test_what_changes_there_is_corrected_by_an_entry():
    story = Story().accepted()
    tell(story, logged(600, 60))

    assert notes(tell(story, logged(300, 60), seen=70)) == [("time_recorded", "internal")]
    assert [(entry.corrects, entry.seconds) for entry in story.term.entries] == [(None, 600), (1, 300)]
    assert billable(story) == 300


def test_minutes_that_go_back_and_forth_are_corrected_each_time():
    story = Story().accepted()
    for seen, seconds in ((60, 600), (70, 300), (80, 600), (90, 300)):
        assert "time_logged" in kinds(tell(story, logged(seconds, 60), seen=seen))

    assert len({entry.fact for entry in story.entries if entry.kind == "time_logged"}) == 4
    assert billable(story) == 300


def news(story: Story, *times: LoggedTime, minutes: float = 100):
    """What is new when the desk shows these times."""
    return list(desk_time.news(replace(story.ticket, time=times), story.engagement, at(minutes)))


def test_time_that_is_gone_is_corrected_to_nothing_and_keeps_its_consultant():
    story = Story().accepted()
    tell(story, logged(600, 60))
    (gone,) = news(story)
    tell(story, gone)

    assert [(entry.seconds, entry.consultant, entry.corrects) for entry in story.term.standing] == [(0, "Caio", 1)]
    assert (news(story), billable(story)) == ([], 0)


def test_time_that_comes_back_counts_again():
    story = Story().accepted()
    tell(story, logged(600, 60))
    tell(story, news(story)[0])
    (back,) = news(story, logged(600, 60))
    tell(story, back, seen=120)

    assert billable(story) == 600


def test_nothing_follows_from_time_that_was_not_read():
    story = Story().accepted()
    tell(story, logged(600, 60))

    assert list(desk_time.news(replace(story.ticket, time=None), story.engagement, at(100))) == []


@pytest.mark.parametrize("author", [REQUESTER, OUTSIDER, BRIDGE])
def test_only_agents_work(author):
    story = Story().accepted()

    assert kinds(tell(story, logged(600, 60, author=author))) == ["clocked"]
    assert spans(story) == []


@pytest.mark.parametrize(("seconds", "reason"), [(86_401, "minutes_invalid"), (-60, "minutes_invalid")])
def test_minutes_that_cannot_be_are_told_once_and_change_nothing(seconds, reason):
    story = Story().accepted()
    tell(story, logged(600, 60))

    assert kinds(tell(story, logged(seconds, 60), seen=70)) == ["clocked"]
    assert refused(story) == reason
    assert spans(story) == [(50, 60)]
    assert kinds(tell(story, logged(seconds, 60), seen=71)) == []


def test_work_that_ends_in_the_future_is_told_and_not_booked():
    story = Story().accepted()
    tell(story, logged(3600, 60, started=at(50)))

    assert (refused(story), spans(story)) == ("in_the_future", [])


def test_after_a_statement_a_change_is_refused_with_a_note_and_the_entry_stays():
    story = Story().accepted()
    tell(story, logged(600, 60))
    story.commands(61, "/concluir")
    story.bills("stated")
    charged = story.term.charged

    assert kinds(tell(story, logged(60, 60), seen=2000)) == ["clocked"]
    assert (refused(story), spans(story), story.term.charged) == ("charge_locked", [(50, 60)], charged)


def test_late_time_after_a_statement_is_refused_with_a_note():
    story = Story().accepted()
    tell(story, logged(600, 60))
    story.commands(61, "/concluir")
    story.bills("stated")
    tell(story, logged(600, 45, id="78"), seen=2000)

    assert (refused(story), spans(story)) == ("charge_locked", [(50, 60)])


def test_time_beside_a_command_in_the_same_comment_is_the_same_work_and_counts_once():
    story = Story().accepted()
    story.commands(100, "/tempo 35min remoto 09:10-09:45")
    told = tell(story, logged(35 * 60, 100, comment=CommentId("100")))

    assert notes(told) == [("time_recorded", "internal")]
    assert dict(told.effects[0].variables)["excluded"] == [{"seconds": 2100, "reason": "overlap"}]
    assert billable(story) == 35 * 60


def test_it_still_counts_once_when_the_command_is_corrected_later():
    story = Story().accepted()
    story.commands(100, "/tempo 35min remoto 09:10-09:45")
    tell(story, logged(35 * 60, 100, comment=CommentId("100")))
    story.commands(101, "/tempo corrigir 1 20min engano")
    tell(story, logged(40 * 60, 100, comment=CommentId("100")), seen=110)

    assert billable(story) == 20 * 60


def test_time_beside_a_command_that_was_refused_or_only_corrects_counts():
    story = Story().accepted()
    story.commands(30, "/tempo 10min remoto")
    story.commands(100, "/tempo 35min pescaria")
    story.commands(200, "/tempo corrigir 1 5min engano")
    tell(story, logged(600, 100, comment=CommentId("100")))
    tell(story, logged(600, 200, id="78", comment=CommentId("200")))

    assert billable(story) == 5 * 60 + 600 + 600


def test_a_change_at_the_desk_replaces_what_a_command_corrected():
    story = Story().accepted()
    tell(story, logged(600, 60))
    story.commands(61, "/tempo corrigir 1 5min engano")
    tell(story, logged(900, 60), seen=70)

    assert [entry.seconds for entry in story.term.standing] == [900]


def test_overlapping_times_are_billed_once_and_flagged():
    story = Story().accepted()
    tell(story, logged(600, 60, id="1"))

    assert notes(tell(story, logged(600, 65, id="2"))) == [("time_recorded", "internal")]
    assert billable(story) == 15 * 60


def test_a_minute_that_counts_under_one_term_counts_under_no_other():
    story = Story().accepted()
    story.commands(60, "/tempo remoto 09:30-09:40")
    story.commands(61, "/concluir", "/termo consultoria-tecnica")
    story.posted(67)
    story.says(68, SignalKind.ACCEPTANCE)
    story.commands(100, "/tempo remoto 10:10-10:30 termo 1")
    tell(story, logged(30 * 60, 100))

    assert [story_charge(story, number).seconds // 60 for number in (1, 2)] == [10 + 20, 10]
    assert [(one.reason, one.seconds // 60) for one in story_charge(story, 2).exclusions] == [("overlap", 20)]


def story_charge(story: Story, number: int):
    """What a term of a story costs."""
    term = story.engagement.numbered(number)
    assert term is not None
    return charge_of(term, story.rules, story.engagement.before(term))


def test_it_is_cut_like_any_other_work():
    story = Story().accepted()
    tell(story, logged(600, 8, id="1"))
    story.says(60, SignalKind.INTERRUPTION)
    tell(story, logged(1200, 70, id="2"))

    assert billable(story) == 5 * 60 + 10 * 60


def test_time_of_a_ticket_without_a_term_is_nobodys_business():
    story = Story()

    assert kinds(tell(story, logged(600, 60))) == ["clocked"]
