"""From times as people name them (``Signal.data``) to instants: which time is meant, and whether it is the proposed one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.reading import Reading, SignalKind

PARTS = {"morning": ("00:00", "12:00"), "afternoon": ("12:00", "18:00"), "evening": ("18:00", "23:59")}
NIGHT = 7
"""Hours before this are told without saying that they are in the afternoon ("às 2")."""

Named = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A time somebody asked for: one slot, or any inside some spans."""

    slot: Interval | None
    within: tuple[Interval, ...]


def times_named(reading: Reading, *kinds: SignalKind) -> tuple[Named, ...]:
    """Return the times a comment names, in its order."""
    return tuple(dict(signal.data) for signal in reading.signals if signal.kind in kinds and _tells(dict(signal.data)))


def wish(
    named: Named, *, now: datetime, zone: str, proposed: Interval | None, length: timedelta, spoken: bool = True
) -> Wish | None:
    """Resolve one named time, read on the clock of ``zone`` unless it names another; None when there is no such day or hour.

    An hour without a day is meant for the proposed day; a day without an hour for any time on it. What people say may
    leave out that it is in the afternoon; what an agent types as a command does not.
    """
    clock = _clock(named, zone)
    if clock is None:
        return None
    local = now.astimezone(clock)
    near = proposed.start.astimezone(clock).date() if proposed is not None else local.date()
    days = tuple(_days(named, local.date())) if _names_day(named) else (near,)
    if not days:
        return None
    begins = named.get("time")
    if begins is not None:
        told = _awake if spoken else str
        start = _at(days[0], told(begins), clock)
        end = _at(days[0], told(named["time_to"]), clock) if "time_to" in named else start + length
        return Wish(slot=Interval(start, end), within=(Interval(start, end),))
    spans = [_span(day, named, clock) for day in days]
    return Wish(slot=None, within=tuple(span for span in spans if span.start < span.end))


def agrees(proposed: Interval, reading: Reading, *, now: datetime, zones: tuple[str, ...]) -> bool:
    """True when no time that a confirmation names is another than the proposed one, on at least one of the clocks in use."""
    return all(matches(proposed, named, now=now, zones=zones) for named in times_named(reading, SignalKind.SLOT_CONFIRMATION))


def matches(proposed: Interval, named: Named, *, now: datetime, zones: tuple[str, ...]) -> bool:
    """True when ``named`` can only mean the proposed time; naming nothing names it."""
    clocks = [clock for zone in ((named["zone"],) if "zone" in named else zones) if (clock := _zone(zone)) is not None]
    return not _tells(named) or any(_is_that(proposed, named, now, clock) for clock in clocks)


def _is_that(proposed: Interval, named: Named, now: datetime, clock: ZoneInfo) -> bool:
    start, end, today = proposed.start.astimezone(clock), proposed.end.astimezone(clock), now.astimezone(clock).date()
    begins, ends = f"{start:%H:%M}", f"{end:%H:%M}"
    if _names_day(named) and start.date() not in tuple(_days(named, today)) and not _same_by_name(start.date(), named):
        return False
    first, last = PARTS[named["part"]] if named.get("part") in PARTS else ("00:00", "23:59")
    return (
        named.get("time", begins) in (begins, _twelve(begins))
        and named.get("time_to", ends) in (ends, _twelve(ends))
        and named.get("after", "00:00") <= begins
        and named.get("before", "23:59") >= ends
        and first <= begins <= last
    )


def _same_by_name(day: date, named: Named) -> bool:
    """A weekday alone names the proposed day whatever the week; a date must be that date."""
    return set(named) & {"date", "day_offset", "week_offset"} == set() and named.get("weekday") == str(day.weekday())


def _twelve(clock: str) -> str:
    """Return how an afternoon hour is told without saying so: ``02:00`` for ``14:00``."""
    hour = int(clock[:2])
    return f"{hour - 12:02}{clock[2:]}" if 12 < hour < NIGHT + 12 else clock


def _awake(clock: str) -> str:
    hour = int(clock[:2])
    return f"{hour + 12:02}{clock[2:]}" if 0 < hour < NIGHT else clock


def _tells(named: Named) -> bool:
    return bool(set(named) - {"zone"})


def _names_day(named: Named) -> bool:
    return bool(set(named) & {"date", "weekday", "day_offset", "week_offset"})


def _days(named: Named, today: date) -> Iterator[date]:
    """Return the days that are meant, none when the words contradict each other or there is no such day."""
    weekday = int(named["weekday"]) if named.get("weekday", "").isdigit() else None
    if "date" in named:
        day = _dated(named["date"], today)
        if day is not None and weekday in (None, day.weekday()):
            yield day
    elif "day_offset" in named:
        day = today + timedelta(days=int(named["day_offset"]))
        if weekday in (None, day.weekday()):
            yield day
    elif "week_offset" in named:
        monday = today + timedelta(days=7 * int(named["week_offset"]) - today.weekday())
        yield from (monday + timedelta(days=number) for number in range(7) if weekday in (None, number))
    elif weekday is not None:
        yield today + timedelta(days=(weekday - today.weekday()) % 7)


def _dated(told: str, today: date) -> date | None:
    """Read ``2026-11-27``, ``--11-27`` (the nearest one) or ``---27`` (the next one)."""
    if told.startswith("---"):
        months = [(today.year + (today.month - 1 + number) // 12, (today.month - 1 + number) % 12 + 1) for number in range(3)]
        days = [day for year, month in months if (day := _real(year, month, int(told[3:]))) is not None]
        return next((day for day in days if day >= today), None)
    if told.startswith("--"):
        month, number = int(told[2:4]), int(told[5:])
        days = [day for year in (-1, 0, 1) if (day := _real(today.year + year, month, number)) is not None]
        return min(days, key=lambda day: (abs(day - today), day < today), default=None)
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _span(day: date, named: Named, clock: ZoneInfo) -> Interval:
    first, last = PARTS[named["part"]] if named.get("part") in PARTS else ("00:00", "23:59")
    return Interval(_at(day, max(first, named.get("after", first)), clock), _at(day, min(last, named.get("before", last)), clock))


def _at(day: date, told: str, clock: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(told), clock).astimezone(UTC)


def _clock(named: Named, zone: str) -> ZoneInfo | None:
    return _zone(named.get("zone", zone))


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return None
