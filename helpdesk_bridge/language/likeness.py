"""How much a comment is like labelled ones: a linear score over its words, for ranking and for doubting, never for accepting.

The weights are policy (``likeness:`` in a language document), one line a feature: ``feature<TAB>label:weight label:weight``,
weights in hundredths. A feature is a word, the beginning of a longer one (``aceit*``), or two or three neighbours by their
beginnings (``nao aceita``); numbers are ``#`` and the place in the lifecycle is ``@term_pending``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from helpdesk_bridge.domain.reading import Pending, SignalKind
from helpdesk_bridge.language.text import normalise, squeeze

LONGEST = 4_000
"""Characters that are scored; what a comment is about is said before."""
_PIECE = re.compile(r"\d+|[^\W\d_]+|[?%$]")
_STEM, _BEGINNING = 6, 5


@dataclass(frozen=True, slots=True)
class Likeness:
    """Weights of features for each label."""

    labels: tuple[SignalKind, ...] = ()
    weights: Mapping[str, tuple[tuple[int, float], ...]] = field(default_factory=dict, repr=False)

    def scores(self, text: str, pending: Pending) -> dict[SignalKind, float]:
        """Return the probability of each label; empty when there are no weights."""
        if not self.labels:
            return {}
        totals = self._totals(text, pending)
        highest = max(totals)
        powers = [math.exp(total - highest) for total in totals]
        return {label: power / sum(powers) for label, power in zip(self.labels, powers, strict=True)}

    def _totals(self, text: str, pending: Pending) -> list[float]:
        totals = [0.0] * len(self.labels)
        known = 0
        for feature in (*features(text), f"@{pending}"):
            weights = self.weights.get(feature)
            if weights is not None:
                known += 1
                for label, weight in weights:
                    totals[label] += weight
        scale = 1 / math.sqrt(known or 1)
        return [total * scale for total in totals]


def features(text: str) -> set[str]:
    """Return what is scored of a text."""
    pieces = ["#" if piece.isdigit() else piece for piece in _PIECE.findall(squeeze(normalise(text[:LONGEST]))[0])]
    found = set(pieces)
    found.update(f"{piece[:_BEGINNING]}*" for piece in pieces if len(piece) > _BEGINNING)
    stems = ["^", *(piece[:_STEM] for piece in pieces), "$"]
    found.update(map(" ".join, pairwise(stems)))
    found.update(map(" ".join, zip(stems, stems[1:], stems[2:], strict=False)))
    found.add(f"len:{min(4, len(pieces) // 8)}")
    return found


def read_weights(lines: str) -> Likeness:
    """Read the ``likeness`` section. Raises: ValueError, naming the line."""
    labels: dict[SignalKind, int] = {}
    weights: dict[str, tuple[tuple[int, float], ...]] = {}
    for number, line in enumerate(lines.splitlines(), start=1):
        if line.strip():
            feature, _, given = line.partition("\t")
            try:
                weights[feature] = tuple(_pairs(given, labels))
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from None
    return Likeness(tuple(labels), weights)


def _pairs(given: str, labels: dict[SignalKind, int]) -> Iterator[tuple[int, float]]:
    if not given.strip():
        raise ValueError("a feature needs weights")
    for pair in given.split():
        label, _, weight = pair.partition(":")
        kind = SignalKind(label)
        yield labels.setdefault(kind, len(labels)), int(weight) / 100
