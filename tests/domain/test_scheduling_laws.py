"""Laws of sessions, over random histories of one ticket told to the real ``decide``."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.calendar import why_closed
from helpdesk_bridge.domain.effects import Forget, Update, Wake
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.events import Posted, TimerFired
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.ledger import ProposalState
from helpdesk_bridge.domain.lifecycle import WorkState
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.sessions import bookings, slot_of
from helpdesk_bridge.domain.values import CommentId
from tests.domain.builders import DESK, TICKET, Story, at
from tests.domain.test_scheduling import accepted

STEPS = (
    "/agendar 26/11/2026 14:00-15:30",
    "/agendar 27/11/2026 09:00-10:00 @nubia",
    "/agendar 28/11/2026 09:00-10:00 forcar cliente parado",
    "/agendar 25/12/2026 09:00-10:00",
    "/agendar",
    "/falta cliente",
    "/falta consultor",
    "/pausar férias",
    "/retomar voltou",
    "/tempo 5min remoto",
    "/interromper resolvido",
    "/concluir",
    "shown",
    "again",
    SignalKind.SLOT_CONFIRMATION,
    SignalKind.SLOT_COUNTER_PROPOSAL,
    SignalKind.PAUSE,
    SignalKind.RESUME,
    SignalKind.INTERRUPTION,
)
histories = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 2000)), max_size=14)


class Told:
    """A history, and the timers and comments that it leaves."""

    def __init__(self, steps: list[tuple[str, int]], policy: dict[str, object]) -> None:
        self.story: Story = accepted(policy)
        self.timers: dict[str, Wake] = {}
        self.keys: list[str] = []
        self.minute = 10.0
        for step, wait in steps:
            self.minute += wait
            self._fire()
            self._take(step)

    def _take(self, step: str) -> None:
        proposal = self.story.engagement.term.proposal if self.story.engagement.term else None
        if step in ("shown", "again"):
            if proposal is None:
                return
            self.story.tell(Posted(reference=proposal.reference, comment=CommentId("p"), at=at(self.minute)))
        elif isinstance(step, SignalKind):
            self.story.says(int(self.minute), step)
        else:
            self.story.commands(int(self.minute), step)
        self._note()

    def _fire(self) -> None:
        for key, wake in sorted(self.timers.items(), key=lambda each: each[1].at):
            if wake.at <= at(self.minute):
                del self.timers[key]
                self.story.tell(TimerFired(key=key, kind=wake.kind, at=wake.at))
                self._note()

    def _note(self) -> None:
        for effect in self.story.last.effects:
            if isinstance(effect, Wake):
                self.timers[effect.key] = effect
            elif isinstance(effect, Forget):
                self.timers.pop(effect.key, None)
            elif isinstance(effect, Update):
                self.keys.append(effect.key)
        self._hold()

    def _hold(self) -> None:
        """What is true after every step."""
        story = self.story
        term = story.engagement.term
        assert term is not None
        assert fold(Engagement(desk=DESK, ticket=TICKET), story.entries) == story.engagement
        proposal = term.proposal
        if proposal is None:
            return
        live = proposal.state in (ProposalState.OPEN, ProposalState.CONFIRMED) and term.is_running
        assert [slot_of(proposal)] * live == [(one.start, one.end) for one in bookings(story.engagement)]
        if term.work is WorkState.SLOT_PROPOSED:
            assert proposal.is_open
        if term.work is WorkState.SCHEDULED:
            assert proposal.state is ProposalState.CONFIRMED
        if term.work in (WorkState.RESCHEDULE_NEEDED, WorkState.PAUSED, WorkState.CONCLUDED, WorkState.INTERRUPTED):
            assert not proposal.is_open
        waiting = proposal.is_open and proposal.posted_at is not None and term.is_running
        assert (f"slot:{term.number}:{proposal.round}" in self.timers) == waiting
        assert all(key.endswith(f":{term.rounds}") for key in self.timers if key.startswith("slot"))


@given(histories, st.sampled_from(("reschedule", "accept")), st.sampled_from((None, 4)))
@settings(max_examples=250, deadline=None)
def test_whatever_happens_the_machines_the_timers_and_the_bookings_agree(
    steps: list[tuple[str, int]], late: str, reminder: int | None
) -> None:
    told = Told(steps, {"late_confirmation": late, "reminder_hours": reminder})
    assert len(told.keys) == len(set(told.keys)), "the same update is never asked for twice"


@given(histories)
@settings(max_examples=150, deadline=None)
def test_a_proposal_lies_in_service_unless_an_agent_gave_a_reason_and_its_deadline_is_exact(
    steps: list[tuple[str, int]],
) -> None:
    told = Told(steps, {})
    rules = told.story.rules
    posted = {entry.body["round"]: entry for entry in told.story.entries if entry.kind == "slot_posted"}
    for entry in (each for each in told.story.entries if each.kind == "slot_proposed"):
        slot = Interval(*(datetime.fromisoformat(entry.body[key]) for key in ("start", "end")))
        closed = why_closed(slot, rules.calendar, rules.scheduling, entry.at)
        assert closed is None or entry.body["reason"]
        if entry.body["round"] in posted:
            shown = posted[entry.body["round"]]
            assert shown.body["deadline"] == (shown.at + timedelta(hours=24)).isoformat()


@given(histories)
@settings(max_examples=100, deadline=None)
def test_a_session_is_scheduled_only_by_a_customers_own_words(steps: list[tuple[str, int]]) -> None:
    told = Told(steps, {})
    confirmations = [entry for entry in told.story.entries if entry.kind == "slot_confirmed"]
    assert all(entry.actor.startswith("requester:") for entry in confirmations)
    assert all(entry.body["label"] == "slot_confirmation" for entry in confirmations)
