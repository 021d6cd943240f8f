"""Seals over the heads of journals, and what is about people in columns of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DIGEST = sa.String(64)


def upgrade() -> None:
    """Part the journal's bodies and create the seals. Nothing was released before: chains of older revisions do not verify."""
    op.add_column("journal", sa.Column("personal", sa.Text))
    op.add_column("journal", sa.Column("personal_digest", DIGEST))
    op.create_table(
        "seals",
        sa.Column("number", ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("heads", sa.Integer, nullable=False),
        sa.Column("root", DIGEST, nullable=False),
        sa.Column("previous", DIGEST, nullable=False),
        sa.Column("hash", DIGEST, nullable=False),
    )
    op.create_table(
        "sealed_heads",
        sa.Column("desk", sa.Text, primary_key=True),
        sa.Column("ticket", sa.Text, primary_key=True),
        sa.Column("seal", ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", DIGEST, nullable=False),
    )
    op.create_index("sealed_heads_seal", "sealed_heads", ["seal"])
