"""Commands about monthly statements: close, look at, export, and what finance did with them."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from helpdesk_bridge.cli import bridge
from helpdesk_bridge.cli.desk import opened, ticket_named
from helpdesk_bridge.domain.billing import charge_of
from helpdesk_bridge.domain.gone import CHARGE, NEVER
from helpdesk_bridge.domain.statements import Billing, Period, StatementMove
from helpdesk_bridge.domain.tax_ids import Verdict, tax_id
from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.close_month import ClosedBooks, close_month, rehearse
from helpdesk_bridge.engine.invoice import bill, cost_of_reinvoicing
from helpdesk_bridge.engine.people import people_of
from helpdesk_bridge.engine.settle_gone import orphans, settle_gone
from helpdesk_bridge.papers.account import Account
from helpdesk_bridge.policy.vocabulary import Vocabulary
from helpdesk_bridge.store import BookedStatement

DAY = click.DateTime(formats=["%Y-%m-%d"])


def _period(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Period | None:
    """Read a month, or say what is wrong with it."""
    try:
        return None if value is None else Period.of(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@bridge.group()
def statements() -> None:
    """Close months into statements, export them, and record their invoices."""


@statements.command("close")
@click.argument("month", callback=_period)
@click.option("--dry-run", is_flag=True, help="Only show what closing now would come to.")
@click.option("--early", is_flag=True, help="Close before the closing day (the month itself must be over).")
def close(month: Period, dry_run: bool, early: bool) -> None:
    """Close MONTH (2026-10): state every charge of a solved ticket whose work ended by then; the rest rolls over."""
    with opened() as running:
        if dry_run:
            _show_books(rehearse(running, month))
            click.echo("a dry run: nothing was recorded")
        else:
            _show_books(close_month(running, month, operator=getpass.getuser(), early=early))


def _show_books(books: ClosedBooks) -> None:
    names = [str(one.number) for one in books.booked] or ["-"] * len(books.closing.statements)
    for name, statement in zip(names, books.closing.statements, strict=True):
        click.echo(
            f"{name:>4}  {statement.kind.value:<12} {statement.tax_id:<16} {statement.organization:<30}"
            f" {len(statement.lines):>3} engagements  {statement.currency} {statement.due:>12}"
            f" (gross {statement.gross}, waived {statement.waived})"
        )
    for rolled in books.closing.rolled:
        click.echo(f"rolls over: {rolled.desk}/{rolled.ticket} term {rolled.term}: {WHY[rolled.reason]}")
    click.echo(
        f"{books.closing.period}: {len(books.closing.statements)} statements,"
        f" {sum(len(one.lines) for one in books.closing.statements)} engagements, {len(books.closing.rolled)} roll over"
    )


WHY = {
    "later_month": "its work ended after the month",
    "events_waiting": "something about the ticket waits to be decided",
    "ticket_open": "the ticket is not solved",
    "ticket_gone": "the ticket is gone from the desk: decide about it (statements settle), it is told once",
    "ticket_unknown": "the ticket cannot be read from the desk",
    "no_tax_id": "nobody is known to invoice: give it a tax number (/cnpj, /repasse, or the organization's at the desk)",
}
"""Why an engagement rolls over, for people."""


@statements.command("list")
@click.option("--month", callback=_period, help="Only this month's.")
@click.option("--tax-id", "number", help="Only this payer's.")
def list_statements(month: Period | None, number: str | None) -> None:
    """List statements, newest first."""
    known = tax_id(number) if number else None
    if number and known is None:
        raise click.BadParameter(f"{number!r} is no valid tax number", param_hint="--tax-id")
    with opened() as running, running.store.read() as tx:
        for one in tx.statement_book.list(month, known.key if known is not None else None):
            invoice = next((each.invoice for each in reversed(one.billings) if each.invoice), "-")
            statement = one.statement
            click.echo(
                f"{one.number:>4}  {statement.period}  {one.state.value:<10} {statement.tax_id:<16} {statement.organization:<30}"
                f" {statement.currency} {statement.due:>12}  {invoice}"
            )


@statements.command("show")
@click.argument("number", type=int)
def show(number: int) -> None:
    """Show statement NUMBER: every engagement, its consent and its entries, and its invoices."""
    with opened() as running:
        account = _account(running, number, running.policy.rules.default_language)
    statement = account.statement
    click.echo(f"{account.name}  {statement.period}  {statement.kind.value}  {statement.tax_id}  {statement.organization}")
    for line in statement.lines:
        click.echo(
            f"\n{line.desk}/{line.ticket} term {line.term} {line.reference}  {line.modality} {line.version}  {line.charge.value}"
            f"\n  accepted {account.local(line.accepted_at):%Y-%m-%d %H:%M:%S} by {account.person(line)} in comment {line.consent_comment}"
            f"\n  {'interrupted' if line.interrupted else 'concluded'} {account.local(line.ended_at):%Y-%m-%d %H:%M:%S}"
        )
        for entry in line.entries:
            excluded = "".join(f", {seconds} s {reason}" for reason, seconds in entry.excluded)
            start, end = account.local(entry.start), account.local(entry.end)
            click.echo(
                f"    #{entry.number} {start:%Y-%m-%d %H:%M:%S}-{end:%H:%M:%S} {entry.kind} {entry.consultant}"
                f" {entry.source}: {entry.seconds} s{excluded}"
            )
        click.echo(
            f"  {line.charged_seconds} s x {line.hourly}/h = {line.gross}, waived {line.waived}"
            f"{f' ({line.reason})' if line.reason else ''}, due {line.due}"
        )
    click.echo(
        f"\ntotal {statement.currency} {statement.due}  (gross {statement.gross}, waived {statement.waived})  {account.digest}"
    )
    for each in account.billings:
        about = f"{each.invoice} of {each.issued_on} to {each.tax_id}" if each.invoice else ""
        click.echo(f"{each.at:%Y-%m-%d %H:%M}Z  {each.move.value} by {each.operator}  {about} {each.reason}".rstrip())


@statements.command("export")
@click.argument("number", type=int)
@click.option("--format", "form", type=click.Choice(["csv", "json", "pdf", "dps"]), required=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write (default: standard output).")
@click.option("--language", type=click.Choice([each.value for each in Language]), help="Default: the site's.")
def export(number: int, form: str, output: Path | None, language: str | None) -> None:
    """Write statement NUMBER as a file: csv for spreadsheets, json for machines, pdf for people, dps to draft an NFS-e."""
    with opened() as running:
        chosen = Language(language) if language else running.policy.rules.default_language
        written = _writer(form)(_account(running, number, chosen))
    if output is None:
        sys.stdout.buffer.write(written)
        return
    output.write_bytes(written)
    click.echo(f"{output}: {len(written)} bytes")


def _writer(form: str) -> Callable[[Account], bytes]:
    """Load what writes a form: a PDF needs libraries that nothing else does."""
    if form == "csv":
        from helpdesk_bridge.papers.as_table import as_csv as write
    elif form == "json":
        from helpdesk_bridge.papers.as_data import as_json as write
    elif form == "pdf":
        from helpdesk_bridge.papers.as_pdf import as_pdf as write
    else:
        from helpdesk_bridge.papers.as_dps import as_dps as write
    return write


def _account(running: Bridge, number: int, language: Language) -> Account:
    booked = _booked(running, number)
    return Account(
        statement=booked.statement,
        rules=running.policy.rules,
        words=Vocabulary(running.policy.wording.sources, language),
        number=booked.number,
        digest=booked.digest,
        closed_at=booked.closed_at,
        billings=booked.billings,
        people=people_of(running.store, booked.statement),
    )


def _booked(running: Bridge, number: int) -> BookedStatement:
    with running.store.read() as tx:
        booked = tx.statement_book.get(number)
    if booked is None:
        raise click.ClickException(f"there is no statement {number}")
    return booked


@statements.command("invoice")
@click.argument("number", type=int)
@click.option("--number", "invoice", required=True, help="Number of the invoice (NF-123).")
@click.option("--issued", type=DAY, required=True, help="Day of issue.")
@click.option("--tax-id", "payer", default="", help="Whom it is made out to (default: as the statement and its tickets say).")
def invoice(number: int, invoice: str, issued: datetime, payer: str) -> None:
    """Record the invoice of statement NUMBER in it and in every ticket it lists."""
    with opened() as running:
        billing = bill(running, number, _asked(running, StatementMove.INVOICE, invoice=invoice, issued=issued, payer=payer))
    click.echo(f"statement {number}: invoiced by {billing.invoice} of {billing.issued_on} to {_written(billing.tax_id)}")


@statements.command("reinvoice")
@click.argument("number", type=int)
@click.option("--number", "invoice", required=True, help="Number of the new invoice.")
@click.option("--issued", type=DAY, required=True, help="Its day of issue.")
@click.option("--tax-id", "payer", default="", help="Whom it is made out to (default: as the invoice before).")
@click.option("--reason", default="", help="Why it was invoiced again.")
def reinvoice(number: int, invoice: str, issued: datetime, payer: str, reason: str) -> None:
    """Record that statement NUMBER was invoiced again, and who bears the cost of it."""
    with opened() as running:
        asked = _asked(running, StatementMove.REINVOICE, invoice=invoice, issued=issued, payer=payer, reason=reason)
        before = _booked(running, number)
        billing = bill(running, number, asked)
        judged = cost_of_reinvoicing(before, billing, running.policy.rules.calendar.zone)
    click.echo(f"statement {number}: invoiced again by {billing.invoice} of {billing.issued_on} to {_written(billing.tax_id)}")
    bearer = "the customer: another month than the first invoice" if judged is Verdict.LATER else "nobody: same month"
    click.echo(f"charges and taxes of re-invoicing are borne by {bearer}")


@statements.command("cancel")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why; it is journalled in every ticket.")
@click.option("--reopen", is_flag=True, help="Let its engagements close again with the next month, instead of never.")
def cancel(number: int, reason: str, reopen: bool) -> None:
    """Record that statement NUMBER is cancelled: its engagements are never charged, or (--reopen) close with the next month."""
    move = StatementMove.RELEASE if reopen else StatementMove.CANCEL
    with opened() as running:
        bill(running, number, _asked(running, move, reason=reason))
    click.echo(f"statement {number}: cancelled; its engagements {'close with the next month' if reopen else 'are never charged'}")


@statements.command("gone")
def list_gone() -> None:
    """List tickets that are gone from their desk while their charge waits: nobody can conclude or solve them any more."""
    with opened() as running:
        for orphan in orphans(running):
            gone_at = orphan.engagement.gone_at
            for term in orphan.terms:
                charge = charge_of(term, running.policy.rules, orphan.engagement.before(term))
                click.echo(
                    f"{orphan.engagement.desk}/{orphan.engagement.ticket} term {term.number} {term.reference}  {term.charge.value}"
                    f"  {term.currency} {charge.due}  gone since {gone_at:%Y-%m-%d %H:%M}Z"
                )


@statements.command("settle")
@click.argument("ticket")
@click.option("--charge", "verdict", flag_value=CHARGE, help="State what was worked with the next closing.")
@click.option("--never", "verdict", flag_value=NEVER, help="Never charge it.")
@click.option("--reason", required=True, help="Why; it is journalled.")
def settle(ticket: str, verdict: str | None, reason: str) -> None:
    """Decide about the charges of a TICKET that is gone from its desk; its journal stays."""
    if verdict is None:
        raise click.UsageError("say --charge or --never")
    with opened() as running:
        desk, number = ticket_named(running, ticket)
        settle_gone(running, desk, number, verdict=verdict, operator=getpass.getuser(), reason=reason)
    outcome = "stated with the next closing" if verdict == CHARGE else "never charged"
    click.echo(f"{desk}/{number}: what waits is {outcome}")


def _asked(
    running: Bridge,
    move: StatementMove,
    *,
    invoice: str = "",
    issued: datetime | None = None,
    payer: str = "",
    reason: str = "",
) -> Billing:
    return Billing(
        move=move,
        operator=getpass.getuser(),
        at=running.now(),
        invoice=invoice.strip(),
        issued_on=issued.date() if issued is not None else None,
        tax_id=payer,
        reason=reason.strip(),
    )


def _written(number: str) -> str:
    known = tax_id(number)
    return f"{known.label} {known.written}" if known is not None else number
