"""The service calendar: when work may happen, how long a customer may take to answer, and which times are still free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from helpdesk_bridge.domain.agenda import Agenda, Interval

LOOK_AHEAD = 3660
"""Days after which a calendar that never opens is given up on; no real calendar comes near it."""


class Holidays(Protocol):
    """Days on which nobody works."""

    def name_of(self, day: date) -> str | None:
        """Return what the day is called when it is a holiday."""
        ...


@dataclass(frozen=True, slots=True)
class NoHolidays:
    """A place that works every day."""

    def name_of(self, _day: date) -> str | None:
        """No day is a holiday."""
        return None


class Counting(StrEnum):
    """How the hours of a deadline are counted (clause d of the term)."""

    CLOCK = "clock"
    BUSINESS_DAYS = "business_days"
    """All 24 hours of days on which service is given."""
    SERVICE_HOURS = "service_hours"
    """Only hours inside the service windows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When service is given, and in which zone dates are counted."""

    zone: str
    windows: tuple[tuple[str, str], ...]
    """``("08:00", "12:00")``…, local time, in order and apart."""
    weekdays: tuple[int, ...]
    """Monday is 0."""
    holidays: Holidays

    def local(self, at: datetime) -> datetime:
        """Return an instant in the calendar's own zone."""
        return at.astimezone(ZoneInfo(self.zone))

    def is_business_day(self, day: date) -> bool:
        """True when service is given on that local day."""
        return day.weekday() in self.weekdays and self.holidays.name_of(day) is None

    def openings(self, day: date) -> tuple[Interval, ...]:
        """Return the service windows of one local day as instants; a window that a clock change swallows is left out."""
        if not self.is_business_day(day):
            return ()
        spans = (Interval(self._instant(day, start), self._instant(day, end)) for start, end in self.windows)
        return tuple(span for span in spans if span.start < span.end)

    def is_open(self, at: datetime) -> bool:
        """True when service is given at that instant."""
        return any(span.start <= at < span.end for span in self.openings(self.local(at).date()))

    def day(self, day: date) -> Interval:
        """Return a whole local day as instants: 23, 24 or 25 hours."""
        return Interval(self._instant(day, "00:00"), self._instant(day + timedelta(days=1), "00:00"))

    def days_from(self, at: datetime) -> Iterator[date]:
        """Return local days, from the one of ``at`` on."""
        first = self.local(at).date()
        return (first + timedelta(days=number) for number in range(LOOK_AHEAD))

    def _instant(self, day: date, at: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(at), ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultant:
    """Somebody who does the work: the name people type, who they are at the desk, and when they can."""

    id: str
    """What stands after ``@``."""
    name: str
    agents: tuple[str, ...] = ()
    """Ids of their desk users, so that their own notes need no ``@``."""
    calendar: Calendar | None = None
    """Their own windows and zone; None: the service calendar's."""
    absences: tuple[Interval, ...] = ()
    feed: str | None = None
    """File or URL of an .ics with their busy times; the engine reads it into the Agenda."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCalendar:
    """When the people of some organizations can, and in which zone they read times."""

    organizations: tuple[str, ...]
    """Desk ids or names."""
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulingRules:
    """How times are proposed, answered and kept."""

    confirmation_hours: int = 24
    counting: Counting = Counting.CLOCK
    late_confirmation: str = "reschedule"
    """``reschedule``, or ``accept`` while the time is still free."""
    reminder_hours: int | None = None
    """How long before the deadline the customer is reminded; None: never."""
    slot_minutes: int = 60
    """Length of a suggested time when nobody says another."""
    longest_minutes: int = 480
    notice_minutes: int = 60
    """A suggested time begins no sooner than this."""
    step_minutes: int = 30
    suggestions: int = 3
    horizon_days: int = 60
    most_rounds: int | None = None
    """Proposals after which a person is asked to call instead; the command still works."""
    prerequisites: str = "warn"
    """``warn``, or ``block``: work does not start while an item is missing and nobody dispensed with it."""


def deadline(posted_at: datetime, hours: int, counting: Counting, calendar: Calendar) -> datetime:
    """Return when an answer is late: so many counted hours after the desk showed the proposal."""
    if counting is Counting.CLOCK:
        return posted_at + timedelta(hours=hours)
    left = timedelta(hours=hours)
    for day in calendar.days_from(posted_at):
        for span in _counted(day, counting, calendar):
            start = max(span.start, posted_at)
            if start < span.end:
                if left <= span.end - start:
                    return start + left
                left -= span.end - start
    return posted_at + timedelta(hours=hours)


def _counted(day: date, counting: Counting, calendar: Calendar) -> tuple[Interval, ...]:
    if counting is Counting.SERVICE_HOURS:
        return calendar.openings(day)
    return (calendar.day(day),) if calendar.is_business_day(day) else ()


def why_closed(slot: Interval, calendar: Calendar, rules: SchedulingRules, now: datetime) -> str | None:
    """Return why nobody can be met then, as a stable code (``holiday:<name>`` carries the day's name), or None."""
    if slot.end <= slot.start:
        return "slot_backwards"
    if slot.start < now:
        return "slot_past"
    if slot.end - slot.start > timedelta(minutes=rules.longest_minutes):
        return "slot_too_long"
    day = calendar.local(slot.start).date()
    name = calendar.holidays.name_of(day)
    if name is not None:
        return f"holiday:{name}"
    if day.weekday() not in calendar.weekdays:
        return "slot_weekend"
    return None if any(slot.within(span) for span in calendar.openings(day)) else "slot_outside_windows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A free time of one consultant."""

    consultant: Consultant
    slot: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a free time must fit: whose, how long, when, and who else has to be able."""

    calendar: Calendar
    rules: SchedulingRules
    agenda: Agenda
    consultants: tuple[Consultant, ...]
    customer: Calendar | None = None
    within: tuple[Interval, ...] = ()
    """Only inside these; empty: any time."""

    def next_free(self, after: datetime, length: timedelta, count: int) -> tuple[Offer, ...]:
        """Return the next free times, earliest first and at most one in each window, so that they differ."""
        found: list[Offer] = []
        for day in self._days(after):
            offers = sorted(
                (offer for one in self.consultants for offer in self._of(one, day, after, length)),
                key=lambda offer: (offer.slot.start, self.consultants.index(offer.consultant)),
            )
            for offer in offers:
                if not any(offer.slot.overlaps(other.slot) for other in found):
                    found.append(offer)
                if len(found) == count:
                    return tuple(found)
        return tuple(found)

    def is_free(self, consultant: Consultant, slot: Interval) -> bool:
        """True when the consultant is neither booked nor away."""
        taken = self.agenda.conflict(consultant.id, slot) is not None
        return not taken and not any(slot.overlaps(absence) for absence in consultant.absences)

    def _days(self, after: datetime) -> Iterator[date]:
        """Days to look at, one more at each end: a consultant's or customer's zone may be a day off."""
        first = self.calendar.local(after).date() - timedelta(days=1)
        return (first + timedelta(days=number) for number in range(self.rules.horizon_days + 2))

    def _of(self, consultant: Consultant, day: date, after: datetime, length: timedelta) -> Iterator[Offer]:
        mine = consultant.calendar or self.calendar
        for opening in self._shared(mine, day):
            slot = self._first(consultant, opening, after, length)
            if slot is not None:
                yield Offer(consultant=consultant, slot=slot)

    def _shared(self, mine: Calendar, day: date) -> Iterator[Interval]:
        """Windows of that day that also suit the customer and what was asked for."""
        for opening in mine.openings(day):
            for theirs in self._customers_windows(opening):
                yield from (shared for asked in self.within or (theirs,) if (shared := theirs.common(asked)) is not None)

    def _customers_windows(self, opening: Interval) -> Iterable[Interval]:
        if self.customer is None:
            return (opening,)
        days = dict.fromkeys((self.customer.local(opening.start).date(), self.customer.local(opening.end).date()))
        spans = (span for day in days for span in self.customer.openings(day))
        return [shared for span in spans if (shared := opening.common(span)) is not None]

    def _first(self, consultant: Consultant, opening: Interval, after: datetime, length: timedelta) -> Interval | None:
        step = timedelta(minutes=self.rules.step_minutes)
        start = opening.start
        while start + length <= opening.end:
            slot = Interval(start, start + length)
            if start >= after and self.is_free(consultant, slot):
                return slot
            start += step
        return None
