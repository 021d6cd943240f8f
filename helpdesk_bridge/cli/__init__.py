"""The commands: ``helpdesk-bridge …`` and ``flask bridge …`` are the same."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from helpdesk_bridge._version import __version__
from helpdesk_bridge.errors import BridgeError

PARTS = {
    "serve": ("run", "worker", "db", "replay"),
    "policies": ("policy",),
    "rates": ("rates",),
    "statements": ("statements",),
    "tickets": ("tickets", "show", "explain", "order", "parked", "retry", "skip", "resolve"),
    "evidence": ("audit",),
    "measure": ("evaluate",),
    "train": ("train",),
    "feedback": ("feedback",),
}
"""Module → its commands: a command loads its own module only, so that ``run`` and its web processes stay small."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return sorted(name for names in PARTS.values() for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load and return one command."""
        part = next((part for part, names in PARTS.items() if cmd_name in names), None)
        if part is not None:
            import_module(f"{__name__}.{part}")
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--config", type=click.Path(dir_okay=False), envvar="BRIDGE_CONFIG", help="Settings (default: config/bridge.yaml).")
@click.version_option(__version__, prog_name="helpdesk-bridge")
def bridge(config: str | None) -> None:
    """Support modalities, service terms and formal consent beside your helpdesk."""
    if config:
        os.environ["BRIDGE_CONFIG"] = config


def main() -> None:
    """Run a command; what is wrong is told in words and by exit status 1."""
    try:
        bridge.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BridgeError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
