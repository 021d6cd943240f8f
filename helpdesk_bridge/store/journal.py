"""The journal: what was decided, chained ticket by ticket, and never changed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Dialect, RowMapping, func, insert, select, type_coerce, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import NullType, TypeEngine

from helpdesk_bridge.domain.journal import Entry, Record, chain, genesis
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.store.codec import encode
from helpdesk_bridge.store.columns import Moment, storable
from helpdesk_bridge.store.errors import AlreadyRecorded, Overtaken
from helpdesk_bridge.store.tables import journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronicle:
    """A ticket that has a journal."""

    desk: DeskId
    ticket: TicketId
    entries: int
    last_at: datetime


class Journal:
    """The chains of all tickets within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, desk: DeskId, ticket: TicketId, entries: Sequence[Entry], expected_seq: int) -> tuple[Record, ...]:
        """Chain entries behind record ``expected_seq`` (0: none yet), each with fresh salt.

        Raises: Overtaken when the journal goes on already, AlreadyRecorded when an entry of that kind about that fact exists.
        """
        seq, previous = self.head(desk, ticket)
        if seq != expected_seq:
            raise Overtaken
        records: list[Record] = []
        for number, entry in enumerate(entries, start=seq + 1):
            records.append(chain(_storable(entry), seq=number, previous=previous, salt=secrets.token_hex(16)))
            previous = records[-1].hash
        if records:
            self._insert(desk, ticket, records)
        return tuple(records)

    def head(self, desk: DeskId, ticket: TicketId) -> tuple[int, str]:
        """Return number and hash of a ticket's last record."""
        last = select(journal.c.seq, journal.c.hash).where(journal.c.desk == desk, journal.c.ticket == ticket)
        row = self._connection.execute(last.order_by(journal.c.seq.desc()).limit(1)).one_or_none()
        return (0, genesis(DeskId(storable(desk)), TicketId(storable(ticket)))) if row is None else (row.seq, row.hash)

    def records(self, desk: DeskId, ticket: TicketId) -> tuple[Record, ...]:
        """Return the chain of a ticket."""
        mine = select(journal).where(journal.c.desk == desk, journal.c.ticket == ticket).order_by(journal.c.seq)
        return tuple(_record(row) for row in self._connection.execute(mine).mappings())

    def misstored(self, desk: DeskId, ticket: TicketId) -> list[str]:
        """Say which columns do not hold, byte for byte, what we would write: their meaning may be the same, or unreadable."""
        plain = [type_coerce(column, NullType()).label(column.name) for column in journal.c]
        mine = select(*plain).where(journal.c.desk == desk, journal.c.ticket == ticket).order_by(journal.c.seq)
        rows = self._connection.execute(mine).mappings().all()
        return [f"record {row['seq']}: {name} is not stored as it was written" for row in rows for name in self._changed(row)]

    def _changed(self, row: RowMapping) -> list[str]:
        """Name the columns of a row that we would have written otherwise."""
        changed = []
        for name, column in ((each.name, each) for each in journal.c):
            try:
                written = _rewritten(column.type, row[name], name, self._connection.dialect)
            except (ValueError, TypeError, AttributeError, RecursionError):
                changed.append(name)
                continue
            if written != row[name] or isinstance(written, bytes):
                changed.append(name)
        return changed

    def names(self) -> tuple[tuple[DeskId, TicketId], ...]:
        """Name every ticket that has a record, whatever else its records hold."""
        rows = self._connection.execute(select(journal.c.desk, journal.c.ticket).distinct())
        return tuple((DeskId(row.desk), TicketId(row.ticket)) for row in rows)

    def tickets(self) -> tuple[Chronicle, ...]:
        """List every ticket that has a journal."""
        columns = (journal.c.desk, journal.c.ticket)
        last_at = func.max(journal.c.at).label("last_at")
        rows = self._connection.execute(
            select(*columns, func.count().label("entries"), last_at).group_by(*columns).order_by(*columns)
        )
        return tuple(Chronicle(**row) for row in rows.mappings())

    def erase(self, desk: DeskId, ticket: TicketId, seq: int) -> bool:
        """Empty what one record says about a person, and its salt; the chain still holds. False when there is no such record."""
        mine = (journal.c.desk == desk, journal.c.ticket == ticket, journal.c.seq == seq)
        return self._connection.execute(update(journal).where(*mine).values(personal=None, salt=None)).rowcount == 1

    def _insert(self, desk: DeskId, ticket: TicketId, records: Sequence[Record]) -> None:
        rows = [{"desk": desk, "ticket": ticket, **_values(record)} for record in records]
        try:
            self._connection.execute(insert(journal), rows)
        except IntegrityError as error:
            fact_exists = any(sign in str(error.orig) for sign in ("journal_fact", "journal.fact"))
            raise (AlreadyRecorded if fact_exists else Overtaken) from error


def _rewritten(kind: TypeEngine[Any], stored: Any, name: str, dialect: Dialect) -> Any:
    """Read a stored value and write it again."""
    if isinstance(kind, Moment):
        return kind.process_bind_param(kind.process_result_value(stored, dialect), dialect)
    if name in ("body", "personal") and stored is not None:
        return encode(json.loads(stored))
    return stored


def _storable(entry: Entry) -> Entry:
    """Hash the names that will be read back."""
    fact = None if entry.fact is None else storable(entry.fact)
    return replace(entry, actor=storable(entry.actor), kind=storable(entry.kind), fact=fact)


def _values(record: Record) -> dict[str, Any]:
    return {
        "seq": record.seq,
        "at": record.at,
        "actor": record.actor,
        "kind": record.kind,
        "fact": record.fact,
        "body": encode(record.plain),
        "personal": None if record.personal is None else encode(record.personal),
        "salt": record.salt,
        "personal_digest": record.personal_digest,
        "body_digest": record.body_digest,
        "previous": record.previous,
        "hash": record.hash,
    }


def _record(row: RowMapping) -> Record:
    values = {key: value for key, value in row.items() if key not in ("desk", "ticket")}
    plain, personal = values.pop("body"), values.pop("personal")
    return Record(**values, plain=json.loads(plain), personal=None if personal is None else json.loads(personal))
