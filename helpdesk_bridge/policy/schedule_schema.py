"""What policy documents say about time: calendars, consultants, customers and what must be ready before work."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Range, Regexp

from helpdesk_bridge.domain.calendar import Counting
from helpdesk_bridge.policy.countries import public_holidays
from helpdesk_bridge.policy.fields import Sentences, Strict, Words

_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CalendarExample(Strict):
    """A moment, and what it is."""

    at = ma.fields.AwareDateTime(required=True)
    expect = ma.fields.String(required=True, validate=OneOf(("open", "closed", "holiday")))


class ClosedDay(Strict):
    """A day on which nobody works although the law does not say so."""

    day = ma.fields.String(
        required=True,
        validate=Regexp(
            r"^(?:(?:\d{4}-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])|easter(?:[+-]\d{1,3})?)$",
            error="must look like 2026-12-24, 12-24 or easter-47",
        ),
    )
    name = ma.fields.String(required=True, validate=Length(min=1))


class SchedulingEntry(Strict):
    """How times are proposed, answered and kept."""

    confirmation_hours = ma.fields.Integer(load_default=24, validate=Range(min=1, max=720))
    counting = ma.fields.String(load_default="clock", validate=OneOf(tuple(Counting)))
    late_confirmation = ma.fields.String(load_default="reschedule", validate=OneOf(("reschedule", "accept")))
    reminder_hours = ma.fields.Integer(load_default=None, allow_none=True, validate=Range(min=1, max=719))
    slot_minutes = ma.fields.Integer(load_default=60, validate=Range(min=5, max=1440))
    longest_minutes = ma.fields.Integer(load_default=480, validate=Range(min=5, max=1440))
    notice_minutes = ma.fields.Integer(load_default=60, validate=Range(min=0, max=14_400))
    step_minutes = ma.fields.Integer(load_default=30, validate=Range(min=5, max=480))
    suggestions = ma.fields.Integer(load_default=3, validate=Range(min=1, max=10))
    horizon_days = ma.fields.Integer(load_default=60, validate=Range(min=1, max=366))
    most_rounds = ma.fields.Integer(load_default=None, allow_none=True, validate=Range(min=1, max=100))
    prerequisites = ma.fields.String(load_default="warn", validate=OneOf(("warn", "block")))

    @ma.validates_schema
    def _possible(self, data: dict[str, Any], **_: Any) -> None:
        if data["slot_minutes"] > data["longest_minutes"]:
            raise ma.ValidationError("is longer than longest_minutes", "slot_minutes")
        if data["reminder_hours"] is not None and data["reminder_hours"] >= data["confirmation_hours"]:
            raise ma.ValidationError("must be less than confirmation_hours", "reminder_hours")


class _Hours(Strict):
    """When somebody can; a subclass says what may be left out."""

    zone = ma.fields.String(validate=OneOf(tuple(sorted(available_timezones())), error="is no time zone"))
    windows = ma.fields.List(
        ma.fields.List(ma.fields.String(validate=Regexp(r"^([01]\d|2[0-3]):[0-5]\d$")), validate=Length(equal=2)),
        validate=Length(min=1),
    )
    weekdays = ma.fields.List(ma.fields.String(validate=OneOf(_DAY_NAMES)), validate=Length(min=1))
    holidays = ma.fields.String(validate=Regexp(r"^[A-Z]{2}$"))
    subdivision = ma.fields.String(load_default=None, allow_none=True)
    closed_days = ma.fields.List(ma.fields.Nested(ClosedDay))

    @ma.post_load
    def _numbers(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if "weekdays" in data:
            data = {**data, "weekdays": tuple(sorted(map(_DAY_NAMES.index, data["weekdays"])))}
        if "windows" in data:
            data = {**data, "windows": tuple((start, end) for start, end in data["windows"])}
        return data

    @ma.validates_schema
    def _known_holidays(self, data: dict[str, Any], **_: Any) -> None:
        country, subdivision = data.get("holidays"), data.get("subdivision")
        if country is None:
            return
        try:
            parts = public_holidays(country).subdivisions
        except NotImplementedError:
            raise ma.ValidationError(f"nobody knows the holidays of {country}", "holidays") from None
        if subdivision is not None and subdivision not in parts:
            raise ma.ValidationError(f"{country} has no part called {subdivision}", "subdivision")

    @ma.validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        times = [time for window in data.get("windows", ()) for time in window]
        if times != sorted(set(times)):
            raise ma.ValidationError("windows must follow each other without overlapping", "windows")


class CalendarDocument(_Hours):
    """``calendars/*.yaml``; there is one calendar."""

    scheduling = ma.fields.Nested(SchedulingEntry, load_default=lambda: SchedulingEntry().load({}))
    examples = ma.fields.List(ma.fields.Nested(CalendarExample), load_default=list)

    @ma.validates_schema
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        absent = [key for key in ("zone", "windows", "weekdays", "holidays") if key not in data]
        if absent:
            raise ma.ValidationError({key: ["Missing data for required field."] for key in absent})

    @ma.post_load
    def _closed(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"closed_days": [], **data}


class AbsenceEntry(Strict):
    """A time at which a consultant is away: days, the last one included, or local times."""

    start = ma.fields.String(required=True, data_key="from")
    end = ma.fields.String(required=True, data_key="to")
    reason = ma.fields.String(load_default="")

    @ma.validates("start", "end")
    def _moment(self, value: str, data_key: str) -> None:
        try:
            told = datetime.fromisoformat(value)
        except ValueError:
            told = None
        if told is None or told.tzinfo is not None:
            raise ma.ValidationError("must look like 2026-12-21 or 2026-12-21T13:30")

    @ma.validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["end"][:10] < data["start"][:10] or (
            "T" in data["start"] and "T" in data["end"] and data["end"] <= data["start"]
        ):
            raise ma.ValidationError("ends before it begins", "to")


class ConsultantDocument(_Hours):
    """``consultants/*.yaml``: somebody who does the work. Hours left out are the service calendar's."""

    id = ma.fields.String(required=True, validate=Regexp(r"^[a-z0-9][a-z0-9._-]{0,40}$", error="must look like maria.silva"))
    name = ma.fields.String(required=True, validate=Length(min=1))
    agents = Words(load_default=list)
    absences = ma.fields.List(ma.fields.Nested(AbsenceEntry), load_default=list)
    feed = ma.fields.String(load_default=None, allow_none=True, validate=Regexp(r"^(?:https?://|/|\./)\S+$"))


class CustomerDocument(_Hours):
    """``customers/*.yaml``: when the people of some organizations can. Hours left out are the service calendar's."""

    organizations = Words(required=True, validate=Length(min=1))


class PrerequisiteEntry(Strict):
    """Something that must be ready before work starts."""

    id = ma.fields.String(required=True, validate=Regexp(r"^[a-z][a-z0-9_]*$"))
    labels = Sentences(required=True)
    words = Words(load_default=list)


class PrerequisiteExample(Strict):
    """What a customer writes, and what it says of the items."""

    text = ma.fields.String(required=True)
    expect = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.String(validate=OneOf(("ok", "not_ok", "not_applicable"))), required=True
    )


class PrerequisitesDocument(Strict):
    """``prerequisites/*.yaml``: the checklist of a product line, or of every other."""

    product_line = ma.fields.String(load_default=None, allow_none=True)
    items = ma.fields.List(ma.fields.Nested(PrerequisiteEntry), required=True, validate=Length(min=1, max=99))
    examples = ma.fields.List(ma.fields.Nested(PrerequisiteExample), load_default=list)
