"""Every command is listed, found, and documented for the person on call."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from helpdesk_bridge.cli import PARTS, bridge

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
