"""Proving that nothing was changed afterwards: every chain holds, every engagement is the fold of its journal, every seal stands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.journal import Record, genesis, verify
from helpdesk_bridge.domain.seals import FIRST
from helpdesk_bridge.domain.statements import StatementLine
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.store import BookedStatement, Store, Transaction, decode_engagement

NO_ENGAGEMENT = "there is no engagement beside the journal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the audit says about one ticket, or about seals or statements as a whole; no problems means that it verifies."""

    desk: DeskId | None
    ticket: TicketId | None
    records: int
    problems: tuple[str, ...]
    about: str = ""
    """``seals`` or ``statements``, without desk and ticket."""

    @property
    def is_about_nothing(self) -> bool:
        """True when neither a record nor a trace of one is there."""
        return self.records == 0 and self.problems == (NO_ENGAGEMENT,)

    @property
    def name(self) -> str:
        """What it is about."""
        return f"{self.desk}/{self.ticket}" if self.desk is not None else self.about


def audit(store: Store) -> Iterator[Finding]:
    """Verify every journal, also those of which only a seal or an engagement is left."""
    with store.read() as tx:
        known = set(tx.journal.names())
        known.update(tx.seals.tickets())
        known.update(tx.engagements.names())
    for desk, ticket in sorted(known):
        yield audit_ticket(store, desk, ticket)


def audit_ticket(store: Store, desk: DeskId, ticket: TicketId) -> Finding:
    """Verify one ticket: bytes, hashes, order, the cached engagement against the journal, and every record that a seal covers."""
    with store.read() as tx:
        problems = tx.journal.misstored(desk, ticket)
        records: list[Record] = []
        unread = _readable("the journal", lambda: records.extend(tx.journal.records(desk, ticket)))
        if unread:  # the column is named above
            return Finding(desk=desk, ticket=ticket, records=0, problems=(*problems, *unread))
        problems += _readable("the chain", lambda: verify(records, desk, ticket))
        problems += _readable("a seal", lambda: _unsealed(tx, desk, ticket, records))
        problems += _readable("the engagement", lambda: _cache(tx, desk, ticket, records))
    return Finding(desk=desk, ticket=ticket, records=len(records), problems=tuple(problems))


def _readable(what: str, check: Callable[[], Iterable[str] | None]) -> list[str]:
    """Return what a check finds; what a change made unreadable is a finding, and no reason to stop."""
    try:
        return list(check() or ())
    except Exception as error:  # noqa: BLE001 - nobody knows what somebody wrote there
        return [f"{what} cannot be read: {error!r}"[:300]]


def audit_seals(store: Store, published: Collection[str] = ()) -> Finding:
    """Verify the chain of seals, and that every ``published`` hash is one of theirs."""
    hashes: list[str] = []
    with store.read() as tx:
        problems = _readable("the book of seals", lambda: _seals(tx, hashes))
    problems += [f"no seal has the published hash {one}" for one in published if one not in hashes]
    return Finding(desk=None, ticket=None, records=len(hashes), problems=tuple(problems), about="seals")


def _seals(tx: Transaction, hashes: list[str]) -> Iterator[str]:
    """Follow the seals, and collect their hashes."""
    previous, expected = FIRST, 1
    for seal in tx.seals.each():
        if seal.number != expected:
            yield f"seal {expected} is missing"
        yield from seal.problems(tx.seals.heads(seal.number), previous)
        previous, expected = seal.hash, seal.number + 1
        hashes.append(seal.hash)
    yield from (f"seal {number} is missing, its heads are not" for number in tx.seals.numbers() if number >= expected)


def audit_statements(store: Store) -> Finding:
    """Verify that every statement is what it was closed as, and says of each engagement what its journal says."""
    with store.read() as tx:
        problems = [f"statement {number} is not what it was closed as" for number in tx.statement_book.misstored()]
        booked: list[BookedStatement] = []
        problems += _readable("the book of statements", lambda: booked.extend(tx.statement_book.list(limit=sys.maxsize)))
        lines = ((one, line) for one in booked if not one.is_released for line in one.statement.lines)
        problems += _readable("an engagement", lambda: [problem for each in lines for problem in _misstated(tx, *each)])
    return Finding(desk=None, ticket=None, records=len(booked), problems=tuple(problems), about="statements")


def _misstated(tx: Transaction, booked: BookedStatement, line: StatementLine) -> Iterator[str]:
    """What a statement says otherwise than the journal, once that has heard of it."""
    number = booked.number
    saved = tx.engagements.load(line.desk, line.ticket)
    term = decode_engagement(saved.state).numbered(line.term) if saved is not None else None
    if term is None or term.charged is None:
        yield f"statement {number} states {line.desk}/{line.ticket} term {line.term}, whose journal holds no charge"
        return
    if term.statement is None:  # its workers have yet to hear
        return
    charge = term.charged
    stated = (line.charged_seconds, line.gross, line.due, line.hourly)
    recorded = (charge.charged_seconds, charge.gross, charge.due, term.hourly_rate)
    if (str(number), *recorded) != (term.statement, *stated):
        yield (
            f"statement {number} says {line.charged_seconds} s and {line.due} due of {line.desk}/{line.ticket} term {line.term},"
            f" the journal {charge.charged_seconds} s and {charge.due} in statement {term.statement}"
        )
    invoices = [billing.invoice for billing in booked.billings if billing.invoice]
    if term.invoice is not None and term.invoice.number not in invoices:
        known = ", ".join(invoices) or "none"
        yield f"statement {number} has the invoice {known}, the journal of {line.desk}/{line.ticket} {term.invoice.number}"


def _unsealed(tx: Transaction, desk: DeskId, ticket: TicketId, records: Sequence[Record]) -> Iterator[str]:
    """What was sealed of a ticket and is not there any more."""
    hashes = {record.seq: record.hash for record in records}
    for number, head in tx.seals.of_ticket(desk, ticket):
        seal = tx.seals.get(number)
        when = f"seal {number} of {seal.at:%Y-%m-%d %H:%M}Z" if seal is not None else f"seal {number}"
        if head.seq not in hashes:
            yield f"record {head.seq} was covered by {when}, and the journal ends at {len(records)}: records were removed"
        elif hashes[head.seq] != head.hash:
            yield f"record {head.seq} is not the one that {when} covers"


def _cache(tx: Transaction, desk: DeskId, ticket: TicketId, records: Sequence[Record]) -> Iterator[str]:
    """What the cached engagement says otherwise than its journal."""
    saved = tx.engagements.load(desk, ticket)
    if saved is None:
        yield NO_ENGAGEMENT
        return
    if (saved.seq, saved.head) != ((records[-1].seq, records[-1].hash) if records else (0, genesis(desk, ticket))):
        yield f"the engagement names record {saved.seq} as the last one, the journal ends at {len(records)}"
    if fold(Engagement(desk=desk, ticket=ticket), records) != decode_engagement(saved.state):
        yield "the engagement is not what its journal adds up to"
