"""What a fake Zendesk holds: users, tickets, comments and audits, in the shapes of Zendesk's documentation."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BOT, AGENT, REQUESTER, COLLEAGUE, OUTSIDER = 900, 901, 801, 802, 803
ORGANIZATION = 701
TIME_TOTAL, TIME_LAST = 360005, 360006
"""Fields of the Time Tracking app."""

LONGEST_BODY = 64 * 1024
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}", re.S)
_TAG = re.compile(r"<[^>]+>")


class Refusal(Exception):
    """An answer that is not 200: its status and body."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.body = status, {"error": error, "description": description}


class Account:
    """The account's whole state. Safe to use from several threads; kept in a file when one is given."""

    def __init__(self, file: Path | None = None, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.lock = threading.RLock()
        self._file, self.clock = file, clock
        self.state: dict[str, Any] = _empty()
        if file is not None and file.exists():
            self.state = json.loads(file.read_text())

    def add_user(self, number: int, name: str, *, role: str = "end-user", organization: int | None = None, **more: Any) -> None:
        """Add or replace a user; ``user_fields`` and ``email`` may be given."""
        with self.lock:
            user = {"id": number, "name": name, "role": role, "organization_id": organization, "user_fields": {}}
            self.state["users"][str(number)] = {**user, "email": f"user{number}@example.test", **more}
            self._keep()

    def open_ticket(self, description: str = "O custo zera.", *, html: str | None = None, **more: Any) -> int:
        """Open a ticket by REQUESTER; any of its keys may be given. Return its number."""
        with self.lock:
            number, now = self._next("ticket"), self._now()
            ticket = {
                "id": number,
                "subject": "Custo médio",
                "description": description,
                "status": "new",
                "priority": None,
                "requester_id": REQUESTER,
                "organization_id": ORGANIZATION,
                "tags": [],
                "custom_fields": [],
                "created_at": now,
                "updated_at": now,
                "via": {"channel": "web"},
                **more,
            }
            key = str(number)
            self.state["tickets"][key] = ticket
            self.state["comments"][key], self.state["audits"][key] = [], []
            self.say(number, description, author=ticket["requester_id"], html=html)
            return number

    def say(
        self,
        ticket: int,
        body: str,
        *,
        author: int = REQUESTER,
        public: bool = True,
        html: str | None = None,
        flags: Iterable[int] = (),
        channel: str = "web",
    ) -> int:
        """Add a comment as a person writes it; return its number."""
        with self.lock:
            event = self._comment_event(author, body, html, public=public)
            comment = self._record(ticket, author, [event], channel=channel)
            if flags := list(flags):
                comment["metadata"]["flags"] = flags
            self._keep()
            return int(comment["id"])

    def change(self, ticket: int, **keys: Any) -> None:
        """Change a ticket as an agent does (``status="solved"``)."""
        with self.lock:
            self._ticket(ticket).update(keys, updated_at=self._now())
            self._keep()

    def log_time(self, ticket: int, seconds: int, *, author: int = AGENT, text: str = "", total: int | None = None) -> int:
        """Log time as the Time Tracking app does, with a comment or without; ``total`` sets it. Return the audit's number.

        A field that keeps its value makes no event: the same seconds twice in a row change the total only.
        """
        with self.lock:
            one = self._ticket(ticket)
            now = {field["id"]: field["value"] for field in one["custom_fields"]}
            total = int(now.get(TIME_TOTAL) or 0) + seconds if total is None else total
            fields = [{"id": TIME_TOTAL, "value": str(total)}, {"id": TIME_LAST, "value": str(seconds)}]
            events = self._changes(one, {"custom_fields": fields})
            if text:
                events.insert(0, self._comment_event(author, text, None, public=False))
            self._record(ticket, author, events, channel="web")
            self._keep()
            return int(self.state["audits"][str(ticket)][-1]["id"])

    def delete(self, ticket: int) -> None:
        """Delete a ticket: it answers 404 from now on."""
        with self.lock:
            del self.state["tickets"][str(ticket)]
            self._keep()

    def redact(self, ticket: int, comment: int, body: str) -> None:
        """Change what a comment says."""
        with self.lock:
            one = next(one for one in self.state["comments"][str(ticket)] if one["id"] == comment)
            one.update(body=body, plain_body=body, html_body=f'<div class="zd-comment"><p>{body}</p></div>')
            self.change(ticket)

    def show(self, ticket: int) -> dict[str, Any]:
        """Return a ticket. Raises: Refusal (404)."""
        with self.lock:
            return dict(self._ticket(ticket))

    def update(self, ticket: int, change: dict[str, Any]) -> dict[str, Any]:
        """Do what PUT does, as the bot; return ``{"ticket", "audit"}``. Raises: Refusal."""
        with self.lock:
            one = self._ticket(ticket)
            if one["status"] == "closed":
                raise Refusal(422, "RecordInvalid", "Status: closed prevents ticket update")
            if "safe_update" in change and change.get("updated_stamp") != one["updated_at"]:
                raise Refusal(409, "UpdateConflict", "Safe Update prevented a change")
            events = self._changes(one, change)
            if "comment" in change:
                comment = change["comment"]
                html, public = comment.get("html_body"), comment.get("public", True)
                events.insert(0, self._comment_event(BOT, comment.get("body") or "", html, public=public))
            custom = change.get("metadata") or {}
            self._record(ticket, BOT, events, channel="api", custom=custom)
            mark = custom.get("bridge") or {}
            self.state["writes"].append(
                {"ticket": ticket, "reference": mark.get("reference"), "key": mark.get("key"), "comment": "comment" in change}
            )
            self._keep()
            return {"ticket": dict(one), "audit": self.state["audits"][str(ticket)][-1]}

    def writes(self) -> Counter[str]:
        """Count the comments written with each reference: more than one is a duplicate."""
        with self.lock:
            return Counter(str(write["reference"]) for write in self.state["writes"] if write["comment"])

    def _ticket(self, number: int) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self.state["tickets"][str(number)]
        except KeyError:
            raise Refusal(404, "RecordNotFound", "Not found") from None
        return found

    def _changes(self, ticket: dict[str, Any], change: dict[str, Any]) -> list[dict[str, Any]]:
        events = []
        for key in ("tags", "status", "priority", "subject"):
            if key in change and change[key] != ticket[key]:
                events.append(self._event("Change", field_name=key, value=change[key], previous_value=ticket[key]))
                ticket[key] = change[key]
        fields = {field["id"]: field["value"] for field in ticket["custom_fields"]}
        for field in change.get("custom_fields") or ():
            if fields.get(field["id"]) != field["value"]:
                events.append(
                    self._event(
                        "Change", field_name=str(field["id"]), value=field["value"], previous_value=fields.get(field["id"])
                    )
                )
                fields[field["id"]] = field["value"]
        ticket["custom_fields"] = [{"id": number, "value": value} for number, value in fields.items()]
        return events

    def _comment_event(self, author: int, body: str, html: str | None, *, public: bool) -> dict[str, Any]:
        """Zendesk expands placeholders in what is posted, and cuts it at 64 kB without a word."""
        html = html if html is not None else f"<p>{body}</p>"
        html = _PLACEHOLDER.sub("EXPANDED", html)[:LONGEST_BODY]
        plain = body or _TAG.sub("", html)
        wrapped = f'<div class="zd-comment" dir="auto">{html}</div>'
        return self._event("Comment", author_id=author, body=plain, html_body=wrapped, plain_body=plain, public=public)

    def _record(
        self, ticket: int, author: int, events: list[dict[str, Any]], *, channel: str, custom: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Append the audit, and the comment it holds, if any; the ticket's stamp moves only when something happened."""
        now, key = self._now(), str(ticket)
        audit = {
            "id": self._next("id"),
            "ticket_id": ticket,
            "created_at": now,
            "author_id": author,
            "metadata": {"system": {}, "custom": custom or {}},
            "events": events,
            "via": {"channel": channel},
        }
        self.state["audits"][key].append(audit)
        if events:
            self._ticket(ticket)["updated_at"] = now
        comment: dict[str, Any] = {}
        for event in events:
            if event["type"] == "Comment":
                about = {"audit_id": audit["id"], "created_at": now, "via": audit["via"], "attachments": [], "metadata": {}}
                comment = {**event, **about}
                self.state["comments"][key].append(comment)
        return comment

    def _event(self, kind: str, **more: Any) -> dict[str, Any]:
        return {"id": self._next("id"), "type": kind, **more}

    def _next(self, name: str) -> int:
        self.state["next"][name] += 1
        return int(self.state["next"][name])

    def _now(self) -> str:
        return self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _keep(self) -> None:
        if self._file is not None:
            draft = self._file.with_suffix(".draft")
            draft.write_text(json.dumps(self.state))
            draft.replace(self._file)


def _empty() -> dict[str, Any]:
    def user(number: int, name: str, role: str, organization: int | None) -> dict[str, Any]:
        email = f"{name.lower()}@{'cliente' if organization else 'example'}.test"
        return {
            "id": number,
            "name": name,
            "email": email,
            "role": role,
            "organization_id": organization,
            "user_fields": {},
        }

    users = (
        user(BOT, "Bridge", "agent", None),
        user(AGENT, "Caio", "agent", None),
        user(REQUESTER, "Ana", "end-user", ORGANIZATION),
        user(COLLEAGUE, "Bia", "end-user", ORGANIZATION),
        user(OUTSIDER, "Otto", "end-user", None),
    )
    organization = {"id": ORGANIZATION, "name": "Cliente S.A.", "organization_fields": {"cnpj": "12.ABC.345/01DE-35"}}
    return {
        "next": {"ticket": 0, "id": 1000},
        "users": {str(one["id"]): one for one in users},
        "organizations": {str(ORGANIZATION): organization},
        "tickets": {},
        "comments": {},
        "audits": {},
        "writes": [],
    }
