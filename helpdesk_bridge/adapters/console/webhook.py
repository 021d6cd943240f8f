"""The console desk's own form: ``{"ticket": {…}, "comments": […], "time": […]}``, the thread as it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from helpdesk_bridge.adapters.scrub import sayable
from helpdesk_bridge.domain.events import Hint
from helpdesk_bridge.domain.values import Comment, Delivery, LoggedTime, Person, Role, Ticket, TicketId, digest_of
from helpdesk_bridge.errors import ParseError

ROLES = ("requester", "org_colleague", "outsider", "agent", "system")


class _PersonForm(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE

    id = ma.fields.String(required=True)
    name = ma.fields.String(load_default="")
    email = ma.fields.String(load_default="")


class _AuthorForm(_PersonForm):
    role = ma.fields.String(required=True, validate=ma.validate.OneOf(ROLES))


class _CommentForm(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE

    id = ma.fields.String(required=True)
    author = ma.fields.Nested(_AuthorForm, required=True)
    public = ma.fields.Boolean(load_default=True)
    text = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(load_default=None)


class _TimeForm(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE

    id = ma.fields.String(required=True)
    author = ma.fields.Nested(_AuthorForm, required=True)
    minutes = ma.fields.Float(required=True, validate=ma.validate.Range(min=-100_000, max=100_000))
    at = ma.fields.AwareDateTime(load_default=None)
    started = ma.fields.AwareDateTime(load_default=None)
    kind = ma.fields.String(load_default="")
    comment = ma.fields.String(load_default=None)


class _TicketForm(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE

    id = ma.fields.String(required=True, validate=ma.validate.Regexp(r"[!-~]{1,64}\Z"))
    subject = ma.fields.String(load_default="")
    description = ma.fields.String(load_default="")
    requester = ma.fields.Nested(_PersonForm, required=True)
    fields_ = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), load_default=dict, data_key="fields")
    tags = ma.fields.List(ma.fields.String(), load_default=list)


class _Form(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE

    ticket = ma.fields.Nested(_TicketForm, required=True)
    comments = ma.fields.List(ma.fields.Nested(_CommentForm), load_default=list)
    time = ma.fields.List(ma.fields.Nested(_TimeForm), load_default=None)


def ticket_of(delivery: Delivery, known: Mapping[TicketId, Ticket]) -> Ticket:
    """Return the ticket that was told; what comes without a moment keeps the one it was first told at. Raises: ParseError."""
    try:
        told = _Form().load(sayable(json.loads(delivery.body)))
    except ma.ValidationError as error:
        raise ParseError(f"not the console desk's form: {json.dumps(error.messages)[:500]}") from None
    except (ValueError, RecursionError):
        raise ParseError("not JSON") from None
    before = known.get(TicketId(told["ticket"]["id"]))
    written = {comment.id: comment.at for comment in before.comments} if before else {}
    comments = [{**one, "at": one["at"] or written.get(one["id"], delivery.received_at)} for one in told["comments"]]
    logged = {one.id: one.at for one in (before.time or ())} if before else {}
    times = told["time"] and [{**one, "at": one["at"] or logged.get(one["id"], delivery.received_at)} for one in told["time"]]
    return _ticket(delivery, told["ticket"], comments, times)


def hint_of(delivery: Delivery, ticket: Ticket) -> Hint:
    """Name the fact: these very words about this ticket."""
    said = digest_of(
        [
            *(ticket.subject, ticket.description),
            *(f"{comment.id}:{comment.digest}" for comment in ticket.comments),
            *(f"time:{time.id}:{time.digest}" for time in ticket.time or ()),
        ]
    )
    return Hint(
        desk=delivery.desk, ticket=ticket.id, identity=f"told:{ticket.id}:{said[:16]}", at=delivery.received_at, kind="told"
    )


def _ticket(
    delivery: Delivery, raw: dict[str, Any], comments: list[dict[str, Any]], times: list[dict[str, Any]] | None
) -> Ticket:
    return Ticket(
        desk=delivery.desk,
        id=TicketId(raw["id"]),
        subject=raw["subject"],
        description=raw["description"],
        requester=Person(**raw["requester"], role=Role.REQUESTER),
        created_at=delivery.received_at,
        updated_at=delivery.received_at,
        tags=frozenset(raw["tags"]),
        fields=tuple(sorted(raw["fields_"].items())),
        comments=tuple(_comment(comment) for comment in comments),
        time=None if times is None else tuple(_time(time) for time in times),
    )


def _comment(raw: dict[str, Any]) -> Comment:
    return Comment(id=raw["id"], author=_author(raw["author"]), public=raw["public"], at=raw["at"], text=raw["text"])


def _time(raw: dict[str, Any]) -> LoggedTime:
    rest = {name: raw[name] for name in ("id", "at", "started", "kind", "comment")}
    return LoggedTime(author=_author(raw["author"]), seconds=round(raw["minutes"] * 60), **rest)


def _author(raw: dict[str, Any]) -> Person:
    return Person(id=raw["id"], name=raw["name"], email=raw["email"], role=Role(raw["role"]))
