"""The shipped policy with few of its words: processes that die and start again by the dozen read it in a third of the time."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from helpdesk_bridge.policy.folders import SHIPPED_POLICY

KEPT = ("language/asides.yaml", "language/clauses.yaml", "language/names.yaml", "language/pt.yaml")
"""What the stories of these tests are told in."""


def few_words(folder: Path) -> Path:
    """Lay documents over the shipped policy: other languages are removed, and a criterion keeps its first cue only."""
    for name, text in _documents().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@cache
def _documents() -> dict[str, str]:
    shipped = Path(str(SHIPPED_POLICY))
    documents = {f"{path.parent.name}/{path.name}": path for path in shipped.glob("*/*.yaml")}
    others = {name: "" for name in documents if name.startswith("language/") and name not in KEPT}
    return others | {name: _few_cues(path) for name, path in documents.items() if name.startswith("criteria/")}


def _few_cues(document: Path) -> str:
    data: dict[str, Any] = yaml.safe_load(document.read_text(encoding="utf-8"))
    for criterion in data.get("criteria", ()):
        criterion.pop("unless", None)
        criterion["cues"] = {"pt-BR": [_bare(entries[0]) for _language, entries in list(criterion["cues"].items())[:1]]}
    for section in ("findings", "details", "ignored"):
        if section in data:
            data[section] = [_bare(entry) for entry in data[section]]
    return yaml.safe_dump(data, allow_unicode=True)


def _bare(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "patterns": entry["patterns"][:1], "unless": [], "examples": [], "not": []}
