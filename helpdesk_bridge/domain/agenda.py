"""The Agenda: when consultants are taken, as the engine read it from our own bookings and their calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Interval(NamedTuple):
    """From one instant to another, the end left out."""

    start: datetime
    end: datetime

    def overlaps(self, other: Interval) -> bool:
        """True when the two share an instant."""
        return self.start < other.end and other.start < self.end

    def within(self, other: Interval) -> bool:
        """True when nothing of it lies outside ``other``."""
        return other.start <= self.start and self.end <= other.end

    def common(self, other: Interval) -> Interval | None:
        """Return what both cover, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Interval(start, end) if start < end else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """A time at which a consultant is taken."""

    consultant: str
    """Consultant id."""
    start: datetime
    end: datetime
    source: str
    """``booking:<desk>:<ticket>`` of ours, or ``feed`` for their own calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """Everybody's taken times."""

    busy: tuple[Busy, ...] = ()
    unread: tuple[str, ...] = ()
    """Consultants whose own calendar could not be read: what is free of theirs is not certain."""

    def conflict(self, consultant: str, slot: Interval) -> Busy | None:
        """Return what takes the consultant at that time."""
        return next(
            (one for one in self.busy if one.consultant == consultant and slot.overlaps(Interval(one.start, one.end))), None
        )

    def without(self, source: str) -> Agenda:
        """Return the agenda as it is once everything of one source is given back."""
        return Agenda(busy=tuple(one for one in self.busy if one.source != source), unread=self.unread)
