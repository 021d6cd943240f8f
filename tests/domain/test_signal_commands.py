"""``/sinal`` says what a comment means: it is recorded, and nothing follows from it."""

from __future__ import annotations

import pytest

from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.signal_commands import NAMES
from tests.domain.builders import Story, kinds, notes


def _asked() -> Story:
    story = Story().term_sent_and_posted()
    story.says(11, SignalKind.UNCLEAR)
    return story


def _corrected(story: Story) -> list[tuple[str, str]]:
    return [(entry.body["comment"], entry.body["label"]) for entry in story.entries if entry.kind == "signal_corrected"]


def _all_names() -> list[tuple[str, SignalKind]]:
    return [(name, kind) for kind, names in NAMES.items() for name in (kind.value, *names) if kind is not SignalKind.ACCEPTANCE]


@pytest.mark.parametrize(("name", "kind"), _all_names())
def test_the_last_comment_of_the_customer_is_what_the_agent_says(name, kind):
    story = _asked()
    decision = story.commands(12, f"/sinal {name}")

    assert (kinds(decision), notes(decision)) == (["signal_corrected"], [("signal_corrected", "internal")])
    assert _corrected(story) == [("11", kind.value)]


def test_accents_and_case_do_not_matter():
    story = _asked()
    story.commands(12, "/sinal Interrupção")

    assert _corrected(story) == [("11", "interruption")]


def test_an_earlier_comment_can_be_named():
    story = _asked()
    story.says(12, SignalKind.NONE)
    story.commands(13, "/sinal pergunta #11", "/sinal nenhum 12")

    assert _corrected(story) == [("11", "question"), ("12", "none")]


@pytest.mark.parametrize("name", ["acceptance", "aceite", "aceptacion", "Aceptación"])
def test_nothing_is_ever_accepted_by_it(name):
    story = _asked()
    before = story.term.state
    decision = story.commands(12, f"/sinal {name}")

    assert (kinds(decision), story.refusal, story.term.state) == ([], "signal_accepts", before)


@pytest.mark.parametrize("kind", [kind for kind in SignalKind if kind is not SignalKind.ACCEPTANCE])
def test_the_term_stays_as_it_is(kind):
    story = _asked()
    before = story.term
    story.commands(12, f"/sinal {kind}")

    assert story.term == before


@pytest.mark.parametrize(
    ("argument", "reason"),
    [("", "signal_unknown"), ("sim", "signal_unknown"), ("recusa 99", "comment_unknown"), ("recusa 12", "comment_unknown")],
)
def test_what_cannot_be_corrected_is_told(argument, reason):
    story = _asked()
    story.commands(12, f"/sinal {argument}")

    assert story.refusal == reason


def test_where_no_customer_wrote_nothing_can_be_corrected():
    story = Story()
    story.commands(1, "/sinal recusa")

    assert story.refusal == "comment_unknown"
