"""What finance did with a statement: invoiced, invoiced again or cancelled, recorded in the book and told to every ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from helpdesk_bridge.domain.events import Billed
from helpdesk_bridge.domain.statements import WITHOUT_INVOICE, Billing, StatementKind, StatementLine, refusal
from helpdesk_bridge.domain.tax_ids import Verdict, tax_id, verdict
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.store import AlreadyRecorded, BookedStatement, NewRow, Transaction, decode_engagement


class BillingRefused(BridgeError):
    """Finance cannot do this with the statement."""


def bill(bridge: Bridge, number: int, asked: Billing) -> Billing:
    """Record what finance did with a statement; an empty ``tax_id`` is filled in. Raises: BillingRefused."""
    today = bridge.policy.rules.calendar.local(bridge.now()).date()
    with bridge.store.write() as tx:
        booked = tx.statement_book.get(number)
        if booked is None:
            raise BillingRefused(f"there is no statement {number}")
        billing = _completed(tx, booked, asked)
        reason = refusal(booked.statement, booked.billings, billing, today) or _unrecorded(tx, booked)
        if reason is not None:
            raise BillingRefused(f"statement {number}: {reason}")
        try:
            seq = tx.statement_book.bill(number, billing, len(booked.billings))
        except AlreadyRecorded as error:
            raise BillingRefused(str(error)) from error
        tx.inbox.add([_told(booked, line, seq, billing) for line in booked.statement.lines])
    bridge.bell.ring("inbox")
    return billing


def cost_of_reinvoicing(booked: BookedStatement, billing: Billing, zone: str) -> Verdict:
    """Judge who bears charges and taxes of invoicing again: in a later month than the first invoice, the customer does."""
    issued: list[date] = [each.issued_on for each in booked.billings if each.issued_on is not None]
    return verdict(billing.at, min(issued, default=None), zone)


def _told(booked: BookedStatement, line: StatementLine, seq: int, billing: Billing) -> NewRow:
    event = Billed(
        kind=billing.move.value,
        number=line.term,
        statement=str(booked.number),
        operator=billing.operator,
        at=billing.at,
        identity=f"billed:{booked.number}:{seq}:{line.term}",
        invoice=billing.invoice or None,
        tax_id=billing.tax_id or None,
        issued_on=billing.issued_on,
        reason=billing.reason,
    )
    return NewRow.internal(line.desk, line.ticket, event, now=billing.at)


def _completed(tx: Transaction, booked: BookedStatement, asked: Billing) -> Billing:
    """Fill in whom the invoice goes to, and write a number that was given as it is stored."""
    if asked.move in WITHOUT_INVOICE:
        return asked
    given = asked.tax_id or _payer_now(tx, booked)
    known = tax_id(given)
    return replace(asked, tax_id=known.key if known is not None else given)


def _payer_now(tx: Transaction, booked: BookedStatement) -> str:
    """Return the statement's tax number, or the one that was named in its tickets since."""
    invoiced = [each.tax_id for each in booked.billings if each.tax_id]
    current = invoiced[-1] if invoiced else booked.statement.tax_id
    if invoiced or booked.statement.kind is StatementKind.PASS_THROUGH:
        return current
    named = {_named(tx, line) or current for line in booked.statement.lines}
    if len(named) > 1:
        raise BillingRefused(f"statement {booked.number}: its tickets name different tax numbers by now: say which (--tax-id)")
    return named.pop() if named else current


def _named(tx: Transaction, line: StatementLine) -> str | None:
    saved = tx.engagements.load(line.desk, line.ticket)
    return decode_engagement(saved.state).tax_id if saved is not None else None


def _unrecorded(tx: Transaction, booked: BookedStatement) -> str | None:
    """Return which tickets have not recorded yet that they are stated: their workers may be down."""
    waiting = []
    for line in booked.statement.lines:
        saved = tx.engagements.load(line.desk, line.ticket)
        term = decode_engagement(saved.state).numbered(line.term) if saved is not None else None
        if term is None or term.statement != str(booked.number):
            waiting.append(f"{line.desk}/{line.ticket}")
    return f"not recorded yet in {', '.join(waiting[:5])}: are the workers running?" if waiting else None
