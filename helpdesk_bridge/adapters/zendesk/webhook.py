"""What Zendesk posts: events of its own form, or whatever a trigger's author wrote (ours carries ids only)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from helpdesk_bridge.domain.events import Hint
from helpdesk_bridge.domain.values import Delivery, TicketId
from helpdesk_bridge.errors import ParseError

EVENT_PREFIX = "zen:event-type:"
SUBJECT_PREFIX = "zen:ticket:"
KINDS = {
    "ticket.created": "created",
    "ticket.comment_added": "comment_added",
    "ticket.comment_made_private": "comment_changed",
    "ticket.comment_redacted": "comment_changed",
    "ticket.status_changed": "changed",
    "ticket.custom_field_changed": "changed",
    "ticket.tags_changed": "changed",
    "ticket.organization_changed": "changed",
    "ticket.requester_changed": "changed",
    "ticket.merged": "merged",
    "ticket.soft_deleted": "deleted",
    "ticket.permanently_deleted": "deleted",
}
"""Zendesk's event → what we call it. One that is not listed is a hint all the same: the thread tells."""

_WORD = re.compile(r"[\w.:+/ -]{1,100}", re.ASCII)
"""What an id, a word or a time may look like; identities and kinds are kept and logged, so anything else is no value."""

_MOMENT = re.compile(r"\d{10,}|.*\d\d:\d\d:\d\d.*")
"""A time that names one change. ``{{ticket.updated_at}}`` is only a day: a second change would look like the first one again."""


def parse(delivery: Delivery, *, bot_user_id: str) -> Hint:
    """Translate either kind of body. Raises: ParseError."""
    body = _object(delivery.body)
    return _event(delivery, body, bot_user_id) if "zendesk_event_version" in body else _trigger(delivery, body)


def _event(delivery: Delivery, body: Mapping[str, Any], bot_user_id: str) -> Hint:
    subject, kind = _text(body.get("subject")), _text(body.get("type")).removeprefix(EVENT_PREFIX)
    if not subject.startswith(SUBJECT_PREFIX):
        raise ParseError(f"about {subject[:80]!r} and not about a ticket")
    comment = _mapping(_mapping(body.get("event")).get("comment"))
    actor = _text(_mapping(comment.get("author")).get("id")) or _text(_mapping(body.get("detail")).get("actor_id"))
    number = _text(comment.get("id"))
    new_comment = number if kind == "ticket.comment_added" and number.isdecimal() else ""
    return Hint(
        desk=delivery.desk,
        ticket=_ticket(subject.removeprefix(SUBJECT_PREFIX)),
        identity=f"comment:{new_comment}" if new_comment else f"event:{_text(body.get('id')) or _digest(delivery)}",
        at=delivery.received_at,
        kind=KINDS.get(kind, kind or "unknown"),
        by_bridge=actor == bot_user_id,
    )


def _trigger(delivery: Delivery, body: Mapping[str, Any]) -> Hint:
    number = _ticket(_text(body.get("ticket_id")))
    comment, stamp = _text(body.get("comment_id")), _text(body.get("updated_at"))
    kind = _text(body.get("event")) or "changed"
    moment = stamp if _MOMENT.fullmatch(stamp) else _digest(delivery)
    identity = f"comment:{comment}" if comment.isdecimal() else f"ticket:{number}:{kind}:{moment}"
    return Hint(desk=delivery.desk, ticket=number, identity=identity, at=delivery.received_at, kind=kind)


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise ParseError("not JSON") from None
    if not isinstance(body, dict):
        raise ParseError("not a JSON object")
    return body


def _ticket(text: str) -> TicketId:
    if not text.isascii() or not text.isdecimal() or len(text) > 20:
        raise ParseError("no ticket id")
    return TicketId(str(int(text)))


def _text(value: object) -> str:
    """Read an id or a word: Zendesk says "no value" as null, an empty string or "0", and ids as strings or numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value).strip()
    return text if text != "0" and _WORD.fullmatch(text) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _digest(delivery: Delivery) -> str:
    """Name a delivery that names nothing itself: a repeat by Zendesk counts anew, and rereading the thread costs little."""
    sent = delivery.header("x-zendesk-webhook-signature-timestamp").encode("utf-8", "surrogatepass")
    return sha256(sent + b"\0" + delivery.body).hexdigest()[:32]
