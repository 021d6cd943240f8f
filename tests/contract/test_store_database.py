"""The databases themselves: what they refuse, how they fail, how they heal."""

from __future__ import annotations

import contextlib
import fcntl
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import StatementError

from helpdesk_bridge.errors import ConfigurationError, StoreUnavailable
from helpdesk_bridge.store import Store
from tests.contract.store_rows import DESK, hint, record


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("bridge.sqlite3", "is not a database URL"),
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("mysql://root@localhost/bridge", "mysql is not supported: choose sqlite or postgresql"),
    ],
)
def test_a_url_that_names_no_database_of_ours_is_refused(url: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        Store.open(url)


def test_postgresql_without_its_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'helpdesk-bridge\[postgres\]'"):
        Store.open("postgresql://localhost/bridge")


@pytest.mark.parametrize("url", ["postgresql://bridge:s3cret@127.0.0.1:1/bridge", "sqlite:////nowhere/at/all/bridge.sqlite3"])
def test_a_database_that_cannot_be_reached_is_unavailable_without_telling_secrets(url: str) -> None:
    store = Store.open(url)
    for call in (store.ping, store.check_schema, lambda: record(store, hint("7", "1")), lambda: store.recorder().record([])):
        with pytest.raises(StoreUnavailable) as caught:
            call()
        assert "s3cret" not in str(caught.value)
    store.close()


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "bridge.sqlite3").write_bytes(b"not a database" * 100)
    store = Store.open(f"sqlite:///{tmp_path}/bridge.sqlite3")
    with pytest.raises(StoreUnavailable, match="not a database"):
        store.ping()
    store.close()


def test_a_full_disk_is_unavailable_and_undoes_the_whole_transaction(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/bridge.sqlite3")
    store.upgrade()
    with store.write() as tx:
        tx.inbox._connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(StoreUnavailable, match="full"):
        record(store, *(hint(str(number), str(number)) for number in range(1000)))
    with store.read() as tx:
        assert tx.inbox.counts() == {}
    store.close()


def test_a_file_somebody_else_keeps_locked_is_unavailable_until_it_is_free(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/bridge.sqlite3?timeout=0.05")
    store.upgrade()
    other = sqlite3.connect(tmp_path / "bridge.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        store.ping()
    store.check_schema()
    other.execute("ROLLBACK")
    other.close()
    store.ping()
    store.close()


def test_a_writer_waits_for_writers_of_other_processes_and_gives_up_on_its_own_threads(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/bridge.sqlite3?timeout=0.05")
    store.upgrade()
    with (tmp_path / "bridge.sqlite3.lock").open() as other_process:
        fcntl.flock(other_process, fcntl.LOCK_EX)
        waiting = threading.Thread(target=store.ping)
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        with pytest.raises(StoreUnavailable, match="another thread has been writing"):
            store.ping()
        store.check_schema()
        fcntl.flock(other_process, fcntl.LOCK_UN)
        waiting.join(5)
    assert not waiting.is_alive()
    store.close()


def test_a_commit_is_on_disk_before_it_returns(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/bridge.sqlite3")
    with store.write() as tx:
        connection = tx.inbox._connection
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
    store.close()


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bridge.sqlite3"
    store = Store.open(url)
    store.upgrade()
    program = """
import sys
from helpdesk_bridge.store import Store
from tests.contract.store_rows import hint
store = Store.open(sys.argv[1])
for number in range(40):
    store.recorder().record([hint("7", f"{sys.argv[2]}/{number}")])
store.close()
"""
    processes = [subprocess.Popen([sys.executable, "-W", "error", "-c", program, url, name]) for name in "abc"]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    with store.read() as tx:
        assert tx.inbox.counts() == {"waiting": 120}
    store.close()


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    record(store, hint("7", "1"))
    with store.read() as tx:
        before = tx.inbox.counts()
        record(store, hint("7", "2"))
        assert tx.inbox.counts() == before


def test_a_failed_block_leaves_nothing_behind(store: Store) -> None:
    with contextlib.suppress(LookupError), store.write() as tx:
        tx.inbox.add([hint("7", "1")])
        raise LookupError
    with store.read() as tx:
        assert tx.inbox.counts() == {}


def test_instants_come_back_in_utc_to_the_microsecond(store: Store) -> None:
    local = datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-3)))
    with store.write() as tx:
        tx.polls.set(DESK, local, local)
        since = tx.polls.get(DESK)
    assert since == local
    assert since is not None
    assert since.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused_without_quoting_what_people_wrote(store: Store) -> None:
    naive = datetime(2026, 11, 24)  # noqa: DTZ001
    with pytest.raises(StatementError, match="without a time zone") as caught, store.write() as tx:
        tx.policies.put("digest", {}, naive)
    assert "digest'" not in str(caught.value)


def test_connections_that_the_server_cut_are_replaced(database: str) -> None:
    if not database.startswith("postgresql"):
        pytest.skip("a file has no server")
    store = Store.open(database)
    with store.read() as tx:
        backend = tx.inbox._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    killer = create_engine(make_url(database).set(drivername="postgresql+psycopg"))
    with killer.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({backend}, 5000)")
    killer.dispose()
    store.ping()
    store.close()


def test_a_server_that_goes_away_in_a_transaction_is_unavailable(database: str) -> None:
    if not database.startswith("postgresql"):
        pytest.skip("a file has no server")
    store = Store.open(database)
    with pytest.raises(StoreUnavailable), store.write() as tx:
        tx.inbox._connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    store.ping()
    store.close()
