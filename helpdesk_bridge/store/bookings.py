"""Bookings: the sessions proposed or agreed in every ticket, so that no two take the same consultant at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from helpdesk_bridge.domain.agenda import Busy
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.store.tables import bookings


class Bookings:
    """Bookings within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, desk: DeskId, ticket: TicketId, taken: Iterable[Busy]) -> None:
        """Keep exactly these times for a ticket."""
        self._connection.execute(delete(bookings).where(bookings.c.desk == desk, bookings.c.ticket == ticket))
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

    def ahead(self, now: datetime) -> tuple[Busy, ...]:
        """Return every time that is not over, earliest first."""
        rows = self._connection.execute(select(bookings).where(bookings.c.ends_at > now).order_by(bookings.c.starts_at))
        return tuple(Busy(consultant=row.consultant, start=row.starts_at, end=row.ends_at, source=row.source) for row in rows)
