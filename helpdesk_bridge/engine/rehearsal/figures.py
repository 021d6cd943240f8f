"""How many rehearsed lifecycles came out as expected, and where the others differ."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from helpdesk_bridge.engine.rehearsal.compare import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadFigures:
    """Figures of a file of lifecycles."""

    threads: tuple[str, ...]
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> int:
        """How many came out exactly as expected."""
        return len(self.threads) - len({failure.id for failure in self.failures})

    def to_json(self) -> dict[str, Any]:
        """Return the documented object."""
        return {
            "threads": len(self.threads),
            "passed": self.passed,
            "failures": [failure.to_json() for failure in self.failures],
        }

    def table(self) -> str:
        """Return the figures for people."""
        differ = Counter(failure.id for failure in self.failures)
        rows = [f"{name:<10}{f'{differ[name]} differences' if differ[name] else 'passed'}" for name in self.threads]
        return "\n".join([*rows, f"{len(self.threads)} threads, {self.passed} passed"])

    def misses(self) -> list[str]:
        """Return one line for each difference."""
        return [_line(failure) for failure in self.failures]


def _line(failure: Failure) -> str:
    place = f"{failure.id}{f' after {failure.seq}' if failure.seq is not None else ''}"
    return f"{place:<14} {failure.what}: expected {_said(failure.expected)}, got {_said(failure.actual)}"


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
