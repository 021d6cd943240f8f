"""Readers that are slow, broken or up to no good; each speaks the protocol."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

from helpdesk_bridge.domain.reading import Context, Reading, SignalKind, TicketReading
from helpdesk_bridge.domain.values import Comment, Span, Ticket
from helpdesk_bridge.readers import Evidence, Opinion


class Says:
    """Says one thing about every comment, as surely as it can."""

    name = "stranger"

    def __init__(self, *kinds: SignalKind, confidence: float = 1.0, evidence: Iterable[Evidence] = ()) -> None:
        self.kinds, self.confidence, self.evidence = kinds, confidence, evidence

    def signals(self, comment: Comment, context: Context, rules: Reading) -> Iterator[Opinion]:
        for kind in self.kinds:
            yield Opinion(kind=kind, span=rules.kept[0], confidence=self.confidence)

    def cues(self, ticket: Ticket, rules: TicketReading) -> Iterable[Evidence]:
        return self.evidence


class PointsAt(Says):
    """Points at words of its own choice."""

    def __init__(self, kind: SignalKind, span: Span) -> None:
        super().__init__(kind)
        self.span = span

    def signals(self, comment: Comment, context: Context, rules: Reading) -> Iterator[Opinion]:
        yield Opinion(kind=self.kinds[0], span=self.span, confidence=1.0)


class Raises(Says):
    """Breaks, in the middle of what it says."""

    def signals(self, comment: Comment, context: Context, rules: Reading) -> Iterator[Opinion]:
        yield Opinion(kind=SignalKind.ACCEPTANCE, span=rules.kept[0], confidence=1.0)
        raise RuntimeError("out of order")

    def cues(self, ticket: Ticket, rules: TicketReading) -> Iterable[Evidence]:
        raise MemoryError


class Hangs(Says):
    """Never answers, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.asked = 0

    def signals(self, comment: Comment, context: Context, rules: Reading) -> Iterator[Opinion]:
        self.asked += 1
        self.go.wait(10)
        return iter(())


class Babbles(Says):
    """Says things that are no opinions."""

    def signals(self, comment: Comment, context: Context, rules: Reading) -> Iterator[Opinion]:
        yield {"kind": "acceptance", "certain": True}  # type: ignore[misc]
