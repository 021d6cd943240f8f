"""What the bridge asks of a helpdesk product. One folder per product; no other file changes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

import marshmallow as ma

from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.events import Hint
from helpdesk_bridge.domain.values import Delivery, DeskId, Receipt, Ticket, TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a desk can do; rendered into the documentation's matrix."""

    signature: str
    """How a delivery proves itself: ``hmac``, ``url secret``, ``none``."""
    webhook_retries: bool
    tags: bool
    fields: bool
    find: bool
    """Whether a comment of ours can be found again after an unknown outcome."""
    edits: bool
    """Whether comments can change after they were written."""
    time_entries: bool = False
    """Whether time that agents log in the desk's own field is read."""
    rate_limit: str = ""
    markup: str = "html"
    """What a comment may contain: ``html``, ``markdown`` or ``text``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A ticket that changed, as a catch-up poll sees it."""

    ticket: TicketId
    updated_at: datetime
    marker: str
    """Differs whenever the ticket or its thread differs; the poll's identity for the inbox."""


class Token(ma.fields.String):
    """A secret that travels in a header: printable ASCII without spaces, so that no call can fail on it and show it."""

    def __init__(self, **more: Any) -> None:
        shape = ma.validate.Regexp(r"[!-~]+\Z", error="not a token: it holds spaces or other than ASCII characters")
        super().__init__(validate=shape, **more)


_REFERENCE = re.compile(r"\bHB-[A-Z2-7]{6}\b")


def reference_in(text: str) -> str | None:
    """Return the reference of a comment of ours: the last one in it, in its footer; others are only mentioned."""
    found = _REFERENCE.findall(text)
    return found[-1] if found else None


class Adapter(Protocol):
    """One configured desk. Network calls raise only Refused, Retryable, Uncertain or Permanent."""

    product: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    Settings: ClassVar[type[ma.Schema]]
    """Schema of the desk's own settings in ``bridge.yaml``; unknown keys are refused."""

    desk: DeskId

    def __init__(self, desk: DeskId, settings: dict[str, Any]) -> None:
        """Configure; no network."""

    def verify(self, delivery: Delivery) -> None:
        """Check the raw bytes in constant time; total on any header. Raises: Unauthentic."""

    def parse(self, delivery: Delivery) -> Hint:
        """Translate an authentic delivery; pure. Raises: ParseError, nothing else."""

    def fetch(self, ticket: TicketId) -> Ticket:
        """Read the ticket and its whole thread, in the desk's order."""

    def changed_since(self, since: datetime) -> Iterable[Change]:
        """List tickets changed at or after ``since``, oldest first, for catching up."""

    def perform(self, update: DeskUpdate) -> Receipt:
        """Write the update once. Raises Uncertain when it may have taken effect."""

    def find(self, update: DeskUpdate) -> Receipt | None:
        """Look for an earlier ``perform`` of this update; None when it is surely absent. Raises Refused when it cannot look."""

    def ping(self) -> None:
        """Prove that the desk answers and our credentials are good."""
