"""Every command is listed, found, and documented for the person on call."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click
import pytest

from helpdesk_bridge.cli import PARTS, bridge
from tests.cli.site import CommandSite

OPERATE = Path(__file__).parents[2] / "docs" / "operate.md"


def test_the_list_of_commands_is_what_the_modules_define():
    for part in PARTS:
        import_module(f"helpdesk_bridge.cli.{part}")

    assert sorted(bridge.commands) == bridge.list_commands(click.Context(bridge))


def test_every_command_is_documented():
    text = OPERATE.read_text(encoding="utf-8")
    context = click.Context(bridge)
    names = []
    for name in bridge.list_commands(context):
        command = bridge.get_command(context, name)
        inner = command.list_commands(context) if isinstance(command, click.Group) else []
        names += [f"{name} {each}" for each in inner] or [name]

    assert [name for name in names if f"`{name}" not in text] == []


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--strict",), 1)])
def test_notes_on_the_lexicons_fail_a_policy_check_only_when_it_is_strict(
    site: CommandSite, options: tuple[str, ...], code: int
) -> None:
    cue = "{id: stop, patterns: [parou tudo], examples: [Parou tudo.]}"
    criterion = f"{{id: ZZ-01, labels: {{pt-BR: a, es: a, en: a}}, cues: {{pt-BR: [{cue}]}}}}"
    (site.policy / "criteria").mkdir(parents=True, exist_ok=True)
    (site.policy / "criteria" / "zz.yaml").write_text(f"criteria:\n  - {criterion}\n", encoding="utf-8")
    answer = site.run("policy", "check", *options)
    assert (answer.exit_code, "has no near miss" in answer.output) == (code, True)
