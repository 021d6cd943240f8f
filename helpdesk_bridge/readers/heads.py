"""Linear heads over sentence vectors: what a comment may mean, and what a sentence may be evidence of. Weights are policy."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpdesk_bridge.domain.reading import Pending, SignalKind

Vector = NDArray[np.float64]
DIMENSIONS = 384
PENDING = tuple(Pending)
SPEAKERS = ("customer", "consultant", "agent")
"""Who speaks, as the criteria heads tell it apart; an outsider counts as a customer."""
LABEL_FEATURES = 2 * DIMENSIONS + 1 + len(PENDING) + 4 + 1
CRITERIA_FEATURES = DIMENSIONS + len(SPEAKERS) + 1
_NEGATION = re.compile(r"\b(?:n[ãa]o|nem|nunca|sem|no|not|don't|ni|sin)\b", re.IGNORECASE)
_SHORT, _LONG = 6, 40
"""Words."""


class UnfitHeads(ValueError):
    """The weights have another shape than this version's features."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """Weights, one row a feature and one column a label or a criterion."""

    kinds: tuple[SignalKind, ...]
    labels: Vector
    ids: tuple[str, ...]
    thresholds: tuple[float, ...]
    criteria: Vector

    def label_likeness(self, features: Vector) -> Vector:
        """Return the log-probability of each kind."""
        return log_softmax(features @ self.labels)

    def evidence(self, features: Vector) -> Vector:
        """Return how surely each row speaks for each criterion, 0 to 1."""
        return np.asarray(1 / (1 + np.exp(-np.clip(features @ self.criteria, -50, 50))))


def read_heads(document: Mapping[str, Any]) -> Heads:
    """Read the policy's document. Raises: UnfitHeads."""
    labels, criteria = document["labels"], document["criteria"]
    return Heads(
        kinds=tuple(SignalKind(kind) for kind in labels["kinds"]),
        labels=_weights(labels["weights"], LABEL_FEATURES, len(labels["kinds"])),
        ids=tuple(criteria["ids"]),
        thresholds=tuple(criteria["thresholds"]),
        criteria=_weights(criteria["weights"], CRITERIA_FEATURES, len(criteria["ids"])),
    )


def packed(weights: Vector) -> str:
    """Return weights as the document holds them."""
    return base64.b64encode(weights.astype("<f2").tobytes()).decode()


def _weights(text: str, rows: int, columns: int) -> Vector:
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as error:
        raise UnfitHeads(f"the weights are no base64: {error}") from None
    if len(raw) != 2 * rows * columns:
        raise UnfitHeads(f"{len(raw)} bytes of weights where {rows} features of {columns} columns need {2 * rows * columns}")
    return np.frombuffer(raw, dtype="<f2").astype(np.float64).reshape(rows, columns)


def label_features(text: Vector, asked: Vector | None, pending: Pending, own: str) -> Vector:
    """Return what the label head weighs: the words, what the support said last, the place in the lifecycle, and their form."""
    words = len(own.split())
    form = ["?" in own, _NEGATION.search(own) is not None, words < _SHORT, words > _LONG]
    return np.concatenate(
        [
            text,
            asked if asked is not None else np.zeros(DIMENSIONS),
            [asked is not None],
            [pending is each for each in PENDING],
            form,
            [1],
        ]
    ).astype(np.float64)


def criteria_features(vectors: Vector, speakers: Sequence[str]) -> Vector:
    """Return what the criteria heads weigh, one row a sentence: the words and who says them."""
    who = np.array([[speaker == each for each in SPEAKERS] for speaker in speakers], dtype=np.float64)
    return np.hstack([vectors, who.reshape(len(speakers), len(SPEAKERS)), np.ones((len(speakers), 1))])


def log_softmax(scores: Vector) -> Vector:
    """Return log-probabilities along the last axis."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))
