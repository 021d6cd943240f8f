"""What a customer's public comment does to the service term they were asked about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from helpdesk_bridge.domain import closing, consent, pauses, prerequisites, slot_answers, tax_data, terms
from helpdesk_bridge.domain.decision import NOTHING, Decision, Situation
from helpdesk_bridge.domain.effects import Forget, Update
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.lifecycle import TermState
from helpdesk_bridge.domain.reading import Reading, SignalKind
from helpdesk_bridge.domain.values import Comment
from helpdesk_bridge.domain.words import Words, label_of

ABOUT_THE_TERM = frozenset(SignalKind) - {
    SignalKind.NONE,
    SignalKind.SLOT_CONFIRMATION,
    SignalKind.SLOT_COUNTER_PROPOSAL,
    SignalKind.BILLING_INFO,
    SignalKind.PREREQUISITES,
    SignalKind.RESUME,
}


def hear(situation: Situation, comment: Comment, reading: Reading, delivery: str) -> Decision:
    """Weigh a public comment of somebody who is neither agent nor bridge."""
    term = situation.engagement.term
    if term is None or not reading.signals:
        return NOTHING
    words = Words(situation, comment, reading, term, delivery)
    if term.posted_at is None or comment.at < term.posted_at:
        return NOTHING
    if not consent.is_entitled(comment, situation.rules.consent):
        return _without_authority(words) + _about_a_session(words)
    done = _table(term).get(reading.label, _nothing)(words)
    done += _about_a_session(words.after(done))
    return done + tax_data.told(words.after(done))


def _about_a_session(words: Words) -> Decision:
    """A session and what it needs bind nobody to pay: whoever belongs to the customer may answer."""
    if not words.comment.author.role.is_customer or not words.term.is_running:
        return NOTHING
    done = slot_answers.heard(words)
    return done + prerequisites.told(words.after(done))


def _table(term: ServiceTerm) -> Mapping[SignalKind, Callable[[Words], Decision]]:
    if term.is_pending:
        return _PENDING
    if term.is_running:
        return _RUNNING
    return _OVER if term.state is TermState.ACCEPTED else {}


def rehear(situation: Situation, comment: Comment, reading: Reading, delivery: str) -> Decision:
    """Weigh a comment that was edited: it counts from the edit, and only its author's own edit concludes anything."""
    term = situation.engagement.term
    edited = replace(comment, at=situation.at)
    if comment.edited_by != comment.author.id and reading.signals:
        reading = replace(reading, signals=tuple(replace(each, certain=False, reason="edited") for each in reading.signals))
    if term is None or term.consent_comment != comment.id or not term.is_running:
        return hear(situation, edited, reading, delivery)
    if reading.label is SignalKind.ACCEPTANCE:
        return NOTHING
    words = Words(situation, edited, reading, term, delivery)
    if reading.label in (SignalKind.REFUSAL, SignalKind.RETRACTION, SignalKind.INTERRUPTION) and words.certain:
        return _retraction(words)
    return _suspected_interruption(words, reason="acceptance_edited")


def _nothing(_words: Words) -> Decision:
    return NOTHING


def _acceptance(words: Words) -> Decision:
    situation, term = words.situation, words.term
    slots = terms.required_slots(situation.rules, term.modality)
    verdict = consent.weigh(words.comment, words.reading, term, situation.rules, slots)
    if not verdict.granted:
        return clarification(words, verdict.reason)
    entries = words.recorded(
        "consent",
        role=words.comment.author.role.value,
        warnings=list(words.comment.warnings),
        channel=words.comment.channel,
    )
    return Decision(
        entries,
        (
            *accepted_notes(situation, term, words.comment, rule=words.rule, evidence=words.reading.own_words),
            *_forget_expiry(term),
        ),
    )


def accepted_notes(
    situation: Situation, term: ServiceTerm, comment: Comment, *, rule: str, evidence: str
) -> tuple[Update, Update]:
    """Tell the customer what was accepted, by whom and when, and the agent what may start."""
    facts: dict[str, Any] = {
        "modality_label": label_of(situation, term),
        "version": term.version,
        "term_reference": term.reference,
        "person": comment.author.label,
        "accepted_at": situation.at,
        "zone": situation.rules.calendar.zone,
    }
    receipt = situation.note(
        "consent_receipt",
        key=f"consent_receipt:{term.number}",
        rule=rule,
        public=True,
        add_tags=(terms.TAG_ACCEPTED,),
        remove_tags=terms.others(terms.TAG_ACCEPTED),
        fields=(("term_state", "accepted"),),
        **facts,
    )
    recorded = situation.note(
        "consent_recorded",
        key=f"consent_recorded:{term.number}",
        rule=rule,
        evidence=evidence[:500],
        **facts,
    )
    return receipt, recorded


def clarification(words: Words, reason: str) -> Decision:
    """Leave the term as it is and hand the comment to a person, with a drafted question."""
    situation, term = words.situation, words.term
    note = situation.note(
        "clarification_needed",
        key=words.key("clarification_needed"),
        rule=words.rule,
        add_tags=(terms.TAG_PERSON,),
        reason=reason,
        evidence=words.evidence,
        person=words.person,
        modality_label=label_of(situation, term),
        label=words.reading.label.value,
    )
    effects = (note, *_asked(words, "clarification", reason)) if reason != "not_entitled" else (note,)
    return Decision(words.recorded("questioned", reason=reason), effects)


def _asked(words: Words, template: str, reason: str) -> tuple[Update, ...]:
    if not words.situation.rules.consent.ask_automatically:
        return ()
    return (
        words.situation.note(
            template,
            key=words.key(template),
            rule=words.rule,
            public=True,
            reason=reason,
            modality_label=label_of(words.situation, words.term),
        ),
    )


def _without_authority(words: Words) -> Decision:
    """Tell the agent when somebody who cannot bind the customer seems to speak about the term."""
    if words.reading.label not in ABOUT_THE_TERM - {SignalKind.UNCLEAR, SignalKind.QUESTION}:
        return NOTHING
    if not (words.term.is_pending or words.term.is_running):
        return NOTHING
    note = words.situation.note(
        "not_entitled",
        key=words.key("not_entitled"),
        rule=words.rule,
        add_tags=(terms.TAG_PERSON,),
        person=words.person,
        evidence=words.evidence,
        label=words.reading.label.value,
        who_may_accept=words.situation.rules.consent.who_may_accept,
    )
    return Decision(words.recorded("not_entitled"), (note,))


def _conditional(words: Words) -> Decision:
    signal = words.reading.signals[0]
    note = words.situation.note(
        "conditional_received",
        key=words.key("conditional_received"),
        rule=words.rule,
        add_tags=(terms.TAG_PERSON,),
        evidence=words.evidence,
        person=words.person,
        modality_label=label_of(words.situation, words.term),
        conditions=dict(signal.data),
    )
    return Decision(words.recorded("questioned", reason="conditional", conditions=dict(signal.data)), (note,))


def _question(words: Words) -> Decision:
    note = words.situation.note(
        "question_received",
        key=words.key("question_received"),
        rule=words.rule,
        evidence=words.evidence,
        person=words.person,
        modality_label=label_of(words.situation, words.term),
        hourly=words.term.hourly,
        currency=words.term.currency,
        term_reference=words.term.reference,
    )
    return Decision(words.recorded("questioned", reason="question"), (note,))


def _closing(kind: str, template: str, state: TermState) -> Callable[[Words], Decision]:
    def close(words: Words) -> Decision:
        if not words.certain:
            return clarification(words, f"{kind}_suspected")
        note = words.situation.note(
            template,
            key=words.key(template),
            rule=words.rule,
            add_tags=(terms.TAG_DECLINED,),
            remove_tags=terms.others(terms.TAG_DECLINED),
            fields=(("term_state", state.value),),
            evidence=words.evidence,
            person=words.person,
            modality_label=label_of(words.situation, words.term),
        )
        return Decision(words.recorded(kind), (note, *_forget_expiry(words.term)))

    return close


def _unclear(words: Words) -> Decision:
    return clarification(words, words.reading.signals[0].reason or "unclear")


def _interruption(words: Words) -> Decision:
    if not words.certain:
        return _suspected_interruption(words, reason="interruption_suspected")
    notes = closing.interruption_notes(
        words.situation,
        words.term,
        person=words.person,
        evidence=words.evidence,
        rule=words.rule,
        recorded_key=f"interruption_recorded:{words.term.number}",
    )
    return Decision(words.recorded("interrupted"), notes)


def _suspected_interruption(words: Words, *, reason: str) -> Decision:
    """Stop the clock on suspicion and ask: what is worked meanwhile is billed only if the customer meant to go on."""
    note = words.situation.note(
        "interruption_unclear",
        key=words.key("interruption_unclear"),
        rule=words.rule,
        add_tags=(terms.TAG_PERSON,),
        cut_off=words.situation.at,
        zone=words.situation.rules.calendar.zone,
        evidence=words.evidence,
        person=words.person,
        reason=reason,
    )
    return Decision(words.recorded("interruption_suspected", reason=reason), (note,))


def _retraction(words: Words) -> Decision:
    """An acceptance withdrawn: before any work the term is declined and nothing is charged; after, it is an interruption."""
    if not words.certain:
        return _suspected_interruption(words, reason="retraction_suspected")
    if words.term.has_work_before(words.situation.at):
        return _interruption(words)
    note = words.situation.note(
        "retraction_recorded",
        key=f"retraction_recorded:{words.term.number}",
        rule=words.rule,
        add_tags=(terms.TAG_DECLINED,),
        remove_tags=terms.others(terms.TAG_DECLINED),
        fields=(("term_state", "declined"),),
        evidence=words.evidence,
        person=words.person,
        modality_label=label_of(words.situation, words.term),
    )
    return Decision(words.recorded("retracted"), (note,))


def _to_a_person(words: Words) -> Decision:
    return clarification(words, words.reading.label.value)


def _forget_expiry(term: ServiceTerm) -> tuple[Forget, ...]:
    return (Forget(key=terms.expiry_key(term)),)


_PENDING: dict[SignalKind, Callable[[Words], Decision]] = {
    SignalKind.ACCEPTANCE: _acceptance,
    SignalKind.CONDITIONAL_ACCEPTANCE: _conditional,
    SignalKind.QUESTION: _question,
    SignalKind.REFUSAL: _closing("declined", "refusal_recorded", TermState.DECLINED),
    SignalKind.RETRACTION: _closing("declined", "refusal_recorded", TermState.DECLINED),
    SignalKind.INTERRUPTION: _closing("declined", "refusal_recorded", TermState.DECLINED),
    SignalKind.OTHER_ROUTE: _closing("other_route", "other_route_recorded", TermState.OTHER_ROUTE),
    SignalKind.UNCLEAR: _unclear,
    SignalKind.DISPUTE: _to_a_person,
    SignalKind.PAUSE: _to_a_person,
}

_RUNNING: dict[SignalKind, Callable[[Words], Decision]] = {
    SignalKind.INTERRUPTION: _interruption,
    SignalKind.OTHER_ROUTE: _interruption,
    SignalKind.REFUSAL: _retraction,
    SignalKind.RETRACTION: _retraction,
    SignalKind.PAUSE: pauses.asked,
    SignalKind.RESUME: pauses.ended,
    SignalKind.DISPUTE: _to_a_person,
}
"""After an acceptance, a refusal or another route can only mean that the customer wants out."""

_OVER: dict[SignalKind, Callable[[Words], Decision]] = {SignalKind.DISPUTE: _to_a_person}
"""Once the work is over nothing that is said undoes it; a contested charge goes to a person."""
