"""No text but an acceptance is ever accepted by itself: the gates that hold whatever else changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_bridge.domain.reading import Context, Pending
from helpdesk_bridge.domain.values import Comment, CommentId, Person, Role
from helpdesk_bridge.language import read_comment
from helpdesk_bridge.policy.evaluate_comments import evaluate_comments, evaluate_mail, evaluate_traps
from tests.domain.builders import at
from tests.language.accepting import POLICY, accepted

FILES = Path(__file__).parent / "evaluation"
ACCEPTANCES = (
    "De acordo com o termo de Consultoria do Suporte, podem prosseguir com o atendimento.",
    "Aceito o termo.",
    "Aceptamos los términos.",
    "We accept the terms.",
)
QUOTED = "\n\nEm seg., 3 de nov. de 2026 às 10:12, Suporte <s@erp.example> escreveu:\n> Para seguir, responda: aceito o termo.\n> Não é cobrado antes."
CONDITIONS = (
    "desde que seja gratuito",
    "se a diretoria aprovar",
    "até 2 horas",
    "siempre que sea gratis",
    "provided it is free",
    "mas só amanhã",
)


def _items(name: str, folder: Path = FILES) -> list[dict]:
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", ["composed_traps.jsonl", "attacks.jsonl"])
def test_no_trap_is_accepted(name):
    assert evaluate_traps(_items(name), POLICY.lexicon, POLICY.rules).to_json()["accepted"] == []


def test_no_comment_that_is_no_acceptance_is_accepted():
    figures = evaluate_comments(_items("comments.jsonl"), POLICY.lexicon, POLICY.rules).to_json()

    assert figures["false_acceptances"] == []
    assert figures["macro_f1"] >= 0.92


@pytest.mark.parametrize(
    "name", ["fresh_traps.jsonl", "later_traps.jsonl", "office_traps.jsonl", "subtle_traps.jsonl", "natural_traps.jsonl"]
)
def test_no_trap_that_was_written_without_sight_of_the_rules_is_accepted(name):
    traps = _items(name, FILES.parent)

    assert evaluate_traps(traps, POLICY.lexicon, POLICY.rules).to_json()["accepted"] == []


@pytest.mark.parametrize(("name", "macro_f1"), [("fresh_comments.jsonl", 0.95), ("later_comments.jsonl", 0.65)])
def test_comments_that_were_written_without_sight_of_the_rules_accept_and_stop_nothing_by_mistake(name, macro_f1):
    figures = evaluate_comments(_items(name, FILES.parent), POLICY.lexicon, POLICY.rules).to_json()

    assert figures["false_acceptances"] == []
    assert figures["macro_f1"] >= macro_f1
    assert min(share for label, share in figures["asked_or_concluded"].items() if label in ("interruption", "refusal")) >= 0.97


@pytest.mark.parametrize(("name", "recall"), [("plain_comments.jsonl", 0.6), ("chatty_comments.jsonl", 0.3)])
def test_acceptances_of_many_voices_are_read_by_themselves_and_chatty_ones_less(name, recall):
    figures = evaluate_comments(_items(name, FILES.parent), POLICY.lexicon, POLICY.rules).to_json()

    assert figures["false_acceptances"] == []
    assert figures["acceptance_recall"] >= recall


def test_quotes_go_and_the_authors_words_stay():
    figures = evaluate_mail(_items("mail_replies.jsonl")).to_json()

    assert figures["quotes_gone"] == figures["items"]
    assert figures["words_kept"] == figures["items"]


@pytest.mark.parametrize("text", ["Sem condições! Aceito o termo.", "Sem condições, aceito o termo."])
def test_without_conditions_said_alone_may_mean_that_it_cannot_be(text):
    assert not accepted(text)
    assert accepted("Aceito o termo sem condições.")


@pytest.mark.parametrize("text", ACCEPTANCES)
def test_plain_acceptances_are_accepted_with_and_without_the_quoted_term(text):
    assert accepted(text)
    assert accepted(text + QUOTED)


@pytest.mark.parametrize("text", ACCEPTANCES)
@pytest.mark.parametrize("role", [Role.AGENT, Role.OUTSIDER, Role.SYSTEM, Role.BRIDGE])
def test_nobody_but_a_customer_accepts(text, role):
    assert not accepted(text, role)


@pytest.mark.parametrize("text", ACCEPTANCES)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_anywhere_leaves_no_acceptance(text, condition):
    assert not accepted(f"{text} {condition}")
    assert not accepted(f"{condition}, {text}")
    assert not accepted(f"{text}\n\nAtt,\nMaria\n{condition}")


@pytest.mark.parametrize(
    "text", ["Não aceito o termo.", "não estamos de acordo com o termo", "no acepto los términos", "we do not accept the terms"]
)
def test_a_negation_leaves_no_acceptance(text):
    assert not accepted(text)


@pytest.mark.parametrize(
    "html",
    [
        "<p><s>aceito o termo</s></p>",
        '<p style="display:none">aceito o termo</p>',
        "<blockquote type=cite>aceito o termo</blockquote>",
    ],
)
def test_struck_hidden_and_quoted_html_accepts_nothing(html):
    assert not accepted("", html=html)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.booleans())
def test_any_text_is_read_and_offsets_point_into_it(text, as_html):
    comment = Comment(
        id=CommentId("1"),
        author=Person(id="1", role=Role.REQUESTER),
        public=True,
        at=at(1),
        text=text,
        html=text if as_html else None,
    )
    reading = read_comment(comment, Context(author=Role.REQUESTER, pending=Pending.TERM_PENDING), POLICY.lexicon)

    assert all(0 <= signal.span.start <= signal.span.end <= len(reading.original) for signal in reading.signals)
    assert all(0 <= span.start < span.end <= len(reading.original) for span in reading.kept)
