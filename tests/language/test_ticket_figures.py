"""How well labelled tickets are judged, as a gate: a change of the lexicon may not make it worse unseen."""

from __future__ import annotations

import pytest

from helpdesk_bridge.policy.evaluate_tickets import TicketFigures, evaluate_tickets
from tests.language.shipped import ROOT, an_item, items, lexicon, rules

EVALUATION = ROOT / "tests" / "language" / "evaluation" / "tickets.jsonl"
FRESH = ROOT / "tests" / "language" / "fresh_tickets.jsonl"


@pytest.fixture(scope="module", params=[EVALUATION, FRESH], ids=["evaluation", "fresh"])
def figures(request: pytest.FixtureRequest) -> TicketFigures:
    """Judge a whole file once."""
    return evaluate_tickets(items(request.param), lexicon(), rules())


def test_the_modality_is_right_as_often_as_it_was_measured(figures: TicketFigures) -> None:
    assert figures.modality_accuracy >= 0.92


def test_criteria_are_found_as_well_as_was_measured(figures: TicketFigures) -> None:
    assert figures.overall.f1 >= 0.91


def test_the_evidence_is_the_labelled_one(figures: TicketFigures) -> None:
    assert figures.evidence_overlap >= 0.88


def test_ambiguous_items_are_read_but_not_scored() -> None:
    figures = evaluate_tickets([an_item("Dúvida."), an_item("Dúvida.", ambiguous=True, unknown="key")], lexicon(), rules())
    assert (figures.items, figures.scored) == (2, 1)


def test_a_criterion_that_may_also_be_accepted_is_no_error() -> None:
    words = "Estamos com o faturamento parado e não podemos aguardar."
    item = an_item(words, expected_modality="technical_consulting", criteria_also_acceptable=["CT-01"])
    assert ((figures := evaluate_tickets([item], lexicon(), rules())).errors, figures.overall.false) == ((), 0)


def test_a_wrong_judgement_is_listed_with_the_words_behind_it() -> None:
    words = "Não podemos aguardar o prazo do suporte."
    error = evaluate_tickets([an_item(words)], lexicon(), rules()).errors[0]
    expected = f"T1 pt-BR standard_support → technical_consulting +CT-01 «{words}» (CT-01.cannot-wait)"
    assert expected == str(error)


def test_figures_have_their_published_form() -> None:
    figures = evaluate_tickets([an_item("Dúvida.")], lexicon(), rules())
    assert {
        "items",
        "scored",
        "modality_accuracy",
        "criteria",
        "evidence_overlap",
        "confusion",
        "items_per_second",
    } == set(figures.to_json())
    assert figures.to_json()["confusion"] == {"standard_support": {"standard_support": 1}}
    assert "pt-BR" in figures.table()
