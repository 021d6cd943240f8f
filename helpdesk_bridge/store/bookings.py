"""Bookings: the sessions proposed or agreed in every ticket, so that no two take the same consultant at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, not_, select

from helpdesk_bridge.domain.agenda import Busy
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.store.errors import Taken
from helpdesk_bridge.store.tables import bookings


class Bookings:
    """Bookings within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, desk: DeskId, ticket: TicketId, taken: Iterable[Busy]) -> None:
        """Keep exactly these times for a ticket.

        Raises: Taken when a time that is new to it is another ticket's by now. Whoever decided read the bookings before this
        transaction, and so did everybody else: the first one to get here wins.
        """
        mine, taken = (bookings.c.desk == desk, bookings.c.ticket == ticket), tuple(taken)
        held = {(row.consultant, row.starts_at, row.ends_at) for row in self._connection.execute(select(bookings).where(*mine))}
        self._refuse_taken([one for one in taken if (one.consultant, one.start, one.end) not in held], and_(*mine))
        self._connection.execute(delete(bookings).where(*mine))
        rows = [
            {
                "desk": desk,
                "ticket": ticket,
                "place": place,
                "consultant": one.consultant,
                "starts_at": one.start,
                "ends_at": one.end,
                "source": one.source,
            }
            for place, one in enumerate(taken)
        ]
        if rows:
            self._connection.execute(insert(bookings), rows)

    def _refuse_taken(self, fresh: list[Busy], mine: ColumnElement[bool]) -> None:
        """Compare with everybody else's, one writer per consultant at a time; SQLite has but one writer anyway."""
        if self._connection.dialect.name == "postgresql":
            for name in sorted({one.consultant for one in fresh}):
                self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"bookings:{name}", 0))))
        for one in fresh:
            meets = (bookings.c.consultant == one.consultant, bookings.c.starts_at < one.end, bookings.c.ends_at > one.start)
            if self._connection.execute(select(bookings.c.source).where(*meets, not_(mine)).limit(1)).first() is not None:
                raise Taken

    def ahead(self, now: datetime) -> tuple[Busy, ...]:
        """Return every time that is not over, earliest first."""
        rows = self._connection.execute(select(bookings).where(bookings.c.ends_at > now).order_by(bookings.c.starts_at))
        return tuple(Busy(consultant=row.consultant, start=row.starts_at, end=row.ends_at, source=row.source) for row in rows)
