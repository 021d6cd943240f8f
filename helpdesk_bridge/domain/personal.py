"""Which parts of a record's body are about people: they are hashed apart, so that they can go while everything else stays proven."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FREE_TEXT = frozenset({"text", "html", "own_words", "name", "email", "person", "evidence", "command", "remark", "reason"})
"""Names in a body of what people wrote or are called."""

_CODED = frozenset({"questioned", "interruption_suspected", "charged", "slot_doubted", "prerequisites_unread"})
"""Kinds whose reason is a code of ours."""
_FINANCE = frozenset({"stated", "invoiced", "reinvoiced", "cancelled", "released"})
"""Kinds that finance's records hold as well, under the same law."""
_UNTOUCHED = frozenset({"erased", "term_sent"})
"""An erasure tells no names, and a term is our own text."""
_CODES = frozenset({"superseded", "agent", "asked"})


def parted(kind: str, body: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part a body into what stays for ever and what people wrote or are called. Decided once, when a record is made."""
    personal = {name: value for name, value in body.items() if _is_personal(kind, name, value)}
    return {name: value for name, value in body.items() if name not in personal}, personal


def _is_personal(kind: str, name: str, value: Any) -> bool:
    if name not in FREE_TEXT or kind in _UNTOUCHED or value in (None, ""):
        return False
    return name != "reason" or not (kind in _CODED or kind in _FINANCE or value in _CODES)
