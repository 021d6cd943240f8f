"""The schema's version: what the database has, and what this version of the bridge needs."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from helpdesk_bridge.errors import SchemaOutdated


def check(connection: Connection) -> None:
    """Compare the database's schema with ours. Raises: SchemaOutdated, also when the database is newer than we are."""
    found, needed = _found(connection), _scripts().get_current_head()
    if found is None:
        raise SchemaOutdated("The database has no schema yet; run ``helpdesk-bridge db upgrade``.")
    if found != needed:
        raise SchemaOutdated(f"The database schema is {found}, this version needs {needed}; run ``helpdesk-bridge db upgrade``.")


def upgrade(connection: Connection) -> None:
    """Bring the schema up to date, or leave it as it was: all in one transaction. Raises: SchemaOutdated when it is newer."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('helpdesk_bridge schema'))")
    _found(connection)
    command.upgrade(_config(connection), "head")


def _found(connection: Connection) -> str | None:
    """Return the revision the database is at, None before the first. Raises: SchemaOutdated when we have never heard of it."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in {script.revision for script in _scripts().walk_revisions()}:
        raise SchemaOutdated(f"The database schema {found} belongs to a newer version; upgrade helpdesk_bridge.")
    return found


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "helpdesk_bridge.store:migrations")
    return config
