"""Lexicons and wordings that many tests load: each is compiled and proved once for what its documents say."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from helpdesk_bridge.policy import load

Given, Made = TypeVar("Given"), TypeVar("Made")


def remember_what_is_compiled() -> None:
    """Loading a policy goes on reading and checking every file; only documents that no test had before are compiled."""
    load.compile_lexicon = _remembered(load.compile_lexicon)
    load.compile_cues = _remembered(load.compile_cues)
    load.Wording = _remembered(load.Wording)  # type: ignore[misc, assignment]


def _remembered(make: Callable[[Given], Made]) -> Callable[[Given], Made]:
    made: dict[bytes, Made] = {}

    def once(given: Given) -> Made:
        key = sha256(repr(given).encode()).digest()
        if key not in made:
            made[key] = make(given)
        return made[key]

    return once
