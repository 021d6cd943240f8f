"""Commands that prove what was recorded."""

from __future__ import annotations

from datetime import datetime

import click

from helpdesk_bridge.cli import bridge
from helpdesk_bridge.cli.desk import opened, ticket_named
from helpdesk_bridge.domain.seals import Seal
from helpdesk_bridge.engine.audit import audit as audit_all
from helpdesk_bridge.engine.audit import audit_seals, audit_ticket
from helpdesk_bridge.engine.sealing import seal_heads


@bridge.group()
def audit() -> None:
    """Prove that the journal is what was recorded."""


@audit.command("verify")
@click.argument("ticket", required=False)
@click.option("--published", multiple=True, metavar="HASH", help="A seal's hash that was published: it must still be there.")
def verify(ticket: str | None, published: tuple[str, ...]) -> None:
    """Re-hash every chain, refold every engagement and check every seal, or those of one TICKET (desk/ticket)."""
    with opened() as running:
        if ticket is not None:
            findings = [audit_ticket(running.store, *ticket_named(running, ticket))]
        else:
            findings = list(audit_all(running.store))
        seals = audit_seals(running.store, published)
    broken = [finding for finding in findings if finding.problems]
    for finding in (*broken, seals):
        for problem in finding.problems:
            click.echo(f"{finding.name}: {problem}", err=True)
    records = sum(finding.records for finding in findings)
    if broken:
        raise click.ClickException(f"{len(broken)} of {len(findings)} tickets do not verify")
    if seals.problems:
        raise click.ClickException("the seals do not verify")
    click.echo(f"{len(findings)} tickets, {records} records: every chain holds and every engagement refolds")
    click.echo(f"{seals.records} seals: every sealed record is there")


@audit.command("seal")
def seal() -> None:
    """Seal every chain that grew since the last seal, now; the workers do it once a day, after midnight."""
    with opened() as running:
        made = seal_heads(running)
        with running.store.read() as tx:
            last = tx.seals.last()
    if made is None:
        click.echo("nothing was recorded since the last seal")
    if last is not None:
        _show(last)


@audit.command("heads")
@click.option("--since", type=click.DateTime(formats=["%Y-%m-%d"]), help="Only seals of this day (UTC) or later.")
@click.option("--limit", default=30, show_default=True, help="How many, newest first.")
def heads(since: datetime | None, limit: int) -> None:
    """Print the newest seals, to be published where nobody here can change them: docs/evidence.md says how."""
    with opened() as running, running.store.read() as tx:
        for each in tx.seals.newest(limit):
            if since is None or each.at.date() >= since.date():
                _show(each)


def _show(seal: Seal) -> None:
    click.echo(f"seal {seal.number}  {seal.at:%Y-%m-%dT%H:%M:%S}Z  {seal.heads} chains  {seal.hash}")
