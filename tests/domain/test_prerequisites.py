"""The checklist before work: asked for with the confirmation, answered in prose or by command, and what waits for it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.domain.calendar import SchedulingRules
from helpdesk_bridge.domain.events import CommentAdded
from helpdesk_bridge.domain.prerequisites import checklist, said
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.rules import Checklist, PrerequisiteItem
from helpdesk_bridge.domain.values import Language
from tests.domain.builders import AGENT, OUTSIDER, Story, a_comment, a_reading, kinds, notes
from tests.domain.test_scheduling import note, refusal, rules, shown

READY = SignalKind.PREREQUISITES


def item(name: str, *words: str) -> PrerequisiteItem:
    return PrerequisiteItem(id=name, labels=dict.fromkeys(Language, name), words=words)


ITEMS = (item("environment", "ambiente", "homologação"), item("debug", "vscode", "slave"), item("backup", "backup", "cópia"))
"""Three items, numbered in this order."""


def accepted(gate: str = "warn", **changes: Any) -> Story:
    made = rules({"prerequisites": gate}, checklists=(Checklist(product_line=None, items=ITEMS),), **changes)
    story = Story(made).term_sent_and_posted()
    story.says(3, SignalKind.ACCEPTANCE)
    return story


def answers(story: Story) -> dict[int, str]:
    assert story.engagement.term is not None
    return {one.item: one.state for one in story.engagement.term.prerequisites}


def told(story: Story, number: int, text: str, kind: SignalKind = READY, **changes: Any):
    comment = a_comment(number, text, **changes)
    return story.tell(CommentAdded(ticket=story.ticket, comment=comment, reading=a_reading(text, kind), delivery="d"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O ambiente está atualizado.", {1: "ok"}),
        ("O ambiente de homologação e o VSCode estão prontos", {1: "ok", 2: "ok"}),
        ("O ambiente está pronto, mas o VSCode ainda não foi instalado", {1: "ok", 2: "not_ok"}),
        ("Backup feito; falta o ambiente.", {3: "ok", 1: "not_ok"}),
        ("O backup não se aplica ao nosso caso", {3: "not_applicable"}),
        ("1 ok, 2 não, 3 n/a", {1: "ok", 2: "not_ok", 3: "not_applicable"}),
        ("item 2: pronto", {2: "ok"}),
        ("O ambiente e o VSCode ainda não estão prontos", {}),
        ("Como configuro o ambiente?", {}),
        ("Vamos ver o ambiente amanhã", {}),
        ("Está tudo pronto", {}),
        ("7 ok", {}),
    ],
)
def test_prose_is_read_item_by_item_and_what_could_mean_two_things_is_not_read(text: str, expected: dict[int, str]):
    assert {one.number: one.state for one in said(text, ITEMS)} == expected


@given(st.text(max_size=300))
def test_reading_prose_is_total_and_names_only_items_that_exist(text: str):
    assert all(1 <= one.number <= len(ITEMS) for one in said(text, ITEMS))


def test_what_a_customer_says_is_recorded_with_who_said_it():
    story = accepted()
    decision = told(story, 10, "O ambiente está pronto, mas o VSCode ainda não foi instalado")

    assert kinds(decision) == ["prerequisite", "prerequisite", "prerequisites_told"]
    assert answers(story) == {1: "ok", 2: "not_ok"}
    assert [entry.body["by"] for entry in decision.entries if entry.kind == "prerequisite"] == [decision.entries[-1].actor] * 2
    answered = note(decision, "prerequisites_recorded")
    assert (answered["missing"], answered["items"][0]["by"]) == (2, "requester")


def test_what_cannot_be_told_apart_goes_to_the_agent():
    decision = told(accepted(), 10, "Está tudo pronto")
    assert (kinds(decision), notes(decision)) == (["prerequisites_unread"], [("prerequisites_unread", "internal")])


def test_an_outsider_answers_nothing():
    assert kinds(told(accepted(), 10, "O ambiente está pronto", author=OUTSIDER)) == []


def test_an_agent_answers_item_by_item_and_a_later_answer_wins():
    story = accepted()
    decision = story.commands(10, "/requisito ok 1 conferido", "/requisito nao 2", "/requisito na 3")
    assert kinds(decision) == ["prerequisite"] * 3
    assert answers(story) == {1: "ok", 2: "not_ok", 3: "not_applicable"}
    story.commands(11, "/requisito ok 2")
    assert answers(story)[2] == "ok"


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("", "item_state_unknown"),
        ("talvez 1", "item_state_unknown"),
        ("ok", "item_unknown"),
        ("ok 0", "item_unknown"),
        ("ok 4", "item_unknown"),
        ("ok um", "item_unknown"),
        ("dispensar", "reason_missing"),
    ],
)
def test_a_wrong_answer_gets_one_clear_note_and_changes_nothing(argument: str, reason: str):
    assert refusal(accepted().commands(10, f"/requisito {argument}".strip())) == reason


def test_nothing_is_dispensed_with_when_nothing_is_missing():
    story = accepted()
    story.commands(10, "/requisito ok 1", "/requisito ok 2", "/requisito ok 3")
    assert refusal(story.commands(11, "/requisito dispensar pressa")) == "nothing_missing"


def test_without_a_checklist_or_a_running_term_there_is_nothing_to_answer():
    bare = Story(rules()).term_sent_and_posted()
    assert refusal(bare.commands(3, "/requisito ok 1")) == "no_running_term"
    bare.says(4, SignalKind.ACCEPTANCE)
    assert refusal(bare.commands(5, "/requisito ok 1")) == "no_checklist"


def test_a_confirmation_asks_for_what_is_missing():
    story = accepted()
    story.commands(10, "/requisito ok 1")
    story.commands(11, "/agendar 26/11/2026 14:00-15:00")
    shown(story, 12)
    receipt = note(story.says(20, SignalKind.SLOT_CONFIRMATION), "slot_receipt")
    assert [one["number"] for one in receipt["checklist"]] == [2, 3]


def test_what_is_missing_is_shown_once_when_work_starts():
    story = accepted()
    first, second = story.commands(40, "/tempo 10min remoto"), story.commands(60, "/tempo 10min remoto")
    assert [one["number"] for one in note(first, "prerequisites_missing")["items"]] == [1, 2, 3]
    assert "prerequisites_missing" not in [name for name, _ in notes(second)]


@pytest.mark.parametrize("command", ["/tempo iniciar remoto", "/tempo 10min remoto"])
def test_where_policy_says_so_work_waits_until_an_agent_dispenses_with_a_reason(command: str):
    story = accepted("block")
    assert refusal(story.commands(40, command)) == "prerequisites_missing"
    assert kinds(story.commands(50, "/requisito dispensar cliente assume o risco")) == ["prerequisites_dispensed"]
    assert "work_started" in kinds(story.commands(60, command))


def test_work_that_waits_starts_once_every_item_is_ready():
    story = accepted("block")
    story.commands(40, "/requisito ok 1", "/requisito ok 2", "/requisito na 3")
    assert "work_started" in kinds(story.commands(50, "/tempo 10min remoto", author=AGENT))


def test_a_product_line_has_its_own_items():
    own = Checklist(product_line="RM", items=(item("base", "base"),))
    made = rules(checklists=(Checklist(product_line=None, items=ITEMS), own), scheduling={})
    assert [checklist(made, line) for line in ("rm", "Protheus", None)] == [own.items, ITEMS, ITEMS]
    assert made.scheduling == SchedulingRules()
