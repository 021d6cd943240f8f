"""The reader ``ml``: heads over sentence vectors, together with what the rules found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from helpdesk_bridge.domain.reading import Context, Pending, Reading, SignalKind, TicketReading
from helpdesk_bridge.domain.values import Comment, CriterionId, Span, Ticket
from helpdesk_bridge.errors import ConfigurationError, Problem
from helpdesk_bridge.language.cues import taken_back
from helpdesk_bridge.language.likeness import Likeness
from helpdesk_bridge.language.text import sentences
from helpdesk_bridge.readers.base import Evidence, Opinion
from helpdesk_bridge.readers.heads import Heads, UnfitHeads, Vector, criteria_features, label_features, read_heads
from helpdesk_bridge.readers.units import Unit, units
from helpdesk_bridge.readers.vectors import Vectors

if TYPE_CHECKING:
    from helpdesk_bridge.policy import Policy

LIKENESS, PHRASE, CERTAIN = 1.0, 1.5, 2.5
"""What the rules add to the head: their own likeness, a phrase, and a phrase beyond doubt. Fitted on texts the rules were
written from, they would be trusted too much; so they are set, on texts the rules have not seen."""
FLOOR = 1e-6
MOST = 60
"""Sentences of a ticket that are weighed, the first ones of each text first."""


class MlReader:
    """Names what the rules leave open, and ranks sentences as evidence."""

    name = "ml"

    def __init__(self, policy: Policy, heads: Heads, vectors: Vectors) -> None:
        self._policy, self._heads, self._vectors = policy, heads, vectors
        self._roles = {str(criterion.id): frozenset(criterion.roles) for criterion in policy.rules.criteria}

    def signals(self, comment: Comment, context: Context, rules: Reading) -> Iterator[Opinion]:
        """Weigh the words, what the support said last and what the rules found; the likeliest kinds come first."""
        own, likeness = rules.own_words, self._policy.lexicon.likeness
        shares = self._shares(rules, context, likeness.scores(own, context.pending))
        for column in np.argsort(-shares, kind="stable")[:3]:
            kind = self._heads.kinds[column]
            yield Opinion(
                kind=kind,
                span=_likest(kind, rules, context.pending, likeness),
                confidence=float(shares[column]),
                reason="like_labelled_ones",
            )

    def _shares(self, rules: Reading, context: Context, likeness: Mapping[SignalKind, float]) -> Vector:
        asked = context.last_agent_text or None
        rows = self._vectors.of([rules.own_words, *([asked] if asked else [])])
        scores = self._heads.label_likeness(label_features(rows[0], rows[1] if asked else None, context.pending, rules.own_words))
        if likeness:
            scores = scores + LIKENESS * np.log([max(likeness.get(kind, 0.0), FLOOR) for kind in self._heads.kinds])
        scores = scores + np.array([_weight(kind, rules) for kind in self._heads.kinds])
        powers = np.exp(scores - scores.max())
        return np.asarray(powers / powers.sum())

    def cues(self, ticket: Ticket, rules: TicketReading) -> Iterator[Evidence]:
        """Return the best sentence for each criterion of each text, above the criterion's threshold."""
        found = list(units(ticket))[:MOST]
        if not found:
            return
        undone = taken_back(ticket, self._policy.cues)
        rows = self._vectors.of([each.text for each in found])
        scores = self._heads.evidence(criteria_features(rows, [each.speaker for each in found]))
        for column, (criterion, threshold) in enumerate(zip(self._heads.ids, self._heads.thresholds, strict=True)):
            best: dict[int, tuple[float, Unit]] = {}
            for unit, score in zip(found, map(float, scores[:, column]), strict=True):
                order = unit.source.order
                if score < threshold or order <= undone.get(criterion, -1) or not self._may_tell(criterion, unit):
                    continue
                if order not in best or score > best[order][0]:
                    best[order] = score, unit
            for score, unit in best.values():
                yield Evidence(
                    criterion=CriterionId(criterion),
                    source=unit.source.name,
                    comment=unit.source.comment,
                    span=unit.span,
                    confidence=score,
                    reason="like_labelled_ones",
                )

    def _may_tell(self, criterion: str, unit: Unit) -> bool:
        roles = self._roles.get(criterion)
        return not roles or bool(roles & unit.source.speaks_as)


def open_reader(policy: Policy) -> MlReader:
    """Open the reader; the model itself is loaded with the first text. Raises: ConfigurationError."""
    if policy.heads is None:
        raise _refused("the policy holds no heads: `helpdesk-bridge train` fits them")
    return reader_of(policy, policy.heads, Vectors(policy.heads["model"]))


def reader_of(policy: Policy, heads: Mapping[str, Any], vectors: Vectors) -> MlReader:
    """Return a reader with other heads than the policy's own. Raises: ConfigurationError."""
    try:
        return MlReader(policy, read_heads(heads), vectors)
    except UnfitHeads as error:
        raise _refused(f"{error}: `helpdesk-bridge train` fits them anew") from None


def _refused(reason: str) -> ConfigurationError:
    return ConfigurationError((Problem("heads/", None, "", reason),))


def _weight(kind: SignalKind, rules: Reading) -> float:
    phrases = [signal for signal in rules.signals if signal.kind is kind and not signal.pattern.startswith("likeness.")]
    return (CERTAIN if any(signal.certain for signal in phrases) else PHRASE) if phrases else 0.0


def _likest(kind: SignalKind, rules: Reading, pending: Pending, likeness: Likeness) -> Span:
    """Return the sentence of the author's that is most like labelled ones of ``kind``."""
    parts = [
        Span(kept.start + part.start, kept.start + part.end)
        for kept in rules.kept
        for part in sentences(kept.of(rules.original))
        if part.of(kept.of(rules.original)).strip()
    ]
    if len(parts) < 2 or not likeness.labels:
        return parts[0] if parts else rules.kept[0]
    return max(parts[:12], key=lambda part: likeness.scores(part.of(rules.original), pending).get(kind, 0.0))
