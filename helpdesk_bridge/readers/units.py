"""What the criteria heads weigh of a ticket: every sentence of prose, and every two neighbours together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk_bridge.domain.values import Span, Ticket
from helpdesk_bridge.language.cues import Source, sources, unread
from helpdesk_bridge.language.text import sentences

FEWEST = 3
"""Words below which a sentence is evidence of nothing."""
APART = 8
"""Characters between two sentences from which they are no neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One sentence, or two, of one text of a thread."""

    source: Source
    span: Span

    @property
    def text(self) -> str:
        """The words."""
        return self.span.of(self.source.text)

    @property
    def speaker(self) -> str:
        """Who says it: ``agent``, ``consultant`` or ``customer``."""
        return next((kind for kind in ("agent", "consultant") if kind in self.source.speaks_as), "customer")


def units(ticket: Ticket) -> Iterator[Unit]:
    """Yield the units of a ticket, text by text; logs and quoted lines are no prose."""
    for source in sources(ticket):
        blots = unread(source.text)
        parts = [
            part
            for part in sentences(source.text)
            if len(part.of(source.text).split()) >= FEWEST and not any(blot.overlaps(part) for blot in blots)
        ]
        for number, part in enumerate(parts):
            yield Unit(source=source, span=part)
            if number + 1 < len(parts) and parts[number + 1].start - part.end < APART:
                yield Unit(source=source, span=Span(part.start, parts[number + 1].end))
