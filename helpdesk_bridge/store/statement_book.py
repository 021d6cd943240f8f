"""The book of statements: months that are closed, who was stated what, and what finance did with it. Nothing in it is changed.

An engagement stands on one statement at a time; one that is cancelled for the next closing lets its engagements go.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, RowMapping, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from helpdesk_bridge.domain.statements import (
    Billing,
    Period,
    RolledOver,
    Statement,
    StatementMove,
    StatementState,
    state_of,
)
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.store.codec import decode, encode
from helpdesk_bridge.store.errors import AlreadyRecorded
from helpdesk_bridge.store.tables import billings, closings, monthly, stated


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedMonth:
    """A month that was closed, and what rolled over."""

    period: Period
    closed_at: datetime
    closed_by: str
    rolled: tuple[RolledOver, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedStatement:
    """A statement under its number, and what finance did with it."""

    number: int
    statement: Statement
    digest: str
    """SHA-256 of its stored content."""
    closed_at: datetime
    billings: tuple[Billing, ...]

    @property
    def state(self) -> StatementState:
        """Where it stands."""
        return state_of(self.billings)

    @property
    def is_released(self) -> bool:
        """True when it was cancelled so that its engagements close again: their journals have gone on."""
        return any(billing.move is StatementMove.RELEASE for billing in self.billings)


class StatementBook:
    """The book within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def close(
        self, period: Period, statements: Iterable[Statement], rolled: Sequence[RolledOver], *, by: str, now: datetime
    ) -> tuple[BookedStatement, ...]:
        """Close a month and number its statements. Raises: AlreadyRecorded when it is closed, or an engagement is stated already."""
        values = {"period": str(period), "closed_at": now, "closed_by": by, "rolled": encode(rolled)}
        try:
            self._connection.execute(insert(closings), values)
            return tuple(self._add(statement, now) for statement in statements)
        except IntegrityError as error:
            raise AlreadyRecorded(f"{period} is closed already") from error

    def _add(self, statement: Statement, now: datetime) -> BookedStatement:
        number = (self._connection.scalar(select(func.max(monthly.c.number))) or 0) + 1
        content = encode(statement)
        digest = sha256(content.encode()).hexdigest()
        self._connection.execute(
            insert(monthly),
            {
                "number": number,
                "period": statement.period,
                "tax_id": statement.tax_id,
                "content": content,
                "digest": digest,
                "closed_at": now,
            },
        )
        rows = [{"desk": line.desk, "ticket": line.ticket, "term": line.term, "statement": number} for line in statement.lines]
        self._connection.execute(insert(stated), rows)
        return BookedStatement(number=number, statement=statement, digest=digest, closed_at=now, billings=())

    def closed(self, period: Period) -> ClosedMonth | None:
        """Return a month's closing, or None."""
        row = self._connection.execute(select(closings).where(closings.c.period == str(period))).mappings().one_or_none()
        return None if row is None else _closed(row)

    def last_closed(self) -> ClosedMonth | None:
        """Return the closing of the latest month, or None."""
        row = self._connection.execute(select(closings).order_by(closings.c.period.desc()).limit(1)).mappings().one_or_none()
        return None if row is None else _closed(row)

    def get(self, number: int) -> BookedStatement | None:
        """Return a statement by its number."""
        row = self._connection.execute(select(monthly).where(monthly.c.number == number)).mappings().one_or_none()
        return None if row is None else self._booked(row)

    def list(self, period: Period | None = None, tax_id: str | None = None, limit: int = 1000) -> tuple[BookedStatement, ...]:
        """List statements, newest first."""
        rows = select(monthly).order_by(monthly.c.number.desc()).limit(limit)
        if period is not None:
            rows = rows.where(monthly.c.period == str(period))
        if tax_id is not None:
            rows = rows.where(monthly.c.tax_id == tax_id)
        return tuple(self._booked(row) for row in self._connection.execute(rows).mappings().all())

    def misstored(self) -> tuple[int, ...]:
        """Return the numbers of statements whose content is not the one they were closed with."""
        rows = self._connection.execute(select(monthly.c.number, monthly.c.content, monthly.c.digest).order_by(monthly.c.number))
        return tuple(row.number for row in rows if sha256(row.content.encode()).hexdigest() != row.digest)

    def bill(self, number: int, billing: Billing, expected_seq: int) -> int:
        """Record what finance did, behind ``expected_seq`` earlier things. Raises: AlreadyRecorded when somebody was faster."""
        values = {"statement": number, "seq": expected_seq + 1, "at": billing.at, "content": encode(billing)}
        try:
            self._connection.execute(insert(billings), values)
        except IntegrityError as error:
            raise AlreadyRecorded(f"somebody else changed statement {number} in the meantime") from error
        if billing.move is StatementMove.RELEASE:
            self._connection.execute(delete(stated).where(stated.c.statement == number))
        return expected_seq + 1

    def rolled_for(self, reason: str) -> set[tuple[DeskId, TicketId]]:
        """Return the tickets that rolled over with a closing for that reason."""
        closed = (_closed(row) for row in self._connection.execute(select(closings)).mappings())
        return {(one.desk, one.ticket) for month in closed for one in month.rolled if one.reason == reason}

    def _booked(self, row: RowMapping) -> BookedStatement:
        mine = select(billings.c.content).where(billings.c.statement == row["number"]).order_by(billings.c.seq)
        return BookedStatement(
            number=row["number"],
            statement=decode(row["content"], Statement),
            digest=row["digest"],
            closed_at=row["closed_at"],
            billings=tuple(decode(content, Billing) for content in self._connection.scalars(mine)),
        )


def _closed(row: RowMapping) -> ClosedMonth:
    return ClosedMonth(
        period=Period.of(row["period"]),
        closed_at=row["closed_at"],
        closed_by=row["closed_by"],
        rolled=decode(row["rolled"], tuple[RolledOver, ...]),
    )
