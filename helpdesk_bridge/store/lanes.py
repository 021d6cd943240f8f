"""Lanes: rows of one ticket are worked on one after the other, rows of different tickets side by side.

The rule is one WHERE clause over two partial indexes: a row may be claimed when no earlier row of its lane is unfinished.
A claim is a lease with an attempt number; whoever writes about a claimed row proves by that number that it is still theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import Any, ClassVar, Protocol, TypeVar

from sqlalchemy import (
    Connection,
    FromClause,
    Integer,
    LargeBinary,
    RowMapping,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate
from sqlalchemy.sql.elements import ColumnElement

from helpdesk_bridge.store.columns import Moment, State
from helpdesk_bridge.store.errors import LeaseLost

_T = TypeVar("_T")

HELD = (State.LEASED, State.SENDING)
RESTING = (State.WAITING, State.UNCERTAIN, State.PARKED)


class Held(Protocol):
    """A row somebody holds a lease on."""

    @property
    def id(self) -> int:
        """Number of the row."""

    @property
    def attempt(self) -> int:
        """How often it was claimed, this time included: the fence."""


class Lanes:
    """What inbox and outbox have in common."""

    table: ClassVar[Table]
    arrived: ClassVar[str]
    """Column that says since when a row waits."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def park(self, row: Held, reason: str) -> None:
        """Let the row, and so its lane, stand until a person settles it. Raises: LeaseLost."""
        self._change(row, state=State.PARKED, ready_at=None, reason=reason)

    def release(self, row_id: int) -> bool:
        """Let a row that nobody holds be claimed at once; False when there is none. Its attempts count on: they are the fence."""
        return self._settle(row_id, state=self._resting(), ready_at=self.table.c[self.arrived])

    def skip(self, row_id: int, reason: str, now: datetime) -> bool:
        """Finish a row that nobody holds without doing it; False when there is none."""
        return self._settle(row_id, state=State.SKIPPED, ready_at=None, reason=reason, done_at=now)

    def counts(self) -> Mapping[str, int]:
        """Count the unfinished rows by state."""
        total = func.count().label("total")
        states = select(self.table.c.state, total).where(self.table.c.done_at.is_(None)).group_by(self.table.c.state)
        return {row.state: row.total for row in self._connection.execute(states)}

    def oldest_waiting(self) -> datetime | None:
        """Return since when the oldest row waits that is neither finished nor parked."""
        oldest: datetime | None = self._connection.scalar(
            select(func.min(self.table.c[self.arrived])).where(self.table.c.ready_at.is_not(None))
        )
        return oldest

    def lanes_waiting(self, now: datetime, limit: int = 1000) -> tuple[str, ...]:
        """Name lanes with a row to claim now, the longest waiting first."""
        return tuple(self._connection.scalars(_lanes(self.table), {"now": now, "limit": limit}))

    def aged(self, before: datetime, after: int, limit: int) -> tuple[tuple[int, ...], int | None]:
        """Look at the next rows behind row ``after``: which of them ended before a moment, and where to look on.

        None instead of a place: the rows that follow arrived later than the moment. Rows that are not finished are never named.
        """
        ended = and_(self.table.c.done_at < before, self._prunable())
        columns = (self.table.c.id, self.table.c[self.arrived].label("arrived"), ended.label("ended"))
        rows = self._connection.execute(
            select(*columns).where(self.table.c.id > after).order_by(self.table.c.id).limit(limit)
        ).all()
        old = tuple(takewhile(lambda row: row.arrived < before, rows))
        return tuple(row.id for row in old if row.ended), old[-1].id if old and len(old) == limit else None

    def _prunable(self) -> ColumnElement[bool]:
        """Say which of the finished rows have something to lose."""
        return true()

    def _take(self, now: datetime, lease: timedelta, lane: str | None) -> RowMapping | None:
        """Claim the head of ``lane``, or of the lane that has waited longest."""
        times = {"now": now, "until": now + lease}
        if lane is None:
            return self._connection.execute(_taking(self.table), times).mappings().one_or_none()
        return self._connection.execute(_taking(self.table, of_lane=True), {**times, "of_lane": lane}).mappings().one_or_none()

    def _resting(self) -> Any:
        """State in which a row waits that nobody holds."""
        return State.WAITING

    def _change(self, row: Held, **values: Any) -> None:
        mine = (self.table.c.id == row.id, self.table.c.attempt == row.attempt, self.table.c.state.in_(HELD))
        if self._connection.execute(update(self.table).where(*mine).values(**values)).rowcount == 0:
            raise LeaseLost

    def _settle(self, row_id: int, **values: Any) -> bool:
        resting = (self.table.c.id == row_id, self.table.c.state.in_(RESTING))
        return self._connection.execute(update(self.table).where(*resting).values(**values)).rowcount == 1

    def _to_the_back(self, lane: str, now: datetime) -> None:
        """Let other lanes go first: the next row of this one waits from now on."""
        self._connection.execute(_next_in_line(self.table), {"of_lane": lane, "now": now})


@cache
def _lanes(table: Table) -> Select[str]:
    row = table.alias("row")
    return _heads(row, table.alias("other"), row.c.lane).limit(bindparam("limit", type_=Integer))


@cache
def _taking(table: Table, *, of_lane: bool = False) -> ReturningUpdate[Any]:
    row = table.alias("row")
    heads = _heads(row, table.alias("other"), row.c.id)
    if of_lane:
        heads = heads.where(row.c.lane == bindparam("of_lane"))
    head = heads.limit(1).with_for_update(skip_locked=True, of=row).scalar_subquery()
    taken = update(table).where(table.c.id == head)
    taken = taken.values(state=State.LEASED, attempt=table.c.attempt + 1, ready_at=bindparam("until", type_=Moment))
    return taken.returning(*(column for column in table.c if not isinstance(column.type, LargeBinary)))


def _heads(row: FromClause, other: FromClause, column: ColumnElement[_T]) -> Select[_T]:
    """Select heads of lanes. On PostgreSQL a later row can become visible before an earlier one: it is waited for as well."""
    now = bindparam("now", type_=Moment)
    held = and_(other.c.id > row.c.id, other.c.state.in_(HELD), other.c.ready_at > now)
    blocked = exists().where(other.c.lane == row.c.lane, other.c.done_at.is_(None), or_(other.c.id < row.c.id, held))
    return select(column).where(row.c.ready_at <= now, ~blocked.correlate(row)).order_by(row.c.ready_at, row.c.id)


@cache
def _next_in_line(table: Table) -> Update:
    row, now = table.alias("row"), bindparam("now", type_=Moment)
    first = select(func.min(row.c.id)).where(row.c.lane == bindparam("of_lane"), row.c.done_at.is_(None)).scalar_subquery()
    return update(table).where(table.c.id == first, table.c.ready_at < now, table.c.state == State.WAITING).values(ready_at=now)
