"""Commands about the rate table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from helpdesk_bridge.build import settings_of
from helpdesk_bridge.cli import bridge
from helpdesk_bridge.cli.desk import opened
from helpdesk_bridge.domain.rates import last_rows, refusal_to_adjust
from helpdesk_bridge.domain.rules import Adjustment, Rate, Rules
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.rates import sent_from
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.policy.adjust import Step, steps, write_steps
from helpdesk_bridge.policy.series import Series, live_series, read_series

DAY = click.DateTime(formats=["%Y-%m-%d"])
MONTH = click.DateTime(formats=["%Y-%m"])


@bridge.group()
def rates() -> None:
    """Look at the rate table, and adjust it by an index."""


@rates.command("show")
@click.option("--at", "day", type=DAY, help="Only rows in force on this day.")
def show(day: datetime | None) -> None:
    """Show the rate table, with where each adjusted price comes from."""
    rules = load_policy(*settings_of(None).policy_folders).rules
    for row in sorted(rules.rates, key=lambda row: (row.modality, row.product_line or "", row.valid_from)):
        if day is None or _in_force(row, day.date()):
            click.echo(_written(row))


def _in_force(row: Rate, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


def _written(row: Rate) -> str:
    span = f"{row.valid_from} to {row.valid_to or 'now on'}"
    line = f"{row.id:<24} {row.modality:<22} {row.product_line or 'every line':<16} {row.currency} {row.hourly:>9}/h  {span}"
    if row.adjustment is None:
        return f"{line}  {row.index}".rstrip()
    source = " ".join(filter(None, (row.adjustment.source, row.adjustment.months, row.adjustment.digest[:12])))
    return f"{line}  {row.index} {row.adjustment.percent:+}% on {row.adjustment.follows} ({source})"


@rates.command("adjust")
@click.option("--index", required=True, help="Only rows that follow this index (IGP-M).")
@click.option("--percent", help="By how much, such as 4.2.")
@click.option(
    "--series", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File of the BCB series, CSV or JSON."
)
@click.option("--series-code", type=click.IntRange(min=1), help="Number of the BCB series (189: IGP-M), read from its service.")
@click.option("--first", type=MONTH, help="First month of the series that counts.")
@click.option("--last", type=MONTH, help="Last month of the series that counts.")
@click.option("--from", "day", type=DAY, required=True, help="First day of the new price.")
@click.option("--modality", help="Only this modality.")
@click.option("--product-line", help="Only this product line.")
@click.option("--dry-run", is_flag=True, help="Only show what would be written.")
def adjust(
    index: str,
    percent: str | None,
    series: Path | None,
    series_code: int | None,
    first: datetime | None,
    last: datetime | None,
    day: datetime,
    modality: str | None,
    product_line: str | None,
    dry_run: bool,
) -> None:
    """End rows of the rate table and add rows with the adjusted price that follow them; terms already sent keep theirs."""
    if sum(each is not None for each in (percent, series, series_code)) != 1:
        raise click.UsageError("give one of --percent, --series and --series-code")
    if percent is not None:
        source = Adjustment(follows="", percent=_percentage(percent), source="percent")
    else:
        read = _live(series_code, first, last) if series_code else read_series(_bytes(series), str(series))
        name = f"BCB SGS {series_code}" if series_code else Path(str(series)).name
        source = _by_series(read.between(_month(first), _month(last)), name)
    with opened() as running:
        rows = _chosen(running.policy.rules, index, modality, product_line)
        planned = steps(rows, day.date(), source, [row.id for row in running.policy.rules.rates])
        _refuse(running, planned)
        for step in planned:
            click.echo(f"{step.ends.id}: {step.ends.currency} {step.ends.hourly}/h until {_day_before(step)}")
            click.echo(_written(step.begins))
        if not dry_run:
            _write(running, planned)


def _percentage(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", ".").rstrip("%"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not -100 < value <= 1000:
        raise click.BadParameter(f"{text!r} is no percentage such as 4.2", param_hint="--percent")
    return value


def _by_series(series: Series, name: str) -> Adjustment:
    if not series.months:
        raise click.ClickException("the series holds none of these months")
    return Adjustment(follows="", percent=series.percent, source=name, months=series.span, digest=series.digest)


def _bytes(path: Path | None) -> bytes:
    assert path is not None
    return path.read_bytes()


def _month(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _live(code: int, first: datetime | None, last: datetime | None) -> Series:
    if first is None or last is None:
        raise click.UsageError("--series-code needs --first and --last")
    return live_series(code, first.date(), last.date())


def _chosen(rules: Rules, index: str, modality: str | None, product_line: str | None) -> tuple[Rate, ...]:
    known = last_rows(rules.rates)
    rows = tuple(
        row
        for row in known
        if row.index == index
        and (modality is None or row.modality == modality)
        and (product_line is None or row.product_line == product_line)
    )
    if not rows:
        indices = ", ".join(sorted({row.index for row in known if row.index})) or "none"
        raise click.ClickException(f"no row of the rate table fits; rows follow these indices: {indices}")
    return rows


def _refuse(running: Bridge, planned: Sequence[Step]) -> None:
    """Refuse an adjustment that leaves a hole in the table or contradicts a term that was sent."""
    reasons = [
        refusal_to_adjust(step.ends, step.begins.valid_from, step.begins.adjustment.percent)
        for step in planned
        if step.begins.adjustment is not None
    ]
    if any(reasons):
        raise click.ClickException("; ".join(filter(None, reasons)))
    day = planned[0].begins.valid_from
    sent = sent_from(running.store, {step.ends.id for step in planned}, day, running.policy.rules.calendar.zone)
    if sent:
        named = ", ".join(map(str, sent[:5])) + (f" and {len(sent) - 5} more" if len(sent) > 5 else "")
        raise click.ClickException(f"a price from {day} on would change what was sent to customers: {named}")


def _write(running: Bridge, planned: Sequence[Step]) -> None:
    folders = settings_of(None).policy_folders
    if not folders:
        raise click.ClickException("name a policy folder of your own in the settings (policy: …): the shipped one is not changed")
    for path in write_steps(planned, running.policy.documents, folders[-1], folders):
        click.echo(f"written: {path}")
    click.echo("restart the workers to put it in force")


def _day_before(step: Step) -> date:
    return date.fromordinal(step.begins.valid_from.toordinal() - 1)
