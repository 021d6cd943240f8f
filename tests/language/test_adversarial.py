"""Spoiled assents: an agreement with a condition, a doubt, a denial or another object anywhere near is never accepted by itself."""

from __future__ import annotations

from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.policy.evaluate_comments import evaluate_traps
from tests.language.adversarial import ASSENTS, SPOILERS, some, spoiled
from tests.language.more_spoilers import MORE_SPOILERS

POLICY = load_policy()


def test_no_spoiled_assent_is_accepted(spoiled_assents):
    items = some(spoiled(), spoiled_assents)

    assert evaluate_traps(items, POLICY.lexicon, POLICY.rules).to_json()["accepted"] == []


def test_no_other_wording_of_a_doubt_lets_an_assent_pass(spoiled_assents):
    items = some(spoiled(MORE_SPOILERS, ASSENTS[1::10]), spoiled_assents)

    assert evaluate_traps(items, POLICY.lexicon, POLICY.rules).to_json()["accepted"] == []


def test_most_assents_are_accepted_where_nothing_spoils_them():
    items = [
        {"id": text, "author_role": "requester", "channel": "web", "thread_state": "term_pending", "body_text": f"{text}."}
        for text in ASSENTS
    ]

    assert len(evaluate_traps(items, POLICY.lexicon, POLICY.rules).accepted) >= len(ASSENTS) * 2 // 3


def test_the_texts_are_many_different_and_always_the_same():
    items = list(spoiled())

    assert len({item["id"] for item in items}) == len(items) >= 13_608
    assert len(ASSENTS) >= 40
    assert sum(map(len, SPOILERS.values())) >= 85
    assert some(spoiled(), 50) == some(iter(items), 50)
