"""Seals: once a day, one digest over the heads of every chain that grew, chained to the seal before it.

A chain alone cannot show that its end was cut off, or that the whole of it is gone; a seal that names its head can.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from helpdesk_bridge.domain.values import DeskId, TicketId, digest_of

FIRST = "0" * 64
"""What the first seal follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last record of a ticket's chain at the time of a seal."""

    desk: DeskId
    ticket: TicketId
    seq: int
    hash: str

    @property
    def leaf(self) -> str:
        """The head as the seal's tree holds it: whoever sees the tree learns nothing about the ticket."""
        return digest_of({"desk": self.desk, "ticket": self.ticket, "seq": self.seq, "hash": self.hash})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One digest over many heads."""

    number: int
    at: datetime
    heads: int
    """How many chains it covers."""
    root: str
    """Of the tree over their leaves."""
    previous: str
    hash: str

    def problems(self, heads: Iterable[Head], previous: str) -> list[str]:
        """Return what is wrong with the seal, one sentence each; ``previous`` is the hash of the seal before it."""
        leaves = [head.leaf for head in heads]
        expected = _hash(self.number, self.at, self.heads, self.root, self.previous)
        checks = (
            (self.previous == previous, "does not follow the seal before it"),
            (self.heads == len(leaves), f"covers {self.heads} chains, and {len(leaves)} are kept"),
            (bool(leaves) and root_of(leaves) == self.root, "does not cover the heads that are kept with it"),
            (self.hash == expected, "has a hash that does not match its content"),
        )
        return [f"seal {self.number} {problem}" for holds, problem in checks if not holds]


def seal(number: int, at: datetime, heads: Sequence[Head], previous: str) -> Seal:
    """Seal heads behind the seal whose hash is ``previous``."""
    root = root_of([head.leaf for head in heads])
    return Seal(
        number=number,
        at=at,
        heads=len(heads),
        root=root,
        previous=previous,
        hash=_hash(number, at, len(heads), root, previous),
    )


Proof = tuple[tuple[str, str], ...]
"""Way from a leaf to the root: at each step the side (``left``, ``right``) the other digest stands on, and that digest."""


def root_of(leaves: Iterable[str]) -> str:
    """Return the root over leaves, whatever order they come in."""
    level = sorted(leaves)
    while len(level) > 1:
        level = _raised(level)
    return level[0]


def proof_of(leaves: Iterable[str], leaf: str) -> Proof:
    """Return how ``leaf``, one of ``leaves``, leads to their root."""
    level, steps = sorted(leaves), []
    place = level.index(leaf)
    while len(level) > 1:
        other = place ^ 1
        if other < len(level):
            steps.append(("left" if other < place else "right", level[other]))
        level, place = _raised(level), place // 2
    return tuple(steps)


def _raised(level: Sequence[str]) -> list[str]:
    """Join neighbours; one without a neighbour rises as it is."""
    pairs = (level[place : place + 2] for place in range(0, len(level), 2))
    return [sha256("".join(pair).encode()).hexdigest() if len(pair) == 2 else pair[0] for pair in pairs]


def _hash(number: int, at: datetime, heads: int, root: str, previous: str) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return digest_of({"number": number, "at": moment, "heads": heads, "root": root, "previous": previous})
