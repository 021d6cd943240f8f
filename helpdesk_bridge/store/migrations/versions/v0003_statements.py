"""Monthly closings and their statements."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create what months are closed into."""
    op.create_table(
        "closings",
        sa.Column("period", sa.String(7), primary_key=True),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("closed_by", sa.Text, nullable=False),
        sa.Column("rolled", sa.Text, nullable=False),
    )
    op.create_table(
        "statements",
        sa.Column("number", ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("tax_id", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
    )
    op.create_index("statements_period", "statements", ["period"])
    op.create_table(
        "stated",
        sa.Column("desk", sa.Text, primary_key=True),
        sa.Column("ticket", sa.Text, primary_key=True),
        sa.Column("term", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("statement", ROW_ID, nullable=False),
    )
    op.create_index("stated_statement", "stated", ["statement"])
    op.create_table(
        "billings",
        sa.Column("statement", ROW_ID, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
