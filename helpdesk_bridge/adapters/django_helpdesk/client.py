"""django-helpdesk's REST API: tickets with their follow-ups, and the traps that were seen on a running one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_bridge.adapters.base import Change, reference_in
from helpdesk_bridge.adapters.http import DeskClient, understood
from helpdesk_bridge.adapters.markup import neutralise
from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.values import (
    Comment,
    CommentId,
    DeskId,
    Person,
    Receipt,
    Role,
    Ticket,
    TicketId,
    TicketStatus,
    digest_of,
)
from helpdesk_bridge.errors import BridgeError, Refused, Retryable, Uncertain

RESOLVED, CLOSED = 3, 4
STATUS = {
    1: TicketStatus.OPEN,
    2: TicketStatus.OPEN,
    RESOLVED: TicketStatus.SOLVED,
    CLOSED: TicketStatus.CLOSED,
    5: TicketStatus.CLOSED,
}
"""django-helpdesk's numbers: open, reopened, resolved, closed, duplicate."""

PAGE = 100
MOST_PAGES = 200

_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"]+@[^\s<>()\[\]:;,\"]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """How one installation is set up."""

    bot: int
    agents: Mapping[int, str]
    organization_domains: frozenset[str]
    web_updates_by_submitter: bool
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
            facts=dict(settings.get("facts") or {}),
            tags_field=settings.get("tags_field"),
            output_fields=dict(settings.get("output_fields") or {}),
        )


class Client:
    """Reads and writes tickets."""

    def __init__(self, desk: DeskId, http: DeskClient, house: House) -> None:
        self._desk, self._http, self._house = desk, http, house

    def fetch(self, ticket: TicketId) -> Ticket:
        """Read a ticket with its whole thread. Raises: Retryable when the answer is odd, too."""
        raw = self._read(ticket)
        with understood(Retryable):
            return self._ticket(ticket, raw)

    def _ticket(self, ticket: TicketId, raw: dict[str, Any]) -> Ticket:
        """Put a ticket together. The follow-up that opened it repeats the description and is no comment."""
        entries = _entries(raw)
        requester = Person(id=_address(raw), role=Role.REQUESTER, email=_address(raw))
        opening = _opening(raw, entries)
        dates = [_date(entry) for entry in entries]
        if not dates:
            raise Retryable("the ticket has no follow-up yet")
        comments = tuple(
            self._comment(entry, raw) for entry in entries if entry is not opening and (entry.get("comment") or "").strip()
        )
        return Ticket(
            desk=self._desk,
            id=ticket,
            subject=raw.get("title") or "",
            description=raw.get("description") or "",
            requester=requester,
            created_at=dates[0],
            updated_at=max(dates),
            status=STATUS.get(raw.get("status", 0), TicketStatus.OPEN),
            raw_status=str(raw.get("status", "")),
            tags=frozenset(_tags(raw, self._house.tags_field)),
            fields=tuple(sorted((fact, str(raw[key])) for fact, key in self._house.facts.items() if raw.get(key))),
            comments=comments,
            url=f"{self._http.base_url}tickets/{ticket}/",
        )

    def changed_since(self, since: datetime) -> Iterator[Change]:
        """List tickets that got a follow-up since then; closed ones are left out."""
        changes: list[Change] = []
        for page in range(1, MOST_PAGES + 1):
            answer = self._http.get("api/tickets/", {"status": "1,2,3", "page": page, "page_size": PAGE})
            with understood(Retryable):
                changes += [_change(raw, entries) for raw in answer["results"] if (entries := _entries(raw))]
                more = answer.get("next")
            if not more:
                break
        else:
            raise Refused(f"more than {MOST_PAGES} pages of open tickets")
        yield from sorted((change for change in changes if change.updated_at >= since), key=lambda change: change.updated_at)

    def perform(self, update: DeskUpdate) -> Receipt:
        """Write tags and fields first and the comment last, so that a comment that stands proves the rest.

        ``title`` is never sent (it would rename the ticket). On a resolved ticket django-helpdesk shows every new follow-up,
        private ones too, to the customer as the resolution: a private note is refused there.
        """
        raw = self._read(update.ticket)
        with understood(Retryable):
            if _becomes_resolution(raw) and update.body is not None and not update.public:
                raise Refused("the ticket is resolved: a private note would be shown to the customer as its resolution")
            last = _date(_entries(raw)[-1])
        self._set_fields(update, raw)
        if update.body is None:
            return Receipt(reference=update.reference, comment=None, at=last)
        body = {"ticket": int(update.ticket), "comment": neutralise(update.body), "public": update.public}
        posted = self._http.write("POST", "api/followups/", body)
        self._restore_resolution(update, raw)
        with understood(Uncertain):
            return _receipt(update, posted)

    def _restore_resolution(self, update: DeskUpdate, before: dict[str, Any]) -> None:
        """Put the resolution back when our follow-up took its place, also when the ticket was resolved just before we wrote.

        The follow-up stands by now: whatever fails here is Uncertain, for anything else would post it again.
        """
        try:
            shown = self._read(update.ticket).get("resolution")
            if shown != before.get("resolution") and reference_in(shown or "") == update.reference:
                self._http.write("PATCH", f"api/tickets/{update.ticket}/", {"resolution": before.get("resolution")})
        except BridgeError as error:
            raise Uncertain(f"the follow-up stands, but perhaps as the ticket's resolution, too: {error}") from error

    def find(self, update: DeskUpdate) -> Receipt | None:
        """Look for our reference among our own follow-ups."""
        raw = self._read(update.ticket)
        with understood(Retryable):
            for entry in reversed(_entries(raw)):
                if entry.get("user") == self._house.bot and reference_in(entry.get("comment") or "") == update.reference:
                    return _receipt(update, entry)
        return None

    def ping(self) -> None:
        """Ask for one ticket."""
        self._http.get("api/tickets/", {"page_size": 1})

    def _read(self, ticket: TicketId) -> dict[str, Any]:
        raw = self._http.get(f"api/tickets/{ticket}/")
        if not isinstance(raw, dict):
            raise Retryable("the desk answered with something that is no ticket")
        return raw

    def _set_fields(self, update: DeskUpdate, raw: dict[str, Any]) -> None:
        wanted = {self._house.output_fields[name]: value for name, value in update.fields if name in self._house.output_fields}
        if self._house.tags_field is not None:
            tags = [tag for tag in _tags(raw, self._house.tags_field) if tag not in update.remove_tags]
            wanted[self._house.tags_field] = ",".join(dict.fromkeys([*tags, *update.add_tags]))
        changed = {key: value for key, value in wanted.items() if (raw.get(key) or "") != value}
        if changed:
            self._http.write("PATCH", f"api/tickets/{update.ticket}/", changed)

    def _comment(self, entry: dict[str, Any], raw: dict[str, Any]) -> Comment:
        author = self._author(entry, raw)
        text = entry.get("comment") or ""
        return Comment(
            id=CommentId(str(entry["id"])),
            author=author,
            public=bool(entry.get("public")),
            at=_date(entry),
            text=text,
            channel="email" if entry.get("message_id") else "web",
            warnings=("automatic",) if _is_automatic(entry) else (),
            reference=reference_in(text) if author.role is Role.BRIDGE else None,
        )

    def _author(self, entry: dict[str, Any], raw: dict[str, Any]) -> Person:
        """Tell who wrote a follow-up. Only staff has a user there; of anybody else a mail's title names the address.

        The customer's link that closes a resolved ticket posts words of django-helpdesk's own ("accepted resolution"): the
        system's, not the customer's.
        """
        user = entry.get("user")
        if user is not None:
            role = Role.BRIDGE if user == self._house.bot else Role.AGENT
            return Person(id=str(user), role=role, name=self._house.agents.get(user, ""))
        address = _ADDRESS.search(entry.get("title") or "") if entry.get("message_id") else None
        if address is not None:
            return self._mailer(address[0].lower(), _address(raw))
        if not entry.get("public") or entry.get("new_status") == CLOSED:
            return Person(id="system", role=Role.SYSTEM)
        role = Role.REQUESTER if self._house.web_updates_by_submitter else Role.OUTSIDER
        return Person(id=_address(raw) if role is Role.REQUESTER else "unknown", role=role)

    def _mailer(self, address: str, submitter: str) -> Person:
        domain = address.rpartition("@")[2]
        if address == submitter:
            role = Role.REQUESTER
        elif domain in self._house.organization_domains and domain == submitter.rpartition("@")[2]:
            role = Role.COLLEAGUE
        else:
            role = Role.OUTSIDER
        return Person(id=address, role=role, email=address)


def _entries(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the follow-ups in the order they were written."""
    return sorted(raw.get("followup_set") or [], key=lambda entry: int(entry["id"]))


def _opening(raw: Mapping[str, Any], entries: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Find the follow-up that opened the ticket: a mail's holds more than the description, which lacks quotes and the like."""
    first = entries[0] if entries else None
    said, described = ("" if first is None else _words(first.get("comment"))), _words(raw.get("description"))
    return first if said == described or (described and said.startswith(described)) else None


def _is_automatic(entry: Mapping[str, Any]) -> bool:
    """True for a mail nobody was told about: that is how django-helpdesk treats out-of-office answers."""
    return bool(entry.get("message_id")) and entry.get("email_recipients") == []


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _address(raw: Mapping[str, Any]) -> str:
    return (raw.get("submitter_email") or "").lower()


def _date(entry: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["date"])


def _tags(raw: Mapping[str, Any], field: str | None) -> Iterable[str]:
    value = raw.get(field) or "" if field is not None else ""
    return [tag.strip() for tag in str(value).split(",") if tag.strip()]


def _becomes_resolution(raw: Mapping[str, Any]) -> bool:
    """True when django-helpdesk would take the next follow-up for the resolution."""
    return raw.get("status") == RESOLVED or (raw.get("status") == CLOSED and raw.get("resolution") is None)


def _change(raw: Mapping[str, Any], entries: list[dict[str, Any]]) -> Change:
    marker = digest_of([raw.get("status"), [entry["id"] for entry in entries]])[:16]
    return Change(ticket=TicketId(str(raw["id"])), updated_at=_date(entries[-1]), marker=marker)


def _receipt(update: DeskUpdate, entry: Mapping[str, Any]) -> Receipt:
    return Receipt(
        reference=update.reference,
        comment=CommentId(str(entry["id"])),
        at=_date(entry),
        raw={"id": entry["id"], "public": entry.get("public"), "date": entry["date"]},
    )
