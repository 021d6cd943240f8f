"""Statements that both databases know, written in their two dialects of SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """INSERT that leaves rows which are there already as they are."""
    return _insert(connection, table).on_conflict_do_nothing()


def put(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """INSERT a row, or bring the one with its primary key up to date."""
    insert = _insert(connection, table).values(values)
    keys = [column.name for column in table.primary_key]
    changes = {name: insert.excluded[name] for name in values if name not in keys}
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changes))


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
