"""Commands about the policy."""

from __future__ import annotations

import click

from helpdesk_bridge.build import settings_of
from helpdesk_bridge.cli import bridge
from helpdesk_bridge.policy import check_policy, load_policy


@bridge.group()
def policy() -> None:
    """Look after modalities, criteria, terms, rates and phrases."""


@policy.command()
def check() -> None:
    """Load every policy file, run every example, and report every error at once."""
    settings = settings_of(None)
    problems = check_policy(*settings.policy_folders)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} problem(s); nothing was changed")
    loaded = load_policy(*settings.policy_folders)
    click.echo(f"{len(loaded.documents)} documents are in order; policy {loaded.digest[:12]}")
