"""From django-helpdesk's JSON to a Ticket: who wrote what, and what is no comment at all. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_bridge.adapters.base import reference_in
from helpdesk_bridge.domain.values import (
    Comment,
    CommentId,
    DeskId,
    LoggedTime,
    Person,
    Role,
    Ticket,
    TicketId,
    TicketStatus,
)
from helpdesk_bridge.errors import Retryable

RESOLVED, CLOSED = 3, 4
STATUS = {
    1: TicketStatus.OPEN,
    2: TicketStatus.OPEN,
    RESOLVED: TicketStatus.SOLVED,
    CLOSED: TicketStatus.CLOSED,
    5: TicketStatus.CLOSED,
}
"""django-helpdesk's numbers: open, reopened, resolved, closed, duplicate."""

NOTHING = "-"
"""What stands for an empty text: the API takes none, so that the last tag could never be removed."""

_SPENT = re.compile(r"(?:(?P<days>-?\d{1,6}) )?(?P<hours>\d{1,6}):(?P<minutes>\d\d):(?P<seconds>\d\d)(?:\.\d+)?")
"""A length of time as Django writes it: ``[days ]HH:MM:SS[.uuuuuu]``, with negative days for less than nothing."""

_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"@]+@[^\s<>()\[\]:;,\"@]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """How one installation is set up."""

    bot: int
    agents: Mapping[int, str]
    organization_domains: frozenset[str]
    web_updates_by_submitter: bool
    time_spent: bool
    facts: Mapping[str, str]
    tags_field: str | None
    output_fields: Mapping[str, str]

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> House:
        """Read the adapter's settings."""
        return cls(
            bot=settings["bot_user_id"],
            agents=dict(settings.get("agents") or {}),
            organization_domains=frozenset(domain.lower() for domain in settings.get("organization_domains") or ()),
            web_updates_by_submitter=settings.get("web_updates_by_submitter", False),
            time_spent=settings.get("time_spent", True),
            facts=dict(settings.get("facts") or {}),
            tags_field=settings.get("tags_field"),
            output_fields=dict(settings.get("output_fields") or {}),
        )


def ticket_of(raw: Mapping[str, Any], house: House, *, desk: DeskId, url: str) -> Ticket:
    """Put a ticket together. The follow-up that opened it repeats the description, and one without words is no comment."""
    entries = entries_of(raw)
    if not entries:
        raise Retryable("the ticket has no follow-up yet")
    opening = _opening(raw, entries)
    heard = [entry for entry in entries if entry is not opening and (entry.get("comment") or "").strip()]
    dates = [date_of(entry) for entry in entries]
    address = _address(raw)
    return Ticket(
        desk=desk,
        id=TicketId(str(raw["id"])),
        subject=raw.get("title") or "",
        description=raw.get("description") or "",
        requester=Person(id=address or "unknown", role=Role.REQUESTER, email=address),
        created_at=dates[0],
        updated_at=max(dates),
        status=STATUS.get(raw.get("status", 0), TicketStatus.OPEN),
        raw_status=str(raw.get("status", "")),
        tags=frozenset(tags_of(raw, house)),
        fields=_facts(raw, house),
        comments=tuple(_comment(entry, raw, house) for entry in heard),
        time=_times(entries, raw, house),
        url=url,
    )


def entries_of(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the follow-ups in the order they were written."""
    return sorted(raw.get("followup_set") or [], key=lambda entry: int(entry["id"]))


def date_of(entry: Mapping[str, Any]) -> datetime:
    """Return when a follow-up was written."""
    return datetime.fromisoformat(entry["date"])


def tags_of(raw: Mapping[str, Any], house: House) -> list[str]:
    """Return the tags, which are a custom field's text."""
    text = str(raw.get(house.tags_field) or "") if house.tags_field is not None else ""
    return [tag for part in text.split(",") if (tag := part.strip()) not in ("", NOTHING)]


def becomes_resolution(raw: Mapping[str, Any]) -> bool:
    """True when django-helpdesk would take the next follow-up, a private one too, for the resolution it shows the customer."""
    return raw.get("status") == RESOLVED or (raw.get("status") == CLOSED and raw.get("resolution") is None)


def resolution_before(raw: Mapping[str, Any], followup: int) -> str | None:
    """Return what resolved the ticket before a follow-up, as the thread tells."""
    earlier = [entry for entry in entries_of(raw) if int(entry["id"]) < followup and entry.get("new_status") == RESOLVED]
    return earlier[-1].get("comment") if earlier else None


def _facts(raw: Mapping[str, Any], house: House) -> tuple[tuple[str, str], ...]:
    found = {fact: raw.get(key) for fact, key in house.facts.items()}
    return tuple(sorted((fact, str(value)) for fact, value in found.items() if value not in (None, "", NOTHING)))


def _comment(entry: Mapping[str, Any], raw: Mapping[str, Any], house: House) -> Comment:
    author = _author(entry, raw, house)
    text = entry.get("comment") or ""
    return Comment(
        id=CommentId(str(entry["id"])),
        author=author,
        public=bool(entry.get("public")),
        at=date_of(entry),
        text=text,
        channel="email" if entry.get("message_id") else "web",
        warnings=("automatic",) if _is_automatic(entry) else (),
        reference=reference_in(text) if author.role is Role.BRIDGE else None,
    )


def _times(entries: list[dict[str, Any]], raw: Mapping[str, Any], house: House) -> tuple[LoggedTime, ...] | None:
    """Read the time spent of every follow-up, also of one without words: each is a fact of its own that may change later."""
    if not house.time_spent:
        return None
    spent = ((entry, seconds_of(entry.get("time_spent"))) for entry in entries)
    return tuple(
        LoggedTime(
            id=str(entry["id"]),
            author=_author(entry, raw, house),
            at=date_of(entry),
            seconds=seconds,
            comment=CommentId(str(entry["id"])),
        )
        for entry, seconds in spent
        if seconds
    )


def seconds_of(spent: object) -> int:
    """Read a length of time; what is none is nothing."""
    found = _SPENT.fullmatch(spent) if isinstance(spent, str) else None
    if found is None:
        return 0
    days, hours, minutes, seconds = (int(found[name] or 0) for name in ("days", "hours", "minutes", "seconds"))
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _author(entry: Mapping[str, Any], raw: Mapping[str, Any], house: House) -> Person:
    """Tell who wrote a follow-up. Only staff has a user there; of anybody else a mail's title names the address.

    The link that lets a customer close a resolved ticket posts words of django-helpdesk's own ("accepted resolution"): the
    system's, not the customer's.
    """
    user, submitter = entry.get("user"), _address(raw)
    if user is not None:
        role = Role.BRIDGE if user == house.bot else Role.AGENT
        return Person(id=str(user), role=role, name=house.agents.get(user, ""))
    if entry.get("message_id"):
        return _mailer(_sender(entry), submitter, house)
    if not entry.get("public") or entry.get("new_status") == CLOSED:
        return Person(id="system", role=Role.SYSTEM)
    if house.web_updates_by_submitter and submitter:
        return Person(id=submitter, role=Role.REQUESTER, email=submitter)
    return Person(id="unknown", role=Role.OUTSIDER)


def _sender(entry: Mapping[str, Any]) -> str:
    """Return a mail's address from its title (in any language), or nothing.

    ``"ana@cliente.example"@evil.example`` is a lawful address, and not Ana's: a title with more than one ``@`` names nobody.
    """
    title = entry.get("title") or ""
    found = _ADDRESS.search(title) if title.count("@") == 1 else None
    return found[0].lower() if found else ""


def _mailer(address: str, submitter: str, house: House) -> Person:
    domain = address.rpartition("@")[2]
    if address and address == submitter:
        role = Role.REQUESTER
    elif domain in house.organization_domains and domain == submitter.rpartition("@")[2]:
        role = Role.COLLEAGUE
    else:
        role = Role.OUTSIDER
    return Person(id=address or "unknown", role=role, email=address)


def _is_automatic(entry: Mapping[str, Any]) -> bool:
    """True for a mail nobody was told about: that is how django-helpdesk treats out-of-office answers."""
    return bool(entry.get("message_id")) and entry.get("email_recipients") == []


def _opening(raw: Mapping[str, Any], entries: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Find the follow-up that opened the ticket: a mail's holds more than the description, which lacks quotes and the like."""
    said, described = _words(entries[0].get("comment")), _words(raw.get("description"))
    return entries[0] if said == described or (described and said.startswith(described)) else None


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _address(raw: Mapping[str, Any]) -> str:
    return (raw.get("submitter_email") or "").lower()
