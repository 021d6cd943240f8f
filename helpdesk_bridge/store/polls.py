"""How far each desk has been polled for changes whose webhooks were lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from helpdesk_bridge.domain.values import DeskId
from helpdesk_bridge.store.statements import put
from helpdesk_bridge.store.tables import polls


class Polls:
    """Polls within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, desk: DeskId) -> datetime | None:
        """Return the instant up to which a desk's changes are known; None when it was never polled."""
        since: datetime | None = self._connection.scalar(select(polls.c.since).where(polls.c.desk == desk))
        return since

    def set(self, desk: DeskId, since: datetime, now: datetime) -> None:
        """Remember that changes up to ``since`` are known."""
        put(self._connection, polls, {"desk": desk, "since": since, "checked_at": now})
