"""Days and hours in prose, as written and in plain form; which calendar day is meant is decided later, with the calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpdesk_bridge.language.text import normalise, squeeze

WEEKDAYS = {
    "monday": "segunda segunda-feira lunes monday mon",
    "tuesday": "terca terca-feira martes tuesday tue",
    "wednesday": "quarta quarta-feira miercoles wednesday wed",
    "thursday": "quinta quinta-feira jueves thursday thu",
    "friday": "sexta sexta-feira viernes friday fri",
    "saturday": "sabado saturday sat",
    "sunday": "domingo sunday sun",
}
_DAY_OF = {word: day for day, words in WEEKDAYS.items() for word in words.split()}
_DAY = re.compile(r"\b(?:" + "|".join(sorted(_DAY_OF, key=len, reverse=True)) + r")\b")
_DATE = re.compile(r"\b(?P<day>[0-3]?\d)/(?P<month>[01]?\d)(?:/(?P<year>\d{4}|\d{2}))?\b")
_HOUR = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-3])"
    r"(?::(?P<minute>[0-5]\d)|\s?h(?:s|rs|oras?)?(?P<short>[0-5]\d)?)?\s?(?P<half>am|pm|da manha|da tarde|da noite)?\b"
)
_BEFORE_HOUR = re.compile(r"(?:\bas|\ba las|\bat|\ba partir das|\bdas|\bs)\s+$")


def slot_data(text: str) -> tuple[tuple[str, str], ...]:
    """Return ``weekday``, ``date`` (as written) and ``time`` (24 hours, ``14:00``) pairs in the text's order."""
    normal = squeeze(normalise(text))[0]
    found = sorted((*_days(normal), *_dates(normal), *_hours(normal)))
    return tuple(dict.fromkeys((name, value) for _place, name, value in found))


def _days(normal: str) -> Iterator[tuple[int, str, str]]:
    return ((match.start(), "weekday", _DAY_OF[match.group()]) for match in _DAY.finditer(normal))


def _dates(normal: str) -> Iterator[tuple[int, str, str]]:
    for match in _DATE.finditer(normal):
        if 1 <= int(match["day"]) <= 31 and 1 <= int(match["month"]) <= 12:
            yield match.start(), "date", match.group()


def _hours(normal: str) -> Iterator[tuple[int, str, str]]:
    for match in _HOUR.finditer(normal):
        told = (
            match["minute"]
            or match["half"]
            or "h" in match.group()
            or _BEFORE_HOUR.search(normal[max(0, match.start() - 14) : match.start()])
        )
        if told and normal[match.end() : match.end() + 1] != "/":
            hour = int(match["hour"])
            late = match["half"] in ("pm", "da tarde", "da noite")
            if match["half"] == "am" and hour == 12:
                hour = 0
            yield (
                match.start(),
                "time",
                f"{hour + 12 if late and hour < 12 else hour:02}:{match['minute'] or match['short'] or '00'}",
            )
