"""From calendar documents to the domain's calendars: the ``holidays`` library, and the days a site adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.easter import easter

from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.calendar import Calendar, Consultant, Counting, CustomerCalendar, SchedulingRules
from helpdesk_bridge.policy.countries import public_holidays

HOURS = ("zone", "windows", "weekdays", "holidays", "subdivision", "closed_days")
"""What a consultant or a customer may have of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicHolidays:
    """The holidays of a country or of one of its states, and days that a site closes besides."""

    country: str
    subdivision: str | None = None
    closed: Mapping[str, str] = field(default_factory=dict)
    """Name by day: ``2026-12-24``, ``12-24`` every year, ``easter-47`` days before Easter."""
    _known: dict[int, Mapping[date, str]] = field(default_factory=dict, repr=False, compare=False)

    def name_of(self, day: date) -> str | None:
        """Return what the day is called when nobody works on it."""
        if day.year not in self._known:
            self._known[day.year] = public_holidays(self.country, self.subdivision, day.year)
        name: str | None = self._known[day.year].get(day)
        return name or next((called for when, called in self.closed.items() if _is_on(when, day)), None)


def _is_on(when: str, day: date) -> bool:
    if when.startswith("easter"):
        return easter(day.year) + timedelta(days=int(when.removeprefix("easter") or 0)) == day
    return when in (day.isoformat(), f"{day:%m-%d}")


def service_calendar(data: Mapping[str, Any]) -> Calendar:
    """Build the calendar of a ``calendars/`` document."""
    return Calendar(zone=data["zone"], windows=tuple(data["windows"]), weekdays=tuple(data["weekdays"]), holidays=_holidays(data))


def scheduling(data: Mapping[str, Any]) -> SchedulingRules:
    """Build the scheduling rules of a ``calendars/`` document."""
    given = dict(data["scheduling"])
    return SchedulingRules(**{**given, "counting": Counting(given["counting"])})


def consultant(data: Mapping[str, Any], whole: Mapping[str, Any]) -> Consultant:
    """Build a consultant; what their document leaves out is the service calendar's, given as ``whole``."""
    own = _own_hours(data, whole)
    zone = data.get("zone") or whole["zone"]
    return Consultant(
        id=data["id"],
        name=data["name"],
        agents=tuple(data["agents"]),
        calendar=own,
        absences=tuple(_absence(each, ZoneInfo(zone)) for each in data["absences"]),
        feed=data["feed"],
    )


def customer(data: Mapping[str, Any], whole: Mapping[str, Any]) -> CustomerCalendar:
    """Build the calendar of some organizations; what their document leaves out is the service calendar's."""
    return CustomerCalendar(
        organizations=tuple(data["organizations"]), calendar=_own_hours(data, whole) or service_calendar(whole)
    )


def _own_hours(data: Mapping[str, Any], whole: Mapping[str, Any]) -> Calendar | None:
    own = {key: data[key] for key in HOURS if data.get(key) is not None}
    if not own:
        return None
    merged = {**whole, **own}
    if "holidays" in own:
        merged |= {"subdivision": own.get("subdivision"), "closed_days": own.get("closed_days", ())}
    return Calendar(
        zone=merged["zone"],
        windows=tuple(merged["windows"]),
        weekdays=tuple(merged["weekdays"]),
        holidays=_holidays(merged),
    )


def _holidays(data: Mapping[str, Any]) -> PublicHolidays:
    return PublicHolidays(
        country=data["holidays"],
        subdivision=data["subdivision"],
        closed={one["day"]: one["name"] for one in data["closed_days"]},
    )


def _absence(data: Mapping[str, Any], zone: ZoneInfo) -> Interval:
    """Turn ``{from, to}`` of days, the last one included, or of local times into instants."""
    return Interval(_moment(data["start"], zone), _moment(data["end"], zone, last=True))


def _moment(value: str, zone: ZoneInfo, *, last: bool = False) -> datetime:
    if "T" in value:
        return datetime.fromisoformat(value).replace(tzinfo=zone).astimezone(UTC)
    day = date.fromisoformat(value) + timedelta(days=1 if last else 0)
    return datetime.combine(day, time(), zone).astimezone(UTC)
