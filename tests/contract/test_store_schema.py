"""The schema: upgraded in one transaction, refused when it is not ours, the same as the tables we speak to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from helpdesk_bridge.errors import SchemaOutdated
from helpdesk_bridge.store import Store
from helpdesk_bridge.store.revisions import REVISIONS
from helpdesk_bridge.store.tables import metadata
from tests.contract.store_rows import hint, record


def test_an_empty_database_is_refused_until_it_is_upgraded(database: str) -> None:
    store = Store.open(database)
    with pytest.raises(SchemaOutdated, match="no schema yet"):
        store.check_schema()
    store.upgrade()
    store.check_schema()
    store.close()


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    record(store, hint("7", "1"))
    store.upgrade()
    store.check_schema()
    with store.read() as tx:
        assert tx.inbox.counts() == {"waiting": 1}


def test_two_machines_may_upgrade_at_the_same_moment(database: str) -> None:
    stores = [Store.open(database) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        for upgrade in [pool.submit(store.upgrade) for store in stores]:
            upgrade.result()
    for store in stores:
        store.check_schema()
        store.close()


def test_a_schema_of_a_newer_version_is_refused_and_left_alone(store: Store) -> None:
    with store.write() as tx:
        tx.inbox._connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for refused in (store.check_schema, store.upgrade):
        with pytest.raises(SchemaOutdated, match="9999 belongs to a newer version"):
            refused()


def test_a_schema_of_an_older_version_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk_bridge.store.revisions.REVISIONS", (*REVISIONS, "9998"))
    with pytest.raises(SchemaOutdated, match=f"is {REVISIONS[-1]}, this version needs 9998; run ``helpdesk-bridge db upgrade``"):
        store.check_schema()


def test_a_failed_upgrade_leaves_the_database_as_it_was(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    store = Store.open(database)
    with monkeypatch.context() as broken:
        broken.setattr(op, "create_index", lambda *_args, **_options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.upgrade()
    with pytest.raises(SchemaOutdated, match="no schema yet"):
        store.check_schema()
    store.upgrade()
    store.check_schema()
    store.close()


def test_migrations_lead_to_the_tables_we_speak_to(store: Store) -> None:
    with store.read() as tx:
        context = MigrationContext.configure(tx.inbox._connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_every_migration_is_shipped_beside_its_runner() -> None:
    import helpdesk_bridge.store

    migrations = Path(helpdesk_bridge.store.__file__).parent / "migrations"
    assert (migrations / "env.py").is_file()
    assert [path.stem[:5] for path in sorted((migrations / "versions").glob("v*.py"))] == [f"v{each}" for each in REVISIONS]


def test_the_listed_revisions_are_those_of_the_migrations():
    config = Config()
    config.set_main_option("script_location", "helpdesk_bridge.store:migrations")
    newest_first = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]

    assert newest_first[::-1] == list(REVISIONS)
