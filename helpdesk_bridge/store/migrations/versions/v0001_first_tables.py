"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DIGEST = sa.String(64)


def upgrade() -> None:
    """Create everything."""
    _create_inbox()
    _create_outbox()
    for box in ("inbox", "outbox"):
        _create_partial_index(f"{box}_unfinished", box, ["lane", "id"], "done_at IS NULL")
        _create_partial_index(f"{box}_ready", box, ["ready_at", "id"], "ready_at IS NOT NULL")
    op.create_index("inbox_ticket", "inbox", ["desk", "ticket"])
    _create_journal()
    _create_engagements()
    _create_due()
    _create_policies()
    _create_polls()


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("ticket", sa.Text),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("event", sa.Text),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("raw_digest", DIGEST),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("ready_at", MOMENT),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("snapshot", sa.LargeBinary),
        sa.Column("covered_by", ROW_ID),
        sa.Column("done_at", MOMENT),
        sa.UniqueConstraint("desk", "identity", name="inbox_identity"),
        sqlite_autoincrement=True,
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("ticket", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("ready_at", MOMENT),
        sa.Column("must_look", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("receipt", sa.Text),
        sa.Column("done_at", MOMENT),
        sa.UniqueConstraint("desk", "ticket", "key", name="outbox_key"),
        sqlite_autoincrement=True,
    )


def _create_journal() -> None:
    op.create_table(
        "journal",
        sa.Column("desk", sa.Text, primary_key=True),
        sa.Column("ticket", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("fact", sa.Text),
        sa.Column("body", sa.Text),
        sa.Column("salt", sa.String(32)),
        sa.Column("body_digest", DIGEST, nullable=False),
        sa.Column("previous", DIGEST, nullable=False),
        sa.Column("hash", DIGEST, nullable=False),
        sa.UniqueConstraint("desk", "ticket", "kind", "fact", name="journal_fact"),
    )


def _create_engagements() -> None:
    op.create_table(
        "engagements",
        sa.Column("desk", sa.Text, primary_key=True),
        sa.Column("ticket", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("head", DIGEST, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    op.create_index("engagements_updated_at", "engagements", ["updated_at"])


def _create_due() -> None:
    op.create_table(
        "due",
        sa.Column("desk", sa.Text, primary_key=True),
        sa.Column("ticket", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_index("due_at", "due", ["at"])


def _create_policies() -> None:
    op.create_table(
        "policies",
        sa.Column("digest", DIGEST, primary_key=True),
        sa.Column("documents", sa.LargeBinary, nullable=False),
        sa.Column("stored_at", MOMENT, nullable=False),
    )


def _create_polls() -> None:
    op.create_table(
        "polls",
        sa.Column("desk", sa.Text, primary_key=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
    )


def _create_partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
