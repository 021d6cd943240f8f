"""Commands that prove what was recorded."""

from __future__ import annotations

import getpass
import os
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpdesk_bridge.build import settings_of
from helpdesk_bridge.cli import bridge
from helpdesk_bridge.cli.desk import opened, ticket_named
from helpdesk_bridge.domain.seals import Seal
from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.engine.audit import audit as audit_all
from helpdesk_bridge.engine.audit import audit_seals, audit_statements, audit_ticket
from helpdesk_bridge.engine.sealing import seal_heads
from helpdesk_bridge.policy.vocabulary import Vocabulary

if TYPE_CHECKING:
    from helpdesk_bridge.engine.signing import Signer


@bridge.group()
def audit() -> None:
    """Prove that the journal is what was recorded."""


@audit.command("verify")
@click.argument("ticket", required=False)
@click.option("--published", multiple=True, metavar="HASH", help="A seal's hash that was published: it must still be there.")
@click.option("--published-in", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file with such hashes.")
def verify(ticket: str | None, published: tuple[str, ...], published_in: Path | None) -> None:
    """Re-hash every chain, refold every engagement, check every seal and statement; or, of journals, only one TICKET's."""
    if published_in is not None:
        published += tuple(re.findall(r"\b[0-9a-f]{64}\b", published_in.read_text(encoding="utf-8")))
    with opened() as running:
        if ticket is not None:
            findings = [audit_ticket(running.store, *ticket_named(running, ticket))]
        else:
            findings = list(audit_all(running.store))
        seals, statements = audit_seals(running.store, published), audit_statements(running.store)
    broken = [finding for finding in findings if finding.problems]
    for finding in (*broken, seals, statements):
        for problem in finding.problems:
            click.echo(f"{finding.name}: {problem}", err=True)
    records = sum(finding.records for finding in findings)
    if broken:
        raise click.ClickException(f"{len(broken)} of {len(findings)} tickets do not verify")
    for finding in (seals, statements):
        if finding.problems:
            raise click.ClickException(f"the {finding.name} do not verify")
    click.echo(f"{len(findings)} tickets, {records} records: every chain holds and every engagement refolds")
    click.echo(f"{seals.records} seals: every sealed record is there")
    click.echo(f"{statements.records} statements: each says what the journals say")


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


@audit.command("export")
@click.argument("ticket")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The ZIP to write.")
@click.option("--language", type=click.Choice([each.value for each in Language]), help="Of the pages; default: the site's.")
@click.option("--unsigned", is_flag=True, help="Write it without a signature, which proves nothing to others.")
def export(ticket: str, out: Path, language: str | None, unsigned: bool) -> None:
    """Write everything recorded about one TICKET as one signed ZIP that others can verify: docs/evidence.md says how."""
    from helpdesk_bridge.engine.dossier import dossier_of, packed
    from helpdesk_bridge.papers.evidence_files import as_files

    signer = None if unsigned else _signer()
    with opened() as running:
        dossier = dossier_of(running, *ticket_named(running, ticket), by=getpass.getuser(), signer=signer)
        chosen = Language(language) if language else running.policy.rules.default_language
        files = as_files(dossier, running.policy.rules, Vocabulary(running.policy.wording.sources, chosen, "evidence"))
        at = running.policy.rules.calendar.local(dossier.made_at)
    written = packed(files, at, signer)
    out.touch(mode=0o600)  # it tells who wrote what
    out.write_bytes(written)
    click.echo(f"{out}: {len(written)} bytes, {len(dossier.records)} records, {len(dossier.seals)} seals")
    if dossier.sealed_up_to < len(dossier.records):
        click.echo(f"records after {dossier.sealed_up_to} are under no seal yet: `audit seal` makes one now", err=True)
    click.echo("not signed" if dossier.key is None else f"signed; public key {dossier.key}")


@audit.command("erase")
@click.argument("ticket")
@click.option("--reason", required=True, help="Why, without naming anybody: it is recorded.")
@click.option("--person", help="Only what one person wrote or is mentioned in: their id at the desk, name or e-mail address.")
@click.option("--force", is_flag=True, help="Although something may yet be charged on these words.")
def erase(ticket: str, reason: str, person: str | None, force: bool) -> None:
    """Erase what is recorded about people in one TICKET; the chain, the decisions and the money facts stay."""
    from helpdesk_bridge.engine.erase import erase as erase_people

    with opened() as running:
        desk, number = ticket_named(running, ticket)
        operator = getpass.getuser()
        done = erase_people(running, desk, number, reason=reason, operator=operator, person=person, force=force)
    if done.is_nothing:
        click.echo(f"{desk}/{number}: nothing is left to erase")
        return
    numbers = f" ({', '.join(str(seq) for seq in done.records)})" if done.records else ""
    click.echo(
        f"{desk}/{number}: emptied {len(done.records)} records{numbers}, {done.deliveries} deliveries, {done.updates} updates;"
        " erase the ticket at the desk too, or the bridge reads it there again"
    )


def _signer() -> Signer:
    from helpdesk_bridge.engine.signing import Signer

    pem = settings_of(None).evidence.signing_key
    if pem is None:
        raise click.ClickException(
            "there is no key to sign with: make one by `audit key new FILE` and name it in BRIDGE_EVIDENCE_SIGNING_KEY_FILE"
            " (--unsigned writes the file without a signature)"
        )
    return Signer.of(pem)


@audit.group("key")
def key() -> None:
    """The key that exported evidence is signed with."""


@key.command("new")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def new_key(file: Path) -> None:
    """Make a private key in FILE, which only you can read, and print its public half, to be published."""
    from helpdesk_bridge.engine.signing import Signer

    signer = Signer.new()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    with os.fdopen(descriptor, "wb") as opened_file:
        opened_file.write(signer.pem)
    click.echo(f"{file}: keep it secret and back it up; name it in BRIDGE_EVIDENCE_SIGNING_KEY_FILE")
    click.echo(f"public key {signer.public}")


@key.command("show")
def show_key() -> None:
    """Print the public half of the configured key."""
    click.echo(f"public key {_signer().public}")


def _show(seal: Seal) -> None:
    click.echo(f"seal {seal.number}  {seal.at:%Y-%m-%dT%H:%M:%S}Z  {seal.heads} chains  {seal.hash}")
