"""One comment of a customer as it is judged, and how what they said is recorded."""

from __future__ import annotations

from helpdesk_bridge.domain.decision import Decision, Situation
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.journal import Entry
from helpdesk_bridge.domain.reading import Reading
from helpdesk_bridge.domain.values import Comment, digest_of


class Words:
    """One comment as it is judged: its words, their meaning, and the term they answer."""

    __slots__ = ("comment", "delivery", "reading", "situation", "term")

    def __init__(self, situation: Situation, comment: Comment, reading: Reading, term: ServiceTerm, delivery: str) -> None:
        self.situation, self.comment, self.reading, self.term, self.delivery = situation, comment, reading, term, delivery

    @property
    def rule(self) -> str:
        """The lexicon entry behind the reading."""
        return self.reading.signals[0].pattern if self.reading.signals else "none"

    @property
    def certain(self) -> bool:
        """True when the reading may conclude something by itself."""
        return bool(self.reading.signals) and self.reading.signals[0].certain

    @property
    def evidence(self) -> str:
        """The words that say it."""
        signal = self.reading.signals[0] if self.reading.signals else None
        return signal.span.of(self.reading.original) if signal else self.reading.own_words[:500]

    @property
    def person(self) -> str:
        """Who wrote it, as people read it."""
        return self.comment.author.label

    def after(self, decision: Decision) -> Words:
        """Return the same comment once ``decision`` is taken."""
        situation = self.situation.after(decision)
        term = situation.engagement.numbered(self.term.number) or self.term
        return Words(situation, self.comment, self.reading, term, self.delivery)

    def key(self, name: str) -> str:
        """Key of an update about this comment and this version of its words."""
        return f"{name}:{self.situation.fact}"

    def recorded(self, kind: str, **body: object) -> tuple[Entry, Entry]:
        """Record a decision about the term, and in an entry of its own, erasable, the person's words."""
        signal = self.reading.signals[0] if self.reading.signals else None
        decided = self.situation.entry(
            kind,
            number=self.term.number,
            comment=self.comment.id,
            actor=self.situation.actor,
            label=self.reading.label.value,
            pattern=self.rule,
            span=[signal.span.start, signal.span.end] if signal else None,
            words_digest=self.comment.digest,
            delivery_digest=self.delivery,
            term_reference=self.term.reference,
            term_version=self.term.version,
            term_digest=self.term.text_digest,
            **body,
        )
        return decided, _spoken(self.situation, self.comment, self.reading)


def label_of(situation: Situation, term: ServiceTerm) -> str:
    """Return what people call the term's modality."""
    modality = situation.rules.modality(term.modality)
    return modality.labels[situation.engagement.language] if modality else term.modality


def _spoken(situation: Situation, comment: Comment, reading: Reading) -> Entry:
    """Keep the verbatim words and the person apart from the decision, so that erasing them leaves it standing."""
    signal = reading.signals[0] if reading.signals else None
    return situation.entry(
        "words",
        comment=comment.id,
        name=comment.author.name,
        email=comment.author.email,
        person=comment.author.id,
        text=comment.text,
        html=comment.html,
        own_words=reading.own_words,
        evidence=signal.span.of(reading.original) if signal else None,
        digest=digest_of(reading.own_words),
        written_at=comment.at.isoformat(),
    )
