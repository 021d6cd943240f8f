"""The engine asks the configured reader, and what it says reaches people, never a consent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpdesk_bridge.build import build
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.values import CriterionId, Span, Ticket
from helpdesk_bridge.engine.perceive import settle
from helpdesk_bridge.errors import ConfigurationError
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.readers import Evidence, Guarded, Reader
from helpdesk_bridge.settings import load_settings
from tests.domain.builders import DESK, TICKET, Story, a_comment, a_ticket, at
from tests.readers.strangers import Raises, Says

POLICY = load_policy()


def _asked(words: str) -> tuple[Ticket, Engagement]:
    """A ticket whose term the desk shows, and what the customer writes then."""
    story = Story(rules=POLICY.rules).term_sent_and_posted()
    story.says(2, SignalKind.NONE, words="Bom dia")
    return replace(story.ticket, comments=(*story.ticket.comments, a_comment(30, words))), story.engagement


def _settled(words: str, reader: Reader | None) -> tuple[list[str], Engagement]:
    ticket, engagement = _asked(words)
    decision = settle(ticket, engagement, POLICY, at=at(31), reader=reader)
    return [entry.kind for entry in decision.entries], fold(engagement, decision.entries)


@pytest.mark.parametrize("words", ["Vou levar para a diretoria.", "Pode ser, se for rápido", "Ok", "Quanto custa mesmo isso?"])
def test_no_reader_makes_a_consent(words):
    kinds, after = _settled(words, Guarded(Says(SignalKind.ACCEPTANCE, SignalKind.BILLING_INFO), seconds=5))

    assert ("consent" in kinds, after.term.accepted_at) == (False, None)


def test_a_persons_attention_is_asked_for_what_a_reader_sees():
    kinds, _after = _settled("Olha, melhor deixar como está mesmo.", Says(SignalKind.REFUSAL))

    assert ("declined" in kinds, "questioned" in kinds) == (False, True)


def test_a_broken_reader_changes_nothing():
    words = "Não aceito o termo."

    assert _settled(words, Guarded(Raises(), seconds=5)) == _settled(words, None)


def test_evidence_of_a_reader_reaches_the_recommendation():
    ticket = a_ticket()
    ticket = replace(ticket, description="Cada um se vira sozinho por aqui, de verdade.")
    seen = Evidence(criterion=CriterionId("CT-02"), source="description", comment=None, span=Span(0, 24), confidence=0.95)
    empty = Engagement(desk=DESK, ticket=TICKET)

    alone = settle(ticket, empty, POLICY, at=at(1))
    beside = settle(ticket, empty, POLICY, at=at(1), reader=Says(evidence=[seen]))

    assert [entry.body["modality"] for entry in alone.entries if entry.kind == "recommended"] == ["standard_support"]
    assert [entry.body["modality"] for entry in beside.entries if entry.kind == "recommended"] == ["technical_consulting"]


def test_a_bridge_with_a_reader_nobody_knows_does_not_start(tmp_path):
    file = tmp_path / "bridge.yaml"
    file.write_text(f"database: sqlite:///{tmp_path}/b.sqlite3\nreading: {{reader: oracle}}\n", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="no reader is called 'oracle'; known: rules, ml"):
        build(load_settings(file, {}))
