"""The tables. An inbox or outbox row is unfinished while ``done_at`` is empty, and claimable from ``ready_at`` on."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint, text

from helpdesk_bridge.store.columns import Moment, Name, Prose, RowId

metadata = MetaData()

inbox = Table(
    "inbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("desk", Name, nullable=False),
    Column("ticket", Name),
    Column("lane", Name, nullable=False),
    Column("identity", Name, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("event", Text),
    Column("raw", LargeBinary),
    Column("raw_digest", String(64)),
    Column("received_at", Moment, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("ready_at", Moment),
    Column("reason", Prose, nullable=False),
    Column("snapshot", LargeBinary),
    Column("covered_by", RowId),
    Column("done_at", Moment),
    UniqueConstraint("desk", "identity", name="inbox_identity"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("desk", Name, nullable=False),
    Column("ticket", Name, nullable=False),
    Column("lane", Name, nullable=False),
    Column("key", Name, nullable=False),
    Column("reference", Name, nullable=False),
    Column("content", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("ready_at", Moment),
    Column("must_look", Boolean, nullable=False),
    Column("reason", Prose, nullable=False),
    Column("receipt", Text),
    Column("done_at", Moment),
    UniqueConstraint("desk", "ticket", "key", name="outbox_key"),
    sqlite_autoincrement=True,
)

for box in (inbox, outbox):
    unfinished = text("done_at IS NULL")
    Index(f"{box.name}_unfinished", box.c.lane, box.c.id, sqlite_where=unfinished, postgresql_where=unfinished)
    claimable = text("ready_at IS NOT NULL")
    Index(f"{box.name}_ready", box.c.ready_at, box.c.id, sqlite_where=claimable, postgresql_where=claimable)
Index("inbox_ticket", inbox.c.desk, inbox.c.ticket)

journal = Table(
    "journal",
    metadata,
    Column("desk", Name, primary_key=True),
    Column("ticket", Name, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", Name, nullable=False),
    Column("kind", Name, nullable=False),
    Column("fact", Name),
    Column("body", Text),
    Column("personal", Text),
    Column("salt", String(32)),
    Column("personal_digest", String(64)),
    Column("body_digest", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("desk", "ticket", "kind", "fact", name="journal_fact"),
)

engagements = Table(
    "engagements",
    metadata,
    Column("desk", Name, primary_key=True),
    Column("ticket", Name, primary_key=True),
    Column("state", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index("engagements_updated_at", "updated_at"),
)

due = Table(
    "due",
    metadata,
    Column("desk", Name, primary_key=True),
    Column("ticket", Name, primary_key=True),
    Column("key", Name, primary_key=True),
    Column("kind", Name, nullable=False),
    Column("at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("due_at", "at"),
)

policies = Table(
    "policies",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("documents", LargeBinary, nullable=False),
    Column("stored_at", Moment, nullable=False),
)

polls = Table(
    "polls",
    metadata,
    Column("desk", Name, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("checked_at", Moment, nullable=False),
)

bookings = Table(
    "bookings",
    metadata,
    Column("desk", Name, primary_key=True),
    Column("ticket", Name, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("consultant", Name, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("source", Name, nullable=False),
    Index("bookings_ends_at", "ends_at"),
)

closings = Table(
    "closings",
    metadata,
    Column("period", String(7), primary_key=True),
    Column("closed_at", Moment, nullable=False),
    Column("closed_by", Name, nullable=False),
    Column("rolled", Text, nullable=False),
)

monthly = Table(
    "statements",
    metadata,
    Column("number", RowId, primary_key=True, autoincrement=False),
    Column("period", String(7), nullable=False),
    Column("tax_id", Name, nullable=False),
    Column("content", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("closed_at", Moment, nullable=False),
    Index("statements_period", "period"),
)

stated = Table(
    "stated",
    metadata,
    Column("desk", Name, primary_key=True),
    Column("ticket", Name, primary_key=True),
    Column("term", Integer, primary_key=True, autoincrement=False),
    Column("statement", RowId, nullable=False),
    Index("stated_statement", "statement"),
)

billings = Table(
    "billings",
    metadata,
    Column("statement", RowId, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("content", Text, nullable=False),
)

seals = Table(
    "seals",
    metadata,
    Column("number", RowId, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("heads", Integer, nullable=False),
    Column("root", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

sealed_heads = Table(
    "sealed_heads",
    metadata,
    Column("desk", Name, primary_key=True),
    Column("ticket", Name, primary_key=True),
    Column("seal", RowId, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("sealed_heads_seal", "seal"),
)
