"""Sessions: proposed, confirmed, countered, late, missed; told as stories of one ticket. Noon UTC is 09:00 in São Paulo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from helpdesk_bridge.domain.agenda import Agenda, Busy, Interval
from helpdesk_bridge.domain.calendar import Calendar, Consultant, Counting, CustomerCalendar, NoHolidays, SchedulingRules
from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.effects import Forget, Update, Wake
from helpdesk_bridge.domain.events import Posted, TimerFired
from helpdesk_bridge.domain.ledger import Proposal, ProposalState
from helpdesk_bridge.domain.lifecycle import WorkState
from helpdesk_bridge.domain.reading import Pending, SignalKind
from helpdesk_bridge.domain.rules import ConsentRules
from helpdesk_bridge.domain.sessions import bookings
from helpdesk_bridge.domain.values import CommentId, Organization, TicketStatus
from helpdesk_bridge.policy.calendars import PublicHolidays
from tests.domain.builders import COLLEAGUE, NOON, OUTSIDER, REQUESTER, Story, a_ticket, at, kinds, notes, some_rules

YES, OTHER, STOP = SignalKind.SLOT_CONFIRMATION, SignalKind.SLOT_COUNTER_PROPOSAL, SignalKind.INTERRUPTION
SERVICE = Calendar(
    zone="America/Sao_Paulo",
    windows=(("08:00", "12:00"), ("13:30", "17:30")),
    weekdays=(0, 1, 2, 3, 4),
    holidays=PublicHolidays(country="BR"),
)
CAIO = Consultant(id="caio", name="Caio Prado", agents=("17",))
NUBIA = Consultant(id="nubia", name="Núbia Farseti")
DAY = 24 * 60


def rules(scheduling: dict[str, Any] | None = None, **changes: Any):
    given = {"calendar": SERVICE, "consultants": (CAIO, NUBIA), "scheduling": SchedulingRules(**(scheduling or {}))}
    return some_rules(**{**given, **changes})


def accepted(scheduling: dict[str, Any] | None = None, *, ticket: Any = None, **changes: Any) -> Story:
    """The term is accepted at 09:03 on Tuesday, 24 November 2026."""
    story = Story(rules(scheduling, **changes), ticket).term_sent_and_posted()
    story.says(3, SignalKind.ACCEPTANCE)
    return story


def proposed(scheduling: dict[str, Any] | None = None, when: str = "26/11/2026 14:00-15:30", **changes: Any) -> Story:
    """A session on Thursday is proposed at 09:10 and shown a minute later."""
    story = accepted(scheduling, **changes)
    story.commands(10, f"/agendar {when}")
    shown(story, 11)
    return story


def shown(story: Story, minutes: float) -> Decision:
    return story.tell(Posted(reference=proposal(story).reference, comment=CommentId(f"p{minutes}"), at=at(minutes)))


def confirmed(**changes: Any) -> Story:
    story = proposed(**changes)
    story.says(20, YES)
    return story


def proposal(story: Story) -> Proposal:
    term = story.engagement.term
    assert term is not None
    assert term.proposal is not None
    return term.proposal


def work(story: Story) -> WorkState:
    assert story.engagement.term is not None
    return story.engagement.term.work


def note(decision: Decision, template: str) -> dict[str, Any]:
    (found,) = [effect for effect in decision.effects if isinstance(effect, Update) and effect.template == template]
    return dict(found.variables)


def refusal(decision: Decision) -> str:
    assert kinds(decision) == []
    reason: str = note(decision, "command_refused")["reason"]
    return reason


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/Sao_Paulo")).astimezone(UTC)


def wakes(decision: Decision) -> list[Wake]:
    return [effect for effect in decision.effects if isinstance(effect, Wake)]


def forgotten(decision: Decision) -> set[str]:
    return {effect.key for effect in decision.effects if isinstance(effect, Forget)}


def test_a_proposal_is_public_and_says_when_until_when_and_who():
    story = accepted()
    told = note(story.commands(10, "/agendar 26/11/2026 14:00-15:30 @nubia"), "slot_proposal")

    assert (told["start"], told["end"]) == (local("2026-11-26T14:00"), local("2026-11-26T15:30"))
    assert (told["answer_by"], told["consultant"]) == (at(10 + DAY), "Núbia Farseti")
    assert (work(story), proposal(story).consultant) == (WorkState.SLOT_PROPOSED, "nubia")


def test_the_deadline_runs_from_the_desks_posting_and_an_exact_timer_ends_it():
    story = accepted()
    story.commands(10, "/agendar 26/11 14:00-15:30")
    decision = shown(story, 15)

    assert kinds(decision) == ["slot_posted"]
    assert proposal(story).deadline == at(15 + DAY)
    assert [(wake.kind, wake.at) for wake in wakes(decision)] == [("slot_deadline", at(15 + DAY))]
    assert story.engagement.pending is Pending.SLOT_PROPOSED


def test_the_timer_ends_a_proposal_at_the_latest_with_the_session_itself():
    story = accepted()
    story.commands(10, "/agendar 24/11 10:30-11:30")
    (wake,) = wakes(shown(story, 11))
    assert (wake.at, proposal(story).deadline) == (local("2026-11-24T11:30"), at(11 + DAY))


@pytest.mark.parametrize(("counting", "expected"), [("business_days", "2026-11-25T09:11"), ("service_hours", "2026-11-27T09:11")])
def test_the_hours_are_counted_as_the_policy_says(counting: str, expected: str):
    story = proposed({"counting": Counting(counting)}, when="30/11/2026 14:00-15:00")
    assert proposal(story).deadline == local(expected)


def test_the_second_time_a_posting_is_seen_changes_nothing():
    story = proposed()
    assert shown(story, 50) == Decision()


def test_a_confirmation_in_time_schedules_the_session():
    story = proposed()
    decision = story.says(20, YES, data=(("time", "14:00"), ("weekday", "3")))

    assert kinds(decision) == ["slot_confirmed"]
    assert notes(decision) == [("slot_receipt", "public"), ("slot_recorded", "internal")]
    assert forgotten(decision) == {"slot:1:1", "slot_reminder:1:1"}
    assert work(story) is WorkState.SCHEDULED


@pytest.mark.parametrize("who", [REQUESTER, COLLEAGUE])
def test_anybody_of_the_organization_may_confirm_a_session(who):
    story = proposed(consent=ConsentRules(who_may_accept="requester"))
    story.says(20, YES, author=who)
    assert work(story) is WorkState.SCHEDULED


def test_an_outsider_confirms_nothing():
    story = proposed()
    assert kinds(story.says(20, YES, author=OUTSIDER)) == []


def test_a_confirmation_before_the_desk_showed_the_proposal_is_none():
    story = accepted()
    story.commands(10, "/agendar 26/11 14:00-15:30")
    assert kinds(story.says(11, YES)) == []


def test_confirming_twice_changes_nothing_twice():
    story = confirmed()
    assert kinds(story.says(30, YES)) == []


@pytest.mark.parametrize(
    ("reading", "reason"),
    [
        ({"data": (("time", "16:00"),)}, "other_time"),
        ({"data": (("date", "--11-27"),)}, "other_time"),
        ({"certain": False, "reason": "edited"}, "edited"),
        ({"warnings": ("not_signed",)}, "author_warning"),
    ],
)
def test_a_confirmation_of_something_else_goes_to_a_person(reading: dict[str, Any], reason: str):
    story = proposed(consent=ConsentRules(blocking_warnings=frozenset({"not_signed"})))
    decision = story.says(20, YES, **reading)

    assert kinds(decision) == ["slot_doubted"]
    assert note(decision, "slot_doubtful")["reason"] == reason
    assert work(story) is WorkState.SLOT_PROPOSED


def test_the_likeliest_reading_is_enough_unless_something_speaks_against_it():
    assert work(after_saying((YES,))) is WorkState.SCHEDULED
    assert work(after_saying((YES, SignalKind.QUESTION))) is WorkState.SLOT_PROPOSED


def after_saying(told: Iterable[SignalKind]) -> Story:
    story = proposed()
    story.says(20, *told, certain=False)
    return story


def test_nobody_confirms_within_the_hours_and_another_time_is_needed():
    story = proposed()
    decision = story.tell(TimerFired(key="slot:1:1", kind="slot_deadline", at=at(11 + DAY)))

    assert kinds(decision) == ["reschedule_needed"]
    told = note(decision, "slot_expired")
    assert (told["person"], len(told["options"])) == (None, 3)
    assert told["options"][0]["command"] == "/agendar 25/11/2026 10:30-12:00 @caio"
    assert (work(story), proposal(story).state) == (WorkState.RESCHEDULE_NEEDED, ProposalState.LAPSED)


def test_a_timer_of_an_earlier_round_or_of_an_answered_proposal_changes_nothing():
    story = confirmed()
    assert story.tell(TimerFired(key="slot:1:1", kind="slot_deadline", at=at(11 + DAY))) == Decision()
    story = proposed()
    story.commands(15, "/agendar 27/11 09:00-10:00")
    assert story.tell(TimerFired(key="slot:1:1", kind="slot_deadline", at=at(11 + DAY))) == Decision()


@pytest.mark.parametrize("timer_first", [True, False])
def test_a_late_confirmation_asks_for_another_time(timer_first: bool):
    story = proposed()
    if timer_first:
        story.tell(TimerFired(key="slot:1:1", kind="slot_deadline", at=at(11 + DAY)))
    decision = story.says(12 + DAY, YES)

    assert kinds(decision) == (["slot_late"] if timer_first else ["reschedule_needed"])
    assert note(decision, "slot_expired")["person"] == "Ana"
    assert work(story) is WorkState.RESCHEDULE_NEEDED


def test_a_confirmation_in_time_counts_even_when_it_is_heard_after_the_timer():
    story = proposed()
    story.tell(TimerFired(key="slot:1:1", kind="slot_deadline", at=at(11 + DAY)))
    story.says(11 + DAY - 1, YES)
    assert work(story) is WorkState.SCHEDULED


def test_where_policy_says_so_a_late_confirmation_is_taken_while_the_time_is_free():
    late = {"late_confirmation": "accept"}
    assert work(late_yes(proposed(late))) is WorkState.SCHEDULED
    taken = proposed(late)
    taken.agenda = Agenda(busy=(Busy(consultant="caio", start=proposal(taken).start, end=proposal(taken).end, source="x"),))
    assert work(late_yes(taken)) is WorkState.RESCHEDULE_NEEDED


def late_yes(story: Story) -> Story:
    story.tell(TimerFired(key="slot:1:1", kind="slot_deadline", at=at(11 + DAY)))
    story.says(12 + DAY, YES)
    return story


def test_a_counter_proposal_gives_the_agent_every_time_checked():
    story = proposed()
    story.agenda = Agenda(
        busy=(Busy(consultant="caio", start=local("2026-11-26T16:00"), end=local("2026-11-26T16:30"), source="feed"),)
    )
    named = [
        (("time", "16:00"),),
        (("weekday", "4"), ("time", "09:00")),
        (("date", "--12-25"),),
        (("weekday", "5"), ("time", "09:00")),
    ]
    decision = story.says_options(20, OTHER, named)

    assert kinds(decision) == ["reschedule_needed"]
    wishes = note(decision, "slot_countered")["wishes"]
    assert [wish["obstacle"] for wish in wishes] == ["consultant_busy", None, "no_free_slot", "slot_weekend"]
    assert wishes[1]["command"] == "/agendar 27/11/2026 09:00-10:30 @caio"
    assert (work(story), proposal(story).state) == (WorkState.RESCHEDULE_NEEDED, ProposalState.COUNTERED)
    assert forgotten(decision) == {"slot:1:1", "slot_reminder:1:1"}


def test_a_counter_proposal_that_names_the_proposed_time_goes_to_a_person():
    story = proposed()
    decision = story.says(20, OTHER, data=(("time", "14:00"),))
    assert kinds(decision) == ["slot_doubted"]
    assert work(story) is WorkState.SLOT_PROPOSED


def test_a_customer_who_asks_another_time_after_confirming_needs_another_round():
    story = confirmed()
    decision = story.says(30, OTHER)

    assert kinds(decision) == ["reschedule_needed"]
    assert note(decision, "slot_countered")["was_confirmed"] is True
    assert ("slot_released", "public") in notes(decision)
    assert work(story) is WorkState.RESCHEDULE_NEEDED


def test_times_named_before_anything_is_proposed_are_told_and_change_nothing():
    story = accepted()
    decision = story.says(9, OTHER, data=(("weekday", "4"), ("time", "09:00")))
    assert (kinds(decision), notes(decision)) == (["slot_wished"], [("slot_wished", "internal")])
    assert work(story) is WorkState.UNSCHEDULED


def test_each_round_has_its_own_timer_and_the_invitation_one_uid():
    story = confirmed()
    first = invitation(story)
    story.says(30, OTHER)
    story.commands(40, "/agendar 27/11 09:00-10:00")
    (wake,) = wakes(shown(story, 41))
    story.says(50, YES)
    second = invitation(story)

    assert wake.key == "slot:1:2"
    assert first.uid == second.uid
    assert first.sequence < second.sequence
    assert (first.method, second.start) == ("REQUEST", local("2026-11-27T09:00"))


def invitation(story: Story):
    (found,) = [effect.invitation for effect in story.last.effects if isinstance(effect, Update) and effect.invitation]
    return found


@pytest.mark.parametrize("told", [SignalKind.INTERRUPTION, SignalKind.RETRACTION])
def test_whatever_ends_the_work_takes_an_agreed_session_out_of_the_calendar(told):
    story = confirmed()
    decision = story.says(30, told)
    assert invitation(story).method == "CANCEL"
    assert ("slot_released", "public") in notes(decision)
    assert bookings(story.engagement) == ()


def test_whatever_ends_the_work_forgets_the_deadline_of_a_proposal():
    story = proposed()
    assert {"slot:1:1", "slot_reminder:1:1"} <= forgotten(story.commands(20, "/interromper resolvido"))


def test_a_session_that_was_held_is_not_cancelled_at_the_end():
    story = confirmed()
    assert "slot_released" not in [name for name, _ in notes(story.commands(4 * DAY, "/concluir"))]


def test_the_customer_is_reminded_where_policy_says_so():
    story = accepted({"reminder_hours": 4})
    story.commands(10, "/agendar 26/11 14:00-15:30")
    remind = next(wake for wake in wakes(shown(story, 11)) if wake.kind == "slot_reminder")
    decision = story.tell(TimerFired(key=remind.key, kind=remind.kind, at=remind.at))

    assert remind.at == at(11 + DAY - 4 * 60)
    assert notes(decision) == [("slot_reminder", "public")]


def test_nobody_is_reminded_of_what_is_answered():
    story = accepted({"reminder_hours": 4})
    story.commands(10, "/agendar 26/11 14:00-15:30")
    shown(story, 11)
    story.says(20, YES)
    assert story.tell(TimerFired(key="slot_reminder:1:1", kind="slot_reminder", at=at(DAY))) == Decision()


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("26/11/2026 16:00-14:00", "slot_backwards"),
        ("20/11/2026 09:00-10:00", "slot_past"),
        ("24/11/2026 08:30-09:30", "slot_past"),
        ("26/11/2026 06:00-18:00", "slot_too_long"),
        ("28/11/2026 09:00-10:00", "slot_weekend"),
        ("25/12/2026 09:00-10:00", "slot_holiday"),
        ("26/11/2026 11:30-14:00", "slot_outside_windows"),
        ("26/11/2026 14:00-15:00 @ninguem", "consultant_unknown"),
        ("31/11/2026 14:00-15:00", "slot_unreadable"),
        ("amanhã cedo", "slot_unreadable"),
        ("26/11/2026 14:00-15:00 urgente", "slot_unreadable"),
        ("28/11/2026 09:00-10:00 forcar", "reason_missing"),
        ("20/11/2026 09:00-10:00 forcar cliente parado", "slot_past"),
        ("26/11/2026 16:00-14:00 forcar cliente parado", "slot_backwards"),
        ("30/11/2026 14:00-15:00 @caio", "consultant_busy"),
        ("01/12/2026 14:00-15:00 @nubia", "consultant_away"),
    ],
)
def test_a_wrong_time_gets_one_clear_answer_and_changes_nothing(argument: str, reason: str):
    away = replace(NUBIA, absences=(Interval(local("2026-12-01T00:00"), local("2026-12-02T00:00")),))
    story = accepted(consultants=(CAIO, away))
    story.agenda = Agenda(
        busy=(Busy(consultant="caio", start=local("2026-11-30T14:30"), end=local("2026-11-30T16:00"), source="booking:desk:9"),)
    )
    assert refusal(story.commands(10, f"/agendar {argument}")) == reason
    assert work(story) is WorkState.UNSCHEDULED


def test_a_session_needs_an_accepted_term_that_is_not_paused_in_an_open_ticket():
    story = Story(rules())
    assert refusal(story.commands(1, "/agendar")) == "no_running_term"
    story = accepted()
    story.commands(5, "/pausar férias")
    assert refusal(story.commands(10, "/agendar")) == "already_paused"
    closed = accepted()
    closed.ticket = replace(closed.ticket, status=TicketStatus.CLOSED)
    assert refusal(closed.commands(10, "/agendar")) == "ticket_closed"


def test_an_agent_overrides_the_calendar_with_a_reason():
    story = accepted()
    decision = story.commands(10, "/agendar 28/11/2026 09:00-10:00 @caio forçar cliente parado")
    entry = next(entry for entry in decision.entries if entry.kind == "slot_proposed")

    assert (entry.body["forced"], entry.body["reason"]) == ("slot_weekend", "cliente parado")
    assert notes(decision) == [("slot_proposal", "public"), ("slot_warning", "internal")]


def test_without_an_hour_the_next_three_free_times_are_suggested_with_their_commands():
    story = accepted()
    decision = story.commands(10, "/agendar")
    options = note(decision, "slot_suggestions")["options"]

    assert kinds(decision) == []
    assert [option["command"] for option in options] == [
        "/agendar 24/11/2026 10:30-11:30 @caio",
        "/agendar 24/11/2026 13:30-14:30 @caio",
        "/agendar 25/11/2026 08:00-09:00 @caio",
    ]
    proposing = story.commands(12, options[0]["command"])
    assert kinds(proposing) == ["slot_proposed"]


def test_suggestions_suit_both_sides_and_respect_what_others_have_booked():
    mexico = Calendar(zone="America/Mexico_City", windows=(("09:00", "13:00"),), weekdays=(2, 3), holidays=NoHolidays())
    ticket = a_ticket(organization=Organization(id="1", name="Cliente"))
    story = accepted(ticket=ticket, customers=(CustomerCalendar(organizations=("cliente",), calendar=mexico),))
    story.agenda = Agenda(
        busy=(Busy(consultant="nubia", start=local("2026-11-25T13:30"), end=local("2026-11-25T14:30"), source="booking:desk:9"),)
    )
    told = note(story.commands(10, "/agendar 90min @nubia"), "slot_suggestions")
    assert told["customer_zone"] == "America/Mexico_City"
    assert [option["start"] for option in told["options"]] == [
        local("2026-11-25T14:30"),
        local("2026-11-26T13:30"),
        local("2026-12-02T13:30"),
    ]


def test_a_customer_may_confirm_the_hour_of_their_own_clock():
    mexico = Calendar(zone="America/Mexico_City", windows=(("08:00", "18:00"),), weekdays=(0, 1, 2, 3, 4), holidays=NoHolidays())
    story = proposed(customers=(CustomerCalendar(organizations=("1",), calendar=mexico),))
    story.says(20, YES, data=(("time", "11:00"),))
    assert work(story) is WorkState.SCHEDULED


def test_the_agent_who_asks_is_the_consultant_unless_somebody_else_is_named():
    assert proposal(proposed()).consultant == "caio"
    assert proposal(proposed(when="26/11/2026 14:00-15:30 @nubia")).consultant == "nubia"
    free = proposed(consultants=(), when='26/11/2026 14:00-15:30 @"Rui Costa"')
    assert proposal(free).consultant == "rui-costa"


def test_a_ticket_gives_back_its_own_time_when_another_is_proposed():
    story = proposed()
    story.agenda = Agenda(busy=bookings(story.engagement))
    assert kinds(story.commands(20, "/agendar 26/11/2026 14:30-16:00")) == ["slot_proposed"]


def test_a_proposed_or_agreed_session_takes_its_time_and_an_ended_one_gives_it_back():
    story = proposed()
    assert [one.consultant for one in bookings(story.engagement)] == ["caio"]
    story.says(20, YES)
    assert len(bookings(story.engagement)) == 1
    story.says(30, OTHER)
    assert bookings(story.engagement) == ()


@pytest.mark.parametrize(("who", "expected"), [("cliente", "customer"), ("consultor", "consultant")])
def test_a_no_show_is_recorded_and_needs_another_time(who: str, expected: str):
    story = confirmed()
    decision = story.commands(3 * DAY, f"/falta {who} não atendeu")

    assert kinds(decision) == ["no_show", "reschedule_needed"]
    assert note(decision, "no_show_recorded")["who"] == expected
    assert story.engagement.term is not None
    assert (story.engagement.term.no_shows, work(story)) == (1, WorkState.RESCHEDULE_NEEDED)
    assert refusal(story.commands(3 * DAY + 1, f"/falta {who}")) == "no_session"


@pytest.mark.parametrize(
    ("line", "reason"), [("/falta", "who_unknown"), ("/falta ninguem", "who_unknown"), ("/falta cliente", "no_session")]
)
def test_a_no_show_needs_somebody_and_a_session_that_began(line: str, reason: str):
    assert refusal(confirmed().commands(30, line)) == reason


def test_after_so_many_rounds_the_agent_is_told_to_call():
    story = proposed({"most_rounds": 1})
    decision = story.commands(20, "/agendar 27/11 09:00-10:00")
    assert note(decision, "slot_warning")["rounds"] == 2


def test_a_calendar_that_could_not_be_read_is_said():
    story = accepted()
    story.agenda = Agenda(unread=("caio",))
    assert note(story.commands(10, "/agendar"), "slot_suggestions")["unread"] == ["Caio Prado"]
    assert note(story.commands(11, "/agendar 26/11 14:00-15:00"), "slot_warning")["unread"] == ["Caio Prado"]


def test_a_new_proposal_over_an_agreed_session_says_what_it_replaces():
    story = confirmed()
    told = note(story.commands(30, "/agendar 27/11 09:00-10:00"), "slot_proposal")
    assert told["replaces"] == local("2026-11-26T14:00")
    assert NOON + timedelta(minutes=30 + DAY) == told["answer_by"]
