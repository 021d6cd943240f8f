"""How values become columns: moments, names that came from outside, growing ids, states."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

RowId = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only in INTEGER columns (which hold 64 bits)."""

LONGEST_NAME = 400
"""Bytes; four names share a unique index, and PostgreSQL indexes no more than 2,700 bytes of a row."""

LONGEST_PROSE = 2000
"""Characters."""


class State(StrEnum):
    """Where a row stands. Rows in the last three states are finished or stand still."""

    WAITING = "waiting"
    LEASED = "leased"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    PARKED = "parked"
    DONE = "done"
    SENT = "sent"
    SKIPPED = "skipped"


class Moment(TypeDecorator[datetime]):
    """An instant: timestamptz, or on SQLite ISO 8601 text in UTC, which sorts as time does. Always read as aware UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Store text where there is no type for instants."""
        stored: TypeEngine[Any] = String(32) if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(stored)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Turn an aware instant into UTC. Raises: ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds") if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | str | None, _dialect: Dialect) -> datetime | None:
        """Read an instant as UTC."""
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


class Name(TypeDecorator[str]):
    """An id or identity that somebody else chose."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Store the name as it is, unless no database could."""
        return None if value is None else storable(value)


class Prose(TypeDecorator[str]):
    """A sentence for people, which may quote a desk."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Store what can be stored of the sentence."""
        return None if value is None else _encodable(value)[:LONGEST_PROSE]


def storable(name: str) -> str:
    """Return ``name`` unless it cannot be stored (NUL, half a surrogate pair) or indexed (too long): then a stand-in for it."""
    name = _encodable(name)
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return f"{name[:80]}~{sha256(name.encode()).hexdigest()}"


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
