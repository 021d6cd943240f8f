"""The inbox: everything that changes anything enters here, once per identity, and is advanced in the order of its lane."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import takewhile
from typing import Any, Self

from sqlalchemy import LargeBinary, RowMapping, case, delete, null, select, text, update

from helpdesk_bridge.domain.events import Hint, TimerFired
from helpdesk_bridge.domain.values import Delivery, DeskId, Ticket, TicketId
from helpdesk_bridge.store.codec import InboxEvent, decode_event, decode_ticket, encode_event, encode_ticket, kind_of
from helpdesk_bridge.store.columns import State, storable
from helpdesk_bridge.store.lanes import Lanes
from helpdesk_bridge.store.statements import insert_new
from helpdesk_bridge.store.tables import inbox

_TYPED = ("ordered", "operated")
"""Kinds of events that hold what an operator typed."""

LONGEST_RUN = 500
"""Hints that one reading of a thread answers at most."""


def lane_of(desk: str, ticket: str) -> str:
    """Name the lane of a ticket."""
    return f"{desk}/{ticket}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    """What is to be recorded in the inbox."""

    desk: DeskId
    ticket: TicketId | None
    identity: str
    event: InboxEvent | None
    received_at: datetime
    raw: bytes | None = None
    raw_digest: str | None = None
    state: State = State.WAITING
    reason: str = ""

    @classmethod
    def hinted(cls, hint: Hint, *, raw: bytes | None, digest: str | None, received_at: datetime) -> Self:
        """Record what a desk said; when it only tells us what we did ourselves, nothing is left to do."""
        return cls(
            desk=hint.desk,
            ticket=hint.ticket,
            identity=hint.identity,
            event=hint,
            received_at=received_at,
            raw=raw,
            raw_digest=digest,
            state=State.DONE if hint.by_bridge else State.WAITING,
        )

    @classmethod
    def unparseable(cls, delivery: Delivery, *, digest: str, reason: str) -> Self:
        """Keep an authentic delivery that nobody understands for a person; it holds up no ticket."""
        return cls(
            desk=delivery.desk,
            ticket=None,
            identity=f"unparseable:{digest}",
            event=None,
            received_at=delivery.received_at,
            raw=delivery.body,
            raw_digest=digest,
            state=State.PARKED,
            reason=reason,
        )

    @classmethod
    def internal(cls, desk: DeskId, ticket: TicketId, event: InboxEvent, *, now: datetime) -> Self:
        """Record something that did not come from the desk. A timer that is set again is a new fact."""
        identity = f"ticket:{ticket}:{event.identity}"
        if isinstance(event, TimerFired):
            identity = f"{identity}@{event.at.isoformat()}"
        return cls(desk=desk, ticket=ticket, identity=identity, event=event, received_at=now)

    @property
    def kind(self) -> str:
        """Kind of the event."""
        return "unparseable" if self.event is None else kind_of(self.event)

    @property
    def lane(self) -> str:
        """The ticket's lane, or a lane of its own."""
        return f"{self.desk}?{self.identity}" if self.ticket is None else lane_of(self.desk, self.ticket)

    def values(self) -> dict[str, Any]:
        """Return the columns."""
        digest = sha256(self.raw).hexdigest() if self.raw is not None and self.raw_digest is None else self.raw_digest
        return {
            "desk": self.desk,
            "ticket": self.ticket,
            "lane": self.lane,
            "identity": self.identity,
            "kind": self.kind,
            "event": None if self.event is None else encode_event(self.event),
            "raw": self.raw,
            "raw_digest": digest,
            "received_at": self.received_at,
            "state": self.state,
            "attempt": 0,
            "ready_at": self.received_at if self.state is State.WAITING else None,
            "reason": self.reason,
            "done_at": self.received_at if self.state is State.DONE else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A row of the inbox; its bytes and its snapshot are read apart."""

    id: int
    desk: DeskId
    ticket: TicketId | None
    lane: str
    identity: str
    kind: str
    event: InboxEvent | None
    raw_digest: str | None
    received_at: datetime
    state: State
    attempt: int
    ready_at: datetime | None
    """From when on it may be claimed: while leased, the end of the lease. None when it is parked or finished."""
    reason: str
    covered_by: int | None
    """The row whose reading of the thread answered this one."""
    done_at: datetime | None
    covered: tuple[int, ...] = ()
    """When claimed: hints that follow directly, answered by the same reading of the thread."""


_COLUMNS = tuple(column for column in inbox.c if not isinstance(column.type, LargeBinary))


class Inbox(Lanes):
    """Rows of the inbox within one transaction."""

    table = inbox
    arrived = "received_at"

    def add(self, rows: Sequence[NewRow]) -> list[int | None]:
        """Record rows in order; None stands for an identity that the desk's inbox holds already."""
        if not rows:
            return []
        statement = insert_new(self._connection, inbox).returning(inbox.c.desk, inbox.c.identity, inbox.c.id)
        added = self._connection.execute(statement, [row.values() for row in rows])
        ids = {(desk, identity): row_id for desk, identity, row_id in added}
        return [ids.pop((storable(row.desk), storable(row.identity)), None) for row in rows]

    def claim(self, now: datetime, lease: timedelta, lane: str | None = None) -> InboxRow | None:
        """Lease the head of the longest waiting lane (or of ``lane``); None when nothing is to be done now."""
        taken = self._take(now, lease, lane)
        if taken is None:
            return None
        covered = self._run_behind(taken) if taken["kind"] == "hint" else ()
        return _row(taken, covered)

    def finish(self, row: InboxRow, ticket: Ticket | None, now: datetime) -> None:
        """Finish a claimed row and those it covers, with what was read from the desk. Raises: LeaseLost."""
        snapshot = None if ticket is None else encode_ticket(ticket)
        self._change(row, state=State.DONE, ready_at=None, reason="", done_at=now, snapshot=snapshot)
        if row.covered:
            covered = (inbox.c.id.in_(row.covered), inbox.c.state == State.WAITING)
            done = {"state": State.DONE, "ready_at": None, "done_at": now, "covered_by": row.id}
            self._connection.execute(update(inbox).where(*covered).values(done))
        self._to_the_back(row.lane, now)

    def postpone(self, row: InboxRow, not_before: datetime, reason: str) -> None:
        """Give a claimed row back, to be tried again later. Raises: LeaseLost."""
        self._change(row, state=State.WAITING, ready_at=not_before, reason=reason)

    def get(self, row_id: int) -> InboxRow | None:
        """Return a row."""
        row = self._connection.execute(select(*_COLUMNS).where(inbox.c.id == row_id)).mappings().one_or_none()
        return None if row is None else _row(row)

    def named(self, desk: DeskId, identity: str) -> InboxRow | None:
        """Return the row of an identity."""
        mine = (inbox.c.desk == desk, inbox.c.identity == storable(identity))
        row = self._connection.execute(select(*_COLUMNS).where(*mine)).mappings().one_or_none()
        return None if row is None else _row(row)

    def raw(self, row_id: int) -> bytes | None:
        """Return the bytes a desk posted."""
        raw: bytes | None = self._connection.scalar(select(inbox.c.raw).where(inbox.c.id == row_id))
        return raw

    def snapshot(self, row_id: int) -> Ticket | None:
        """Return the ticket as it was read when the row was advanced."""
        packed = self._connection.scalar(select(inbox.c.snapshot).where(inbox.c.id == row_id))
        return None if packed is None else decode_ticket(packed)

    def stand_still(self) -> None:
        """Let nobody record anything until this transaction ends: what is read now is all there is. SQLite has one writer anyway."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE inbox IN SHARE ROW EXCLUSIVE MODE"))

    def is_settled(self, desk: DeskId, ticket: TicketId) -> bool:
        """True when nothing about a ticket waits to be decided."""
        unfinished = (inbox.c.lane == lane_of(desk, ticket), inbox.c.done_at.is_(None))
        return self._connection.scalar(select(inbox.c.id).where(*unfinished).limit(1)) is None

    def last_seen(self, desk: DeskId, ticket: TicketId) -> Ticket | None:
        """Return the ticket as it was read last; None when it never was, or when that was erased."""
        seen = (inbox.c.desk == desk, inbox.c.ticket == ticket, inbox.c.snapshot.is_not(None))
        packed = self._connection.scalar(select(inbox.c.snapshot).where(*seen).order_by(inbox.c.id.desc()).limit(1))
        return None if packed is None else decode_ticket(packed)

    def parked(self, limit: int = 100) -> tuple[InboxRow, ...]:
        """List rows that wait for a person, oldest first."""
        parked = (inbox.c.done_at.is_(None), inbox.c.state == State.PARKED)
        rows = self._connection.execute(select(*_COLUMNS).where(*parked).order_by(inbox.c.id).limit(limit))
        return _rows(rows.mappings())

    def of_ticket(self, desk: DeskId, ticket: TicketId, limit: int = 100) -> tuple[InboxRow, ...]:
        """List what came in for a ticket, newest first."""
        mine = (inbox.c.desk == desk, inbox.c.ticket == ticket)
        rows = self._connection.execute(select(*_COLUMNS).where(*mine).order_by(inbox.c.id.desc()).limit(limit))
        return _rows(rows.mappings())

    def erase(self, desk: DeskId, ticket: TicketId) -> int:
        """Empty the bytes, snapshots, orders and reasons of a ticket's finished rows; their digests stay. Return how many rows."""
        mine = (inbox.c.desk == desk, inbox.c.ticket == ticket, inbox.c.done_at.is_not(None))
        typed = inbox.c.kind.in_(_TYPED) & inbox.c.event.is_not(None)
        told = inbox.c.raw.is_not(None) | inbox.c.snapshot.is_not(None) | (inbox.c.reason != "") | typed
        event = case((inbox.c.kind.in_(_TYPED), null()), else_=inbox.c.event)
        emptied = update(inbox).where(*mine, told).values(raw=None, snapshot=None, reason="", event=event)
        return self._connection.execute(emptied).rowcount

    def prune(self, rows: Collection[int]) -> int:
        """Delete finished rows; return how many. Their facts are in the journal, which lets none of them happen again."""
        finished = (inbox.c.id.in_(rows), inbox.c.done_at.is_not(None))
        return self._connection.execute(delete(inbox).where(*finished)).rowcount

    def _run_behind(self, head: RowMapping) -> tuple[int, ...]:
        behind = (inbox.c.lane == head["lane"], inbox.c.id > head["id"], inbox.c.done_at.is_(None))
        rows = self._connection.execute(select(inbox.c.id, inbox.c.kind).where(*behind).order_by(inbox.c.id).limit(LONGEST_RUN))
        return tuple(row.id for row in takewhile(lambda row: row.kind == "hint", rows))


def _rows(rows: Iterable[RowMapping]) -> tuple[InboxRow, ...]:
    return tuple(_row(row) for row in rows)


def _row(row: RowMapping, covered: tuple[int, ...] = ()) -> InboxRow:
    values = dict(row)
    event = values.pop("event")
    values["state"] = State(values["state"])
    return InboxRow(**values, event=None if event is None else decode_event(event), covered=covered)
