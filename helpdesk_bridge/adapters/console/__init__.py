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
        signature="shared header",
        webhook_retries=False,
        tags=True,
        fields=True,
        find=True,
        edits=True,
        time_entries=True,
        markup="text",
    )
    Settings: ClassVar[type[ma.Schema]] = ConsoleSettings

    def __init__(self, desk: DeskId, settings: dict[str, Any]) -> None:
        """Configure; no network."""
        self.desk = desk
        self._secret: str = settings["secret"]
        self._tickets: dict[TicketId, Ticket] = {}
        self._ours: dict[TicketId, list[tuple[DeskUpdate, datetime]]] = {}
        self._lock = threading.Lock()

    def verify(self, delivery: Delivery) -> None:
        """Compare the header with the secret. Raises: Unauthentic."""
        check_shared_secret(secrets=(self._secret,), given=delivery.header(HEADER))

    def parse(self, delivery: Delivery) -> Hint:
        """Keep the ticket that was told, and name it. Raises: ParseError."""
        with self._lock:
            ticket = webhook.ticket_of(delivery, self._tickets)
            self._tickets[ticket.id] = ticket
        return webhook.hint_of(delivery, ticket)

    def fetch(self, ticket: TicketId) -> Ticket:
        """Return what was told, with what we wrote: comments where they were made, tags and fields on top."""
        with self._lock:
            told, ours = self._told(ticket), list(self._ours.get(ticket, ()))
        comments, tags, fields = [*told.comments], set(told.tags), dict(told.fields)
        for update, at in ours:
            comments += [_comment(update, at)] if update.body is not None else []
            tags = (tags - set(update.remove_tags)) | set(update.add_tags)
            fields |= dict(update.fields)
        thread = tuple(sorted(comments, key=lambda comment: comment.at))
        return replace(told, comments=thread, tags=frozenset(tags), fields=tuple(sorted(fields.items())))

    def changed_since(self, since: datetime) -> Iterable[Change]:
        """Nothing: this desk hides no change."""
        return ()

    def perform(self, update: DeskUpdate) -> Receipt:
        """Print the update and keep it."""
        now = datetime.now(UTC)
        with self._lock:
            self._told(update.ticket)
            self._ours.setdefault(update.ticket, []).append((update, now))
        self._print(update)
        return _receipt(update, now)

    def find(self, update: DeskUpdate) -> Receipt | None:
        """Look among the updates we made."""
        with self._lock:
            made = {one.reference: at for one, at in self._ours.get(update.ticket, ())}
        return _receipt(update, made[update.reference]) if update.reference in made else None

    def ping(self) -> None:
        """Do nothing: memory answers."""

    def _told(self, ticket: TicketId) -> Ticket:
        if ticket not in self._tickets:
            raise Permanent(f"nobody told this process about ticket {ticket}")
        return self._tickets[ticket]

    def _print(self, update: DeskUpdate) -> None:
        kind = "public comment" if update.public else "internal note"
        tags = "".join(f" +{tag}" for tag in update.add_tags) + "".join(f" -{tag}" for tag in update.remove_tags)
        fields = json.dumps(dict(update.fields)) if update.fields else ""
        words = text_of(update.body or "")
        sys.stdout.write(f"\n=== {self.desk}/{update.ticket} {kind} {update.reference}{tags} {fields}\n{words}\n")
        sys.stdout.flush()


def _comment(update: DeskUpdate, at: datetime) -> Comment:
    identity, text = CommentId(update.reference), text_of(update.body or "")
    return Comment(id=identity, author=BRIDGE, public=update.public, at=at, text=text, reference=update.reference)


def _receipt(update: DeskUpdate, at: datetime) -> Receipt:
    comment = CommentId(update.reference) if update.body is not None else None
    return Receipt(reference=update.reference, comment=comment, at=at)


ADAPTER = Console
