"""Whatever a reader says, only the gate accepts; and whatever it does, the rules have read already."""

from __future__ import annotations

import json
import math
import time
from functools import partial
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from helpdesk_bridge.domain.reading import Context, Pending, Reading, SignalKind
from helpdesk_bridge.domain.values import Comment, CommentId, CriterionId, Person, Role, Span
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.policy.evaluate_comments import evaluate_comments, evaluate_traps, is_accepted
from helpdesk_bridge.policy.evaluate_tickets import ticket_of
from helpdesk_bridge.readers import Evidence, Guarded, Reader, read_comment, read_ticket
from tests.domain.builders import at
from tests.language.shipped import an_item
from tests.readers.strangers import Babbles, Hangs, PointsAt, Raises, Says

POLICY = load_policy()
FILES = Path(__file__).parents[1] / "language" / "evaluation"
K = SignalKind
OPEN = "Recebi o termo, vou ver aqui com o pessoal e te falo."
"""Words the rules are not certain of."""


def _items(name: str) -> list[dict]:
    return [json.loads(line) for line in (FILES / name).read_text(encoding="utf-8").splitlines()]


def _comment(text: str, role: Role = Role.REQUESTER) -> Comment:
    return Comment(id=CommentId("1"), author=Person(id="1", role=role), public=True, at=at(60), text=text)


def _read(
    text: str, reader: Reader | None = None, pending: Pending = Pending.TERM_PENDING, role: Role = Role.REQUESTER
) -> Reading:
    return read_comment(_comment(text, role), Context(author=role, pending=pending), POLICY.lexicon, reader)


def _failures(cause: str) -> float:
    return REGISTRY.get_sample_value("helpdesk_bridge_reader_failures_total", {"reader": "stranger", "cause": cause}) or 0.0


@pytest.mark.parametrize(("name", "every"), [("attacks.jsonl", 1), ("composed_traps.jsonl", 5)])
def test_a_reader_that_takes_everything_for_an_acceptance_accepts_no_trap(name, every):
    read = partial(read_comment, reader=Says(K.ACCEPTANCE))

    assert evaluate_traps(_items(name)[::every], POLICY.lexicon, POLICY.rules, read).accepted == ()


@pytest.mark.parametrize("kinds", [(K.ACCEPTANCE,), (K.ACCEPTANCE, K.SLOT_CONFIRMATION, K.BILLING_INFO), (K.NONE,)])
def test_no_reader_changes_what_is_accepted(kinds):
    items = _items("comments.jsonl")[::2]
    alone = evaluate_comments(items, POLICY.lexicon, POLICY.rules)
    beside = evaluate_comments(items, POLICY.lexicon, POLICY.rules, partial(read_comment, reader=Says(*kinds)))

    assert [one.accepted for one in beside.judged] == [one.accepted for one in alone.judged]


@pytest.mark.parametrize("kind", list(K))
@pytest.mark.parametrize("pending", list(Pending))
def test_nothing_a_reader_says_is_certain(kind, pending):
    reading = _read(OPEN, Says(kind), pending)

    assert [signal.certain for signal in reading.signals if signal.pattern.startswith("stranger.")].count(True) == 0
    assert not is_accepted(_comment(OPEN), reading, pending, POLICY.rules)


def test_a_reader_names_what_the_rules_leave_open_with_the_data_the_words_carry():
    signal = _read("Olha, quinta 26/11 às 9h fica bom", Says(K.SLOT_CONFIRMATION), Pending.ACCEPTED).signals[0]

    assert (signal.kind, signal.certain, dict(signal.data)["time"]) == (K.SLOT_CONFIRMATION, False, "09:00")


def test_an_acceptance_that_passed_the_gate_is_not_talked_away():
    assert _read("Aceito o termo.", Says(K.REFUSAL)) == _read("Aceito o termo.")


@pytest.mark.parametrize(
    ("text", "pending"),
    [
        ("Acho que não vamos querer seguir com essa cobrança", Pending.TERM_PENDING),
        ("Pode parar o atendimento por favor?", Pending.IN_PROGRESS),
    ],
)
def test_a_suspicion_of_a_stop_is_not_talked_away(text, pending):
    alone = _read(text, pending=pending)
    stops = {K.REFUSAL, K.RETRACTION, K.INTERRUPTION, K.OTHER_ROUTE, K.PAUSE}

    assert alone.label in stops
    assert [_read(text, Says(kind), pending).label in stops for kind in (K.NONE, K.BILLING_INFO, K.SLOT_CONFIRMATION)] == [
        True
    ] * 3


def test_an_agreement_to_a_pending_term_is_not_passed_over():
    text = "Concordo com o termo desde que não passe de 2 horas"
    asked = {K.ACCEPTANCE, K.CONDITIONAL_ACCEPTANCE, K.QUESTION, K.REFUSAL, K.UNCLEAR}

    assert _read(text).label is K.CONDITIONAL_ACCEPTANCE
    assert {_read(text, Says(kind)).label for kind in K} - asked <= {
        K.OTHER_ROUTE,
        K.RETRACTION,
        K.INTERRUPTION,
        K.PAUSE,
        K.DISPUTE,
    }


def test_what_the_rules_hear_something_in_is_never_called_nothing():
    text = "De acordo com o termo, qual seria o valor total?"

    assert (_read(text).label is not K.NONE, _read(text, Says(K.NONE)).label) == (True, K.UNCLEAR)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SYSTEM, Role.BRIDGE, Role.OUTSIDER])
def test_nobody_is_asked_about_words_that_are_not_the_customers(role):
    assert _read(OPEN, Says(K.ACCEPTANCE), role=role).signals == ()


@pytest.mark.parametrize("span", [Span(0, 10_000), Span(-5, 3), Span(9, 3), Span(0, 0)])
def test_words_outside_the_authors_own_are_no_evidence(span):
    assert _read(OPEN, PointsAt(K.REFUSAL, span)) == _read(OPEN)


def test_a_quotation_is_not_the_authors_own_word():
    text = f"{OPEN}\n\nEm seg., 3 de nov. de 2026 às 10:12, Suporte <s@erp.example> escreveu:\n> recuso o termo"
    start = text.index("recuso")

    assert _read(text, PointsAt(K.REFUSAL, Span(start, start + 6))) == _read(text)


@pytest.mark.parametrize("confidence", [math.nan, math.inf, -1, 2, "1", None, 0.1])
def test_a_confidence_that_cannot_be_weighed_counts_nothing(confidence):
    assert _read(OPEN, Says(K.REFUSAL, confidence=confidence)) == _read(OPEN)


@pytest.mark.parametrize("stranger", [Raises(), Babbles()])
def test_a_reader_that_breaks_says_nothing_and_is_counted(stranger):
    before = _failures("raised")

    assert _read(OPEN, Guarded(stranger, seconds=5)) == _read(OPEN)
    assert _failures("raised") == before + 1


def test_a_reader_that_hangs_is_waited_for_once():
    stranger = Hangs()
    guarded = Guarded(stranger, seconds=0.1)
    before, started = (_failures("too_slow"), _failures("hangs")), time.monotonic()

    readings = [_read(OPEN, guarded) for _ in range(5)]

    stranger.go.set()
    assert readings == [_read(OPEN)] * 5
    assert time.monotonic() - started < 5
    assert (stranger.asked, _failures("too_slow") - before[0], _failures("hangs") - before[1]) == (1, 1, 4)


def test_evidence_of_a_reader_stands_beside_that_of_the_rules():
    ticket = ticket_of(an_item("O faturamento parou. Cada um se vira sozinho.", ("agent", "Vou ver.")))
    inside = Evidence(criterion=CriterionId("CT-02"), source="description", comment=None, span=Span(21, 45), confidence=0.7)
    outside = Evidence(criterion=CriterionId("CT-01"), source="description", comment=None, span=Span(21, 450), confidence=0.9)
    nowhere = Evidence(criterion=CriterionId("CT-01"), source="comment", comment=CommentId("c9"), span=Span(0, 3), confidence=0.9)

    found = read_ticket(ticket, POLICY.cues, Says(evidence=[inside, outside, nowhere])).cues

    assert [(cue.criterion, cue.text, cue.pattern, cue.score) for cue in found if cue.pattern.startswith("stranger")] == [
        ("CT-02", "Cada um se vira sozinho.", "stranger.CT-02", 0.7)
    ]


def test_a_ticket_is_read_by_the_rules_when_the_reader_breaks():
    ticket = ticket_of(an_item("O faturamento está parado, não podemos aguardar."))

    assert read_ticket(ticket, POLICY.cues, Guarded(Raises(), seconds=5)) == read_ticket(ticket, POLICY.cues)
