"""Conditions are refused where they are wrong, before they can silently never hold."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
import pytest

from helpdesk_bridge.domain.conditions import Check, Condition, Operator
from helpdesk_bridge.domain.facts import FACTS
from helpdesk_bridge.policy.conditions import Conditions, checks_of


def loaded(raw: Any) -> Condition:
    condition: Condition = Conditions().deserialize(raw)
    return condition


def refused(raw: Any) -> Any:
    with pytest.raises(ma.ValidationError) as caught:
        loaded(raw)
    return caught.value.messages


def test_conditions_nest() -> None:
    check = {"field": "criteria", "operator": "includes", "value": "CS-01"}
    number = {"field": "agent_comments", "operator": "at_least", "value": 1}
    expected = Condition(
        all=(
            Check(field="agent_comments", operator=Operator.AT_LEAST, value=1),
            Condition(any=(Check(field="criteria", operator=Operator.INCLUDES, value="CS-01"),)),
        )
    )
    assert expected == loaded({"all": [number, {"any": [check]}]})


def test_every_error_of_a_condition_is_told_with_its_place() -> None:
    good = {"field": "status", "operator": "is", "value": "open"}
    unknown = {"field": "mood", "operator": "is", "value": "x"}
    unfit = {"field": "tags", "operator": "is"}
    messages = refused({"all": [good, unknown], "any": [{"all": [unfit]}]})
    assert messages["all"][1]["field"][0].startswith("there is no fact 'mood'; known: agent_comments, criteria, ")
    assert messages["any"] == {0: {"all": {0: {"operator": ["tags is a list: is does not fit"]}}}}


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        [],
        "criteria includes CS-01",
        {"none": []},
        {"all": []},
        {"all": {"field": "status"}},
        {"all": ["status is open"]},
        {"all": [{"field": "status"}]},
        {"all": [{"field": "status", "operator": "is", "value": "open", "or": 1}]},
        {"all": [{"field": ["status"], "operator": "is", "value": "open"}]},
        {"all": [{"field": "status", "operator": "matches", "value": ".*"}]},
        {"all": [{"field": "status", "operator": "is", "value": True}]},
        {"all": [{"field": "status", "operator": "in", "value": "open"}]},
        {"all": [{"field": "status", "operator": "includes", "value": "open"}]},
        {"all": [{"field": "status", "operator": "at_least", "value": 1}]},
        {"all": [{"field": "agent_comments", "operator": "at_least", "value": "1"}]},
        {"all": [{"field": "agent_comments", "operator": "at_least", "value": True}]},
        {"all": [{"field": "criteria", "operator": "includes", "value": ["CS-01"]}]},
        {"all": [{"field": "criteria", "operator": "present", "value": "yes"}]},
    ],
)
def test_what_is_no_condition_is_refused(raw: Any) -> None:
    with pytest.raises(ma.ValidationError):
        loaded(raw)


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_can_be_asked_for_its_presence(fact: str) -> None:
    expected = Condition(all=(Check(field=fact, operator=Operator.PRESENT, value=True),))
    assert expected == loaded({"all": [{"field": fact, "operator": "present", "value": True}]})


def test_every_test_of_a_condition_has_a_path() -> None:
    raw = {"any": [{"all": [{"field": "status", "operator": "is", "value": "open"}]}]}
    assert [path for path, _check in checks_of(loaded(raw), "when")] == ["when.any.0.all.0"]
