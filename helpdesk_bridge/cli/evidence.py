"""Commands that prove what was recorded."""

from __future__ import annotations

import click

from helpdesk_bridge.cli import bridge
from helpdesk_bridge.cli.desk import opened, ticket_named
from helpdesk_bridge.engine.audit import audit as audit_all


@bridge.group()
def audit() -> None:
    """Prove that the journal is what was recorded."""


@audit.command("verify")
@click.argument("ticket", required=False)
def verify(ticket: str | None) -> None:
    """Re-hash every chain and refold every engagement, or those of one TICKET (desk/ticket)."""
    with opened() as running:
        desk, number = ticket_named(running, ticket) if ticket else (None, None)
        findings = list(audit_all(running.store, desk, number))
    broken = [finding for finding in findings if finding.problems]
    for finding in broken:
        for problem in finding.problems:
            click.echo(f"{finding.desk}/{finding.ticket}: {problem}", err=True)
    records = sum(finding.records for finding in findings)
    if broken:
        raise click.ClickException(f"{len(broken)} of {len(findings)} tickets do not verify")
    click.echo(f"{len(findings)} tickets, {records} records: every chain holds and every engagement refolds")
