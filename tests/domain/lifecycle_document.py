"""Draw docs/lifecycle.md from the tables: ``python -m tests.domain.lifecycle_document``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from helpdesk_bridge.domain.lifecycle import CHARGE, TERM, WORK

INTRODUCTION = """\
# Lifecycles

Drawn from `helpdesk_bridge/domain/lifecycle.py`; a test compares. A term is *sent* when the agent orders it and counts from the
moment the desk shows it. An answer that is not beyond doubt leaves it *sent* with an open question for a person.
"""


def drawn() -> str:
    """Return the document."""
    return "\n".join([INTRODUCTION, *_machine("Term", TERM), *_machine("Work", WORK), *_machine("Charge", CHARGE)])


def _machine(title: str, table: Mapping[tuple[StrEnum, StrEnum], StrEnum]) -> Iterator[str]:
    first = next(iter(table))[0]
    yield from (f"## {title}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {first}")
    yield from (f"    {state} --> {after}: {move}" for (state, move), after in table.items())
    yield from ("```", "")


if __name__ == "__main__":
    (Path(__file__).parents[2] / "docs" / "lifecycle.md").write_text(drawn(), encoding="utf-8")
