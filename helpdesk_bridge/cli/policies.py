"""Commands about the policy."""

from __future__ import annotations

import click

from helpdesk_bridge.build import settings_of
from helpdesk_bridge.cli import bridge
from helpdesk_bridge.policy import check_policy, load_policy
from helpdesk_bridge.policy.review import review


@bridge.group()
def policy() -> None:
    """Look after modalities, criteria, terms, rates and phrases."""


@policy.command()
@click.option("--strict", is_flag=True, help="Notes on entries that are shadowed, repeated, unproved or over-broad fail as well.")
def check(*, strict: bool) -> None:
    """Load every policy file, run every example, and report every error at once; then note lexicon entries that are hardly meant."""
    settings = settings_of(None)
    problems = check_policy(*settings.policy_folders)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} problem(s); nothing was changed")
    loaded = load_policy(*settings.policy_folders)
    notes = review(loaded)
    for note in notes:
        click.echo(f"note: {note}", err=True)
    if strict and notes:
        raise click.ClickException(f"{len(notes)} note(s) on the lexicons")
    click.echo(f"{len(loaded.documents)} documents are in order; policy {loaded.digest[:12]}")
