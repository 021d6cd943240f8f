"""Seals and the heads they cover. Nothing in it is changed, and nothing is pruned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, select
from sqlalchemy.exc import IntegrityError

from helpdesk_bridge.domain.seals import Head, Seal
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.store.errors import AlreadyRecorded
from helpdesk_bridge.store.tables import engagements, sealed_heads, seals

_HEAD = (sealed_heads.c.desk, sealed_heads.c.ticket, sealed_heads.c.seq, sealed_heads.c.hash)


class Seals:
    """Seals within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, seal: Seal, heads: Sequence[Head]) -> None:
        """Keep a seal with its heads. Raises: AlreadyRecorded when another machine was faster."""
        values = {name: getattr(seal, name) for name in ("number", "at", "heads", "root", "previous", "hash")}
        rows = [
            {"desk": head.desk, "ticket": head.ticket, "seal": seal.number, "seq": head.seq, "hash": head.hash} for head in heads
        ]
        try:
            self._connection.execute(insert(seals), values)
        except IntegrityError as error:
            raise AlreadyRecorded(f"seal {seal.number} was made by somebody else in the meantime") from error
        self._connection.execute(insert(sealed_heads), rows)

    def last(self) -> Seal | None:
        """Return the newest seal."""
        return next(iter(self.newest(1)), None)

    def newest(self, limit: int) -> tuple[Seal, ...]:
        """List seals, newest first."""
        rows = self._connection.execute(select(seals).order_by(seals.c.number.desc()).limit(limit)).mappings()
        return tuple(_seal(row) for row in rows)

    def get(self, number: int) -> Seal | None:
        """Return a seal by its number."""
        row = self._connection.execute(select(seals).where(seals.c.number == number)).mappings().one_or_none()
        return None if row is None else _seal(row)

    def each(self) -> Iterator[Seal]:
        """Go through every seal, oldest first."""
        yield from (_seal(row) for row in self._connection.execute(select(seals).order_by(seals.c.number)).mappings())

    def heads(self, number: int) -> tuple[Head, ...]:
        """Return the heads a seal covers."""
        rows = self._connection.execute(select(*_HEAD).where(sealed_heads.c.seal == number)).mappings()
        return tuple(Head(**row) for row in rows)

    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of every seal that heads are kept of."""
        return tuple(self._connection.scalars(select(sealed_heads.c.seal).distinct().order_by(sealed_heads.c.seal)))

    def of_ticket(self, desk: DeskId, ticket: TicketId) -> tuple[tuple[int, Head], ...]:
        """Return the sealed heads of a ticket with the numbers of their seals, oldest first."""
        mine = (sealed_heads.c.desk == desk, sealed_heads.c.ticket == ticket)
        rows = self._connection.execute(select(sealed_heads.c.seal, *_HEAD).where(*mine).order_by(sealed_heads.c.seal)).mappings()
        return tuple((row["seal"], Head(**{name: row[name] for name in ("desk", "ticket", "seq", "hash")})) for row in rows)

    def tickets(self) -> tuple[tuple[DeskId, TicketId], ...]:
        """List every ticket that was ever sealed."""
        columns = (sealed_heads.c.desk, sealed_heads.c.ticket)
        rows = self._connection.execute(select(*columns).group_by(*columns).order_by(*columns))
        return tuple((DeskId(row.desk), TicketId(row.ticket)) for row in rows)

    def oldest_unsealed(self) -> datetime | None:
        """Return since when something recorded after the last seal waits for the next one."""
        last = self.last()
        oldest = select(func.min(engagements.c.updated_at))
        found: datetime | None = self._connection.scalar(
            oldest if last is None else oldest.where(engagements.c.updated_at > last.at)
        )
        return found

    def unsealed(self) -> tuple[tuple[DeskId, TicketId], ...]:
        """Name every ticket whose engagement has grown since it was sealed last."""
        keys = (sealed_heads.c.desk, sealed_heads.c.ticket)
        sealed = select(*keys, func.max(sealed_heads.c.seq).label("seq")).group_by(*keys).subquery()
        mine = (engagements.c.desk == sealed.c.desk) & (engagements.c.ticket == sealed.c.ticket)
        grown = sealed.c.seq.is_(None) | (engagements.c.seq > sealed.c.seq)
        rows = select(engagements.c.desk, engagements.c.ticket).outerjoin_from(engagements, sealed, mine)
        found = self._connection.execute(rows.where(grown, engagements.c.seq > 0))
        return tuple((DeskId(row.desk), TicketId(row.ticket)) for row in found)


def _seal(row: RowMapping) -> Seal:
    return Seal(**row)
