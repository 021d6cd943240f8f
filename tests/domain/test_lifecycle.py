"""The lifecycle tables are closed, and the documentation is drawn from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_bridge.domain.lifecycle import TERM, WORK, TermState, WorkState
from tests.domain.lifecycle_document import drawn

DOCUMENT = Path(__file__).parents[2] / "docs" / "lifecycle.md"


@pytest.mark.parametrize(("table", "states"), [(TERM, TermState), (WORK, WorkState)])
def test_every_state_is_reachable_and_no_move_leads_outside(table, states):
    first = next(iter(states))

    assert {first, *table.values()} == set(states)


def test_only_a_pending_term_can_be_accepted():
    assert [state for (state, move) in TERM if move == "accept"] == [TermState.SENT]


def test_the_documentation_shows_the_tables_as_they_are():
    """Run ``python -m tests.domain.lifecycle_document`` to draw it again."""
    assert DOCUMENT.read_text(encoding="utf-8") == drawn()
