"""Effects: what the bridge wants a desk to do, and when it wants to be woken."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_bridge.domain.values import DeskId, Language, TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """The calendar entry of a session, as an .ics file shows it."""

    uid: str
    """Stable for the whole term."""
    sequence: int
    method: str
    """``REQUEST`` or ``CANCEL``."""
    start: datetime
    end: datetime
    at: datetime
    """When it was written."""
    summary: str
    consultant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One write to one ticket: a comment, tags and fields together, because desks limit writes."""

    key: str
    """Stable within the ticket (``term:1``): the same decision gives the same key."""
    template: str | None = None
    """Name below ``templates/comments/<language>/``; None writes no comment."""
    public: bool = False
    language: Language = Language.PT
    variables: tuple[tuple[str, Any], ...] = ()
    """Plain data for the template; what people wrote is escaped when it is rendered."""
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    invitation: Invitation | None = None
    """What the template's ``invitation_url`` leads to, where the bridge has an address of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Fire a TimerFired at a moment; the same key replaces an earlier one."""

    key: str
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Cancel a timer."""

    key: str


Effect = Update | Wake | Forget


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskUpdate:
    """An Update rendered to the exact words, as the outbox stores it and an adapter performs it."""

    ticket: TicketId
    key: str
    reference: str
    """Visible in the comment (``HB-7F3K9Q``) and in the desk's own metadata where it has any."""
    body: str | None
    """Markdown; the adapter turns it into what its desk shows. None: no comment."""
    public: bool
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


def reference_of(desk: DeskId, ticket: TicketId, key: str) -> str:
    """Name an update so that people and ``find`` can recognise it: ``HB-`` and six base-32 characters."""
    digest = hashlib.sha256(f"{desk}\0{ticket}\0{key}".encode()).digest()
    return "HB-" + base64.b32encode(digest[:5]).decode()[:6]
