"""Values as they are stored: JSON in ASCII, so that no database stumbles over what people write."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from cattrs import Converter

from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.events import Billed, GoneSettled, Hint, Operated, Ordered, Posted, TimerFired
from helpdesk_bridge.domain.values import Receipt, Ticket

InboxEvent = Hint | Posted | TimerFired | Ordered | Billed | GoneSettled | Operated
"""TicketEvents that wait in the inbox; the others are read from the thread when a Hint is advanced."""

_T = TypeVar("_T")
_KINDS: dict[str, type[InboxEvent]] = {
    "hint": Hint,
    "posted": Posted,
    "timer": TimerFired,
    "ordered": Ordered,
    "billed": Billed,
    "gone_settled": GoneSettled,
    "operated": Operated,
}
_KIND_OF: dict[type[InboxEvent], str] = {event: kind for kind, event in _KINDS.items()}


def _converter() -> Converter:
    converter = Converter(unstruct_collection_overrides={frozenset: sorted})
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_unstructure_hook(datetime, lambda at: at.astimezone(UTC).isoformat())
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    converter.register_unstructure_hook(bytes, lambda raw: base64.b64encode(raw).decode())
    converter.register_structure_hook(bytes, lambda text, _: base64.b64decode(text))
    return converter


_CONVERTER = _converter()


def encode(value: object) -> str:
    """Write a value of the domain (or plain data) as JSON."""
    return json.dumps(_CONVERTER.unstructure(value), separators=(",", ":"), sort_keys=True)


def decode(text: str, shape: type[_T]) -> _T:
    """Read a value back; keys it does not know are ignored, so that an older version can read a newer one's rows."""
    return _CONVERTER.structure(json.loads(text), shape)


def kind_of(event: InboxEvent) -> str:
    """Name the kind of an event: ``hint``, ``posted``, ``timer``, ``ordered``, ``billed``, ``gone_settled`` or ``operated``."""
    return _KIND_OF[type(event)]


def encode_event(event: InboxEvent) -> str:
    """Write an event with its kind."""
    return encode({"kind": kind_of(event), "event": _CONVERTER.unstructure(event)})


def decode_event(text: str) -> InboxEvent:
    """Read an event of any kind."""
    tagged: dict[str, Any] = json.loads(text)
    return _CONVERTER.structure(tagged["event"], _KINDS[tagged["kind"]])


def encode_ticket(ticket: Ticket) -> bytes:
    """Write what was read from a desk, compressed: threads repeat themselves."""
    return pack(ticket)


def decode_ticket(packed: bytes) -> Ticket:
    """Read back what was read from a desk."""
    return unpack(packed, Ticket)


def encode_update(update: DeskUpdate) -> str:
    """Write an update to its exact words."""
    return encode(update)


def decode_update(text: str) -> DeskUpdate:
    """Read an update."""
    return decode(text, DeskUpdate)


def encode_receipt(receipt: Receipt) -> str:
    """Write a desk's proof."""
    return encode(receipt)


def decode_receipt(text: str) -> Receipt:
    """Read a desk's proof."""
    return decode(text, Receipt)


def encode_engagement(engagement: Engagement) -> str:
    """Write what the journal of a ticket adds up to."""
    return encode(engagement)


def decode_engagement(text: str) -> Engagement:
    """Read an engagement."""
    return decode(text, Engagement)


def pack(value: object) -> bytes:
    """Write a value as compressed JSON."""
    return zlib.compress(encode(value).encode())


def unpack(packed: bytes, shape: type[_T]) -> _T:
    """Read a value from compressed JSON."""
    return decode(zlib.decompress(packed).decode(), shape)
