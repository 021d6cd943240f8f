"""Commands about tickets and parked rows."""

from __future__ import annotations

import getpass
from uuid import uuid4

import click

from helpdesk_bridge.cli import bridge
from helpdesk_bridge.cli.desk import opened, ticket_named
from helpdesk_bridge.domain.tickets import advise
from helpdesk_bridge.domain.values import Language, Ticket
from helpdesk_bridge.engine.advance import load
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.operate import Action, RowName, operate
from helpdesk_bridge.engine.orders import place
from helpdesk_bridge.language import parse_commands
from helpdesk_bridge.readers import read_ticket
from helpdesk_bridge.store import decode_engagement


@bridge.command()
@click.option("--limit", default=50, show_default=True, help="How many, newest first.")
def tickets(limit: int) -> None:
    """List the tickets the bridge knows, with their recommendation and term."""
    with opened() as running, running.store.read() as tx:
        for row in tx.engagements.list(limit):
            engagement = decode_engagement(row.state)
            term = engagement.term
            state = f"term {term.number} {term.state.value}" if term else "no term"
            recommended = engagement.override or engagement.recommended or "-"
            click.echo(f"{row.desk}/{row.ticket:<10} {recommended:<22} {state:<20} {row.updated_at:%Y-%m-%d %H:%M}Z")


@bridge.command()
@click.argument("ticket")
def show(ticket: str) -> None:
    """Show one TICKET: where its term stands and everything that was recorded, in order."""
    with opened() as running:
        desk, number = ticket_named(running, ticket)
        engagement, seq = load(running, desk, number)
        if seq == 0:
            raise click.ClickException(f"nothing is recorded about {desk}/{number}")
        with running.store.read() as tx:
            records, updates = tx.journal.records(desk, number), tx.outbox.of_ticket(desk, number)
    click.echo(f"{desk}/{number}  recommended: {engagement.recommended or '-'}  override: {engagement.override or '-'}")
    for term in engagement.terms:
        click.echo(
            f"term {term.number}  {term.modality} {term.version} {term.reference}  {term.state.value}, work {term.work.value}"
            f"  rate {term.hourly} {term.currency}/h  cut-off {term.cut_off or '-'}"
        )
    click.echo("\ntimeline")
    for record in records:
        about = _summary(record.kind, dict(record.body)) + ("  (erased)" if record.is_erased else "")
        click.echo(f"{record.seq:>4}  {record.at:%Y-%m-%d %H:%M:%S}Z  {record.kind:<22} {record.actor:<24} {about}")
    click.echo("\nupdates")
    for row in updates:
        click.echo(
            f"  {row.reference}  {row.state:<9} {'public' if row.update.public else 'internal':<9} {row.key}"
            + (f"  ({row.reason})" if row.reason else "")
        )


SHOWN = ("modality", "criteria", "number", "label", "pattern", "reason", "version", "reference", "comment", "action", "row")


def _summary(kind: str, body: dict[str, object]) -> str:
    if kind == "words":
        return repr(str(body.get("own_words", ""))[:100])
    return "  ".join(f"{key}={body[key]}" for key in SHOWN if body.get(key))


@bridge.command()
@click.argument("ticket")
def explain(ticket: str) -> None:
    """Say which criterion of one TICKET fired on which fact and words, and why the modality follows."""
    with opened() as running:
        desk, number = ticket_named(running, ticket)
        with running.store.read() as tx:
            seen = next(filter(None, (tx.inbox.snapshot(row.id) for row in tx.inbox.of_ticket(desk, number))), None)
        seen = seen or running.desks[desk].fetch(number)
        _explain(running, seen)


def _explain(running: Bridge, ticket: Ticket) -> None:
    reading = read_ticket(ticket, running.policy.cues, running.reader)
    rules = running.policy.rules
    facts, recommendation = advise(ticket, reading, rules)
    click.echo(f"{ticket.desk}/{ticket.id}  {ticket.subject}\n")
    for name, value in facts.items():
        click.echo(f"  fact {name:<22} {value if value is not None else '-'}")
    click.echo()
    for cue in reading.cues:
        label = next((criterion.labels[Language.EN] for criterion in rules.criteria if criterion.id == cue.criterion), "")
        place = f"{cue.source} {cue.comment}" if cue.comment else cue.source
        click.echo(f"  {cue.criterion}  {label}")
        click.echo(f"      {place} [{cue.span.start}:{cue.span.end}] by {cue.author.value}: {cue.text!r}  ({cue.pattern})")
    click.echo(f"\n  => {recommendation.modality} ({recommendation.confidence})  policy {rules.digest[:12]}")
    if recommendation.runner_up:
        click.echo(f"     runner-up {recommendation.runner_up.modality}: {recommendation.runner_up.reason}")


@bridge.command()
@click.argument("ticket")
@click.argument("command")
@click.option("--by", "operator", default=getpass.getuser, show_default="you", help="Who gives the order.")
def order(ticket: str, command: str, operator: str) -> None:
    """Give a COMMAND ("/tempo 35min remoto") about one TICKET, as an agent would in an internal note; the answer is a note there."""
    with opened() as running:
        desk, number = ticket_named(running, ticket)
        typed = parse_commands(command if command.startswith("/") else f"/{command}", running.policy.lexicon)
        if len(typed) != 1 or not typed[0].known:
            near = f"; did you mean /{typed[0].nearest}?" if typed and typed[0].nearest else ""
            raise click.ClickException(f"not a command: {command}{near}")
        place(running, desk, number, typed[0].line, operator=operator, name=str(uuid4()))
    click.echo(f"{desk}/{number}: {typed[0].line} is recorded; the answer will be an internal note in the ticket")


@bridge.command()
def parked() -> None:
    """List rows that wait for a person, each with its reason."""
    with opened() as running, running.store.read() as tx:
        lines = [_parked(f"in:{row.id}", row.desk, row.ticket, row.identity, row.reason) for row in tx.inbox.parked()]
        lines += [
            _parked(f"out:{row.id}", row.desk, row.ticket, f"{row.reference} {row.key}", row.reason) for row in tx.outbox.parked()
        ]
    for line in lines:
        click.echo(line)
    click.echo(f"{len(lines)} parked")


def _parked(name: str, desk: str, ticket: str | None, what: str, reason: str) -> str:
    return f"{name:<9} {desk}/{ticket or '?':<10} {what}: {reason}"


@bridge.command()
@click.argument("row", required=False)
@click.option("--all", "everything", is_flag=True, help="Every parked row.")
@click.option("--reason", default="retried by an operator", show_default=True)
def retry(row: str | None, everything: bool, reason: str) -> None:
    """Try a parked ROW (in:12, out:7) again."""
    if (row is None) is not everything:
        raise click.UsageError("name one row, or --all")
    with opened() as running:
        if row is not None:
            names = [row]
        else:
            with running.store.read() as tx:
                names = [f"in:{each.id}" for each in tx.inbox.parked()] + [f"out:{each.id}" for each in tx.outbox.parked()]
        for name in names:
            _operate(running, name, Action.RETRY, reason)


@bridge.command()
@click.argument("row")
@click.option("--reason", required=True, help="Why nothing is lost by skipping it; it is journalled.")
def skip(row: str, reason: str) -> None:
    """Give a parked ROW up and let its ticket go on."""
    with opened() as running:
        _operate(running, row, Action.SKIP, reason)


@bridge.command()
@click.argument("row")
@click.option("--reason", required=True, help="What was done by hand; it is journalled.")
def resolve(row: str, reason: str) -> None:
    """Say that a parked ROW was done by hand."""
    with opened() as running:
        _operate(running, row, Action.RESOLVE, reason)


def _operate(running: Bridge, name: str, action: Action, reason: str) -> None:
    try:
        operate(running, RowName.of(name), action, operator=getpass.getuser(), reason=reason)
    except (LookupError, ValueError) as error:
        raise click.ClickException(str(error.args[0])) from error
    click.echo(f"{name}: {action.value}")
