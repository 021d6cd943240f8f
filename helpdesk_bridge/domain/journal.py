"""The journal: append-only records, one hash chain per ticket, erasable without breaking the chain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from helpdesk_bridge.domain.values import digest_of

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that was decided, before it is chained."""

    kind: str
    at: datetime
    actor: str
    """``requester:ada@cliente.example``, ``agent:17``, ``bridge``, ``operator:root``."""
    fact: str | None = None
    """Identity of the fact behind it: one entry per ticket, kind and fact, however often the fact is seen."""
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An Entry in its place in the chain."""

    seq: int
    at: datetime
    actor: str
    kind: str
    fact: str | None
    body: Mapping[str, Any] | None
    """None after a lawful erasure."""
    salt: str | None
    body_digest: str
    previous: str
    hash: str


def chain(entry: Entry, *, seq: int, previous: str, salt: str) -> Record:
    """Put an entry behind the record whose hash is ``previous``; ``salt`` hides an erased body from guessing."""
    body_digest = digest_of({"salt": salt, "body": dict(entry.body)})
    return Record(
        seq=seq,
        at=entry.at,
        actor=entry.actor,
        kind=entry.kind,
        fact=entry.fact,
        body=entry.body,
        salt=salt,
        body_digest=body_digest,
        previous=previous,
        hash=_hash(seq, entry.at, entry.actor, entry.kind, entry.fact, body_digest, previous),
    )


def verify(records: Iterable[Record]) -> list[str]:
    """Return what is wrong with a chain, one sentence each; an empty list means that it holds."""
    wrong = []
    previous = GENESIS
    for seq, record in enumerate(records, start=1):
        if record.seq != seq:
            wrong.append(f"record {record.seq} stands where {seq} is expected")
        if record.previous != previous:
            wrong.append(f"record {record.seq} does not follow the one before it")
        if record.body is not None and record.body_digest != digest_of({"salt": record.salt, "body": dict(record.body)}):
            wrong.append(f"record {record.seq}: the body is not the one that was recorded")
        expected = _hash(record.seq, record.at, record.actor, record.kind, record.fact, record.body_digest, record.previous)
        if record.hash != expected:
            wrong.append(f"record {record.seq}: its hash does not match its content")
        previous = record.hash
    return wrong


def _hash(seq: int, at: datetime, actor: str, kind: str, fact: str | None, body_digest: str, previous: str) -> str:
    return digest_of(
        {
            "seq": seq,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": actor,
            "kind": kind,
            "fact": fact,
            "body": body_digest,
            "previous": previous,
        }
    )
