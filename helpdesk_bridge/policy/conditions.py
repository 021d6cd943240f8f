"""Conditions as administrators write them: ``all``/``any`` of ``{field, operator, value}`` over the closed list of facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import marshmallow as ma

from helpdesk_bridge.domain.conditions import Check, Condition, FactValue, Operator
from helpdesk_bridge.domain.facts import FACTS

_LISTS = frozenset({Operator.IN, Operator.NOT_IN, Operator.INCLUDES_ANY, Operator.INCLUDES_ALL, Operator.INCLUDES_NONE})
"""Operators that compare with several values."""

_ONE = frozenset({Operator.IS, Operator.IS_NOT, Operator.IN, Operator.NOT_IN})
_FITTING: dict[type, frozenset[Operator]] = {
    str: _ONE,
    int: _ONE | {Operator.AT_LEAST},
    tuple: frozenset({Operator.INCLUDES, Operator.INCLUDES_ANY, Operator.INCLUDES_ALL, Operator.INCLUDES_NONE}),
}
"""Type of a fact → what can be asked of it; ``present`` can be asked of any."""

_NAMES = {str: "a text", int: "a number", tuple: "a list"}


class Conditions(ma.fields.Field[Condition]):
    """A condition; every error names the test it is in (``all.0``)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Condition:
        return _condition(value)


def checks_of(condition: Condition, path: str = "") -> Iterator[tuple[str, Check]]:
    """Yield every test of a condition with its path."""
    for group, parts in (("all", condition.all), ("any", condition.any)):
        for number, part in enumerate(parts):
            where = f"{path}.{group}.{number}"
            if isinstance(part, Condition):
                yield from checks_of(part, where)
            else:
                yield where, part


def values_of(check: Check) -> tuple[FactValue, ...]:
    """Return everything a test compares with."""
    return check.value if isinstance(check.value, tuple) else (check.value,)


def _condition(raw: Any) -> Condition:
    if not isinstance(raw, dict) or not raw or set(raw) - {"all", "any"}:
        raise ma.ValidationError("a condition has `all` and `any` lists, and nothing else")
    groups: dict[str, tuple[Check | Condition, ...]] = {}
    errors: dict[str, Any] = {}
    for name, parts in raw.items():
        try:
            groups[name] = _parts(parts)
        except ma.ValidationError as error:
            errors[name] = error.messages
    if errors:
        raise ma.ValidationError(errors)
    return Condition(**groups)


def _parts(raw: Any) -> tuple[Check | Condition, ...]:
    if not isinstance(raw, list) or not raw:
        raise ma.ValidationError("must be a list of tests")
    parts: list[Check | Condition] = []
    errors: dict[int, Any] = {}
    for number, part in enumerate(raw):
        try:
            parts.append(_condition(part) if isinstance(part, dict) and set(part) & {"all", "any"} else _check(part))
        except ma.ValidationError as error:
            errors[number] = error.messages
    if errors:
        raise ma.ValidationError(errors)
    return tuple(parts)


def _check(raw: Any) -> Check:
    if not isinstance(raw, dict) or set(raw) - {"field", "operator", "value"} or not {"field", "operator"} <= set(raw):
        raise ma.ValidationError("a test has `field`, `operator` and `value`")
    name, word = raw["field"], raw["operator"]
    if not isinstance(name, str) or name not in FACTS:
        raise ma.ValidationError({"field": [f"there is no fact {name!r}; known: {', '.join(sorted(FACTS))}"]})
    if word not in tuple(Operator):
        raise ma.ValidationError({"operator": [f"there is no operator {word!r}; known: {', '.join(Operator)}"]})
    operator = Operator(word)
    _fitting(name, operator, raw.get("value"))
    value = raw.get("value")
    return Check(field=name, operator=operator, value=tuple(value) if isinstance(value, list) else value)


def _fitting(name: str, operator: Operator, value: Any) -> None:
    """Refuse an operator that asks a fact what it cannot answer, and values of another type. Raises: ValidationError."""
    kind = FACTS[name][0]
    if operator is Operator.PRESENT:
        if value not in (None, True, False):
            raise ma.ValidationError({"value": ["present takes true or false"]})
        return
    if operator not in _FITTING[kind]:
        raise ma.ValidationError({"operator": [f"{name} is {_NAMES[kind]}: {operator.value} does not fit"]})
    if (operator in _LISTS) is not isinstance(value, list):
        raise ma.ValidationError({"value": [f"{operator.value} needs {'a list' if operator in _LISTS else 'one value'}"]})
    wanted = int if kind is int else str
    wrong = [one for one in (value if isinstance(value, list) else [value]) if type(one) is not wanted]
    if wrong:
        raise ma.ValidationError({"value": [f"{wrong[0]!r} is not {_NAMES[wanted]}"]})
