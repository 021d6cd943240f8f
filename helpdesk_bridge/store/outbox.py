"""The outbox: nothing leaves except from here, once per key, in the order of its lane, and never again without looking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, case, select, update
from sqlalchemy.sql.elements import ColumnElement

from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.values import DeskId, Receipt, TicketId
from helpdesk_bridge.store.codec import decode_receipt, decode_update, encode_receipt, encode_update
from helpdesk_bridge.store.columns import State, storable
from helpdesk_bridge.store.inbox import lane_of
from helpdesk_bridge.store.lanes import Lanes
from helpdesk_bridge.store.statements import insert_new
from helpdesk_bridge.store.tables import outbox

EMPTIED = "emptied"
"""Reason of an update whose words are gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A row of the outbox."""

    id: int
    desk: DeskId
    ticket: TicketId
    lane: str
    key: str
    reference: str
    update: DeskUpdate
    created_at: datetime
    state: State
    attempt: int
    ready_at: datetime | None
    """From when on it may be claimed: while leased, the end of the lease. None when it is parked or finished."""
    must_look: bool
    """An earlier attempt may have taken effect: look for it at the desk before sending."""
    reason: str
    receipt: Receipt | None
    done_at: datetime | None


class Outbox(Lanes):
    """Rows of the outbox within one transaction."""

    table = outbox
    arrived = "created_at"

    def add(self, desk: DeskId, updates: Sequence[DeskUpdate], now: datetime) -> list[int | None]:
        """Record updates in order; None stands for a key that the ticket's outbox holds already."""
        if not updates:
            return []
        statement = insert_new(self._connection, outbox).returning(outbox.c.ticket, outbox.c.key, outbox.c.id)
        added = self._connection.execute(statement, [_values(desk, update, now) for update in updates])
        ids = {(ticket, key): row_id for ticket, key, row_id in added}
        return [ids.pop((storable(update.ticket), storable(update.key)), None) for update in updates]

    def claim(self, now: datetime, lease: timedelta, lane: str | None = None) -> OutboxRow | None:
        """Lease the head of the longest waiting lane (or of ``lane``); None when nothing is to be sent now."""
        taken = self._take(now, lease, lane)
        return None if taken is None else _row(taken)

    def sending(self, row: OutboxRow, until: datetime) -> None:
        """Say, before the desk is called, that it is; ``until`` is the new end of the lease, later than any time-out of the call.

        From now on the row is looked for before it is sent again. Raises: LeaseLost.
        """
        self._change(row, state=State.SENDING, must_look=True, ready_at=until)

    def sent(self, row: OutboxRow, receipt: Receipt, now: datetime) -> None:
        """Finish a claimed row with the desk's proof. Raises: LeaseLost."""
        self._change(row, **_proven(receipt, now))
        self._to_the_back(row.lane, now)

    def uncertain(self, row: OutboxRow, not_before: datetime, reason: str) -> None:
        """Give a row back of which nobody knows whether it was sent; it is looked for first, later. Raises: LeaseLost."""
        self._change(row, state=State.UNCERTAIN, must_look=True, ready_at=not_before, reason=reason)

    def postpone(self, row: OutboxRow, not_before: datetime, reason: str) -> None:
        """Give a row back because the last call did nothing: neither looking nor sending. Raises: LeaseLost."""
        in_doubt = case((outbox.c.state == State.SENDING, False), else_=outbox.c.must_look)
        state = case((in_doubt, State.UNCERTAIN), else_=State.WAITING)
        self._change(row, state=state, must_look=in_doubt, ready_at=not_before, reason=reason)

    def confirm(self, row_id: int, receipt: Receipt, now: datetime) -> bool:
        """Finish an unfinished row, whoever holds it, because its comment was seen in the thread; False when it was finished."""
        unfinished = (outbox.c.id == row_id, outbox.c.done_at.is_(None))
        return self._connection.execute(update(outbox).where(*unfinished).values(_proven(receipt, now))).rowcount == 1

    def get(self, row_id: int) -> OutboxRow | None:
        """Return a row."""
        return next(iter(self._list(select(outbox).where(outbox.c.id == row_id))), None)

    def by_reference(self, desk: DeskId, ticket: TicketId, reference: str) -> OutboxRow | None:
        """Find the update behind a visible reference."""
        return next((row for row in self.of_ticket(desk, ticket) if row.reference == reference), None)

    def of_ticket(self, desk: DeskId, ticket: TicketId) -> tuple[OutboxRow, ...]:
        """List the updates of a ticket, oldest first."""
        return self._list(select(outbox).where(outbox.c.desk == desk, outbox.c.ticket == ticket))

    def parked(self, limit: int = 100) -> tuple[OutboxRow, ...]:
        """List rows that wait for a person, oldest first."""
        parked = (outbox.c.done_at.is_(None), outbox.c.state == State.PARKED)
        return self._list(select(outbox).where(*parked).limit(limit))

    def erase(self, desk: DeskId, ticket: TicketId) -> int:
        """Empty the words of a ticket's finished updates and the desk's answers; key, reference and proof stay. Return how many."""
        return self._empty(row for row in self.of_ticket(desk, ticket) if row.done_at is not None)

    def prune(self, rows: Collection[int]) -> int:
        """Empty finished updates like an erasure; return how many. Their keys stay: they let nothing be posted a second time."""
        finished = (outbox.c.id.in_(rows), outbox.c.done_at.is_not(None))
        return self._empty(self._list(select(outbox).where(*finished)))

    def _empty(self, rows: Iterable[OutboxRow]) -> int:
        """Empty every row that was not; each says so, so that nobody looks at it again. Return how many held something."""
        told = [row for row in rows if row.reason != EMPTIED]
        for row in told:
            emptied = DeskUpdate(ticket=row.ticket, key=row.key, reference=row.reference, body=None, public=row.update.public)
            receipt = None if row.receipt is None else encode_receipt(replace(row.receipt, raw={}))
            values = {"content": encode_update(emptied), "receipt": receipt, "reason": EMPTIED}
            self._connection.execute(update(outbox).where(outbox.c.id == row.id).values(values))
        return sum(_tells(row) for row in told)

    def is_settled(self, desk: DeskId, ticket: TicketId) -> bool:
        """True when nothing waits to be sent to a ticket."""
        unfinished = (outbox.c.lane == lane_of(desk, ticket), outbox.c.done_at.is_(None))
        return self._connection.scalar(select(outbox.c.id).where(*unfinished).limit(1)) is None

    def _prunable(self) -> ColumnElement[bool]:
        return outbox.c.reason != EMPTIED

    def _resting(self) -> Any:
        return case((outbox.c.must_look, State.UNCERTAIN), else_=State.WAITING)

    def _list(self, statement: Select[Any]) -> tuple[OutboxRow, ...]:
        return tuple(_row(row) for row in self._connection.execute(statement.order_by(outbox.c.id)).mappings())


def _tells(row: OutboxRow) -> bool:
    """True while a row holds words: ours, the desk's, or an operator's."""
    said = (row.update.body, row.update.add_tags, row.update.remove_tags, row.update.fields)
    return any(said) or bool(row.reason) or (row.receipt is not None and bool(row.receipt.raw))


def _values(desk: DeskId, new: DeskUpdate, now: datetime) -> dict[str, Any]:
    return {
        "desk": desk,
        "ticket": new.ticket,
        "lane": lane_of(desk, new.ticket),
        "key": new.key,
        "reference": new.reference,
        "content": encode_update(new),
        "created_at": now,
        "state": State.WAITING,
        "attempt": 0,
        "ready_at": now,
        "must_look": False,
        "reason": "",
    }


def _proven(receipt: Receipt, now: datetime) -> dict[str, Any]:
    return {"state": State.SENT, "ready_at": None, "reason": "", "receipt": encode_receipt(receipt), "done_at": now}


def _row(row: RowMapping) -> OutboxRow:
    values = dict(row)
    content, receipt = values.pop("content"), values.pop("receipt")
    values["state"] = State(values["state"])
    return OutboxRow(**values, update=decode_update(content), receipt=None if receipt is None else decode_receipt(receipt))
