"""The journal: append-only records, one hash chain per ticket, erasable without breaking the chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from helpdesk_bridge.domain.values import DeskId, TicketId, digest_of

ERASED = "erased"
"""Kind of the entry that says which records were emptied, by whom and why."""


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


def genesis(desk: DeskId, ticket: TicketId) -> str:
    """Return what a ticket's first record follows: a chain cannot be passed off as another ticket's."""
    return digest_of({"desk": desk, "ticket": ticket})


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


def verify(records: Iterable[Record], desk: DeskId, ticket: TicketId) -> list[str]:
    """Return what is wrong with a ticket's chain, one sentence each, the first broken record first; none means that it holds."""
    records = tuple(records)
    emptied = erased_records(records)
    wrong = []
    previous = genesis(desk, ticket)
    for seq, record in enumerate(records, start=1):
        wrong += [f"record {record.seq}: {problem}" for problem in _problems(record, seq, previous, record.seq in emptied)]
        previous = record.hash
    return wrong


def erased_records(records: Iterable[Record]) -> frozenset[int]:
    """Return the numbers of the records that the chain itself says were emptied."""
    named = (record.body["records"] for record in records if record.kind == ERASED and record.body is not None)
    return frozenset(seq for seqs in named for seq in seqs)


def recalled(records: Iterable[Record]) -> tuple[Record, ...]:
    """Return the records, each erased one with what its erasure kept: the same facts without the person."""
    records = tuple(records)
    kept: dict[int, Mapping[str, Any]] = {}
    for record in records:
        if record.kind == ERASED and record.body is not None:
            kept |= {int(seq): body for seq, body in record.body["kept"].items()}
    return tuple(
        replace(record, body=kept[record.seq]) if record.body is None and record.seq in kept else record for record in records
    )


def _problems(record: Record, seq: int, previous: str, is_erased: bool) -> Iterator[str]:
    if record.seq != seq:
        yield f"it stands where record {seq} is expected"
    if record.previous != previous:
        yield f"it follows {_short(record.previous)}, the record before it is {_short(previous)}"
    if (record.body is None) is not (record.salt is None):
        yield "body and salt are there together or not at all"
    if record.body is None and not is_erased:
        yield "its body is gone, and no erasure names it"
    if record.body is not None:
        if is_erased:
            yield "it has a body, though an erasure says it was emptied"
        found = digest_of({"salt": record.salt, "body": dict(record.body)})
        if record.body_digest != found:
            yield f"its body gives the digest {_short(found)}, {_short(record.body_digest)} was recorded"
    expected = _hash(record.seq, record.at, record.actor, record.kind, record.fact, record.body_digest, record.previous)
    if record.hash != expected:
        yield f"its content gives the hash {_short(expected)}, {_short(record.hash)} was recorded"


def _short(digest: str) -> str:
    return f"{digest[:12]}…"


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
