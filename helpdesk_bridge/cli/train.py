"""The command that fits the heads of the reader ``ml`` anew, and promotes them only when the gates still hold."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from helpdesk_bridge.build import settings_of
from helpdesk_bridge.cli import bridge
from helpdesk_bridge.policy import Policy, load_policy

HEADS = Path("heads") / "default.yaml"
GATES = ("attacks*", "comments*", "tickets*", "*traps*")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@bridge.command()
@click.option(
    "--gates", type=_FOLDER, required=True, help="Labelled files that nothing may get worse on, as `evaluate all` reads them."
)
@click.option("--on", "further", type=_FOLDER, multiple=True, help="A folder of labelled .jsonl beside the shipped ones.")
@click.option("--shipped/--no-shipped", default=True, show_default=True, help="Fit on the files that ship with the policy.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write (default: your policy folder).")
@click.option("--tolerance", type=click.FloatRange(0, 1), default=0.01, show_default=True, help="How much a figure may fall.")
@click.option("--dry-run", is_flag=True, help="Fit and measure; write nothing.")
def train(gates: Path, further: tuple[Path, ...], shipped: bool, out: Path | None, tolerance: float, dry_run: bool) -> None:
    """Fit the heads of the reader `ml` to labelled text; the same files give the same document. Minutes, not seconds."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded: sums in one order
    settings = settings_of(None)
    policy = load_policy(*settings.policy_folders)
    target = out or next((folder / HEADS for folder in settings.policy_folders), None)
    if target is None:
        raise click.ClickException("there is no policy folder of yours to write to: set `policy`, or give --out")
    document, text = _fitted(policy, further, shipped=shipped)
    objections = _objections(policy, document, gates, tolerance)
    if objections:
        raise click.ClickException("\n".join(["the heads in force stay:", *objections]))
    if not dry_run:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    click.echo(f"the gates hold; {'nothing is written' if dry_run else f'{target} is written'}")


def _fitted(policy: Policy, further: tuple[Path, ...], *, shipped: bool) -> tuple[Mapping[str, Any], str]:
    from helpdesk_bridge.policy.folders import SHIPPED_POLICY
    from helpdesk_bridge.readers.material import counted, gather
    from helpdesk_bridge.readers.training import PIN, fitted, written
    from helpdesk_bridge.readers.vectors import Vectors

    pin = policy.heads["model"] if policy.heads is not None else PIN
    material = gather(*([SHIPPED_POLICY / "heads" / "training"] if shipped else []), *further)
    click.echo("\n".join(counted(material)))
    document = fitted(material, Vectors(pin, kept=1_000_000), pin)
    return document, written(document)


def _objections(policy: Policy, document: Mapping[str, Any], gates: Path, tolerance: float) -> list[str]:
    """Measure the heads in force and the new ones, and compare."""
    from helpdesk_bridge.cli.measure import Eyes, measured
    from helpdesk_bridge.readers.ml import reader_of
    from helpdesk_bridge.readers.promotion import objections, quality
    from helpdesk_bridge.readers.vectors import Vectors

    vectors = Vectors(document["model"], kept=1_000_000)
    in_force = reader_of(policy, policy.heads, vectors) if policy.heads is not None else None
    current = measured(gates, Eyes(policy=policy, reader=in_force), GATES)
    candidate = measured(gates, Eyes(policy=policy, reader=reader_of(policy, document, vectors)), GATES)
    for file, figures in candidate.items():
        now = quality(current[file])
        for name, value in quality(figures).items():
            click.echo(f"{file:<28}{name:<20}{now[name]:>8.4f} → {value:.4f}")
    return objections(current, candidate, tolerance)
