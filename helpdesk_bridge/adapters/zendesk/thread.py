"""From Zendesk's JSON to a Ticket: who wrote what, with what the desk says against the author. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_bridge.adapters.base import reference_in
from helpdesk_bridge.domain.values import (
    Comment,
    CommentId,
    DeskId,
    LoggedTime,
    Organization,
    Person,
    Role,
    Ticket,
    TicketId,
    TicketStatus,
)

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

CHANNELS = {"email": "email", "api": "api"}
"""Everything else (web, mobile, chat…) is ``web``."""

SYSTEM_USER = "-1"

_NUMBER = re.compile(r"\d{1,9}(\.\d{1,6})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How one account is set up."""

    bot: str
    facts: Mapping[str, str]
    output_fields: Mapping[str, str]
    user_flags: Mapping[str, str]
    tax_id_field: str | None
    time_field: str | None

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Account:
        """Read the adapter's settings."""
        return cls(
            bot=settings["bot_user_id"],
            facts=dict(settings.get("facts") or {}),
            output_fields=dict(settings.get("output_fields") or {}),
            user_flags=dict(settings.get("user_flags") or {}),
            tax_id_field=settings.get("tax_id_field"),
            time_field=settings.get("time_field"),
        )


def ticket_of(
    answer: Mapping[str, Any],
    pages: Sequence[Mapping[str, Any]],
    audits: Sequence[Mapping[str, Any]] | None,
    account: Account,
    *,
    desk: DeskId,
    base: str,
) -> Ticket:
    """Put a ticket together from its answer and the pages of its comments. The first one is the description and no comment.

    Time is read from the pages of its audits; None: it is not logged in a field.
    """
    raw = answer["ticket"]
    users = {str(user["id"]): user for page in (answer, *pages, *(audits or ())) for user in page.get("users") or ()}
    written = {int(one["id"]): one for page in pages for one in page["comments"]}
    thread = sorted(written.values(), key=lambda one: (date_of(one["created_at"]), int(one["id"])))
    organization = next((one for one in answer.get("organizations") or () if one["id"] == raw.get("organization_id")), None)
    return Ticket(
        desk=desk,
        id=TicketId(str(raw["id"])),
        subject=raw.get("subject") or "",
        description=raw.get("description") or "",
        requester=_person(str(raw["requester_id"]), users, raw, account),
        created_at=date_of(raw["created_at"]),
        updated_at=date_of(raw["updated_at"]),
        status=STATUS.get(raw["status"], TicketStatus.OPEN),
        raw_status=raw["status"],
        organization=_organization(organization, account),
        tags=frozenset(raw.get("tags") or ()),
        fields=_facts(raw, account),
        comments=tuple(_comment(one, users, raw, account) for one in thread[1:]),
        time=None if audits is None else _times(audits, users, raw, account),
        url=f"{base}agent/tickets/{raw['id']}",
    )


def date_of(text: str) -> datetime:
    """Read one of Zendesk's times."""
    return datetime.fromisoformat(text)


def _facts(raw: Mapping[str, Any], account: Account) -> tuple[tuple[str, str], ...]:
    values = {str(field["id"]): field.get("value") for field in raw.get("custom_fields") or ()}
    found = {fact: values.get(number) for fact, number in account.facts.items()}
    if raw.get("priority"):
        found.setdefault("priority", raw["priority"])
    return tuple(sorted((fact, _said(value)) for fact, value in found.items() if value not in (None, "", [])))


def _said(value: object) -> str:
    """A field's value as one text; a multi-select holds several."""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _organization(raw: Mapping[str, Any] | None, account: Account) -> Organization | None:
    if raw is None:
        return None
    fields = raw.get("organization_fields") or {}
    tax_id = fields.get(account.tax_id_field) if account.tax_id_field else None
    return Organization(id=str(raw["id"]), name=raw.get("name") or "", tax_id=tax_id)


def _comment(raw: Mapping[str, Any], users: Mapping[str, Any], ticket: Mapping[str, Any], account: Account) -> Comment:
    author = _person(str(raw["author_id"]), users, ticket, account)
    text = raw.get("plain_body") or raw.get("body") or ""
    flags = (raw.get("metadata") or {}).get("flags") or ()
    return Comment(
        id=CommentId(str(raw["id"])),
        author=author,
        public=bool(raw["public"]),
        at=date_of(raw["created_at"]),
        text=text,
        html=raw.get("html_body") or None,
        channel=CHANNELS.get((raw.get("via") or {}).get("channel") or "", "web"),
        warnings=tuple(sorted(FLAGS.get(flag, f"flag_{flag}") for flag in flags)),
        reference=reference_in(text) if author.role is Role.BRIDGE else None,
    )


def _times(
    pages: Sequence[Mapping[str, Any]], users: Mapping[str, Any], ticket: Mapping[str, Any], account: Account
) -> tuple[LoggedTime, ...]:
    """Read who added how much to the running total.

    The Time Tracking app also has a field for the last update alone, but two equal updates in a row make no event of that one
    (Zendesk, "Time Tracking app: metrics"), so the differences of the total are what nothing is lost of. A total that becomes less
    takes back what was logged last.
    """
    found = {int(audit["id"]): audit for page in pages for audit in page["audits"]}
    total, added = 0, list[tuple[Mapping[str, Any], int]]()
    for audit in sorted(found.values(), key=lambda audit: (date_of(audit["created_at"]), int(audit["id"]))):
        seconds = _total_after(audit, account.time_field)
        if seconds is None:
            continue
        more, total = seconds - total, seconds
        while more < 0 and added:
            last, logged = added.pop()
            more += logged
            if more > 0:
                added.append((last, more))
                more = 0
        if more > 0:
            added.append((audit, more))
    return tuple(_time(audit, seconds, users, ticket, account) for audit, seconds in added)


def _total_after(audit: Mapping[str, Any], field: str | None) -> int | None:
    """Return what the total is after an audit; None when it says nothing about it, or nothing that is a number."""
    events = (event for event in audit.get("events") or () if event.get("type") in ("Create", "Change"))
    values = [event.get("value") for event in events if str(event.get("field_name")) == field]
    if not values:
        return None
    text = str(values[-1] if values[-1] is not None else "0").strip() or "0"
    return round(float(text)) if _NUMBER.fullmatch(text) else None


def _time(
    audit: Mapping[str, Any], seconds: int, users: Mapping[str, Any], ticket: Mapping[str, Any], account: Account
) -> LoggedTime:
    comment = next((event for event in audit.get("events") or () if event.get("type") == "Comment"), None)
    return LoggedTime(
        id=str(audit["id"]),
        author=_person(str(audit["author_id"]), users, ticket, account),
        at=date_of(audit["created_at"]),
        seconds=seconds,
        comment=CommentId(str(comment["id"])) if comment else None,
    )


def _person(number: str, users: Mapping[str, Any], ticket: Mapping[str, Any], account: Account) -> Person:
    raw = users.get(number) or {}
    fields = raw.get("user_fields") or {}
    return Person(
        id=number,
        role=_role(number, raw, ticket, account),
        name=raw.get("name") or "",
        email=(raw.get("email") or "").lower(),
        flags=frozenset(flag for flag, key in account.user_flags.items() if fields.get(key)),
    )


def _role(number: str, user: Mapping[str, Any], ticket: Mapping[str, Any], account: Account) -> Role:
    """Tell who somebody is. A user Zendesk did not describe is nobody's colleague."""
    if number == account.bot:
        return Role.BRIDGE
    if number == SYSTEM_USER:
        return Role.SYSTEM
    if user.get("role") in ("agent", "admin"):
        return Role.AGENT
    if number == str(ticket["requester_id"]):
        return Role.REQUESTER
    organization = ticket.get("organization_id")
    return Role.COLLEAGUE if organization and user.get("organization_id") == organization else Role.OUTSIDER
