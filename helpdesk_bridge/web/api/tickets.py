"""Tickets through the API: what is recorded about them, and orders."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from flask import current_app, request
from flask_smorest import Blueprint
from webargs.flaskparser import abort
from werkzeug.exceptions import HTTPException

from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.engine.bridge import Reception
from helpdesk_bridge.engine.orders import NoCommand, OtherOrder, place, standing
from helpdesk_bridge.errors import StoreUnavailable
from helpdesk_bridge.store import decode_engagement
from helpdesk_bridge.web.api import schema
from helpdesk_bridge.web.api.guard import admit, caller, refused, store_down
from helpdesk_bridge.web.house import house

tickets = Blueprint("helpdesk_bridge_api", __name__, description="Tickets, their terms and their journal; orders about them.")
tickets.before_request(admit)
tickets.register_error_handler(HTTPException, refused)
tickets.register_error_handler(StoreUnavailable, store_down)

_NAME = re.compile(r"[\w.-]{1,80}", re.ASCII)
_TICKET = re.compile(r"[\w.-]{1,64}", re.ASCII)


@tickets.get("/tickets")
@tickets.arguments(schema.Page, location="query")
@tickets.response(200, schema.TicketLine(many=True))
def listed(page: dict[str, Any]) -> list[dict[str, Any]]:
    """List tickets the bridge knows, the last changed first."""
    desk = None if page["desk"] is None else _desk(page["desk"])
    with _reception().store.read() as tx:
        rows = tx.engagements.list(page["limit"], desk, page["before"])
    return [_line(row.desk, row.ticket, row.updated_at, row.state) for row in rows]


@tickets.get("/tickets/<desk>/<ticket>")
@tickets.response(200, schema.Ticket)
def shown(desk: str, ticket: str) -> Any:
    """Show a ticket's recommendation, its terms, their work and their charge."""
    key = (_desk(desk), _ticket(ticket))
    with _reception().store.read() as tx:
        saved = tx.engagements.load(*key)
    if saved is None:
        abort(404, message="Nothing is recorded about this ticket.")
    return decode_engagement(saved.state)


@tickets.get("/tickets/<desk>/<ticket>/journal")
@tickets.response(200, schema.Record(many=True))
def journal(desk: str, ticket: str) -> Any:
    """Show everything that was decided about a ticket, in order; what customers wrote is part of it."""
    with _reception().store.read() as tx:
        records = tx.journal.records(_desk(desk), _ticket(ticket))
    if not records:
        abort(404, message="Nothing is recorded about this ticket.")
    return list(records)


@tickets.post("/tickets/<desk>/<ticket>/orders")
@tickets.arguments(schema.NewOrder)
@tickets.response(202, schema.Order)
def order(given: dict[str, str], desk: str, ticket: str) -> dict[str, Any]:
    """Give a command about a ticket, as an agent would in an internal note; the answer is a note there.

    With an ``Idempotency-Key`` header the order has that name, and giving it again changes nothing.
    """
    name = request.headers.get("Idempotency-Key") or str(uuid4())
    if not _NAME.fullmatch(name):
        abort(422, message="Idempotency-Key holds up to 80 letters, digits, dots and hyphens.")
    operator = f"{caller().name}/{given['by']}"
    key = (_desk(desk), _ticket(ticket))
    try:
        place(_reception(), *key, given["command"], operator=operator, name=name)
    except NoCommand as error:
        abort(422, errors={"json": {"command": [str(error)]}})
    except OtherOrder as error:
        abort(409, message=str(error))
    return _order(name, *key)


@tickets.get("/tickets/<desk>/<ticket>/orders/<name>")
@tickets.response(200, schema.Order)
def ordered(desk: str, ticket: str, name: str) -> dict[str, Any]:
    """Say what became of an order."""
    return _order(name, _desk(desk), _ticket(ticket))


def _order(name: str, desk: DeskId, ticket: TicketId) -> dict[str, Any]:
    found = standing(_reception(), desk, ticket, name)
    if found is None:
        abort(404, message="There is no such order.")
    return {"order": name, **asdict(found)}


def _line(desk: str, ticket: str, updated_at: Any, state: str) -> dict[str, Any]:
    engagement = decode_engagement(state)
    return {
        "desk": desk,
        "ticket": ticket,
        "updated_at": updated_at,
        "recommended": engagement.override or engagement.recommended,
        "term_state": engagement.term.state.value if engagement.term else None,
    }


def _reception() -> Reception:
    return house(current_app).reception


def _desk(name: str) -> DeskId:
    if DeskId(name) not in _reception().desks:
        abort(404, message="There is no such desk.")
    return DeskId(name)


def _ticket(name: str) -> TicketId:
    if not _TICKET.fullmatch(name):
        abort(404, message="There is no such ticket.")
    return TicketId(name)
