"""A desk for trials: what it is told is its thread, and what the bridge would post is printed."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

import marshmallow as ma

from helpdesk_bridge.adapters.base import Capabilities, Change
from helpdesk_bridge.adapters.console import webhook
from helpdesk_bridge.adapters.markup import text_of
from helpdesk_bridge.adapters.signatures import check_shared_secret
from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.events import Hint
from helpdesk_bridge.domain.values import Comment, CommentId, Delivery, DeskId, Person, Receipt, Role, Ticket, TicketId
from helpdesk_bridge.errors import Permanent

HEADER = "x-bridge-secret"
BRIDGE = Person(id="bridge", role=Role.BRIDGE, name="helpdesk-bridge")


class ConsoleSettings(ma.Schema):
    """What ``bridge.yaml`` says about a console desk."""

    secret = ma.fields.String(
        required=True, validate=ma.validate.Length(min=8), metadata={"doc": "value of the header X-Bridge-Secret", "secret": True}
    )


class Console:
    """A desk in this process's memory: it forgets everything at a restart."""

    product: ClassVar[str] = "console"
    capabilities: ClassVar[Capabilities] = Capabilities(
        signature="shared header", webhook_retries=False, tags=True, fields=True, find=True, edits=True, markup="text"
    )
    Settings: ClassVar[type[ma.Schema]] = ConsoleSettings

    def __init__(self, desk: DeskId, settings: dict[str, Any]) -> None:
        """Configure; no network."""
        self.desk = desk
        self._secret: str = settings["secret"]
        self._tickets: dict[TicketId, Ticket] = {}
        self._ours: dict[TicketId, list[Comment]] = {}
        self._lock = threading.Lock()

    def verify(self, delivery: Delivery) -> None:
        """Compare the header with the secret. Raises: Unauthentic."""
        check_shared_secret(secrets=(self._secret,), given=delivery.header(HEADER))

    def parse(self, delivery: Delivery) -> Hint:
        """Keep the ticket that was told, and name it. Raises: ParseError."""
        ticket = webhook.ticket_of(delivery)
        with self._lock:
            self._tickets[ticket.id] = ticket
        return webhook.hint_of(delivery, ticket)

    def fetch(self, ticket: TicketId) -> Ticket:
        """Return what was told, with our own comments where they were made."""
        with self._lock:
            told, ours = self._told(ticket), list(self._ours.get(ticket, ()))
        comments = sorted((*told.comments, *ours), key=lambda comment: comment.at)
        return replace(told, comments=tuple(comments))

    def changed_since(self, since: datetime) -> Iterable[Change]:
        """Nothing: this desk hides no change."""
        return ()

    def perform(self, update: DeskUpdate) -> Receipt:
        """Print the update and keep its comment."""
        now = datetime.now(UTC)
        with self._lock:
            self._told(update.ticket)
            comment = Comment(
                id=CommentId(update.reference),
                author=BRIDGE,
                public=update.public,
                at=now,
                text=text_of(update.body or ""),
                reference=update.reference,
            )
            self._ours.setdefault(update.ticket, []).append(comment)
        self._print(update, comment)
        return Receipt(reference=update.reference, comment=comment.id, at=now)

    def find(self, update: DeskUpdate) -> Receipt | None:
        """Look among the comments we made."""
        with self._lock:
            ours = self._ours.get(update.ticket, ())
            comment = next((one for one in ours if one.reference == update.reference), None)
        return Receipt(reference=update.reference, comment=comment.id, at=comment.at) if comment else None

    def ping(self) -> None:
        """Do nothing: memory answers."""

    def _told(self, ticket: TicketId) -> Ticket:
        if ticket not in self._tickets:
            raise Permanent(f"nobody told this process about ticket {ticket}")
        return self._tickets[ticket]

    def _print(self, update: DeskUpdate, comment: Comment) -> None:
        kind = "public comment" if update.public else "internal note"
        tags = "".join(f" +{tag}" for tag in update.add_tags) + "".join(f" -{tag}" for tag in update.remove_tags)
        fields = json.dumps(dict(update.fields)) if update.fields else ""
        sys.stdout.write(f"\n=== {self.desk}/{update.ticket} {kind} {update.reference}{tags} {fields}\n{comment.text}\n")
        sys.stdout.flush()


ADAPTER = Console
