"""What lies within spans, however many there are: people repeat themselves thousands of times to see what happens."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate

from helpdesk_bridge.domain.values import Span


class Cover:
    """Spans, asked whether one of them holds something."""

    __slots__ = ("_reached", "_starts")

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted((span.start, span.end) for span in spans)
        self._starts = [start for start, _end in ordered]
        self._reached = list(accumulate((end for _start, end in ordered), max))
        """How far a span that begins at this one or before it reaches."""

    def holds(self, span: Span) -> bool:
        """True when one span begins and ends around all of this one."""
        before = bisect_right(self._starts, span.start)
        return before > 0 and self._reached[before - 1] >= span.end

    def at(self, place: int) -> bool:
        """True when a span covers the character at ``place``."""
        before = bisect_right(self._starts, place)
        return before > 0 and self._reached[before - 1] > place

    def touches(self, start: int, end: int) -> bool:
        """True when a span shares a character with this stretch."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._reached[before - 1] > start
