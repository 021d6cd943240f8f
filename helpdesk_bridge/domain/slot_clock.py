"""What time does to a proposed session: the desk shows it, a reminder, the deadline, and the end of what it had set in motion."""

from __future__ import annotations

from datetime import timedelta

from helpdesk_bridge.domain import sessions, terms
from helpdesk_bridge.domain.calendar import deadline
from helpdesk_bridge.domain.decision import NOTHING, Decision, Situation
from helpdesk_bridge.domain.effects import Effect, Forget, Wake
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.events import Posted, TimerFired
from helpdesk_bridge.domain.ledger import ProposalState

DEADLINE, REMINDER = "slot_deadline", "slot_reminder"


def posted(event: Posted, situation: Situation) -> Decision:
    """Let the deadline run from the moment the desk showed the proposal; an exact timer ends it, at the latest with the session."""
    for term in situation.engagement.terms:
        proposal = term.proposal
        if proposal is None or proposal.reference != event.reference or proposal.posted_at is not None or not proposal.is_open:
            continue
        rules = situation.rules.scheduling
        ends = deadline(event.at, rules.confirmation_hours, rules.counting, situation.rules.calendar)
        entry = situation.entry(
            "slot_posted",
            number=term.number,
            round=proposal.round,
            reference=event.reference,
            comment=event.comment,
            deadline=ends.isoformat(),
        )
        last = min(ends, proposal.end)
        wakes: tuple[Effect, ...] = (Wake(key=sessions.deadline_key(term), kind=DEADLINE, at=last),)
        if rules.reminder_hours is not None and last - timedelta(hours=rules.reminder_hours) > event.at:
            remind = last - timedelta(hours=rules.reminder_hours)
            wakes = (*wakes, Wake(key=sessions.reminder_key(term), kind=REMINDER, at=remind))
        return Decision((entry,), wakes)
    return NOTHING


def fired(event: TimerFired, situation: Situation) -> Decision:
    """Remind the customer, or end a proposal nobody confirmed: a new scheduling, neither a refusal nor a cancellation."""
    for term in situation.engagement.terms:
        proposal = term.proposal
        if proposal is None or not proposal.is_open or proposal.posted_at is None or not term.is_running:
            continue
        if event.key == sessions.reminder_key(term):
            return _reminder(situation, term)
        if event.key == sessions.deadline_key(term):
            return _lapsed(situation, term)
    return NOTHING


def _reminder(situation: Situation, term: ServiceTerm) -> Decision:
    assert term.proposal is not None
    assert term.proposal.deadline is not None
    note = situation.note(
        "slot_reminder",
        key=f"slot_reminder:{term.number}:{term.rounds}",
        rule="reminder_hours",
        public=True,
        answer_by=min(term.proposal.deadline, term.proposal.start),
        **sessions.shown(situation, term, term.proposal),
    )
    return Decision((), (note,))


def _lapsed(situation: Situation, term: ServiceTerm) -> Decision:
    proposal = term.proposal
    assert proposal is not None
    entry = situation.entry(
        "reschedule_needed",
        number=term.number,
        round=proposal.round,
        cause=ProposalState.LAPSED.value,
        late=False,
        options=[],
    )
    note = situation.note(
        "slot_expired",
        key=f"slot_expired:{term.number}:{proposal.round}",
        rule="confirmation_hours",
        add_tags=(terms.TAG_PERSON,),
        deadline=proposal.deadline,
        person=None,
        evidence=None,
        options=sessions.suggestions(situation, sessions.able(situation, term), proposal.end - proposal.start),
        **sessions.shown(situation, term, proposal),
    )
    return Decision((entry,), (note,))


def release(situation: Situation, decision: Decision) -> Decision:
    """End what a session had set in motion, whatever ended it: its timers, and an agreed one in the customer's calendar."""
    after = situation.after(decision).engagement
    effects: list[Effect] = []
    for term in situation.engagement.terms:
        was, now = term.proposal, after.numbered(term.number)
        if was is None or now is None or now.proposal == was:
            continue
        is_same = now.proposal is not None and now.proposal.round == was.round
        if was.is_open and was.posted_at is not None and not (is_same and now.proposal is not None and now.proposal.is_open):
            effects += [Forget(key=sessions.deadline_key(term)), Forget(key=sessions.reminder_key(term))]
        if is_same and was.state is ProposalState.CONFIRMED and was.start > situation.at:
            effects.append(_cancelled(situation, term))
    return Decision((), tuple(effects))


def _cancelled(situation: Situation, term: ServiceTerm) -> Effect:
    assert term.proposal is not None
    return situation.note(
        "slot_released",
        key=f"slot_released:{term.number}:{term.proposal.round}",
        rule="/agendar",
        public=True,
        invitation=sessions.invitation(situation, term, term.proposal, cancelled=True),
        invitation_url=None,
        **sessions.shown(situation, term, term.proposal),
    )
