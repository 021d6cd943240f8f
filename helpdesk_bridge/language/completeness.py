"""What a ticket must say to be answered at once, found in its words and in its fields."""

from __future__ import annotations

from collections.abc import Iterable

from helpdesk_bridge.domain.values import Ticket
from helpdesk_bridge.language.logs import log_spans

_FIELDS = {"environment_version": "release"}
"""Mapped desk fields that give an item by themselves."""


def details_of(ticket: Ticket, heard: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return (item, words that give it), the first words of each: ``heard`` from the lexicon, then fields and pasted logs."""
    found: dict[str, str] = {}
    for item, words in heard:
        found.setdefault(item, words)
    for name, item in _FIELDS.items():
        value = ticket.field(name)
        if value:
            found.setdefault(item, value)
    for text in (ticket.description, *(comment.text for comment in ticket.comments if comment.author.role.is_customer)):
        for span in log_spans(text)[:1]:
            found.setdefault("message", span.of(text).strip())
    return tuple(sorted(found.items()))
