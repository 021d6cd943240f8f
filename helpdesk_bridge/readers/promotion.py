"""Whether newly fitted heads may take the place of those in force: nothing may be accepted that is none, and nothing read worse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Figures = Mapping[str, Mapping[str, Any]]
"""File → the figures measured on it, as ``evaluate`` prints them."""


def quality(figures: Mapping[str, Any]) -> dict[str, float]:
    """Return what may not get worse: of comments the labels, of tickets the criteria and the modality."""
    found = {"macro_f1": figures.get("macro_f1"), "modality_accuracy": figures.get("modality_accuracy")}
    found["criteria_f1"] = (figures.get("criteria") or {}).get("f1")
    return {name: float(value) for name, value in found.items() if value is not None}


def objections(current: Figures, candidate: Figures, tolerance: float) -> list[str]:
    """Return why the candidate may not be promoted; empty when it may."""
    found = []
    for file, figures in candidate.items():
        accepted = [*figures.get("accepted", ()), *figures.get("false_acceptances", ())]
        if accepted:
            found.append(f"{file}: accepts {', '.join(map(str, accepted))}")
        now = quality(current.get(file, {}))
        for name, value in quality(figures).items():
            if value < now.get(name, 0.0) - tolerance:
                found.append(f"{file}: {name} falls from {now[name]:.4f} to {value:.4f}")
    if not any("macro_f1" in quality(figures) for figures in candidate.values()):
        found.append("no labelled comments were measured")
    return found
