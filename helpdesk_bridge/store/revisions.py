"""Which schema a database has, told without Alembic: every start asks, and only an upgrade needs the migrations."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from helpdesk_bridge.errors import SchemaOutdated

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every revision, oldest first; a test compares it with the migrations."""


def check(connection: Connection) -> None:
    """Compare the database's schema with ours. Raises: SchemaOutdated, also when the database is newer than we are."""
    found, needed = current(connection), REVISIONS[-1]
    if found is None:
        raise SchemaOutdated("The database has no schema yet; run ``helpdesk-bridge db upgrade``.")
    if found != needed:
        raise SchemaOutdated(f"The database schema is {found}, this version needs {needed}; run ``helpdesk-bridge db upgrade``.")


def current(connection: Connection) -> str | None:
    """Return the revision the database is at, None before the first. Raises: SchemaOutdated when we have never heard of it."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found is not None and found not in REVISIONS:
        raise SchemaOutdated(f"The database schema {found} belongs to a newer version; upgrade helpdesk_bridge.")
    return found
