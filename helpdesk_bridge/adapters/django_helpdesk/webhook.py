"""What django-helpdesk posts: the whole ticket, and the id of the follow-up when there is one. No event name, no id, no time."""

from __future__ import annotations

import json
from typing import Any

from helpdesk_bridge.domain.events import Hint
from helpdesk_bridge.domain.values import Delivery, TicketId
from helpdesk_bridge.errors import ParseError

NEW, FOLLOWUP = "new_ticket", "followup"


def parse(delivery: Delivery, *, bot_user_id: int) -> Hint:
    """Name the fact: a follow-up by its id, a new ticket by its own. Raises: ParseError."""
    body = _object(delivery.body)
    given = body.get("ticket")
    ticket: dict[str, Any] = given if isinstance(given, dict) else {}
    number = ticket.get("id")
    if not _is_id(number):
        raise ParseError("no ticket id")
    followup = body.get("followup_id")
    if followup is not None and not _is_id(followup):
        raise ParseError("the follow-up's id is not a number")
    return Hint(
        desk=delivery.desk,
        ticket=TicketId(str(number)),
        identity=f"ticket:{number}" if followup is None else f"comment:{followup}",
        at=delivery.received_at,
        kind=NEW if followup is None else FOLLOWUP,
        by_bridge=followup is not None and _author(ticket, followup) == bot_user_id,
    )


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def _object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise ParseError("not JSON") from None
    if not isinstance(body, dict):
        raise ParseError("not a JSON object")
    return body


def _author(ticket: dict[str, Any], followup: int) -> object:
    """Return the user id of a follow-up; None for customers, and when it is not in the set."""
    entries = ticket.get("followup_set")
    known = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return next((entry.get("user") for entry in known if entry.get("id") == followup), None)
