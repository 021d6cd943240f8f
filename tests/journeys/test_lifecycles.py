"""Whole lifecycles through the real engine: the evaluation's and our own, every expected value computed by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from helpdesk_bridge.cli import bridge
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.fold import apply
from helpdesk_bridge.domain.journal import Record
from helpdesk_bridge.domain.lifecycle import CHARGE, TERM, WORK, ChargeState
from helpdesk_bridge.domain.values import TicketId
from helpdesk_bridge.engine.rehearsal import BadScript, Failure, evaluate_threads, rehearsals, thread_of
from helpdesk_bridge.engine.rehearsal.desk import DESK
from helpdesk_bridge.policy import Policy, load_policy

TESTS = Path(__file__).parents[1]
FILES = (TESTS / "language" / "evaluation" / "threads.jsonl", *sorted((TESTS / "journeys" / "scenarios").glob("*.jsonl")))
ITEMS: dict[str, dict[str, Any]] = {
    item["id"]: item for file in FILES for item in (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The shipped policy."""
    return load_policy()


@dataclass
class Played:
    """What differed in each lifecycle, and from which state to which their terms went."""

    failures: dict[str, list[Failure]] = field(default_factory=dict)
    walked: set[tuple[str, str]] = field(default_factory=set)


@pytest.fixture(scope="module")
def played(policy: Policy) -> Played:
    """Every lifecycle, played once."""
    done = Played()
    for thread, store, failures in rehearsals((thread_of(item) for item in ITEMS.values()), policy):
        done.failures[thread.id] = failures
        with store.read() as tx:
            done.walked |= set(_steps(tx.journal.records(DESK, TicketId(thread.id))))
    return done


def _steps(journal: Iterable[Record]) -> Iterator[tuple[str, str]]:
    before = Engagement(desk=DESK, ticket=TicketId("1"))
    for record in journal:
        after = apply(before, record)
        for old, new in zip(before.terms, after.terms, strict=False):
            yield from ((old.state, new.state), (old.work, new.work), (old.charge, new.charge))
        before = after


def test_there_are_the_sixteen_of_the_evaluation_and_at_least_forty_of_our_own() -> None:
    assert sum(name.startswith("L") for name in ITEMS) == 16
    assert sum(name.startswith("S") for name in ITEMS) >= 40


@pytest.mark.parametrize("name", ITEMS)
def test_a_lifecycle_comes_out_as_computed_by_hand(name: str, played: Played) -> None:
    assert [failure.to_json() for failure in played.failures[name]] == []


NEVER = {(ChargeState.PASSED_THROUGH, ChargeState.CHARGEABLE)}
"""In the table, since a charge follows what is recorded; but no command takes a pass-through back."""


@pytest.mark.parametrize("table", [TERM, WORK, CHARGE], ids=["term", "work", "charge"])
def test_every_transition_is_walked(table: Mapping[tuple[StrEnum, StrEnum], StrEnum], played: Played) -> None:
    moves = {(before, after) for (before, _move), after in table.items() if before != after}

    assert moves - played.walked - NEVER == set()


def _other(path: tuple[Any, ...], value: Any) -> Callable[[dict[str, Any]], None]:
    def change(item: dict[str, Any]) -> None:
        place = item["expected"]
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "seq", "what"),
    [
        (("states", 2, "state"), "refused", 3, "state"),
        (
            ("confirmation_deadlines",),
            [{"proposed_at_seq": 3, "plain_24h": "2026-09-15T10:30:00-03:00"}],
            3,
            "confirmation_deadline",
        ),
        (("engagements", 0, "accepted_by_seq"), 2, 2, "A.accepted_by_seq"),
        (("engagements", 0, "interrupted_by_seq"), 5, 5, "A.interrupted_by_seq"),
        (("engagements", 0, "retracted_by_seq"), 5, 5, "A.retracted_by_seq"),
        (("engagements", 0, "billable_minutes"), 44, None, "A.billable_minutes"),
        (("engagements", 0, "gross_amount_brl"), 265.51, None, "A.gross_amount_brl"),
        (("engagements", 0, "amount_due_brl"), 0, None, "A.amount_due_brl"),
        (("engagements", 0, "waived"), True, None, "A.waived"),
        (("engagements", 0, "billable_entry_seqs"), [], None, "A.billable_entry_seqs"),
        (("engagements", 0, "non_billable"), [{"seq": 4, "minutes": 1, "reason": "during_pause"}], None, "A.non_billable"),
        (("engagements", 0, "engagement"), "B", None, "engagement B"),
        (("total_due_brl",), 1, None, "total_due_brl"),
        (("invoice_cnpj",), None, None, "invoice_cnpj"),
        (("pass_through",), {"unit": "Sul", "cnpj": "1"}, None, "pass_through"),
        (("refused",), [4], None, "refused"),
    ],
)
def test_whatever_differs_is_named_with_its_step(
    path: tuple[Any, ...], value: Any, seq: int | None, what: str, policy: Policy
) -> None:
    item = json.loads(json.dumps(ITEMS["S01"]))
    _other(path, value)(item)

    found = evaluate_threads([thread_of(item)], policy)

    assert [(failure.seq, failure.what) for failure in found.failures] == [(seq, what)]
    assert found.passed == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda item: item.pop("events"), "events: Missing data for required field."),
        (lambda item: item["events"].clear(), "events: Shorter than minimum length 1."),
        (lambda item: item["events"][1].pop("modality"), "events.1.modality: Missing data for required field."),
        (lambda item: item["events"][1].update(type="teleported"), "events.1.type: Must be one of"),
        (lambda item: item["events"][2].update(at="2026-09-14T10:30:00"), "events.2.at: Not a valid aware datetime."),
        (lambda item: item["events"][2].update(at="2026-09-14T09:30:00-03:00"), "seq 3 happens before seq 2"),
        (lambda item: item["events"][2].update(seq=2), "each seq must be greater"),
        (lambda item: item["events"].pop(0), "the first one must be ticket_created"),
        (lambda item: item["expected"]["states"].append({"after_seq": 99, "state": "none"}), "no event has seq 99"),
        (lambda item: item.update(policy={"billing": {"colour": 1}}), "policy.billing"),
        (lambda item: item.update(policy={"weather": {}}), "policy.weather"),
    ],
)
def test_a_line_that_is_no_lifecycle_is_refused_with_the_place(
    change: Callable[[dict[str, Any]], Any], says: str, policy: Policy
) -> None:
    item = json.loads(json.dumps(ITEMS["S01"]))
    change(item)

    with pytest.raises(BadScript, match=says):
        evaluate_threads([thread_of(item)], policy)


def test_the_command_prints_the_documented_object(tmp_path: Path) -> None:
    wrong = json.loads(json.dumps(ITEMS["S02"]))
    _other(("total_due_brl",), 5.9)(wrong)
    file = tmp_path / "two.jsonl"
    file.write_text("\n".join(json.dumps(item) for item in (ITEMS["S01"], wrong)), encoding="utf-8")

    done = CliRunner().invoke(bridge, ["evaluate", "threads", "--json", str(file)], catch_exceptions=False)

    assert json.loads(done.stdout) == {
        "threads": 2,
        "passed": 1,
        "failures": [{"id": "S02", "seq": None, "what": "total_due_brl", "expected": 5.9, "actual": 0.0}],
    }


def test_the_command_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(json.dumps(ITEMS["S01"]) + '\n{"id": "X"}\n', encoding="utf-8")

    done = CliRunner().invoke(bridge, ["evaluate", "threads", str(file)])

    assert done.exit_code == 1
    assert f"{file}:2: events: Missing data for required field.; expected: Missing data" in done.output
