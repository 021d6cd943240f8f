"""Zendesk's REST API: a ticket with all its comments, and one PUT per step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_bridge.adapters.base import Change, reference_in
from helpdesk_bridge.adapters.http import DeskClient, understood
from helpdesk_bridge.adapters.markup import html_of
from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.values import (
    Comment,
    CommentId,
    DeskId,
    Organization,
    Person,
    Receipt,
    Role,
    Ticket,
    TicketId,
    TicketStatus,
)
from helpdesk_bridge.errors import Refused, Retryable, Uncertain

STATUS = {"solved": TicketStatus.SOLVED, "closed": TicketStatus.CLOSED, "deleted": TicketStatus.GONE}
"""Everything else (new, open, pending, hold) is open."""

FLAGS = {
    0: "untrusted",
    2: "not_in_conversation",
    3: "not_signed_in",
    4: "automatic",
    11: "on_behalf_of_author",
    14: "maybe_another_user",
    17: "private_by_end_user",
    20: "reply_to_suspended",
    21: "from_differs_from_reply_to",
    22: "address_unconfirmed",
}
"""Comment flags. Source: Zendesk, Ticket Comments API, "Comment flags"."""

MOST_PAGES = 60
"""A ticket holds 5,000 comments at most."""

LONGEST_BODY = 64 * 1024
"""Bytes; Zendesk cuts longer comments silently."""

SYSTEM_USER = "-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How one account is set up."""

    bot: str
    facts: Mapping[str, str]
    output_fields: Mapping[str, str]
    user_flags: Mapping[str, str]
    tax_id_field: str | None

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Account:
        """Read the adapter's settings."""
        return cls(
            bot=settings["bot_user_id"],
            facts=dict(settings.get("facts") or {}),
            output_fields=dict(settings.get("output_fields") or {}),
            user_flags=dict(settings.get("user_flags") or {}),
            tax_id_field=settings.get("tax_id_field"),
        )


class Client:
    """Reads and writes tickets."""

    def __init__(self, desk: DeskId, http: DeskClient, account: Account) -> None:
        self._desk, self._http, self._account = desk, http, account

    def fetch(self, ticket: TicketId) -> Ticket:
        """Read a ticket with its whole thread. Raises: Retryable when the answer is odd, too."""
        answer = self._http.get(f"api/v2/tickets/{ticket}", {"include": "users,organizations"})
        pages = list(self._pages(f"api/v2/tickets/{ticket}/comments", "comments", {"sort": "created_at", "include": "users"}))
        with understood(Retryable):
            return self._ticket(ticket, answer, pages)

    def _ticket(self, ticket: TicketId, answer: Mapping[str, Any], pages: list[Mapping[str, Any]]) -> Ticket:
        """Put a ticket together. Its first comment repeats the description and is no comment."""
        raw = answer["ticket"]
        users = {str(user["id"]): user for page in (answer, *pages) for user in page.get("users") or ()}
        comments = sorted((comment for page in pages for comment in page["comments"]), key=_when)
        organization = next((one for one in answer.get("organizations") or () if one["id"] == raw.get("organization_id")), None)
        return Ticket(
            desk=self._desk,
            id=ticket,
            subject=raw.get("subject") or "",
            description=raw.get("description") or "",
            requester=self._person(str(raw["requester_id"]), users, raw),
            created_at=_date(raw["created_at"]),
            updated_at=_date(raw["updated_at"]),
            status=STATUS.get(raw["status"], TicketStatus.OPEN),
            raw_status=raw["status"],
            organization=self._organization(organization),
            tags=frozenset(raw.get("tags") or ()),
            fields=self._facts(raw),
            comments=tuple(self._comment(comment, users, raw) for comment in comments[1:]),
            url=f"{self._http.base_url}agent/tickets/{ticket}",
        )

    def changed_since(self, since: datetime) -> Iterator[Change]:
        """List changed tickets, oldest first."""
        params: dict[str, str | int] = {"start_time": int(since.timestamp())}
        for _ in range(MOST_PAGES):
            answer = self._http.get("api/v2/incremental/tickets/cursor", params)
            with understood(Retryable):
                changes = [_change(raw) for raw in answer["tickets"]]
                ended, params = answer.get("end_of_stream", True), {"cursor": answer.get("after_cursor") or ""}
            yield from changes
            if ended:
                return
        raise Refused(f"more than {MOST_PAGES} pages of changed tickets")

    def perform(self, update: DeskUpdate) -> Receipt:
        """Write everything at once, and nothing when the ticket already says it all."""
        answer = self._http.get(f"api/v2/tickets/{update.ticket}")
        with understood(Retryable):
            raw = answer["ticket"]
            if raw["status"] == "closed":
                raise Refused("the ticket is closed: Zendesk takes no more updates")
            change = self._tags(update, raw) | self._outputs(update, raw)
            unchanged = Receipt(reference=update.reference, comment=None, at=_date(raw["updated_at"]))
        if update.body is not None:
            change["comment"] = {"html_body": _html(update.body), "public": update.public}
        elif not change:
            return unchanged
        change["metadata"] = {"bridge": {"reference": update.reference, "key": update.key}}
        answer = self._http.write("PUT", f"api/v2/tickets/{update.ticket}", {"ticket": change})
        with understood(Uncertain):
            return _receipt(update, answer["audit"])

    def find(self, update: DeskUpdate) -> Receipt | None:
        """Look for our mark in every audit of the ticket."""
        for page in self._pages(f"api/v2/tickets/{update.ticket}/audits", "audits", {}):
            with understood(Retryable):
                ours = next((audit for audit in page["audits"] if _bears(audit, update)), None)
                if ours is not None:
                    return _receipt(update, ours)
        return None

    def ping(self) -> None:
        """Ask who we are."""
        self._http.get("api/v2/users/me")

    def _pages(self, path: str, key: str, params: Mapping[str, str | int]) -> Iterator[Mapping[str, Any]]:
        """Read page after page. Raises: Refused when there is no end, since half a thread is no thread."""
        asked: dict[str, str | int] = {**params, "page[size]": 100}
        for _ in range(MOST_PAGES):
            page = self._http.get(path, asked)
            if not isinstance(page, dict) or key not in page:
                raise Retryable(f"the desk answered without {key}")
            yield page
            meta = page.get("meta") or {}
            if not meta.get("has_more"):
                return
            asked["page[after]"] = meta["after_cursor"]
        raise Refused(f"the ticket has more than {MOST_PAGES} pages of {key}")

    def _tags(self, update: DeskUpdate, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Merge tags: those in a PUT overwrite, so a clash with somebody else's is made a 409 by ``safe_update``."""
        now = list(raw.get("tags") or ())
        wanted = list(dict.fromkeys([*(tag for tag in now if tag not in update.remove_tags), *update.add_tags]))
        return {} if wanted == now else {"tags": wanted, "safe_update": True, "updated_stamp": raw["updated_at"]}

    def _outputs(self, update: DeskUpdate, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Set the fields that say something else now; fields that are not listed stay as they are."""
        now = {str(field["id"]): field.get("value") for field in raw.get("custom_fields") or ()}
        wanted = {
            self._account.output_fields[name]: value for name, value in update.fields if name in self._account.output_fields
        }
        changed = [{"id": int(number), "value": value} for number, value in wanted.items() if now.get(number) != value]
        return {"custom_fields": changed} if changed else {}

    def _facts(self, raw: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        values = {str(field["id"]): field.get("value") for field in raw.get("custom_fields") or ()}
        found = {fact: values.get(number) for fact, number in self._account.facts.items()}
        if raw.get("priority"):
            found.setdefault("priority", raw["priority"])
        return tuple(sorted((fact, _said(value)) for fact, value in found.items() if value not in (None, "", [])))

    def _organization(self, raw: Mapping[str, Any] | None) -> Organization | None:
        if raw is None:
            return None
        fields = raw.get("organization_fields") or {}
        tax_id = fields.get(self._account.tax_id_field) if self._account.tax_id_field else None
        return Organization(id=str(raw["id"]), name=raw.get("name") or "", tax_id=tax_id)

    def _comment(self, raw: Mapping[str, Any], users: Mapping[str, Any], ticket: Mapping[str, Any]) -> Comment:
        author = self._person(str(raw["author_id"]), users, ticket)
        text = raw.get("plain_body") or raw.get("body") or ""
        flags = (raw.get("metadata") or {}).get("flags") or ()
        return Comment(
            id=CommentId(str(raw["id"])),
            author=author,
            public=bool(raw["public"]),
            at=_date(raw["created_at"]),
            text=text,
            html=raw.get("html_body"),
            channel=(raw.get("via") or {}).get("channel") or "web",
            warnings=tuple(sorted(FLAGS.get(flag, f"flag_{flag}") for flag in flags)),
            reference=reference_in(text) if author.role is Role.BRIDGE else None,
        )

    def _person(self, number: str, users: Mapping[str, Any], ticket: Mapping[str, Any]) -> Person:
        raw = users.get(number) or {}
        fields = raw.get("user_fields") or {}
        return Person(
            id=number,
            role=self._role(number, raw, ticket),
            name=raw.get("name") or "",
            email=(raw.get("email") or "").lower(),
            flags=frozenset(flag for flag, key in self._account.user_flags.items() if fields.get(key)),
        )

    def _role(self, number: str, user: Mapping[str, Any], ticket: Mapping[str, Any]) -> Role:
        """Tell who somebody is. A user Zendesk did not describe is nobody's colleague."""
        if number == self._account.bot:
            return Role.BRIDGE
        if number == SYSTEM_USER:
            return Role.SYSTEM
        if user.get("role") in ("agent", "admin"):
            return Role.AGENT
        if number == str(ticket["requester_id"]):
            return Role.REQUESTER
        organization = ticket.get("organization_id")
        return Role.COLLEAGUE if organization and user.get("organization_id") == organization else Role.OUTSIDER


def _html(markdown: str) -> str:
    html = html_of(markdown)
    if len(html.encode()) > LONGEST_BODY:
        raise Refused("the comment is longer than Zendesk keeps (64 kB)")
    return html


def _bears(audit: Mapping[str, Any], update: DeskUpdate) -> bool:
    """True when an audit bears our mark of this update."""
    mark = ((audit.get("metadata") or {}).get("custom") or {}).get("bridge")
    return isinstance(mark, dict) and (mark.get("reference"), mark.get("key")) == (update.reference, update.key)


def _receipt(update: DeskUpdate, audit: Mapping[str, Any]) -> Receipt:
    comment = next((event for event in audit.get("events") or () if event.get("type") == "Comment"), None)
    identity = CommentId(str(comment["id"])) if comment else None
    raw = {"audit": audit.get("id"), "comment": identity}
    return Receipt(reference=update.reference, comment=identity, at=_date(audit["created_at"]), raw=raw)


def _change(raw: Mapping[str, Any]) -> Change:
    stamp = raw["updated_at"]
    return Change(ticket=TicketId(str(raw["id"])), updated_at=_date(stamp), marker=stamp)


def _when(comment: Mapping[str, Any]) -> tuple[datetime, int]:
    return _date(comment["created_at"]), int(comment["id"])


def _said(value: object) -> str:
    """A field's value as one text; a multi-select holds several."""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _date(text: str) -> datetime:
    return datetime.fromisoformat(text)
