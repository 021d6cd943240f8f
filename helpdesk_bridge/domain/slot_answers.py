"""What customers answer to a proposed session: yes in time, yes too late, another time, or something a person must read."""

from __future__ import annotations

from typing import Any

from helpdesk_bridge.domain import prerequisites, sessions, terms
from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.decision import NOTHING, Decision
from helpdesk_bridge.domain.effects import Update
from helpdesk_bridge.domain.ledger import Proposal, ProposalState
from helpdesk_bridge.domain.lifecycle import WORK, WorkMove
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.slots import Named, agrees, matches, times_named, wish
from helpdesk_bridge.domain.words import Words

UNSURE = frozenset({SignalKind.SLOT_COUNTER_PROPOSAL, SignalKind.UNCLEAR, SignalKind.QUESTION})
"""Beside these a confirmation must be certain."""
BESIDE = frozenset({SignalKind.PREREQUISITES, SignalKind.BILLING_INFO})
"""What a comment may be about in the first place and still confirm a session."""


def heard(words: Words) -> Decision:
    """Take what a comment says about the session, beside whatever else it says."""
    reading = words.reading
    if reading.label is SignalKind.SLOT_COUNTER_PROPOSAL:
        return countered(words)
    said_yes = reading.signal(SignalKind.SLOT_CONFIRMATION)
    if said_yes is not None and (reading.label is SignalKind.SLOT_CONFIRMATION or (reading.label in BESIDE and said_yes.certain)):
        return confirmed(words)
    return NOTHING


def confirmed(words: Words) -> Decision:
    """Take a yes to the proposed time. It bills nobody, so the likeliest reading is enough where nothing speaks against it."""
    proposal = words.term.proposal
    if proposal is None or not sessions.is_shown(proposal, words.comment.at):
        return NOTHING
    same = agrees(sessions.slot_of(proposal), words.reading, now=words.comment.at, zones=sessions.zones(words.situation))
    if proposal.state is ProposalState.CONFIRMED:
        return NOTHING if same else _doubtful(words, proposal, "other_time")
    if proposal.state not in (ProposalState.OPEN, ProposalState.LAPSED):
        return _doubtful(words, proposal, "no_open_proposal")
    if not same:
        return _doubtful(words, proposal, "other_time")
    if words.situation.rules.consent.blocking_warnings.intersection(words.comment.warnings):
        return _doubtful(words, proposal, "author_warning")
    if any(signal.reason == "edited" for signal in words.reading.signals):
        return _doubtful(words, proposal, "edited")
    if not words.certain and UNSURE.intersection(signal.kind for signal in words.reading.signals):
        return _doubtful(words, proposal, "not_certain")
    if (words.term.work, WorkMove.CONFIRM) not in WORK:
        return _doubtful(words, proposal, "no_open_proposal")
    in_time = proposal.deadline is None or words.comment.at <= proposal.deadline
    if in_time and words.comment.at < proposal.end:
        return _agreed(words, proposal)
    return _late(words, proposal)


def countered(words: Words) -> Decision:
    """Take a wish for another time: the session is open again, and the agent gets every time named, checked."""
    proposal, at = words.term.proposal, words.comment.at
    if proposal is None or not sessions.is_shown(proposal, at):
        return _wishes_only(words)
    named = times_named(words.reading, SignalKind.SLOT_COUNTER_PROPOSAL, SignalKind.SLOT_CONFIRMATION)
    live = sessions.is_live(proposal, at)
    if live and named and agrees_to_all(words, proposal, named):
        return _doubtful(words, proposal, "not_certain")
    changes = live and (words.term.work, WorkMove.RESCHEDULE) in WORK
    if not changes and not (proposal.state is ProposalState.LAPSED or named):
        return NOTHING
    wishes = [_checked(words, each) for each in named]
    body = {"round": proposal.round, "options": [_plain(each) for each in wishes]}
    entries = (
        words.recorded("reschedule_needed", cause=ProposalState.COUNTERED.value, **body)
        if changes
        else words.recorded("slot_wished", **body)
    )
    note = words.situation.note(
        "slot_countered",
        key=words.key("slot_countered"),
        rule=words.rule,
        add_tags=(terms.TAG_PERSON,),
        person=words.person,
        evidence=words.evidence,
        was_confirmed=proposal.state is ProposalState.CONFIRMED,
        wishes=wishes,
        options=_near(words, proposal, named),
        **sessions.shown(words.situation, words.term, proposal),
    )
    return Decision(entries, (note,))


def agrees_to_all(words: Words, proposal: Proposal, named: tuple[Named, ...]) -> bool:
    """True when every time named is the proposed one: no wish for another."""
    slot, zones = sessions.slot_of(proposal), sessions.zones(words.situation)
    return all(matches(slot, each, now=words.comment.at, zones=zones) for each in named)


def _wishes_only(words: Words) -> Decision:
    """Times a customer names before anybody proposed one: told to the agent, nothing changes."""
    named = times_named(words.reading, SignalKind.SLOT_COUNTER_PROPOSAL, SignalKind.SLOT_CONFIRMATION)
    if not named:
        return NOTHING
    wishes = [_checked(words, each) for each in named]
    zone, theirs = words.situation.rules.calendar.zone, sessions.customer_zone(words.situation)
    note = words.situation.note(
        "slot_wished",
        key=words.key("slot_wished"),
        rule=words.rule,
        person=words.person,
        evidence=words.evidence,
        wishes=wishes,
        zone=zone,
        customer_zone=theirs if theirs != zone else None,
    )
    return Decision(words.recorded("slot_wished", options=[_plain(each) for each in wishes]), (note,))


def _agreed(words: Words, proposal: Proposal) -> Decision:
    situation, term = words.situation, words.term
    entries = words.recorded("slot_confirmed", round=proposal.round)
    facts = sessions.shown(situation, term, proposal)
    receipt = situation.note(
        "slot_receipt",
        key=f"slot_receipt:{term.number}:{proposal.round}",
        rule=words.rule,
        public=True,
        invitation=sessions.invitation(situation, term, proposal),
        person=words.person,
        checklist=prerequisites.open_items(situation, term),
        invitation_url=None,
        **facts,
    )
    recorded = situation.note(
        "slot_recorded",
        key=f"slot_recorded:{term.number}:{proposal.round}",
        rule=words.rule,
        person=words.person,
        evidence=words.evidence,
        **facts,
    )
    return Decision(entries, (receipt, recorded))


def _late(words: Words, proposal: Proposal) -> Decision:
    """A yes after the deadline: another round, unless the policy takes it while the time is still free and ahead."""
    situation = words.situation
    is_free = sessions.agenda(situation).conflict(proposal.consultant, sessions.slot_of(proposal)) is None
    accepts = situation.rules.scheduling.late_confirmation == "accept" and words.comment.at < proposal.start
    if accepts and is_free:
        return _agreed(words, proposal)
    if proposal.state is ProposalState.OPEN:
        entries = words.recorded(
            "reschedule_needed", round=proposal.round, cause=ProposalState.LAPSED.value, late=True, options=[]
        )
    else:
        entries = words.recorded("slot_late", round=proposal.round)
    return Decision(entries, (expired(words, proposal),))


def expired(words: Words, proposal: Proposal) -> Update:
    """Tell the agent that the customer answered too late."""
    return words.situation.note(
        "slot_expired",
        key=words.key("slot_expired"),
        rule="confirmation_hours",
        add_tags=(terms.TAG_PERSON,),
        deadline=proposal.deadline,
        person=words.person,
        evidence=words.evidence,
        options=sessions.suggestions(words.situation, sessions.able(words.situation, words.term), proposal.end - proposal.start),
        **sessions.shown(words.situation, words.term, proposal),
    )


def _doubtful(words: Words, proposal: Proposal, reason: str) -> Decision:
    note = words.situation.note(
        "slot_doubtful",
        key=words.key("slot_doubtful"),
        rule=words.rule,
        add_tags=(terms.TAG_PERSON,),
        reason=reason,
        person=words.person,
        evidence=words.evidence,
        **sessions.shown(words.situation, words.term, proposal),
    )
    return Decision(words.recorded("slot_doubted", round=proposal.round, reason=reason), (note,))


def _checked(words: Words, named: Named) -> dict[str, Any]:
    """Show one time a customer named: as it is understood, whether it can be, and the command that proposes it."""
    situation, term = words.situation, words.term
    found = _understood(words, named)
    if found is None:
        return {"start": None, "end": None, "obstacle": "not_understood", "holiday": None, "command": None, "said": _said(named)}
    consultant = sessions.able(situation, term)[0]
    if found[0] is None:
        options = sessions.suggestions(situation, sessions.able(situation, term), sessions.length_of(situation, term), found[1])
        first = options[0] if options else None
        return {
            "start": first["start"] if first else None,
            "end": first["end"] if first else None,
            "obstacle": None if first else "no_free_slot",
            "holiday": None,
            "command": first["command"] if first else None,
            "said": _said(named),
        }
    slot = found[0]
    why, _, holiday = (sessions.obstacle(situation, slot, consultant) or "").partition(":")
    return {
        "start": slot.start,
        "end": slot.end,
        "obstacle": why or None,
        "holiday": holiday or None,
        "command": None if why else sessions.command_for(situation, slot, consultant),
        "said": _said(named),
    }


def _understood(words: Words, named: Named) -> tuple[Interval | None, tuple[Interval, ...]] | None:
    proposal = words.term.proposal
    found = wish(
        named,
        now=words.comment.at,
        zone=sessions.customer_zone(words.situation),
        proposed=sessions.slot_of(proposal) if proposal is not None else None,
        length=sessions.length_of(words.situation, words.term),
    )
    return None if found is None else (found.slot, found.within)


def _near(words: Words, proposal: Proposal, named: tuple[Named, ...]) -> list[dict[str, Any]]:
    """Free times on the days the customer named, else the next ones."""
    situation, term = words.situation, words.term
    length = proposal.end - proposal.start
    found = [each for each in (_understood(words, one) for one in named) if each is not None]
    days = tuple(
        situation.rules.calendar.day(situation.rules.calendar.local(span.start).date()) for _s, within in found for span in within
    )
    able = sessions.able(situation, term)
    return sessions.suggestions(situation, able, length, days) or sessions.suggestions(situation, able, length)


def _said(named: Named) -> str:
    return " ".join(f"{key}={value}" for key, value in sorted(named.items()))


def _plain(shown: dict[str, Any]) -> dict[str, Any]:
    """An option as the journal keeps it."""
    return {
        "start": shown["start"].isoformat() if shown["start"] else None,
        "end": shown["end"].isoformat() if shown["end"] else None,
        "obstacle": shown["obstacle"],
        "said": shown["said"],
    }
