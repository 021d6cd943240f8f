"""Rows for the store's contract: say only what a test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.events import Hint, Posted
from helpdesk_bridge.domain.values import CommentId, Delivery, DeskId, Person, Receipt, Role, Ticket, TicketId
from helpdesk_bridge.store import InboxRow, NewRow, OutboxRow, Store

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
DESK = DeskId("desk")
RECEIPT = Receipt(reference="HB-7F3K9Q", comment=CommentId("9881"), at=NOON, raw={"audit": {"id": 1}})


def at(seconds: float) -> datetime:
    """Return so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def hint(ticket: str, identity: str, *, received: float = 0, by_bridge: bool = False) -> NewRow:
    """Build the row of a webhook."""
    event = Hint(desk=DESK, ticket=TicketId(ticket), identity=identity, at=at(received), by_bridge=by_bridge)
    return NewRow.hinted(event, raw=identity.encode("utf-8", "replace"), digest=None, received_at=at(received))


def posted(ticket: str, reference: str, *, received: float = 0) -> NewRow:
    """Build a row that is no hint."""
    event = Posted(reference=reference, comment=CommentId("1"), at=at(received))
    return NewRow.internal(DESK, TicketId(ticket), event, now=at(received))


def unparseable(body: bytes) -> NewRow:
    """Build the row of a delivery nobody understands."""
    delivery = Delivery(desk=DESK, path="", headers=(), body=body, received_at=NOON)
    return NewRow.unparseable(delivery, digest=f"digest of {body!r}", reason="no ticket named")


def update(ticket: str, key: str, body: str = "Olá") -> DeskUpdate:
    """Build an update."""
    return DeskUpdate(ticket=TicketId(ticket), key=key, reference=f"HB-{key}", body=body, public=True, add_tags=("bridge",))


def ticket_of(identity: str) -> Ticket:
    """Build a ticket as a desk shows it."""
    ada = Person(id="1", role=Role.REQUESTER, name="Ada", flags=frozenset({"may_accept"}))
    return Ticket(
        desk=DESK,
        id=TicketId(identity),
        subject="NF-e \0 \ud83d",
        description="ação 😀",
        requester=ada,
        created_at=NOON,
        updated_at=NOON,
    )


def record(store: Store, *rows: NewRow) -> list[int | None]:
    """Put rows into the inbox."""
    with store.write() as tx:
        return tx.inbox.add(rows)


def claim(store: Store, seconds: float = 0, lane: str | None = None) -> InboxRow | None:
    """Claim an inbox row."""
    with store.write() as tx:
        return tx.inbox.claim(at(seconds), LEASE, lane)


def claimed(store: Store, seconds: float = 0) -> InboxRow:
    """Claim an inbox row that must be there."""
    row = claim(store, seconds)
    assert row is not None
    return row


def finish(store: Store, row: InboxRow, seconds: float = 0) -> None:
    """Finish an inbox row."""
    with store.write() as tx:
        tx.inbox.finish(row, None, at(seconds))


def inbox_row(store: Store, row_id: int) -> InboxRow:
    """Look at an inbox row."""
    with store.read() as tx:
        row = tx.inbox.get(row_id)
    assert row is not None
    return row


def to_send(store: Store, seconds: float = 0) -> OutboxRow:
    """Claim an outbox row that must be there."""
    with store.write() as tx:
        row = tx.outbox.claim(at(seconds), LEASE)
    assert row is not None
    return row


def outbox_row(store: Store, row_id: int) -> OutboxRow:
    """Look at an outbox row."""
    with store.read() as tx:
        row = tx.outbox.get(row_id)
    assert row is not None
    return row
