"""Reading ``35min remoto 24/11 14:00-14:35 @caio termo 2 …``: the one grammar of times that agents type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk_bridge.domain.agenda import Interval

LONGEST = timedelta(hours=24)
TOLERANCE = timedelta(minutes=1)
"""How far the minutes and the times of one entry may disagree, and how far a clock may run ahead."""

OVERNIGHT = timedelta(hours=8)
"""Longest work over midnight that times alone can mean; beyond it they are taken for a mistake."""

_CLOCK = r"(?:[01]?\d|2[0-3])(?::[0-5]\d){1,2}|(?:[01]?\d|2[0-3])h(?:[0-5]\d)?"
_SPAN = re.compile(rf"\[?(?P<start>{_CLOCK})\s?(?:-|–|—|as|às|a|to|até)\s?(?P<end>{_CLOCK})\]?(?!\S)", re.IGNORECASE)
_ISO_DAY = re.compile(r"(?<!\S)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\S)")
_DAY = re.compile(r"(?<!\S)(?P<day>[0-3]?\d)/(?P<month>[01]?\d)(?:/(?P<year>\d{4}|\d\d))?(?!\S)")
_LENGTH = re.compile(
    r"(?<!\S)(?P<sign>-?)(?:(?P<hours>\d{1,4}(?:[.,]\d{1,2})?)\s?h(?:oras?|rs?|ours?)?(?P<rest>[0-5]\d)?)?"
    r"\s?(?:(?P<minutes>\d{1,5}(?:[.,]\d{1,2})?)\s?(?:min(?:utos?|utes?)?|m|'))?(?:(?P<seconds>[0-5]?\d)\s?s)?(?!\S)",
    re.IGNORECASE,
)
_WHO = re.compile(r'(?<!\S)@(?:"(?P<quoted>[^"]{1,80})"|(?P<plain>[\w.+-]{1,80}))')
_TERM = re.compile(r"(?<!\S)(?:termo|termino|término|term)\s?#?(?P<number>\d{1,3})(?!\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What an agent typed about a piece of work."""

    length: timedelta | None
    span: Interval | None
    consultant: str | None
    term: int | None
    rest: str
    """The words that are left: the kind of work and a remark."""
    impossible: bool = False
    """True when the times name no span of a real day."""


def typed(text: str, at: datetime, zone: str) -> Typed:
    """Read a line; times are local, on the day given or on the day of ``at``. Total on any text."""
    text, who = _taken(text, _WHO)
    text, term = _taken(text, _TERM)
    text, span = _taken(text, _SPAN)
    text, day = _taken(text, _ISO_DAY)
    if day is None:
        text, day = _taken(text, _DAY)
    length: timedelta | None = None
    for match in _LENGTH.finditer(text):
        if match.group().strip("- "):
            length, text = _length(match), f"{text[: match.start()]} {text[match.end() :]}"
            break
    read = _span(span, day, at, zone) if span else None
    return Typed(
        length=length,
        span=read,
        impossible=span is not None and read is None,
        consultant=(who["quoted"] or who["plain"]).replace("_", " ") if who else None,
        term=int(term["number"]) if term else None,
        rest=" ".join(text.split()),
    )


def impossible(said: Typed, span: Interval | None) -> str | None:
    """Return why what was typed is no piece of work (a stable code), or None."""
    length = said.length if said.length is not None else (span[1] - span[0] if span else None)
    if said.impossible:
        return "times_invalid"
    if length is None:
        return "minutes_missing"
    if length <= timedelta() or length > LONGEST:
        return "minutes_invalid"
    if span is not None and said.span is not None and abs(span[1] - span[0] - length) >= TOLERANCE:
        return "minutes_disagree"
    return None


def _taken(text: str, pattern: re.Pattern[str]) -> tuple[str, re.Match[str] | None]:
    match = pattern.search(text)
    return (f"{text[: match.start()]} {text[match.end() :]}", match) if match else (text, None)


def _length(match: re.Match[str]) -> timedelta:
    hours, minutes = (float((match[name] or "0").replace(",", ".")) for name in ("hours", "minutes"))
    length = timedelta(hours=hours, minutes=minutes + int(match["rest"] or 0), seconds=int(match["seconds"] or 0))
    return -length if match["sign"] else length


def _span(span: re.Match[str], day: re.Match[str] | None, at: datetime, zone: str) -> Interval | None:
    local = at.astimezone(ZoneInfo(zone))
    try:
        on = _date(day, local.date()) if day else local.date()
        start, end = (_moment(on, span[name], zone) for name in ("start", "end"))
    except ValueError:
        return None
    if end <= start:
        end += timedelta(days=1)
        return Interval(start, end) if end - start <= OVERNIGHT else None
    return Interval(start, end)


def _date(day: re.Match[str], today: date) -> date:
    if day["year"]:
        year = int(day["year"])
        return date(year + 2000 if year < 100 else year, int(day["month"]), int(day["day"]))
    guess = date(today.year, int(day["month"]), int(day["day"]))
    return guess.replace(year=today.year - 1) if guess > today + timedelta(days=31) else guess


def _moment(day: date, clock: str, zone: str) -> datetime:
    parts = [int(part) for part in re.split(r"[:h]", clock.lower()) if part]
    hour, minute, second = (*parts, 0, 0)[:3]
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=ZoneInfo(zone)).astimezone(UTC)
