"""A whole lifecycle as a script: who does what when, and what must follow. One JSON object per line of a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

import marshmallow as ma

from helpdesk_bridge.errors import BridgeError

ACTORS = ("requester", "org_colleague", "outsider", "agent", "system")

NEEDED: dict[str, tuple[str, ...]] = {
    "ticket_created": ("body",),
    "comment": (),
    "comment_edited": ("edits_seq", "body"),
    "term_posted": ("engagement", "modality"),
    "term_withdrawn": (),
    "slot_proposed": ("slot_start", "slot_end"),
    "time_entry": ("engagement", "consultant", "work_kind", "performed_start", "performed_end", "minutes"),
    "finding": ("product_inconsistency", "issue_available_in_portal"),
    "ticket_solved": (),
    "ticket_reopened": (),
    "deadline_crossed": (),
    "statement_closed": (),
    "invoice_issued": (),
    "invoice_cancelled": (),
    "statement_released": (),
    "time_edited": ("edits_seq", "minutes"),
    "time_removed": ("edits_seq",),
    "ticket_deleted": (),
    "gone_settled": ("verdict",),
}
"""Type of an event → what it must say beside its number, time and actor."""


class BadScript(BridgeError):
    """The line is not a lifecycle of the documented form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happens to the ticket at a moment."""

    seq: int
    at: datetime
    actor: str
    type: str
    data: Mapping[str, Any]
    """What this type of event says; see ``NEEDED``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One ticket's lifecycle and what must have become of it."""

    id: str
    title: str
    organization: str
    tax_id: str
    requester: str
    requester_kind: str
    steps: tuple[Step, ...]
    expected: Mapping[str, Any]
    policy: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Settings of the policy in which this lifecycle differs: part of ``Rules`` → field → value."""

    def step(self, seq: int) -> Step:
        """Return a step by its number."""
        return next(step for step in self.steps if step.seq == seq)


class _EventForm(ma.Schema):
    class Meta:
        unknown = ma.INCLUDE

    seq = ma.fields.Integer(required=True, strict=True)
    at = ma.fields.AwareDateTime(required=True)
    actor = ma.fields.String(required=True, validate=ma.validate.OneOf(ACTORS))
    type = ma.fields.String(required=True, validate=ma.validate.OneOf(tuple(NEEDED)))
    body = ma.fields.String()
    body_html = ma.fields.String(allow_none=True)
    subject = ma.fields.String()
    public = ma.fields.Boolean()
    channel = ma.fields.String()
    warnings = ma.fields.List(ma.fields.String())
    edits_seq = ma.fields.Integer()
    engagement = ma.fields.String()
    modality = ma.fields.String()
    slot_start = ma.fields.AwareDateTime()
    slot_end = ma.fields.AwareDateTime()
    consultant = ma.fields.String()
    work_kind = ma.fields.String()
    performed_start = ma.fields.AwareDateTime()
    performed_end = ma.fields.AwareDateTime()
    minutes = ma.fields.Integer()
    product_inconsistency = ma.fields.Boolean()
    issue_available_in_portal = ma.fields.Boolean()
    finding_kind = ma.fields.String()
    cnpj = ma.fields.String(allow_none=True)
    fields_ = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), data_key="fields")
    native = ma.fields.Boolean()
    beside_seq = ma.fields.Integer()
    verdict = ma.fields.String(validate=ma.validate.OneOf(("charge", "never")))
    deliveries = ma.fields.Integer(validate=ma.validate.Range(min=0, max=9))

    @ma.validates_schema
    def _says_what_it_must(self, data: dict[str, Any], **_: Any) -> None:
        missing = [name for name in NEEDED.get(data.get("type", ""), ()) if data.get(name) is None]
        if missing:
            raise ma.ValidationError({name: ["Missing data for required field."] for name in missing})


class _StateForm(ma.Schema):
    after_seq = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)


class _ExpectedForm(ma.Schema):
    class Meta:
        unknown = ma.INCLUDE

    states = ma.fields.List(ma.fields.Nested(_StateForm), load_default=list)
    confirmation_deadlines = ma.fields.List(ma.fields.Dict(), load_default=list)
    engagements = ma.fields.List(ma.fields.Dict(), load_default=list)
    refused = ma.fields.List(ma.fields.Integer(), load_default=list)


class _ThreadForm(ma.Schema):
    class Meta:
        unknown = ma.EXCLUDE

    id = ma.fields.String(required=True, validate=ma.validate.Regexp(r"[!-~]{1,64}\Z"))
    title = ma.fields.String(load_default="")
    organization = ma.fields.String(load_default="")
    organization_cnpj = ma.fields.String(load_default="")
    requester = ma.fields.String(load_default="")
    requester_kind = ma.fields.String(load_default="customer")
    policy = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Dict(), load_default=dict)
    events = ma.fields.List(ma.fields.Nested(_EventForm), required=True, validate=ma.validate.Length(min=1))
    expected = ma.fields.Nested(_ExpectedForm, required=True)


def thread_of(item: Mapping[str, Any]) -> Thread:
    """Read one line. Raises: BadScript, which names every field that is wrong."""
    try:
        form = _ThreadForm().load(item)
    except ma.ValidationError as error:
        raise BadScript("; ".join(_flat(error.messages))) from None
    steps = tuple(_step(event) for event in form["events"])
    _check(steps, form["expected"])
    return Thread(
        id=form["id"],
        title=form["title"],
        organization=form["organization"],
        tax_id=form["organization_cnpj"],
        requester=form["requester"],
        requester_kind=form["requester_kind"],
        steps=steps,
        expected=form["expected"],
        policy=form["policy"],
    )


def _step(event: dict[str, Any]) -> Step:
    names = ("seq", "at", "actor", "type")
    data = {key: value for key, value in event.items() if key not in names}
    return Step(**{name: event[name] for name in names}, data=data)


def _check(steps: tuple[Step, ...], expected: Mapping[str, Any]) -> None:
    numbers = [step.seq for step in steps]
    if numbers != sorted(set(numbers)):
        raise BadScript("events: each seq must be greater than the one before it")
    if steps[0].type != "ticket_created":
        raise BadScript("events: the first one must be ticket_created")
    for before, after in pairwise(steps):
        if after.at < before.at:
            raise BadScript(f"events: seq {after.seq} happens before seq {before.seq}")
    unknown = [each["after_seq"] for each in expected["states"] if each["after_seq"] not in numbers]
    unknown += [step.data["edits_seq"] for step in steps if step.data.get("edits_seq", step.seq) not in numbers]
    if unknown:
        raise BadScript(f"no event has seq {unknown[0]}")


def _flat(messages: Any, path: str = "") -> Iterable[str]:
    """Say every problem in one line, with the path of its field."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(messages, list):
        yield f"{path}: {' '.join(str(message) for message in messages)}"
