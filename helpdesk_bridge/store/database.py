"""The two databases: one file on one machine (SQLite), or a server (PostgreSQL). Both give the same two kinds of transaction."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from helpdesk_bridge.errors import ConfigurationError, Problem, StoreUnavailable

PATIENCE = 30.0
"""Seconds to wait for a lock, a connection of the pool, or a busy file, before the store counts as unavailable."""

_OUR_FAULT = (DataError, IntegrityError, NotSupportedError, ProgrammingError)


class Database(Protocol):
    """Somewhere to read and write in transactions; every failure that waiting may cure is StoreUnavailable."""

    engine: Engine

    def writing(self) -> AbstractContextManager[Connection]:
        """Begin a transaction that commits when the block ends well."""

    def erasing(self) -> AbstractContextManager[Connection]:
        """Begin a transaction after which nothing is left of what it empties."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Begin a transaction that sees one state of the database and changes nothing."""


def open_database(url: str) -> Database:
    """Choose the database a URL names; nothing is connected yet. Raises: ConfigurationError."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise _wrong("is not a database URL such as sqlite:///bridge.sqlite3") from None
    match parsed.get_backend_name():
        case "sqlite" if parsed.database not in (None, "", ":memory:"):
            return SqliteDatabase(parsed)
        case "sqlite":
            raise _wrong("must name a file: what is in memory is lost")
        case "postgresql" | "postgres":
            return PostgresDatabase(parsed)
        case other:
            raise _wrong(f"{other} is not supported: choose sqlite or postgresql")


class SqliteDatabase:
    """A file in WAL mode, synced at every commit.

    SQLite's own busy wait is unfair, so writers queue before it: threads at a lock, processes at ``<file>.lock``.
    """

    def __init__(self, url: URL) -> None:
        self._lock = Lock()
        self._lock_file = Path(f"{url.database}.lock")
        self._patience = float(str(url.query.get("timeout", PATIENCE)))
        self.engine = create_engine(
            url,
            connect_args={"timeout": self._patience},
            poolclass=QueuePool,
            pool_size=16,
            max_overflow=-1,
            hide_parameters=True,
        )
        event.listen(self.engine, "connect", _prepare_file)
        event.listen(self.engine, "begin", _begin)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin a transaction as the only writer."""
        with _unavailability(), self._only_writer(), self.engine.connect() as connection:
            connection.execution_options(writing=True)
            with connection.begin():
                yield connection

    @contextmanager
    def erasing(self) -> Iterator[Connection]:
        """Begin a transaction as the only writer that overwrites what it frees; the log that still holds it is emptied after it."""
        with self.writing() as connection:
            connection.exec_driver_sql("PRAGMA secure_delete=ON").close()
            yield connection
        with _unavailability(), self.engine.connect() as connection:
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a transaction on a snapshot; it neither waits for writers nor holds them up."""
        with _unavailability(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=self._patience):
            raise StoreUnavailable(f"another thread has been writing for {self._patience:g} s")
        try:
            with self._open_lock_file() as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
        finally:
            self._lock.release()

    def _open_lock_file(self) -> Any:
        try:
            return self._lock_file.open("ab")
        except OSError as error:
            raise StoreUnavailable(f"{self._lock_file} cannot be opened: {error.strerror}") from error


def _prepare_file(connection: Any, _record: object) -> None:
    """Leave transactions to us (the driver would begin them late and deferred), and lose nothing that was committed."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    """Take SQLite's write lock at once: a reader that turns writer would fail instead of waiting."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")


class PostgresDatabase:
    """A PostgreSQL server, by psycopg. Writers meet at row locks only."""

    def __init__(self, url: URL) -> None:
        dead_peers = {"connect_timeout": 5, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
        try:
            self.engine = create_engine(
                url.set(drivername="postgresql+psycopg"),
                connect_args={name: value for name, value in dead_peers.items() if name not in url.query},
                isolation_level="READ COMMITTED",
                pool_size=16,
                max_overflow=16,
                pool_timeout=PATIENCE,
                pool_pre_ping=True,
                hide_parameters=True,
            )
        except ModuleNotFoundError as error:
            raise _wrong("needs psycopg: pip install 'helpdesk-bridge[postgres]'") from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin a transaction."""
        with _unavailability(), self.engine.begin() as connection:
            yield connection

    def erasing(self) -> AbstractContextManager[Connection]:
        """Begin a transaction; what it empties is gone from the server's files with the next VACUUM."""
        return self.writing()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a transaction on a snapshot, as SQLite's readers have it."""
        with _unavailability(), self.engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection


@contextmanager
def _unavailability() -> Iterator[None]:
    """Turn what the database's condition causes into StoreUnavailable; what our statements cause stays what it is."""
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable(f"every connection is in use: {error}") from error
    except DBAPIError as error:
        if isinstance(error, _OUR_FAULT):
            raise
        raise StoreUnavailable(str(error.orig).strip()) from error


def _wrong(reason: str) -> ConfigurationError:
    return ConfigurationError((Problem("bridge.yaml", None, "database", reason),))
