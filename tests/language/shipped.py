"""The shipped criteria and modalities, read without the policy loader, and builders of tickets in the evaluation form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from helpdesk_bridge.domain.calendar import Calendar, NoHolidays
from helpdesk_bridge.domain.conditions import Check, Condition, Operator
from helpdesk_bridge.domain.rules import ConsentRules, Criterion, Modality, Rules
from helpdesk_bridge.language.lexicon import CueLexicon, compile_cues

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "config" / "policy"


def documents(kind: str) -> dict[str, Any]:
    """Parse every document of one folder of the shipped policy."""
    return {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((FOLDER / kind).glob("*.yaml"))}


@cache
def lexicon() -> CueLexicon:
    """Compile the shipped cue lexicon once."""
    return compile_cues(documents("criteria"))


@cache
def rules() -> Rules:
    """Build rules from the shipped modalities and criteria; no terms, no rates."""
    return Rules(
        digest="shipped",
        modalities=tuple(
            Modality(**{**data, "aliases": tuple(data["aliases"]), "recommended_when": _condition(data["recommended_when"])})
            for data in documents("modalities").values()
        ),
        criteria=tuple(
            Criterion(
                id=data["id"],
                modality=data["modality"],
                labels=data["labels"],
                when=_condition(data.get("when")),
                ask=data.get("ask") or {},
                roles=tuple(data.get("roles") or ()),
            )
            for document in documents("criteria").values()
            for data in document.get("criteria") or ()
        ),
        rates=(),
        terms=(),
        consent=ConsentRules(),
        calendar=Calendar(zone="America/Sao_Paulo", windows=(), weekdays=(), holidays=NoHolidays()),
    )


def items(path: Path) -> list[dict[str, Any]]:
    """Read labelled tickets, one JSON object per line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def an_item(description: str, *comments: tuple[str, str], kind: str = "customer", **more: Any) -> dict[str, Any]:
    """A ticket in the evaluation form: a description, then (role, body) comments."""
    return {
        "id": "T1",
        "lang": "pt-BR",
        "subject": "",
        "description": description,
        "comments": [{"author_role": role, "public": True, "body": body} for role, body in comments],
        "fields": {"requester_kind": kind},
        "expected_modality": "standard_support",
        "criteria": [],
        **more,
    }


def _condition(data: Mapping[str, Any] | None) -> Condition | None:
    if data is None:
        return None
    return Condition(all=tuple(map(_part, data.get("all", ()))), any=tuple(map(_part, data.get("any", ()))))


def _part(data: Mapping[str, Any]) -> Check | Condition:
    if "field" not in data:
        return _condition(data) or Condition()
    value = data.get("value")
    return Check(
        field=data["field"], operator=Operator(data["operator"]), value=tuple(value) if isinstance(value, list) else value
    )
