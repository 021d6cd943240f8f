"""Commands that turn what agents corrected into labelled text."""

from __future__ import annotations

import json
from pathlib import Path

import click

from helpdesk_bridge.cli import bridge
from helpdesk_bridge.cli.desk import opened
from helpdesk_bridge.engine import feedback as learnt

FILES = {"comments": "comments.jsonl", "tickets": "tickets.jsonl"}


@bridge.group()
def feedback() -> None:
    """What agents confirmed or corrected, as labelled text."""


@feedback.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--redact/--no-redact", default=True, show_default=True, help="Leave out names, addresses, tax and telephone numbers."
)
def export(folder: Path, redact: bool) -> None:
    """Write FOLDER/comments.jsonl and FOLDER/tickets.jsonl in the form that `evaluate` and `train` read."""
    with opened() as running:
        items = list(learnt.feedback(running.store, redact=redact))
    comments = [item for item in items if "label" in item]
    tickets = [item for item in items if "label" not in item]
    folder.mkdir(parents=True, exist_ok=True)
    for name, kept in (("comments", comments), ("tickets", tickets)):
        lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in kept)
        (folder / FILES[name]).write_text(lines, encoding="utf-8")
    click.echo(f"{folder}: {len(comments)} comments, {len(tickets)} tickets")
    if redact:
        click.echo("names of people outside the thread may remain: look before you pass it on")
