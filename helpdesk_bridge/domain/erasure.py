"""Lawful erasure: what of a journal is about a person, what must stay, and when the words are still needed.

Emptied records keep their place and hashes. What they said without the person, states, moments and amounts, stands in the record of
the erasure, so that the journal adds up to the same; money facts stay because tax law wants them kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_bridge.domain.decision import actor_of
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.journal import ERASED, Entry, Record
from helpdesk_bridge.domain.lifecycle import ChargeState, TermState
from helpdesk_bridge.domain.values import Person, Role

FREE_TEXT = frozenset({"text", "html", "own_words", "name", "email", "person", "evidence", "command", "remark", "said", "reason"})
"""Names, wherever they stand in a body, of what people wrote or are called."""

_CODED = frozenset({"questioned", "interruption_suspected", "charged", "slot_doubted", "prerequisites_unread"})
"""Kinds whose reason is a code of ours."""
_FINANCE = frozenset({"stated", "invoiced", "reinvoiced", "cancelled"})
"""Kinds that finance's records hold as well, under the same law."""
_CODES = frozenset({"superseded", "agent", "asked"})
_PARTICLES = frozenset({"das", "del", "der", "dos", "las", "los", "van", "von"})
_UNTOUCHED = frozenset({ERASED, "term_sent"})
"""An erasure tells no names, and a term is our own text."""

_OPEN = (ChargeState.OPEN, ChargeState.CHARGEABLE, ChargeState.PASSED_THROUGH, ChargeState.STATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptied:
    """A record that is to be emptied, and what of its body stays known."""

    seq: int
    kept: Mapping[str, Any]


def erasable(records: Iterable[Record], person: str | None = None) -> tuple[Emptied, ...]:
    """Return the records that hold something about a person: about anybody, or about the one of an id, name or e-mail address."""
    records = tuple(records)
    signs = _signs(records, person) if person is not None else None
    found = []
    for record in records:
        if record.body is None or record.kind in _UNTOUCHED:
            continue
        kept, dropped = _parted(record.kind, record.body)
        if dropped and (signs is None or _mentions(record, dropped, signs)):
            found.append(Emptied(seq=record.seq, kept=kept))
    return tuple(found)


def erased_entry(emptied: Iterable[Emptied], *, at: datetime, operator: str, reason: str, of_person: bool, copies: int) -> Entry:
    """Record an erasure: who, why, which records, and what of them stays known. Never whose."""
    emptied = tuple(emptied)
    body = {
        "reason": reason,
        "of": "person" if of_person else "ticket",
        "records": [one.seq for one in emptied],
        "kept": {str(one.seq): dict(one.kept) for one in emptied},
        "copies": copies,
    }
    return Entry(kind=ERASED, at=at, actor=f"operator:{operator}", body=body)


def still_needed(engagement: Engagement) -> tuple[str, ...]:
    """Say for which terms the words are still needed: something may yet be charged on them."""
    return tuple(f"term {term.number} is {_standing(term)}" for term in engagement.terms if _is_open(term))


def _is_open(term: ServiceTerm) -> bool:
    if term.state is TermState.SENT or term.is_running:
        return True
    return bool(term.standing) and term.charge in _OPEN


def _standing(term: ServiceTerm) -> str:
    if term.state is TermState.SENT:
        return "waiting for an answer"
    return "not concluded" if term.charge is ChargeState.OPEN else f"{term.charge.value.replace('_', ' ')} and not invoiced"


def _parted(kind: str, body: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Part a body into what stays and the texts that do not."""
    dropped: list[str] = []
    kept = {}
    for name, value in body.items():
        if name in FREE_TEXT and not _is_code(kind, name, value):
            dropped += _texts(value)
        else:
            kept[name] = _without(value, dropped)
    return kept, dropped


def _is_code(kind: str, name: str, value: Any) -> bool:
    return name == "reason" and (kind in _CODED or kind in _FINANCE or value in _CODES)


def _without(value: Any, dropped: list[str]) -> Any:
    """Return a nested value without what people wrote in it; reasons down there are codes."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name in FREE_TEXT and name != "reason":
                dropped += _texts(each)
        return {name: _without(each, dropped) for name, each in value.items() if name not in FREE_TEXT or name == "reason"}
    if isinstance(value, list | tuple):
        return [_without(each, dropped) for each in value]
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _signs(records: Iterable[Record], person: str) -> frozenset[str]:
    """Return everything the journal calls a person by: also what stands beside the name given, and each name of a full name."""
    signs = {person.casefold()}
    for record in records:
        if record.kind == "words" and record.body is not None:
            called = {str(record.body[key]).casefold() for key in ("person", "name", "email") if record.body.get(key)}
            if called & signs:
                signs |= called
    parts = {part for sign in signs if "@" not in sign for part in re.findall(r"[^\W\d_]{3,}", sign)} - _PARTICLES
    return frozenset(signs | parts)


def _mentions(record: Record, dropped: Iterable[str], signs: frozenset[str]) -> bool:
    role, _, _known = record.actor.partition(":")
    if role in set(Role):
        actors = {actor_of(Person(id=sign, role=Role(role))).casefold() for sign in signs}
        if record.actor.casefold() in actors:
            return True
    named = re.compile("|".join(rf"(?<!\w){re.escape(sign)}(?!\w)" for sign in sorted(signs, key=len, reverse=True)))
    return any(named.search(text.casefold()) for text in dropped)
