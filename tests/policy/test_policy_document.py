"""docs/policy.md tells everything an administrator may write."""

from __future__ import annotations

import pytest

from helpdesk_bridge.domain.conditions import Operator
from helpdesk_bridge.domain.facts import FACTS
from helpdesk_bridge.policy.load import LANGUAGE
from helpdesk_bridge.policy.schema import SCHEMAS
from helpdesk_bridge.policy.wording import FILTERS
from tests.policy.site import ROOT, TEMPLATES, shipped

DOCUMENT = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
VARIABLES = (TEMPLATES / "comments" / "VARIABLES.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*FACTS, *Operator])
def test_every_fact_and_operator_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCUMENT


@pytest.mark.parametrize("folder", [*SCHEMAS, LANGUAGE])
def test_every_folder_is_documented(folder: str) -> None:
    assert f"| `{folder}/` |" in DOCUMENT


@pytest.mark.parametrize("name", sorted(shipped().wording.variables("terms/pt-BR/support_consulting.md")))
def test_every_variable_of_a_term_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCUMENT


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_documented(name: str) -> None:
    assert f"`{name}`" in VARIABLES or f"`{name}(" in VARIABLES
