"""Policies that were in force, so that every decision can be explained by the rules of its day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from helpdesk_bridge.store.codec import pack, unpack
from helpdesk_bridge.store.statements import insert_new
from helpdesk_bridge.store.tables import policies


class Policies:
    """Stored policies within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, digest: str, documents: Mapping[str, Any], now: datetime) -> None:
        """Keep a policy's documents (plain data by file name), unless they are kept already."""
        values = {"digest": digest, "documents": pack(documents), "stored_at": now}
        self._connection.execute(insert_new(self._connection, policies), values)

    def get(self, digest: str) -> Mapping[str, Any] | None:
        """Return a policy's documents."""
        documents = self._connection.scalar(select(policies.c.documents).where(policies.c.digest == digest))
        return None if documents is None else unpack(documents, dict)
