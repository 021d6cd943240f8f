"""Bringing the schema up to date, by Alembic."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from helpdesk_bridge.store import revisions


def upgrade(connection: Connection) -> None:
    """Bring the schema up to date, or leave it as it was: all in one transaction. Raises: SchemaOutdated when it is newer."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('helpdesk_bridge schema'))")
    revisions.current(connection)
    command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "helpdesk_bridge.store:migrations")
    return config
