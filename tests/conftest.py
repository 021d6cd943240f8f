"""Databases for tests: a fresh SQLite file, and a fresh schema on the server BRIDGE_TEST_POSTGRES names (tests/postgres.sh)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from helpdesk_bridge.store import Store
from tests.loaded import remember_what_is_compiled

SERVER = os.environ.get("BRIDGE_TEST_POSTGRES", "")
NEEDS_SERVER = pytest.mark.skipif(not SERVER, reason="BRIDGE_TEST_POSTGRES is not set; tests/postgres.sh start prints one")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=NEEDS_SERVER)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of an empty database, of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bridge.sqlite3"
    else:
        yield from _schema_of_its_own()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """A store with its tables, of either kind."""
    opened = Store.open(database)
    opened.upgrade()
    yield opened
    opened.close()


def _schema_of_its_own() -> Iterator[str]:
    server, name = make_url(SERVER).set(drivername="postgresql+psycopg"), f"test_{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
            yield server.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    finally:
        engine.dispose()


def pytest_configure() -> None:
    """Some two hundred tests and modules load the policy."""
    remember_what_is_compiled()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--kills N``: random kills the promises have to survive; ``--spoiled N``: spoiled assents to read."""
    parser.addoption("--kills", type=int, default=20, help="random kills of workers (make crash: 200)")
    parser.addoption("--spoiled", type=int, default=5_000, help="spoiled assents to read, of some 47,500 (.ci/run: all)")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """How many random kills to survive."""
    return int(request.config.getoption("--kills"))


@pytest.fixture
def spoiled_assents(request: pytest.FixtureRequest) -> int:
    """How many spoiled assents to read."""
    return int(request.config.getoption("--spoiled"))
