"""Conditions in the shape helpdesk admins know: ``all``/``any`` of ``{field, operator, value}`` over facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

FactValue = str | bool | int | tuple[str, ...] | None
Facts = Mapping[str, FactValue]


class Operator(StrEnum):
    """Everything a test can ask; there are no expressions."""

    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    INCLUDES = "includes"
    INCLUDES_ANY = "includes_any"
    INCLUDES_ALL = "includes_all"
    INCLUDES_NONE = "includes_none"
    AT_LEAST = "at_least"
    PRESENT = "present"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One comparison of one fact."""

    field: str
    operator: Operator
    value: FactValue = None

    def holds(self, facts: Facts) -> bool:
        """True when the fact passes; a fact that is not known fails every test but the negative ones."""
        fact = facts.get(self.field)
        match self.operator:
            case Operator.IS:
                return fact == self.value
            case Operator.IS_NOT:
                return fact != self.value
            case Operator.IN:
                return fact in _many(self.value)
            case Operator.NOT_IN:
                return fact not in _many(self.value)
            case Operator.INCLUDES:
                return self.value in _many(fact)
            case Operator.INCLUDES_ANY:
                return any(value in _many(fact) for value in _many(self.value))
            case Operator.INCLUDES_ALL:
                return all(value in _many(fact) for value in _many(self.value))
            case Operator.INCLUDES_NONE:
                return not any(value in _many(fact) for value in _many(self.value))
            case Operator.AT_LEAST:
                return isinstance(fact, int) and isinstance(self.value, int) and fact >= self.value
            case Operator.PRESENT:
                return bool(fact) is (self.value is not False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Every test of ``all`` and, when there are any, one of ``any``; conditions nest."""

    all: tuple[Check | Condition, ...] = ()
    any: tuple[Check | Condition, ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Evaluate over facts; an empty condition holds."""
        if not all(part.holds(facts) for part in self.all):
            return False
        return not self.any or any(part.holds(facts) for part in self.any)


def _many(value: FactValue) -> tuple[FactValue, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)
