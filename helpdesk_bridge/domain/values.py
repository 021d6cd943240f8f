"""Values every room speaks in: desks, tickets, people, comments, spans."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

DeskId = NewType("DeskId", str)
TicketId = NewType("TicketId", str)
CommentId = NewType("CommentId", str)
ModalityCode = NewType("ModalityCode", str)
CriterionId = NewType("CriterionId", str)


class Language(StrEnum):
    """Languages the bridge reads and writes."""

    PT = "pt-BR"
    ES = "es"
    EN = "en"


class Role(StrEnum):
    """Who somebody is to one ticket. Only the first two can bind the customer."""

    REQUESTER = "requester"
    COLLEAGUE = "org_colleague"
    OUTSIDER = "outsider"
    AGENT = "agent"
    SYSTEM = "system"
    BRIDGE = "bridge"

    @property
    def is_customer(self) -> bool:
        """True for people who can speak for the ticket's customer."""
        return self in (Role.REQUESTER, Role.COLLEAGUE)


class TicketStatus(StrEnum):
    """What a ticket's status means to us; the desk's own word stays in ``Ticket.raw_status``."""

    OPEN = "open"
    SOLVED = "solved"
    CLOSED = "closed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of characters, always into the original text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of ``text`` the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """True when the two ranges share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as the desk knows them, with their role on this ticket."""

    id: str
    role: Role
    name: str = ""
    email: str = ""
    flags: frozenset[str] = frozenset()
    """User fields that are set, such as ``may_accept`` or ``consultant``."""

    @property
    def label(self) -> str:
        """How people name them: the best of name, e-mail address and id."""
        return self.name or self.email or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """The customer's organization at the desk."""

    id: str
    name: str = ""
    tax_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment of a thread, as read from the desk (never from a webhook's body)."""

    id: CommentId
    author: Person
    public: bool
    at: datetime
    text: str
    """Plain text as the desk gives it; empty when there is only HTML."""
    html: str | None = None
    channel: str = "web"
    """``web``, ``email`` or ``api``."""
    warnings: tuple[str, ...] = ()
    """What the desk says against the author: Zendesk comment flags and the like."""
    reference: str | None = None
    """Our own mark (``HB-…``) when the bridge wrote this comment."""
    edited_by: str | None = None
    """Who changed it last, where the desk tells; None: unknown or never edited."""

    @property
    def digest(self) -> str:
        """Identify the content: the same words give the same digest, an edit another."""
        return digest_of({"text": self.text, "html": self.html, "public": self.public})


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedTime:
    """Time that somebody logged in the desk's own field, as read from the desk."""

    id: str
    """The desk's name of the fact that carries it (an audit, a follow-up, a transaction)."""
    author: Person
    at: datetime
    """When it was logged."""
    seconds: int
    started: datetime | None = None
    """When the work began, where the desk tells; None: it ended when it was logged."""
    kind: str = ""
    """The desk's own word for the kind of work; empty where it has none."""
    comment: CommentId | None = None
    """The comment it was logged with, where there is one: a command in it tells the same work."""

    @property
    def digest(self) -> str:
        """Identify what it says: a later change of the same fact gives another digest."""
        return digest_of(
            {"seconds": self.seconds, "started": self.started.isoformat() if self.started else None, "kind": self.kind}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket with its thread in the desk's order, as read at ``read_at``."""

    desk: DeskId
    id: TicketId
    subject: str
    description: str
    requester: Person
    created_at: datetime
    updated_at: datetime
    status: TicketStatus = TicketStatus.OPEN
    raw_status: str = ""
    organization: Organization | None = None
    tags: frozenset[str] = frozenset()
    fields: tuple[tuple[str, str], ...] = ()
    """Desk fields the settings map to facts (``product_line``, ``modality``, ``priority``…), sorted."""
    comments: tuple[Comment, ...] = ()
    """The thread after the description, oldest first."""
    time: tuple[LoggedTime, ...] | None = None
    """Time logged in the desk's own fields, oldest first; None where it was not read: nothing follows from what is missing then."""
    url: str | None = None

    def field(self, name: str) -> str | None:
        """Return a mapped field's value, or None."""
        return next((value for key, value in self.fields if key == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The raw bytes a desk posted to us, before anything is believed."""

    desk: DeskId
    path: str
    """What follows ``/hooks/<desk>/`` in the URL; secrets of unsigned desks live here."""
    headers: tuple[tuple[str, str], ...]
    """Lower-case names."""
    body: bytes
    received_at: datetime

    def header(self, name: str) -> str:
        """Return a header's value, or the empty string."""
        return next((value for key, value in self.headers if key == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The desk's proof that an update took effect."""

    reference: str
    comment: CommentId | None
    at: datetime
    raw: dict[str, Any] = field(default_factory=dict, compare=False)


def canonical(value: object) -> bytes:
    """Serialise plain data to one canonical JSON form, for digests and storage."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def digest_of(value: object) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def plain(name: str) -> str:
    """Fold what people type to what is compared: no accents, no case, one kind of separator."""
    folded = "".join(char for char in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(char))
    return "-".join(folded.replace("_", " ").replace("-", " ").split())
