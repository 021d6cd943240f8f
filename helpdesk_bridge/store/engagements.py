"""Engagements: what each journal adds up to, kept so that it need not be added up every time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, tuple_

from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.store.statements import put
from helpdesk_bridge.store.tables import engagements


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedEngagement:
    """An engagement as it is stored."""

    desk: DeskId
    ticket: TicketId
    state: str
    """See ``decode_engagement``."""
    seq: int
    head: str
    """Number and hash of the journal's record it stands for."""
    updated_at: datetime


class Engagements:
    """Engagements within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load(self, desk: DeskId, ticket: TicketId) -> SavedEngagement | None:
        """Return a ticket's engagement."""
        mine = (engagements.c.desk == desk, engagements.c.ticket == ticket)
        row = self._connection.execute(select(engagements).where(*mine)).mappings().one_or_none()
        return None if row is None else SavedEngagement(**row)

    def save(self, desk: DeskId, ticket: TicketId, state: str, *, seq: int, head: str, now: datetime) -> None:
        """Keep what the journal adds up to after record ``seq``."""
        values = {"desk": desk, "ticket": ticket, "state": state, "seq": seq, "head": head, "updated_at": now}
        put(self._connection, engagements, values)

    def each(self, batch: int = 500) -> Iterator[SavedEngagement]:
        """Go through every engagement, by desk and ticket."""
        keys = (engagements.c.desk, engagements.c.ticket)
        page = select(engagements).order_by(*keys).limit(batch)
        rows = self._connection.execute(page).mappings().all()
        while rows:
            yield from (SavedEngagement(**row) for row in rows)
            after = tuple_(*keys) > tuple_(rows[-1]["desk"], rows[-1]["ticket"])
            rows = self._connection.execute(page.where(after)).mappings().all()

    def names(self) -> tuple[tuple[DeskId, TicketId], ...]:
        """Name every ticket that has an engagement."""
        rows = self._connection.execute(select(engagements.c.desk, engagements.c.ticket))
        return tuple((DeskId(row.desk), TicketId(row.ticket)) for row in rows)

    def list(self, limit: int = 100, desk: DeskId | None = None, before: datetime | None = None) -> tuple[SavedEngagement, ...]:
        """List engagements, the last changed first; ``before`` is where the next page starts."""
        rows = select(engagements).order_by(engagements.c.updated_at.desc()).limit(limit)
        if desk is not None:
            rows = rows.where(engagements.c.desk == desk)
        if before is not None:
            rows = rows.where(engagements.c.updated_at < before)
        return tuple(SavedEngagement(**row) for row in self._connection.execute(rows).mappings())
