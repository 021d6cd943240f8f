"""A desk in memory that lives in the rehearsal's time: its thread is what the script has told so far."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

import marshmallow as ma

from helpdesk_bridge.adapters.base import Capabilities, Change
from helpdesk_bridge.adapters.markup import text_of
from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.events import Hint
from helpdesk_bridge.domain.values import (
    Comment,
    CommentId,
    Delivery,
    DeskId,
    LoggedTime,
    Person,
    Receipt,
    Role,
    Ticket,
    TicketId,
    TicketStatus,
)
from helpdesk_bridge.errors import Gone

DESK = DeskId("rehearsal")
BRIDGE = Person(id="bridge", role=Role.BRIDGE, name="helpdesk-bridge")


class RehearsalDesk:
    """One ticket and its thread, in the order things were written."""

    product: ClassVar[str] = "rehearsal"
    capabilities: ClassVar[Capabilities] = Capabilities(
        signature="none", webhook_retries=False, tags=True, fields=True, find=True, edits=True, time_entries=True, markup="text"
    )
    Settings: ClassVar[type[ma.Schema]] = ma.Schema

    def __init__(self, desk: DeskId, settings: dict[str, Any]) -> None:
        """Take the ``ticket`` as it was opened, and the ``clock``."""
        self.desk = desk
        self.ticket: Ticket = settings["ticket"]
        self._clock: Callable[[], datetime] = settings["clock"]
        self._made: dict[str, Receipt] = {}
        self._gone = False

    def write(self, comment: Comment) -> None:
        """Append a comment."""
        self._change(comments=(*self.ticket.comments, comment))

    def edit(self, comment: CommentId, text: str) -> None:
        """Let a comment's author change its words."""
        edited = tuple(
            replace(each, text=text, html=None, edited_by=each.author.id) if each.id == comment else each
            for each in self.ticket.comments
        )
        self._change(comments=edited)

    def delete(self) -> None:
        """Delete the ticket: it is gone until its status changes."""
        self._gone = True

    def log(self, time: LoggedTime) -> None:
        """Let a consultant log time in the desk's own field."""
        self._change(time=(*(self.ticket.time or ()), time))

    def relog(self, fact: str, seconds: int) -> None:
        """Let what was logged say something else; 0: nothing any more."""
        changed = (replace(each, seconds=seconds) if each.id == fact else each for each in self.ticket.time or ())
        self._change(time=tuple(each for each in changed if each.seconds))

    def set_status(self, status: TicketStatus) -> None:
        """Solve or reopen the ticket, also one that was deleted."""
        self._gone = False
        self._change(status=status, raw_status=status.value)

    def verify(self, delivery: Delivery) -> None:
        """Believe it: nobody else can reach this desk."""

    def parse(self, delivery: Delivery) -> Hint:
        """Name the fact that was told."""
        told = json.loads(delivery.body)
        return Hint(desk=self.desk, ticket=self.ticket.id, identity=told["identity"], at=delivery.received_at, kind=told["kind"])

    def fetch(self, ticket: TicketId) -> Ticket:
        """Return the ticket as it stands."""
        if self._gone:
            raise Gone
        return self.ticket

    def changed_since(self, since: datetime) -> Iterable[Change]:
        """Nothing: this desk hides no change."""
        return ()

    def perform(self, update: DeskUpdate) -> Receipt:
        """Write the update at the rehearsal's present."""
        now, comment = self._clock(), None
        if update.body is not None:
            comment = CommentId(update.reference)
            text = text_of(update.body)
            self.write(Comment(id=comment, author=BRIDGE, public=update.public, at=now, text=text, reference=update.reference))
        tags = (self.ticket.tags - set(update.remove_tags)) | set(update.add_tags)
        fields = dict(self.ticket.fields) | dict(update.fields)
        self._change(tags=tags, fields=tuple(sorted(fields.items())))
        receipt = Receipt(reference=update.reference, comment=comment, at=now)
        self._made[update.reference] = receipt
        return receipt

    def find(self, update: DeskUpdate) -> Receipt | None:
        """Look among the updates that were made."""
        return self._made.get(update.reference)

    def ping(self) -> None:
        """Do nothing: memory answers."""

    def _change(self, **changes: Any) -> None:
        self.ticket = replace(self.ticket, **changes, updated_at=self._clock())
