"""What the API takes and gives, as schemas; they are also its OpenAPI description."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields
from marshmallow.validate import Length, Range, Regexp

from helpdesk_bridge.language.commands import LONGEST


class NewOrder(ma.Schema):
    """A command, as an agent would type it in an internal note."""

    command = fields.String(
        required=True,
        validate=Length(max=LONGEST),
        metadata={"description": "One line, with its slash.", "example": "/tempo 35min remoto"},
    )
    by = fields.String(
        required=True,
        validate=[Length(min=1, max=80), Regexp(r"^[^\x00-\x1f\x7f]+$", error="Holds a control character.")],
        metadata={"description": "The person who gives it: stands in the journal and on the note.", "example": "Maria Souza"},
    )


class Order(ma.Schema):
    """An order and what became of it."""

    order = fields.String(required=True, metadata={"description": "Its name."})
    state = fields.String(required=True, metadata={"description": "waiting, answered, or parked (a person is needed)."})
    reason = fields.String(metadata={"description": "Why it is parked or was skipped."})
    answers = fields.List(fields.String(), metadata={"description": "The internal note that answers it, as it was written."})


class Slot(ma.Schema):
    """The session proposed last."""

    start = fields.AwareDateTime()
    end = fields.AwareDateTime()
    consultant = fields.String()
    state = fields.String(metadata={"description": "open, confirmed, lapsed, countered, withdrawn or missed."})
    deadline = fields.AwareDateTime(allow_none=True)


class Time(ma.Schema):
    """Time that stands, as it was logged; what of it is billable is in the charge."""

    number = fields.Integer()
    kind = fields.String()
    start = fields.AwareDateTime()
    end = fields.AwareDateTime()
    seconds = fields.Integer()
    consultant = fields.String()
    source = fields.String(metadata={"description": "comment:…, time:… or order:…"})


class Charge(ma.Schema):
    """What a term costs, as it was settled last."""

    state = fields.String(attribute="state.value")
    seconds = fields.Integer()
    gross = fields.Decimal(as_string=True)
    due = fields.Decimal(as_string=True)
    reason = fields.String()


class Term(ma.Schema):
    """One service term and what became of it."""

    number = fields.Integer()
    modality = fields.String()
    version = fields.String()
    reference = fields.String()
    state = fields.String(attribute="state.value")
    work = fields.String(attribute="work.value")
    charge_state = fields.String(attribute="charge.value")
    hourly = fields.String()
    currency = fields.String()
    sent_at = fields.AwareDateTime()
    posted_at = fields.AwareDateTime(allow_none=True)
    accepted_at = fields.AwareDateTime(allow_none=True)
    cut_off = fields.AwareDateTime(allow_none=True)
    cut_off_is_provisional = fields.Boolean()
    awaits_a_person = fields.String(attribute="open_question.reason", allow_none=True)
    slot = fields.Nested(Slot, attribute="proposal", allow_none=True)
    time = fields.List(fields.Nested(Time), attribute="standing")
    charge = fields.Nested(Charge, attribute="charged", allow_none=True)
    statement = fields.String(allow_none=True)


class Ticket(ma.Schema):
    """One ticket as the bridge knows it."""

    desk = fields.String()
    ticket = fields.String()
    opened_at = fields.AwareDateTime(allow_none=True)
    recommended = fields.String(allow_none=True)
    override = fields.String(allow_none=True)
    terms = fields.List(fields.Nested(Term))


class TicketLine(ma.Schema):
    """One ticket of a list."""

    desk = fields.String()
    ticket = fields.String()
    updated_at = fields.AwareDateTime()
    recommended = fields.String(allow_none=True)
    term_state = fields.String(allow_none=True)


class Page(ma.Schema):
    """Which tickets: the last changed first."""

    desk = fields.String(load_default=None)
    limit = fields.Integer(load_default=50, validate=Range(min=1, max=200))
    before = fields.AwareDateTime(
        load_default=None, metadata={"description": "Where the next page starts: updated_at of the last line."}
    )


class Record(ma.Schema):
    """One record of the journal."""

    seq = fields.Integer()
    at = fields.AwareDateTime()
    actor = fields.String()
    kind = fields.String()
    body = fields.Dict(allow_none=True, metadata={"description": "Without what was erased."})
    hash = fields.String()
