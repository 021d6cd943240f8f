"""Every command that is obeyed can be typed."""

from __future__ import annotations

import pytest

from helpdesk_bridge.domain.commands import COMMANDS
from helpdesk_bridge.language import parse_commands
from helpdesk_bridge.policy import Policy, load_policy


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The shipped policy."""
    return load_policy()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_known_to_the_shipped_lexicon(name: str, policy: Policy) -> None:
    (command,) = parse_commands(f"/{name} palavra", policy.lexicon)

    assert (command.name, command.known) == (name, True)
