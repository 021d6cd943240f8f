"""Zendesk's REST API: a ticket with all its comments, and one PUT per step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from helpdesk_bridge.adapters.base import Change
from helpdesk_bridge.adapters.http import DeskClient, understood
from helpdesk_bridge.adapters.markup import html_of
from helpdesk_bridge.adapters.zendesk.thread import Account, date_of, ticket_of
from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.values import CommentId, DeskId, Receipt, Ticket, TicketId
from helpdesk_bridge.errors import Refused, Retryable, Uncertain

MOST_PAGES = 60
"""A ticket holds 5,000 comments at most."""

LONGEST_BODY = 64 * 1024
"""Bytes; Zendesk cuts longer comments silently."""


class Client:
    """Reads and writes tickets."""

    def __init__(self, desk: DeskId, http: DeskClient, account: Account) -> None:
        self._desk, self._http, self._account = desk, http, account

    def fetch(self, ticket: TicketId) -> Ticket:
        """Read a ticket with its whole thread, and its audits where time is logged in a field. Raises: Retryable when the answer is odd, too."""
        answer = self._http.get(f"api/v2/tickets/{ticket}", {"include": "users,organizations"})
        pages = list(self._pages(f"api/v2/tickets/{ticket}/comments", "comments", {"sort": "created_at", "include": "users"}))
        audits = None
        if self._account.time_field is not None:
            audits = list(self._pages(f"api/v2/tickets/{ticket}/audits", "audits", {"include": "users"}))
        with understood(Retryable):
            return ticket_of(answer, pages, audits, self._account, desk=self._desk, base=self._http.base_url)

    def changed_since(self, since: datetime) -> Iterator[Change]:
        """List changed tickets, oldest first."""
        params: dict[str, str | int] = {"start_time": int(since.timestamp())}
        for _ in range(MOST_PAGES):
            answer = self._http.get("api/v2/incremental/tickets/cursor", params)
            with understood(Retryable):
                changes = [_change(raw) for raw in answer["tickets"]]
                ended, params = answer["end_of_stream"], {"cursor": answer.get("after_cursor") or ""}
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
            change = _tags(update, raw) | self._outputs(update, raw)
            unchanged = Receipt(reference=update.reference, comment=None, at=date_of(raw["updated_at"]))
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
            if not isinstance(page, dict) or not isinstance(page.get(key), list):
                raise Retryable(f"the desk answered without {key}")
            yield page
            with understood(Retryable):
                meta = page.get("meta") or {}
                if not meta.get("has_more"):
                    return
                asked["page[after]"] = meta["after_cursor"]
        raise Refused(f"the ticket has more than {MOST_PAGES} pages of {key}")

    def _outputs(self, update: DeskUpdate, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Set the fields that say something else now; fields that are not listed stay as they are."""
        now = {str(field["id"]): field.get("value") for field in raw.get("custom_fields") or ()}
        numbers = self._account.output_fields
        wanted = {numbers[name]: value for name, value in update.fields if name in numbers}
        changed = [{"id": int(number), "value": value} for number, value in wanted.items() if now.get(number) != value]
        return {"custom_fields": changed} if changed else {}


def _tags(update: DeskUpdate, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Merge tags: those in a PUT overwrite, so a clash with somebody else's is made a 409 by ``safe_update``."""
    now = list(raw.get("tags") or ())
    wanted = list(dict.fromkeys([*(tag for tag in now if tag not in update.remove_tags), *update.add_tags]))
    return {} if wanted == now else {"tags": wanted, "safe_update": True, "updated_stamp": raw["updated_at"]}


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
    return Receipt(reference=update.reference, comment=identity, at=date_of(audit["created_at"]), raw=raw)


def _change(raw: Mapping[str, Any]) -> Change:
    stamp = raw["updated_at"]
    return Change(ticket=TicketId(str(raw["id"])), updated_at=date_of(stamp), marker=stamp)
