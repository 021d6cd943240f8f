"""The commands: ``helpdesk-bridge …`` and ``flask bridge …`` are the same."""

from __future__ import annotations

import os
import sys

import click

from helpdesk_bridge._version import __version__
from helpdesk_bridge.errors import BridgeError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
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


from helpdesk_bridge.cli import evidence, measure, policies, serve, tickets  # noqa: E402,F401 - they register commands
