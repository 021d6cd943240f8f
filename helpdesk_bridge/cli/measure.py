"""Commands that measure the reading of text on labelled files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import click

from helpdesk_bridge.build import settings_of
from helpdesk_bridge.cli import bridge
from helpdesk_bridge.engine.rehearsal import BadScript, Thread, evaluate_threads, thread_of
from helpdesk_bridge.logs import configure_logging
from helpdesk_bridge.policy import Policy, load_policy
from helpdesk_bridge.policy.evaluate_comments import evaluate_comments, evaluate_mail, evaluate_traps
from helpdesk_bridge.policy.evaluate_tickets import evaluate_tickets
from helpdesk_bridge.readers import RULES, Guarded, Reader, open_reader, read_comment, read_ticket

SPEED = "items_per_second"
"""The one figure that differs from run to run."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """What reads: a policy, and a reader beside its rules."""

    policy: Policy
    reader: Reader | None


@bridge.group()
def evaluate() -> None:
    """Measure readings on labelled text (JSON lines; any file of the documented form works)."""


def _shown(command: Any) -> Any:
    command = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)
    return click.option("--errors", is_flag=True, help="List the misses.")(command)


def _read_by(command: Any) -> Any:
    return click.option("--reader", default=RULES, show_default=True, help="Who reads beside the rules.")(command)


def _arguments(command: Any) -> Any:
    return click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))(_shown(command))


@evaluate.command()
@_arguments
@_read_by
def comments(file: Path, reader: str, as_json: bool, errors: bool) -> None:
    """Labels of customers' comments, and which of them the engine would take as a Consent by itself."""
    _print(_comments(file, _eyes(reader)), as_json=as_json, errors=errors)


@evaluate.command()
@_arguments
@_read_by
def tickets(file: Path, reader: str, as_json: bool, errors: bool) -> None:
    """Modalities, criteria and their evidence."""
    _print(_tickets(file, _eyes(reader)), as_json=as_json, errors=errors)


@evaluate.command()
@_arguments
@_read_by
def traps(file: Path, reader: str, as_json: bool, errors: bool) -> None:
    """Texts that look like an acceptance: none may be accepted."""
    _print(_traps(file, _eyes(reader)), as_json=as_json, errors=errors)


@evaluate.command()
@_arguments
@_read_by
def attacks(file: Path, reader: str, as_json: bool, errors: bool) -> None:
    """Texts that hide or disguise what they say, measured as traps: none may be accepted."""
    _print(_traps(file, _eyes(reader)), as_json=as_json, errors=errors)


@evaluate.command()
@_arguments
def mail(file: Path, as_json: bool, errors: bool) -> None:
    """Mail replies: quotes and signatures gone, the author's words kept."""
    _print(_mail(file, None), as_json=as_json, errors=errors)


@evaluate.command()
@_arguments
@_read_by
def threads(file: Path, reader: str, as_json: bool, errors: bool) -> None:
    """Whole lifecycles, played through the real engine on a virtual clock: states, deadlines, minutes and money."""
    _print(_threads(file, _eyes(reader)), as_json=as_json, errors=errors)


@evaluate.command("all")
@_shown
@_read_by
@click.option("--skip", multiple=True, metavar="NAMES", help="Leave out files of such names: *traps*.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def all_(folder: Path, reader: str, skip: tuple[str, ...], as_json: bool, errors: bool) -> None:
    """Measure every file of a folder, each as its name says; exit status 1 when anything was accepted that is no acceptance."""
    found = _all_figures(folder, _eyes(reader), NAMED, skip)
    objects = {name: _still(figures) for name, figures in found.items()}
    if as_json:
        click.echo(json.dumps(objects, ensure_ascii=False))
    else:
        for name, figures in found.items():
            click.echo(f"{name}\n{'=' * len(name)}\n{_for_people(figures, errors=errors)}\n")
    wrong = [f"{name}: {each}" for name, found in objects.items() for each in _taken(found)]
    if wrong:
        raise click.ClickException(f"accepted what is no acceptance: {', '.join(wrong)}")


def _comments(file: Path, eyes: Eyes) -> Figures:
    return evaluate_comments(_items(file), eyes.policy.lexicon, eyes.policy.rules, partial(read_comment, reader=eyes.reader))


def _tickets(file: Path, eyes: Eyes) -> Figures:
    return evaluate_tickets(_items(file), eyes.policy.cues, eyes.policy.rules, partial(read_ticket, reader=eyes.reader))


def _traps(file: Path, eyes: Eyes) -> Figures:
    return evaluate_traps(_items(file), eyes.policy.lexicon, eyes.policy.rules, partial(read_comment, reader=eyes.reader))


def _mail(file: Path, _eyes: Eyes | None) -> Figures:
    return evaluate_mail(_items(file))


def _threads(file: Path, eyes: Eyes) -> Figures:
    scripts = [_script(file, number, item) for number, item in _numbered(file)]
    configure_logging(replace(settings_of(None).log, level="error"))
    return evaluate_threads(scripts, eyes.policy, eyes.reader)


Measure = Callable[[Path, Eyes], Figures]
NAMED: Mapping[str, Measure] = {
    "attacks*": _traps,
    "comments*": _comments,
    "mail*": _mail,
    "threads*": _threads,
    "tickets*": _tickets,
    "*traps*": _traps,
}
"""What a file is measured as, by its name without ``.jsonl``."""


def measured(folder: Path, eyes: Eyes, kinds: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Measure every file of a folder that is of one of these kinds; return its figures but the speed."""
    return {name: _still(figures) for name, figures in _all_figures(folder, eyes, kinds).items()}


def _all_figures(folder: Path, eyes: Eyes, kinds: Iterable[str], skip: Iterable[str] = ()) -> dict[str, Figures]:
    found: list[tuple[Path, str]] = []
    listed = [file for file in sorted(folder.glob("*.jsonl")) if not any(fnmatch(file.stem, each) for each in skip)]
    for file in listed:
        kind = next((pattern for pattern in NAMED if fnmatch(file.stem, pattern)), None)
        if kind is None:
            raise click.ClickException(f"{file}: its name does not say what it is measured as: {', '.join(NAMED)}")
        found.append((file, kind))
    if not found:
        raise click.ClickException(f"{folder}: holds no .jsonl file")
    return {file.name: NAMED[kind](file, eyes) for file, kind in found if kind in kinds}


def _still(figures: Figures) -> dict[str, Any]:
    return {key: value for key, value in figures.to_json().items() if key != SPEED}


def _taken(figures: Mapping[str, Any]) -> list[str]:
    """Return what was accepted and should not have been."""
    return [str(name) for name in (*figures.get("accepted", ()), *figures.get("false_acceptances", ()))]


def _eyes(name: str) -> Eyes:
    """Open the policy and the reader; nobody waits for an answer here, so that a slow machine measures the same."""
    policy = load_policy(*settings_of(None).policy_folders)
    reader = open_reader(name, policy)
    return Eyes(policy=policy, reader=Guarded(reader, seconds=None) if reader is not None else None)


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
    click.echo(json.dumps(figures.to_json(), ensure_ascii=False) if as_json else _for_people(figures, errors=errors))


def _for_people(figures: Figures, *, errors: bool) -> str:
    return "\n".join([figures.table(), *(figures.misses() if errors else ())])
