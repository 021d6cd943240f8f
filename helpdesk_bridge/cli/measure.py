"""Commands that measure the reading of text on labelled files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import click

from helpdesk_bridge.build import settings_of
from helpdesk_bridge.cli import bridge
from helpdesk_bridge.engine.rehearsal import BadScript, Thread, evaluate_threads, thread_of
from helpdesk_bridge.logs import configure_logging
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.policy.evaluate_comments import evaluate_comments, evaluate_mail, evaluate_traps
from helpdesk_bridge.policy.evaluate_tickets import evaluate_tickets


class Figures(Protocol):
    """What every evaluation returns."""

    def to_json(self) -> dict[str, Any]:
        """Return the documented object."""
        ...

    def table(self) -> str:
        """Return the figures for people."""
        ...

    def misses(self) -> list[str]:
        """Return one line for each item that was read wrongly."""
        ...


@bridge.group()
def evaluate() -> None:
    """Measure readings on labelled text (JSON lines; any file of the documented form works)."""


def _arguments(command: Any) -> Any:
    command = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)
    command = click.option("--errors", is_flag=True, help="List the misses.")(command)
    return click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))(command)


@evaluate.command()
@_arguments
def comments(file: Path, as_json: bool, errors: bool) -> None:
    """Labels of customers' comments, and which of them the engine would take as a Consent by itself."""
    policy = load_policy(*settings_of(None).policy_folders)
    _print(evaluate_comments(_items(file), policy.lexicon, policy.rules), as_json=as_json, errors=errors)


@evaluate.command()
@_arguments
def tickets(file: Path, as_json: bool, errors: bool) -> None:
    """Modalities, criteria and their evidence."""
    policy = load_policy(*settings_of(None).policy_folders)
    _print(evaluate_tickets(_items(file), policy.cues, policy.rules), as_json=as_json, errors=errors)


@evaluate.command()
@_arguments
def traps(file: Path, as_json: bool, errors: bool) -> None:
    """Texts that look like an acceptance: none may be accepted."""
    policy = load_policy(*settings_of(None).policy_folders)
    _print(evaluate_traps(_items(file), policy.lexicon, policy.rules), as_json=as_json, errors=errors)


@evaluate.command()
@_arguments
def mail(file: Path, as_json: bool, errors: bool) -> None:
    """Mail replies: quotes and signatures gone, the author's words kept."""
    _print(evaluate_mail(_items(file)), as_json=as_json, errors=errors)


@evaluate.command()
@_arguments
def threads(file: Path, as_json: bool, errors: bool) -> None:
    """Whole lifecycles, played through the real engine on a virtual clock: states, deadlines, minutes and money."""
    scripts = [_script(file, number, item) for number, item in _numbered(file)]
    settings = settings_of(None)
    configure_logging(replace(settings.log, level="error"))
    policy = load_policy(*settings.policy_folders)
    _print(evaluate_threads(scripts, policy), as_json=as_json, errors=errors)


def _script(file: Path, number: int, item: dict[str, Any]) -> Thread:
    try:
        return thread_of(item)
    except BadScript as error:
        raise click.ClickException(f"{file}:{number}: {error}") from error


def _items(file: Path) -> list[dict[str, Any]]:
    return [item for _number, item in _numbered(file)]


def _numbered(file: Path) -> list[tuple[int, dict[str, Any]]]:
    items = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            raise click.ClickException(f"{file}:{number}: not JSON: {error}") from error
        if not isinstance(item, dict):
            raise click.ClickException(f"{file}:{number}: not an object")
        items.append((number, item))
    return items


def _print(figures: Figures, *, as_json: bool, errors: bool) -> None:
    if as_json:
        click.echo(json.dumps(figures.to_json(), ensure_ascii=False))
        return
    click.echo(figures.table())
    if errors:
        click.echo("\n".join(figures.misses()))
