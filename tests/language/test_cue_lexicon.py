"""A lexicon proves itself when it is compiled; whatever is wrong is told at once, with its place."""

from __future__ import annotations

import time
from typing import Any

import pytest

from helpdesk_bridge.language.cues import read_ticket
from helpdesk_bridge.language.lexicon import compile_cues
from helpdesk_bridge.language.patterns import InvalidLexicon
from helpdesk_bridge.policy.evaluate_tickets import ticket_of
from tests.language.shipped import an_item, documents


def problems(**document: Any) -> list[tuple[str, str, str]]:
    """Compile one document and return what is wrong with it."""
    with pytest.raises(InvalidLexicon) as refusal:
        compile_cues({"a.yaml": document})
    return list(refusal.value.problems)


def a_criterion(entry: Any, **more: Any) -> dict[str, Any]:
    """One criterion with one Portuguese cue."""
    return {"id": "CT-01", "cues": {"pt-BR": [entry]}, **more}


def test_an_example_that_is_not_recognised_is_refused() -> None:
    entry = {"id": "stopped", "patterns": ["parado"], "examples": ["Tudo bem."]}
    assert problems(criteria=[a_criterion(entry)]) == [("a.yaml", "criteria.0.cues.pt-BR.0.examples.0", "is not recognised")]


def test_a_near_miss_that_is_recognised_is_refused() -> None:
    entry = {"id": "stopped", "patterns": ["parado"], "not": ["Nada parado."]}
    assert problems(criteria=[a_criterion(entry)]) == [("a.yaml", "criteria.0.cues.pt-BR.0.not.0", "is recognised")]


def test_a_guard_keeps_a_near_miss_out() -> None:
    entry = {"id": "stopped", "patterns": ["parado"], "unless": ["nada parado"], "not": ["Nada parado."]}
    assert len(compile_cues({"a.yaml": {"criteria": [a_criterion(entry)]}}).search) == 2


def test_every_problem_of_every_document_is_told_at_once() -> None:
    bad = {"id": "x", "patterns": ["(a", "<nobody>"], "roles": ["boss"]}
    with pytest.raises(InvalidLexicon) as refusal:
        compile_cues({"a.yaml": {"criteria": [a_criterion(bad)]}, "b.yaml": {"findings": [{"id": "f", "patterns": ["b)"]}]}})
    assert [file for file, _, _ in refusal.value.problems] == ["a.yaml", "a.yaml", "a.yaml", "b.yaml"]


@pytest.mark.parametrize(
    ("entry", "path", "reason"),
    [
        ("parado", "criteria.0.cues.pt-BR.0", "is not an entry"),
        ({"id": "x"}, "criteria.0.cues.pt-BR.0.patterns", "is missing"),
        ({"id": "x", "patterns": "parado"}, "criteria.0.cues.pt-BR.0.patterns", "is not a list"),
        ({"id": "x", "patterns": ["parado"], "pattern": "y"}, "criteria.0.cues.pt-BR.0.pattern", "is unknown"),
        ({"id": "x", "patterns": ["parado"], "score": 7}, "criteria.0.cues.pt-BR.0.score", "is not a number"),
    ],
)
def test_an_entry_of_the_wrong_shape_is_refused(entry: Any, path: str, reason: str) -> None:
    file, place, why = problems(criteria=[a_criterion(entry)])[0]
    assert ("a.yaml", path) == (file, place)
    assert why.startswith(reason)


def test_a_finding_nobody_defines_is_refused() -> None:
    entry = {"id": "x", "patterns": ["parado"]}
    assert problems(criteria=[a_criterion(entry, undone_by=["solved"])]) == [
        ("a.yaml", "criteria.0.undone_by", "no finding is called solved")
    ]


def test_a_language_nobody_reads_is_refused() -> None:
    assert problems(criteria=[{"id": "CT-01", "cues": {"pt": []}}])[0][1] == "criteria.0.cues"


def test_the_shipped_lexicon_compiles_quickly() -> None:
    loaded = documents("criteria")
    started = time.process_time()
    compile_cues(loaded)
    assert time.process_time() - started < 1.5


def test_what_another_criterion_says_in_the_same_text_silences_a_criterion_that_yields() -> None:
    doubt = {"id": "SP-01", "yields_to": ["CT-01"], "cues": {"pt-BR": [{"id": "doubt", "patterns": ["como"]}]}}
    urgent = {"id": "CT-01", "cues": {"pt-BR": [{"id": "urgent", "patterns": ["urgente"]}]}}
    lexicon = compile_cues({"a.yaml": {"criteria": [doubt, urgent]}})
    said = [ticket_of(an_item(text)) for text in ("Como faço?", "Como faço? É urgente.")]
    assert [[cue.criterion for cue in read_ticket(ticket, lexicon).cues] for ticket in said] == [["SP-01"], ["CT-01"]]


def test_a_criterion_can_only_yield_to_one_that_exists() -> None:
    doubt = {"id": "SP-01", "yields_to": ["CT-99"], "cues": {"pt-BR": [{"id": "doubt", "patterns": ["como"]}]}}
    assert problems(criteria=[doubt]) == [("a.yaml", "criteria.0.yields_to", "no criterion is called CT-99")]
