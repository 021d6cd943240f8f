"""New heads take the place of those in force only when nothing gets worse."""

from __future__ import annotations

import pytest

from helpdesk_bridge.readers.promotion import objections

NOW = {
    "comments.jsonl": {"macro_f1": 0.91, "false_acceptances": []},
    "tickets.jsonl": {"modality_accuracy": 0.84, "criteria": {"f1": 0.85}},
    "attacks.jsonl": {"items": 28, "accepted": []},
}


def _changed(file: str, **figures: object) -> dict:
    return {**NOW, file: {**NOW[file], **figures}}


def test_equal_figures_are_no_objection():
    assert objections(NOW, NOW, 0.0) == []


@pytest.mark.parametrize(
    ("candidate", "says"),
    [
        (_changed("attacks.jsonl", accepted=["K7"]), "attacks.jsonl: accepts K7"),
        (_changed("comments.jsonl", false_acceptances=["C9"]), "comments.jsonl: accepts C9"),
        (_changed("comments.jsonl", macro_f1=0.89), "comments.jsonl: macro_f1 falls from 0.9100 to 0.8900"),
        (_changed("tickets.jsonl", criteria={"f1": 0.8}), "tickets.jsonl: criteria_f1 falls from 0.8500 to 0.8000"),
        (_changed("tickets.jsonl", modality_accuracy=0.7), "tickets.jsonl: modality_accuracy falls from 0.8400 to 0.7000"),
    ],
)
def test_what_gets_worse_is_an_objection(candidate, says):
    assert objections(NOW, candidate, 0.01) == [says]


def test_a_small_fall_is_tolerated():
    assert objections(NOW, _changed("comments.jsonl", macro_f1=0.905), 0.01) == []


def test_heads_that_were_not_measured_are_not_promoted():
    assert objections({}, {"attacks.jsonl": NOW["attacks.jsonl"]}, 0.01) == ["no labelled comments were measured"]
