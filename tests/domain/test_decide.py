"""What is decided about a service term, told as stories of one ticket."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpdesk_bridge.domain.effects import Update, Wake
from helpdesk_bridge.domain.events import TimerFired
from helpdesk_bridge.domain.lifecycle import TermState, WorkState
from helpdesk_bridge.domain.reading import Pending, SignalKind
from helpdesk_bridge.domain.rules import ConsentRules
from helpdesk_bridge.domain.values import TicketStatus
from tests.domain.builders import (
    AGENT,
    COLLEAGUE,
    OUTSIDER,
    REQUESTER,
    STANDARD,
    SUPPORT,
    TECHNICAL,
    PlainTerm,
    Story,
    a_ticket,
    at,
    kinds,
    notes,
    some_rules,
)

ACCEPTANCE, REFUSAL, UNCLEAR = SignalKind.ACCEPTANCE, SignalKind.REFUSAL, SignalKind.UNCLEAR


def test_a_term_is_sent_in_public_with_its_exact_text_and_rate_frozen():
    story = Story()
    decision = story.commands(1, "/termo consultoria-suporte")
    entry = decision.entries[-1]

    assert kinds(decision) == ["term_sent"]
    assert notes(decision) == [("term", "public")]
    assert entry.body["text"] == "[pt-BR] Consultoria do Suporte at 354.00 BRL/h"
    assert entry.body["rate"]["hourly"] == "354.00"
    assert len(entry.body["text_digest"]) == 64
    assert story.engagement.term is not None
    assert story.engagement.term.state is TermState.SENT


def test_every_comment_names_its_rule_and_its_reference():
    decision = Story().commands(1, "/termo consultoria-suporte")
    (update,) = [effect for effect in decision.effects if isinstance(effect, Update)]
    variables = dict(update.variables)

    assert variables["rule"] == "/termo"
    assert variables["reference"].startswith("HB-")


def test_a_certain_acceptance_after_the_term_was_posted_is_a_consent():
    story = Story().term_sent_and_posted()
    decision = story.says(3, ACCEPTANCE)

    assert kinds(decision) == ["consent"]
    assert notes(decision) == [("consent_receipt", "public"), ("consent_recorded", "internal")]
    assert story.engagement.term is not None
    assert story.engagement.term.state is TermState.ACCEPTED
    assert story.engagement.pending is Pending.ACCEPTED


def test_a_consent_keeps_its_evidence_and_the_words_apart_from_it():
    story = Story().term_sent_and_posted()
    story.says(3, ACCEPTANCE)
    consent = next(entry for entry in story.entries if entry.kind == "consent")
    words = next(entry for entry in story.entries if entry.kind == "words")
    sent = next(entry for entry in story.entries if entry.kind == "term_sent")

    assert consent.body["term_digest"] == sent.body["text_digest"]
    assert consent.body["pattern"] == "test.acceptance"
    assert consent.body["policy"] == story.rules.digest
    assert consent.body["delivery_digest"] == "d"
    assert words.body["text"] == "words 3"
    assert "ana@cliente.example" not in str(consent.body) + consent.actor


def test_an_acceptance_before_the_desk_showed_the_term_counts_for_nothing():
    story = Story()
    story.commands(1, "/termo consultoria-suporte")

    assert kinds(story.says(2, ACCEPTANCE)) == []
    story.posted(3)
    assert kinds(story.says(4, ACCEPTANCE, minutes=2.5)) == []


@pytest.mark.parametrize(
    ("reading", "reason"),
    [
        ({"certain": False, "reason": "unknown_words"}, "unknown_words"),
        ({"flags": frozenset({"forwarded"})}, "not_plain_text"),
        ({"flags": frozenset({"truncated"})}, "not_plain_text"),
        ({"warnings": ("not_signed",)}, "author_warning"),
    ],
)
def test_an_acceptance_with_any_doubt_goes_to_a_person(reading, reason):
    story = Story().term_sent_and_posted()
    decision = story.says(3, ACCEPTANCE, **reading)

    assert kinds(decision) == ["questioned"]
    assert notes(decision) == [("clarification_needed", "internal")]
    assert story.engagement.term is not None
    assert story.engagement.term.state is TermState.SENT
    assert story.engagement.term.open_question is not None
    assert story.engagement.term.open_question.reason == reason


def test_an_acceptance_beside_anything_that_spoils_it_goes_to_a_person():
    story = Story().term_sent_and_posted()

    assert kinds(story.says(3, ACCEPTANCE, SignalKind.CONDITIONAL_ACCEPTANCE)) == ["questioned"]


@pytest.mark.parametrize("author", [OUTSIDER, replace(AGENT, role=AGENT.role)])
def test_nobody_outside_the_customer_accepts(author):
    story = Story().term_sent_and_posted()
    story.says(3, ACCEPTANCE, author=author)

    assert story.engagement.term is not None
    assert story.engagement.term.state is TermState.SENT


def test_an_outsiders_acceptance_is_told_to_the_agent():
    decision = Story().term_sent_and_posted().says(3, ACCEPTANCE, author=OUTSIDER)

    assert notes(decision) == [("not_entitled", "internal")]


def test_an_internal_comment_never_accepts():
    story = Story().term_sent_and_posted()

    assert kinds(story.says(3, ACCEPTANCE, public=False)) == []


def test_only_the_requester_accepts_where_policy_says_so():
    story = Story(some_rules(consent=ConsentRules(who_may_accept="requester"))).term_sent_and_posted()

    assert notes(story.says(3, ACCEPTANCE, author=COLLEAGUE)) == [("not_entitled", "internal")]
    assert kinds(story.says(4, ACCEPTANCE, author=REQUESTER)) == ["consent"]


def test_a_flagged_person_accepts_where_policy_asks_for_the_flag():
    story = Story(some_rules(consent=ConsentRules(who_may_accept="flagged"))).term_sent_and_posted()

    assert kinds(story.says(3, ACCEPTANCE)) == ["not_entitled"]
    assert kinds(story.says(4, ACCEPTANCE, author=replace(COLLEAGUE, flags=frozenset({"may_accept"})))) == ["consent"]


def test_an_acceptance_without_a_required_slot_stays_open():
    story = Story(some_rules(terms=(PlainTerm(SUPPORT, required_slots=("cnpj",)),))).term_sent_and_posted()

    assert story.says(3, ACCEPTANCE).entries[1].body["reason"] == "slot_missing:cnpj"
    assert kinds(story.says(4, ACCEPTANCE, data=(("cnpj", "12ABC34501DE35"),))) == ["consent", "tax_id_changed"]


@pytest.mark.parametrize(
    "words", ["Aceito a consultoria TÉCNICA.", "Aceito, para a consultoria  tecnica", "Aceito o suporte padrão"]
)
def test_an_assent_that_names_another_modality_than_the_terms_is_no_consent(words):
    story = Story().term_sent_and_posted()

    assert story.says(3, ACCEPTANCE, words=words).entries[1].body["reason"] == "other_modality"
    assert kinds(story.says(4, ACCEPTANCE, words="Aceito a Consultoria do Suporte")) == ["consent"]


def test_a_term_that_asks_for_the_modalitys_name_is_accepted_by_an_assent_that_names_it():
    story = Story(some_rules(terms=(PlainTerm(SUPPORT, required_slots=("modality",)),))).term_sent_and_posted()

    assert story.says(3, ACCEPTANCE).entries[1].body["reason"] == "slot_missing:modality"
    assert kinds(story.says(4, ACCEPTANCE, words="Aceito a consultoria do suporte")) == ["consent"]


def test_refusals_and_other_routes_conclude_only_when_certain():
    assert kinds(Story().term_sent_and_posted().says(3, REFUSAL)) == ["declined"]
    assert kinds(Story().term_sent_and_posted().says(3, SignalKind.OTHER_ROUTE)) == ["other_route"]
    assert kinds(Story().term_sent_and_posted().says(3, REFUSAL, certain=False)) == ["questioned"]


def test_questions_conditions_and_unclear_words_leave_the_term_pending_with_a_note_of_their_own():
    for kind, template in (
        (SignalKind.QUESTION, "question_received"),
        (SignalKind.CONDITIONAL_ACCEPTANCE, "conditional_received"),
        (UNCLEAR, "clarification_needed"),
    ):
        story = Story().term_sent_and_posted()
        decision = story.says(3, kind)

        assert notes(decision) == [(template, "internal")]
        assert story.engagement.term is not None
        assert story.engagement.term.is_pending


def test_the_clarification_is_asked_in_public_only_when_policy_says_so():
    story = Story(some_rules(consent=ConsentRules(ask_automatically=True))).term_sent_and_posted()

    assert notes(story.says(3, UNCLEAR)) == [("clarification_needed", "internal"), ("clarification", "public")]


def test_an_interruption_cuts_off_at_the_instant_of_the_comment():
    story = Story().term_sent_and_posted()
    story.says(3, ACCEPTANCE)
    decision = story.says(90, SignalKind.INTERRUPTION)
    term = story.engagement.term

    assert notes(decision) == [("interruption_confirmed", "public"), ("interruption_recorded", "internal")]
    assert term is not None
    assert term.work is WorkState.INTERRUPTED
    assert term.cut_off == at(90)
    assert not term.cut_off_is_provisional


def test_a_suspected_interruption_stops_the_clock_and_asks():
    story = Story().term_sent_and_posted()
    story.says(3, ACCEPTANCE)
    decision = story.says(90, SignalKind.INTERRUPTION, certain=False)
    term = story.engagement.term

    assert notes(decision) == [("interruption_unclear", "internal")]
    assert term is not None
    assert term.is_running
    assert (term.cut_off, term.cut_off_is_provisional) == (at(90), True)


def test_a_withdrawn_acceptance_before_any_work_declines_the_term():
    story = Story().term_sent_and_posted()
    story.says(3, ACCEPTANCE)

    assert kinds(story.says(4, SignalKind.RETRACTION)) == ["retracted", "charged"]
    assert story.engagement.term is not None
    assert story.engagement.term.state is TermState.DECLINED


def test_a_comment_edited_by_its_author_into_an_acceptance_counts_from_the_edit():
    story = Story().term_sent_and_posted()
    story.says(3)
    decision = story.edits(3, ACCEPTANCE, minutes=50)

    assert kinds(decision) == ["consent"]
    assert story.engagement.term is not None
    assert story.engagement.term.accepted_at == at(50)


def test_a_comment_edited_by_nobody_knows_whom_goes_to_a_person():
    story = Story().term_sent_and_posted()
    story.says(3)

    assert kinds(story.edits(3, ACCEPTANCE, minutes=50, by=None)) == ["questioned"]


def test_an_acceptance_whose_spelling_is_corrected_changes_nothing():
    story = Story().term_sent_and_posted()
    story.says(3, ACCEPTANCE)

    assert kinds(story.edits(3, ACCEPTANCE, minutes=50)) == []


def test_an_acceptance_edited_into_a_refusal_is_withdrawn():
    story = Story().term_sent_and_posted()
    story.says(3, ACCEPTANCE)

    assert kinds(story.edits(3, REFUSAL, minutes=50)) == ["retracted", "charged"]


def test_an_acceptance_edited_into_anything_else_stops_the_clock():
    story = Story().term_sent_and_posted()
    story.says(3, ACCEPTANCE)

    assert kinds(story.edits(3, minutes=50)) == ["interruption_suspected"]


def test_a_new_term_voids_the_pending_one_and_an_acceptance_binds_to_the_new():
    story = Story().term_sent_and_posted()
    decision = story.commands(3, "/termo consultoria-tecnica")

    assert kinds(decision) == ["withdrawn", "term_sent"]
    story.posted(4)
    story.says(5, ACCEPTANCE)
    assert [term.state for term in story.engagement.terms] == [TermState.WITHDRAWN, TermState.ACCEPTED]


def test_a_term_is_not_sent_over_a_running_one():
    story = Story().term_sent_and_posted()
    story.says(3, ACCEPTANCE)

    assert notes(story.commands(4, "/termo consultoria-tecnica")) == [("command_refused", "internal")]


def test_a_term_without_a_rate_row_today_is_never_posted():
    story = Story(some_rules(rates=()))

    assert notes(story.commands(1, "/termo consultoria-suporte")) == [("term_not_posted", "internal")]
    assert story.engagement.terms == ()


def test_a_closed_ticket_gets_no_term():
    story = Story(ticket=a_ticket(status=TicketStatus.CLOSED))

    assert dict(_only_update(story.commands(1, "/termo consultoria-suporte")).variables)["reason"] == "ticket_closed"


def test_commands_are_answered_in_their_order_and_unknown_ones_with_the_nearest():
    story = Story()

    assert notes(story.commands(1, "/status", "/ajuda", "/statos")) == [
        ("status", "internal"),
        ("help", "internal"),
        ("command_unknown", "internal"),
    ]
    unknown = [effect for effect in story.last.effects if isinstance(effect, Update)][-1]
    assert dict(unknown.variables)["nearest"] == "status"


def test_two_commands_in_one_note_leave_two_facts():
    story = Story()
    story.commands(1, "/termo consultoria-suporte", "/modalidade consultoria-tecnica cliente pediu")
    facts = [(entry.kind, entry.fact) for entry in story.entries]

    assert len(facts) == len(set(facts))
    assert story.engagement.override == TECHNICAL


def test_a_command_in_a_public_comment_or_by_a_customer_does_nothing():
    assert notes(Story().commands(1, "/termo consultoria-suporte", author=REQUESTER)) == []


def test_an_override_needs_a_reason():
    assert dict(_only_update(Story().commands(1, "/modalidade consultoria-tecnica")).variables)["reason"] == "reason_missing"


def test_an_agent_ratifies_a_customers_unclear_words_with_a_reason():
    story = Story().term_sent_and_posted()
    story.says(3, UNCLEAR)
    decision = story.commands(4, "/aceite confirmar cliente confirmou o item")

    assert kinds(decision) == ["consent"]
    assert notes(decision) == [("consent_receipt", "public"), ("ratified", "internal")]
    assert decision.entries[-1].body["ratified_by"] == "agent:17"


@pytest.mark.parametrize("kind", [SignalKind.QUESTION, REFUSAL])
def test_an_agent_cannot_make_an_acceptance_of_a_question_or_a_refusal(kind):
    story = Story().term_sent_and_posted()
    story.says(3, kind, certain=False)
    story.commands(4, "/aceite confirmar por telefone")

    assert story.engagement.term is not None
    assert story.engagement.term.state is TermState.SENT


def test_an_agent_cannot_ratify_an_acceptance_nobody_wrote():
    story = Story().term_sent_and_posted()

    refused = _only_update(story.commands(3, "/aceite confirmar aceitou por telefone"))

    assert dict(refused.variables)["reason"] == "nothing_to_ratify"


def test_a_term_expires_where_policy_gives_it_days():
    story = Story(some_rules(consent=ConsentRules(term_valid_days=5)))
    story.commands(1, "/termo consultoria-suporte")
    (wake,) = [effect for effect in story.posted(2).effects if isinstance(effect, Wake)]

    assert wake.at == at(2 + 5 * 24 * 60)
    decision = story.tell(TimerFired(key=wake.key, kind=wake.kind, at=wake.at))
    assert kinds(decision) == ["expired"]
    assert kinds(story.says(9000, ACCEPTANCE)) == []


def test_a_timer_of_an_answered_term_does_nothing():
    story = Story(some_rules(consent=ConsentRules(term_valid_days=5))).term_sent_and_posted()
    story.says(3, ACCEPTANCE)

    assert kinds(story.tell(TimerFired(key="expiry:1", kind="term_expiry", at=at(9000)))) == []


def test_a_recommendation_is_said_once_and_again_when_its_outcome_changes():
    story = Story()

    assert kinds(story.seen(1)) == ["recommended"]
    assert story.engagement.recommended == STANDARD
    assert kinds(story.seen(2)) == []
    assert kinds(story.seen(3, "CS-01")) == ["recommended"]
    assert story.engagement.recommended == SUPPORT


def test_an_override_silences_recommendations():
    story = Story()
    story.commands(1, "/modalidade consultoria-tecnica cliente pediu")

    assert kinds(story.seen(2, "CS-01")) == []


def test_a_solved_ticket_gets_no_recommendation():
    assert kinds(Story().seen(1, "CS-01", status=TicketStatus.SOLVED)) == []


def test_the_chosen_modalitys_term_is_sent_by_itself_where_policy_says_so():
    rules = some_rules(consent=ConsentRules(auto_send=frozenset({TECHNICAL})))
    chosen = (("modality", "Consultoria Técnica"),)

    assert "term_sent" in kinds(Story(rules).seen(1, fields=chosen))
    assert "term_sent" not in kinds(Story().seen(1, fields=chosen))


def _only_update(decision):
    (update,) = [effect for effect in decision.effects if isinstance(effect, Update)]
    return update
