"""Days and hours in prose, in plain form; which instant is meant is decided later, with the calendar and the time zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.moments import Mention, mentions
from helpdesk_bridge.language.text import normalise, squeeze

Data = tuple[tuple[str, str], ...]
"""``date, weekday, day_offset, week_offset, part, time, time_to, after, before, zone``: see ``Signal.data``."""

DAY = frozenset({"date", "weekday", "day_offset", "week_offset"})
"""Keys that say which day is meant."""
_HOUR = frozenset({"time", "after", "before"})
_CLAUSE = re.compile(r"[.;!?\n]|, |\b(?:mas|pero|but|porem|so|teria|sugiro|prefiro|prefer|sugerimos|preferimos|melhor|mejor)\b")
_PUT_ASIDE = re.compile(
    r"\b(?:nao|n|no|not|nem|ni|never|cannot|can't|cant|won't|impossivel|imposible|infelizmente|unfortunately|menos|exceto|"
    r"excepto|salvo|except|em vez|ao inves|en vez|en lugar|instead of|rather than|feriado|holiday)\b"
)
_INSTEAD = re.compile(r"\b(?:em vez|ao inves|en vez|en lugar|instead of|rather than|menos|exceto|excepto|except|salvo)\b")
_THERE = re.compile(r"\b(?:aca|aqui|here|ca)\b[^.;]{0,14}$")
_IN_THE = re.compile(r"\s*$|\s+(?:dia|horario|mesmo|periodo|final)\b")
"""Portuguese "no" before such words is no negation."""


@dataclass(frozen=True, slots=True)
class Option:
    """One day or hour that somebody named, with the words that name it."""

    span: Span
    data: Data


def slot_options(text: str) -> tuple[Option, ...]:
    """Return the times a text names in its order; those it puts aside ("não posso dia 26", "em vez das 9h") are left out."""
    normal, offsets = squeeze(normalise(text))
    told = [mention for mention in mentions(normal) if not _put_aside(normal, mention)]
    groups = list(_groups(_without_local_echo(normal, told)))
    zone = next((each for each in groups[-1] if "zone" in each.data), None) if groups else None
    return tuple(_option(group, zone, offsets) for group in groups)


def _put_aside(normal: str, mention: Mention) -> bool:
    """True when the clause before a time says that it is not the one."""
    if "zone" in mention.data:
        return False
    before = normal[max(0, mention.start - 80) : mention.start]
    if _PUT_ASIDE.search(before) is None:
        return _INSTEAD.search(before[-24:]) is not None
    cut = max((match.end() for match in _CLAUSE.finditer(before)), default=0)
    found = _PUT_ASIDE.search(before, cut)
    while found is not None and found.group() == "no" and _IN_THE.match(before, found.end()):
        found = _PUT_ASIDE.search(before, found.end())
    return found is not None or _INSTEAD.search(before[-24:]) is not None


def _without_local_echo(normal: str, told: list[Mention]) -> Iterator[Mention]:
    """One time told on two clocks ("10 am de Brasília, acá serán las 7") is one time."""
    zoned = any("zone" in mention.data for mention in told)
    for mention in told:
        if not (zoned and _HOUR & set(mention.data) and _THERE.search(normal[max(0, mention.start - 24) : mention.start])):
            yield mention


def _groups(told: Iterator[Mention]) -> Iterator[list[Mention]]:
    """Gather mentions into options: a second day, or a second hour, begins another one; an hour alone keeps the day."""
    group: list[Mention] = []
    for mention in told:
        keys = {key for each in group for key in each.data}
        again = keys & set(mention.data) & DAY or (_HOUR & keys and _HOUR & set(mention.data))
        if again or (DAY & keys and _HOUR & keys and DAY & set(mention.data) and not _same_breath(group[-1], mention)):
            yield group
            day = [each for each in group if DAY & set(each.data)]
            group = [*day, mention] if _HOUR & set(mention.data) else [mention]
        else:
            group.append(mention)
    if any((DAY | _HOUR | {"part"}) & set(each.data) for each in group):
        yield group


def _same_breath(last: Mention, mention: Mention) -> bool:
    return mention.start - last.end <= 12


def _option(group: list[Mention], zone: Mention | None, offsets: list[int] | None) -> Option:
    """Make an option of its words; a zone named at the end ("9h ou 11h, horário de Lima") holds for all before it."""
    start, end = min(each.start for each in group), max(each.end for each in group)
    span = Span(start, end) if offsets is None else Span(offsets[start], offsets[end - 1] + 1)
    data = {key: value for each in (*((zone,) if zone else ()), *group) for key, value in each.data.items()}
    return Option(span=span, data=tuple(sorted(data.items())))
