"""Lawful erasure: what of a journal is about a person, what must stay, and when the words are still needed.

Emptied records keep their place, their hashes and everything they say that is about no person: states, moments, amounts. So the
journal adds up to the same, and money facts stay, because tax law wants them kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from helpdesk_bridge.domain.decision import actor_of
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.journal import ERASED, Entry, Record
from helpdesk_bridge.domain.lifecycle import ChargeState, TermState
from helpdesk_bridge.domain.values import Person, Role

_PARTICLES = frozenset({"das", "del", "der", "dos", "las", "los", "van", "von"})
_OPEN = (ChargeState.OPEN, ChargeState.CHARGEABLE, ChargeState.PASSED_THROUGH, ChargeState.STATED)


def erasable(records: Iterable[Record], person: str | None = None) -> tuple[int, ...]:
    """Number the records that hold something about a person: about anybody, or about the one of an id, name or e-mail address."""
    records = tuple(records)
    signs = _signs(records, person) if person is not None else None
    held = (record for record in records if record.personal is not None)
    return tuple(record.seq for record in held if signs is None or _mentions(record, signs))


def erased_entry(
    erased: Iterable[int], *, at: datetime, operator: str, reason: str, of_person: bool, deliveries: int, updates: int
) -> Entry:
    """Record an erasure: who, why, which records, how many copies. Never whose."""
    body = {
        "reason": reason,
        "of": "person" if of_person else "ticket",
        "records": list(erased),
        "deliveries": deliveries,
        "updates": updates,
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
        if record.kind == "words":
            called = {str(record.body[key]).casefold() for key in ("person", "name", "email") if record.body.get(key)}
            if called & signs:
                signs |= called
    parts = {part for sign in signs if "@" not in sign for part in re.findall(r"[^\W\d_]{3,}", sign)} - _PARTICLES
    return frozenset(signs | parts)


def _mentions(record: Record, signs: frozenset[str]) -> bool:
    role, _, _known = record.actor.partition(":")
    if role in set(Role):
        actors = {actor_of(Person(id=sign, role=Role(role))).casefold() for sign in signs}
        if record.actor.casefold() in actors:
            return True
    named = re.compile("|".join(rf"(?<!\w){re.escape(sign)}(?!\w)" for sign in sorted(signs, key=len, reverse=True)))
    return any(named.search(text.casefold()) for text in _texts(record.personal))
