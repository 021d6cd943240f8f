"""How much a comment is like labelled ones: a linear score over its words, for ranking and for doubting, never for accepting.

The weights are policy (``likeness:`` in a language document), one line a feature: ``feature<TAB>label:weight label:weight``,
weights in hundredths. A feature is a word, the beginning of a longer one (``aceit*``), or two or three neighbours by their
beginnings (``nao aceita``); numbers are ``#`` and the place in the lifecycle is ``@term_pending``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from struct import iter_unpack, pack

from helpdesk_bridge.domain.reading import Pending, SignalKind
from helpdesk_bridge.language.text import normalise, squeeze

LONGEST = 4_000
"""Characters that are scored; what a comment is about is said before."""
_PIECE = re.compile(r"\d+|[^\W\d_]+|[?%$]")
_STEM, _BEGINNING = 6, 5


_LANE = 4
"""Bytes that each label has in the packed weights of a feature."""
_HEAVIEST, _BIAS = 1 << 15, 1 << 16
"""Hundredths that a weight stays below, and what is added so that no lane is negative: 4,000 characters never fill a lane."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Weights of features for each label."""

    labels: tuple[SignalKind, ...] = ()
    weights: Mapping[str, int] = field(default_factory=dict, repr=False)
    """Feature → its weights in hundredths, one lane for each label: a text's weights are one sum."""

    def scores(self, text: str, pending: Pending) -> dict[SignalKind, float]:
        """Return the probability of each label; empty when there are no weights."""
        if not self.labels:
            return {}
        totals = self._totals(text, pending)
        highest = max(totals)
        powers = [math.exp(total - highest) for total in totals]
        whole = sum(powers)
        return {label: power / whole for label, power in zip(self.labels, powers, strict=True)}

    def _totals(self, text: str, pending: Pending) -> list[float]:
        found = features(text)
        found.add(f"@{pending}")
        known = self.weights.keys() & found
        lanes = sum(map(self.weights.__getitem__, known)).to_bytes(_LANE * len(self.labels), "little")
        scale = 1 / math.sqrt(len(known) or 1) / 100
        return [(total - len(known) * _BIAS) * scale for (total,) in iter_unpack("<I", lanes)]


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
    labels: dict[str, int] = {}
    for line in lines.splitlines():
        for pair in line.partition("\t")[2].split():
            labels.setdefault(pair.partition(":")[0], len(labels))
    weights: dict[str, int] = {}
    for number, line in enumerate(lines.splitlines(), start=1):
        if line.strip():
            feature, _, pairs = line.partition("\t")
            try:
                weights[feature] = _packed(_pairs(pairs, labels), len(labels))
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from None
    return Likeness(tuple(map(SignalKind, labels)), weights)


def _packed(pairs: Iterable[tuple[int, int]], labels: int) -> int:
    lanes = [_BIAS] * labels
    for place, weight in pairs:
        lanes[place] += weight
    return int.from_bytes(pack(f"<{labels}I", *lanes), "little")


def _pairs(given: str, labels: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    if not given.strip():
        raise ValueError("a feature needs weights")
    seen = set()
    for pair in given.split():
        label, _, weight = pair.partition(":")
        if abs(int(weight)) >= _HEAVIEST or label in seen:
            raise ValueError(f"{pair} is too heavy, or {label} is named twice")
        seen.add(label)
        yield labels[SignalKind(label)], int(weight)
