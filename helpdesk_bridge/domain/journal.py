"""The journal: append-only records, one hash chain per ticket, erasable without breaking the chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from helpdesk_bridge.domain.personal import parted
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
    plain: Mapping[str, Any]
    """What of the body is about no person; never erased."""
    personal: Mapping[str, Any] | None
    """What people wrote or are called; None when there is nothing, or after a lawful erasure."""
    salt: str | None
    """There with ``personal``: it keeps an erased part from being guessed by its digest."""
    personal_digest: str | None
    """None when the record never held anything about a person."""
    body_digest: str
    previous: str
    hash: str

    @property
    def body(self) -> Mapping[str, Any]:
        """Everything that was recorded and was not erased."""
        return {**self.plain, **(self.personal or {})}

    @property
    def is_erased(self) -> bool:
        """True when the record lost what it held about a person."""
        return self.personal is None and self.personal_digest is not None


def genesis(desk: DeskId, ticket: TicketId) -> str:
    """Return what a ticket's first record follows: a chain cannot be passed off as another ticket's."""
    return digest_of({"desk": desk, "ticket": ticket})


def chain(entry: Entry, *, seq: int, previous: str, salt: str) -> Record:
    """Put an entry behind the record whose hash is ``previous``; ``salt`` hides erased words from guessing."""
    plain, personal = parted(entry.kind, entry.body)
    personal_digest = _personal_digest(salt, personal) if personal else None
    body_digest = _body_digest(plain, personal_digest)
    return Record(
        seq=seq,
        at=entry.at,
        actor=entry.actor,
        kind=entry.kind,
        fact=entry.fact,
        plain=plain,
        personal=personal or None,
        salt=salt if personal else None,
        personal_digest=personal_digest,
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
    named = (record.plain.get("records", ()) for record in records if record.kind == ERASED)
    return frozenset(seq for seqs in named for seq in seqs)


def _problems(record: Record, seq: int, previous: str, is_named: bool) -> Iterator[str]:
    if record.seq != seq:
        yield f"it stands where record {seq} is expected"
    if record.previous != previous:
        yield f"it follows {_short(record.previous)}, the record before it is {_short(previous)}"
    yield from _personal_problems(record, is_named)
    found = _body_digest(record.plain, record.personal_digest)
    if record.body_digest != found:
        yield f"its body gives the digest {_short(found)}, {_short(record.body_digest)} was recorded"
    expected = _hash(record.seq, record.at, record.actor, record.kind, record.fact, record.body_digest, record.previous)
    if record.hash != expected:
        yield f"its content gives the hash {_short(expected)}, {_short(record.hash)} was recorded"


def _personal_problems(record: Record, is_named: bool) -> Iterator[str]:
    if (record.personal is None) is not (record.salt is None):
        yield "words and salt are there together or not at all"
    if record.is_erased and not is_named:
        yield "its words are gone, and no erasure names it"
    if record.personal is None:
        return
    if is_named:
        yield "its words are there, though an erasure says they are not"
    found = _personal_digest(record.salt, record.personal)
    if record.personal_digest != found:
        yield f"its words give the digest {_short(found)}, {_short(str(record.personal_digest))} was recorded"


def _personal_digest(salt: str | None, personal: Mapping[str, Any]) -> str:
    return digest_of({"salt": salt, "personal": dict(personal)})


def _body_digest(plain: Mapping[str, Any], personal_digest: str | None) -> str:
    return digest_of({"plain": dict(plain), "personal": personal_digest})


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
