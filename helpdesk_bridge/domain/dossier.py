"""A dossier: everything recorded about one ticket, as it is handed to somebody who does not trust us."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.journal import ERASED, Record, erased_records
from helpdesk_bridge.domain.seals import Head, Proof, Seal, proof_of
from helpdesk_bridge.domain.values import DeskId, TicketId

WORDS = "words"
"""Kind of the entries that hold what a customer wrote, and nothing else does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedHead:
    """A seal that covers the ticket, and the way from the ticket's head to its root."""

    seal: Seal
    head: Head
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a customer wrote and what was decided about it."""

    decision: Record | None
    """None when a later version of the comment decided nothing."""
    words: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """The records of one ticket, what they add up to, and the seals that cover them."""

    desk: DeskId
    ticket: TicketId
    records: tuple[Record, ...]
    engagement: Engagement
    seals: tuple[SealedHead, ...]
    made_at: datetime
    made_by: str
    version: str
    """Of the software that made it."""
    key: str | None
    """The public key in hex that the file is signed with; None: it is not signed."""

    @property
    def head(self) -> str:
        """Hash of the last record."""
        return self.records[-1].hash

    @property
    def sealed_up_to(self) -> int:
        """Number of the last record that a seal covers."""
        return max((each.head.seq for each in self.seals), default=0)

    @property
    def policies(self) -> tuple[str, ...]:
        """Digests of every policy that something was decided under, in the order they came into force."""
        digests = (record.body["policy"] for record in self.records if record.body.get("policy"))
        return tuple(dict.fromkeys(digests))

    @property
    def erased(self) -> frozenset[int]:
        """Numbers of the records that were emptied."""
        return erased_records(self.records)

    @property
    def erasures(self) -> tuple[Record, ...]:
        """Every erasure, oldest first."""
        return tuple(record for record in self.records if record.kind == ERASED)

    def sent(self, term: ServiceTerm) -> Record | None:
        """Return the record that holds a term's exact text."""
        return self._about(term, "term_sent")

    def consent(self, term: ServiceTerm) -> Record | None:
        """Return the record of the acceptance that binds."""
        return self._about(term, "consent")

    def words_behind(self, decision: Record) -> Record | None:
        """Return what the customer wrote, as it stood when something was decided about it."""
        before = [record for record in self.records[: decision.seq + 1] if record.kind == WORDS]
        same = [record for record in before if record.fact == decision.fact]
        about = [record for record in before if record.body.get("comment") == decision.body.get("comment")]
        return next(iter((same or about)[-1:]), None)

    def said(self) -> tuple[Said, ...]:
        """Return what customers wrote about the terms, oldest first, each with what was decided about it."""
        return tuple(Said(decision=_decision(self.records, words), words=words) for words in self.records if words.kind == WORDS)

    def _about(self, term: ServiceTerm, kind: str) -> Record | None:
        mine = (record for record in self.records if record.kind == kind)
        return next((record for record in mine if record.body.get("number") == term.number), None)


def _decision(told: Sequence[Record], words: Record) -> Record | None:
    """Find the decision, which is recorded before the words it rests on."""
    before = [record for record in told[: words.seq - 1] if record.fact == words.fact and record.kind not in ("heard", WORDS)]
    return before[-1] if before else None


def proven(seal: Seal, heads: Iterable[Head], head: Head) -> SealedHead:
    """Return how a seal covers one of its heads."""
    return SealedHead(seal=seal, head=head, proof=proof_of([each.leaf for each in heads], head.leaf))
