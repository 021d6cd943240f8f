"""The store: where everything is that must survive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from helpdesk_bridge.store import revisions
from helpdesk_bridge.store.database import Database, open_database
from helpdesk_bridge.store.recorder import Recorder
from helpdesk_bridge.store.transaction import Transaction


class Store:
    """One database. Safe to share between threads; processes open their own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._recorder = Recorder(self.write)

    @classmethod
    def open(cls, url: str) -> Self:
        """Name the database (``sqlite:///bridge.sqlite3``, ``postgresql://…``); it need not be up. Raises: ConfigurationError."""
        return cls(open_database(url))

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Read and write in one transaction, committed when the block ends well. Raises: StoreUnavailable."""
        with self._database.writing() as connection:
            yield Transaction(connection)

    @contextmanager
    def erase(self) -> Iterator[Transaction]:
        """Write so that what is emptied is gone from the database's files, as far as we can reach. Raises: StoreUnavailable."""
        with self._database.erasing() as connection:
            yield Transaction(connection)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Read from one state of the database. Raises: StoreUnavailable."""
        with self._database.reading() as connection:
            yield Transaction(connection)

    def recorder(self) -> Recorder:
        """Return the one through which webhooks are recorded, many in one commit."""
        return self._recorder

    def ping(self) -> None:
        """Prove that a transaction can be written. Raises: StoreUnavailable."""
        with self._database.writing() as connection:
            connection.exec_driver_sql("SELECT 1")

    def check_schema(self) -> None:
        """Prove that the schema is the one this version needs. Raises: SchemaOutdated, StoreUnavailable."""
        with self._database.reading() as connection:
            revisions.check(connection)

    def upgrade(self) -> None:
        """Bring the schema up to date, or leave it as it was; safe to run twice and from two machines. Raises: SchemaOutdated."""
        from helpdesk_bridge.store import schema  # Alembic takes time and memory that only an upgrade needs

        with self._database.writing() as connection:
            schema.upgrade(connection)

    def close(self) -> None:
        """Close every connection."""
        self._database.engine.dispose()
