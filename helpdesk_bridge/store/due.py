"""Due dates: timers are rows, not sleeping threads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from helpdesk_bridge.domain.effects import Wake
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.store.statements import put
from helpdesk_bridge.store.tables import due


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """A timer of a ticket."""

    desk: DeskId
    ticket: TicketId
    key: str
    kind: str
    at: datetime
    created_at: datetime


class Due:
    """Timers within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, desk: DeskId, ticket: TicketId, wake: Wake, now: datetime) -> None:
        """Set a timer; one with the same key is replaced."""
        values = {"desk": desk, "ticket": ticket, "key": wake.key, "kind": wake.kind, "at": wake.at, "created_at": now}
        put(self._connection, due, values)

    def forget(self, desk: DeskId, ticket: TicketId, key: str) -> None:
        """Cancel a timer, if it is set."""
        self._connection.execute(delete(due).where(due.c.desk == desk, due.c.ticket == ticket, due.c.key == key))

    def fire(self, now: datetime, limit: int) -> tuple[DueRow, ...]:
        """Take away timers that are due, earliest first. Their inbox rows belong into the same transaction."""
        passed = select(due).where(due.c.at <= now).order_by(due.c.at).limit(limit).with_for_update(skip_locked=True)
        fired = tuple(DueRow(**row) for row in self._connection.execute(passed).mappings())
        if fired:
            one = (due.c.desk == bindparam("a"), due.c.ticket == bindparam("b"), due.c.key == bindparam("c"))
            self._connection.execute(delete(due).where(*one), [{"a": row.desk, "b": row.ticket, "c": row.key} for row in fired])
        return fired

    def next_at(self) -> datetime | None:
        """Return when the next timer is due."""
        earliest: datetime | None = self._connection.scalar(select(due.c.at).order_by(due.c.at).limit(1))
        return earliest

    def of_ticket(self, desk: DeskId, ticket: TicketId) -> tuple[DueRow, ...]:
        """List the timers of a ticket, earliest first."""
        mine = select(due).where(due.c.desk == desk, due.c.ticket == ticket).order_by(due.c.at)
        return tuple(DueRow(**row) for row in self._connection.execute(mine).mappings())
