"""A guard around a reader that is not ours: what raises or takes too long says nothing, and is counted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from prometheus_client import Counter
from structlog import get_logger

from helpdesk_bridge.domain.reading import Context, Reading, TicketReading
from helpdesk_bridge.domain.values import Comment, Ticket
from helpdesk_bridge.readers.base import Evidence, Opinion, Reader

log = get_logger()

FAILURES = Counter("helpdesk_bridge_reader_failures_total", "Times a reader said nothing because it failed.", ["reader", "cause"])

Said = TypeVar("Said")


class Guarded:
    """Asks a reader in a thread of its own and waits ``seconds`` for it; while it hangs, nobody asks it again."""

    def __init__(self, reader: Reader, *, seconds: float | None) -> None:
        self._reader, self._seconds = reader, seconds
        self._hanging: threading.Thread | None = None

    @property
    def name(self) -> str:
        """The reader's own."""
        return self._reader.name

    def signals(self, comment: Comment, context: Context, rules: Reading) -> tuple[Opinion, ...]:
        """Return the reader's opinions, none when it fails."""
        return self._asked(Opinion, lambda: self._reader.signals(comment, context, rules))

    def cues(self, ticket: Ticket, rules: TicketReading) -> tuple[Evidence, ...]:
        """Return the reader's evidence, none when it fails."""
        return self._asked(Evidence, lambda: self._reader.cues(ticket, rules))

    def _asked(self, kind: type[Said], ask: Callable[[], Iterable[Said]]) -> tuple[Said, ...]:
        if self._hanging is not None and self._hanging.is_alive():
            return self._failed("hangs")
        answer: list[tuple[Said, ...]] = []
        error: list[Exception] = []

        def answered() -> None:
            try:
                answer.append(tuple(_checked(kind, each) for each in ask()))
            except Exception as raised:  # noqa: BLE001 - whatever a reader raises, the rules have read already
                error.append(raised)

        thread = threading.Thread(target=answered, name=f"reader-{self.name}", daemon=True)
        thread.start()
        thread.join(self._seconds)
        if thread.is_alive():
            self._hanging = thread
            return self._failed("too_slow")
        return self._failed("raised", error[0]) if error else answer[0]

    def _failed(self, cause: str, error: Exception | None = None) -> tuple[Said, ...]:
        FAILURES.labels(self.name, cause).inc()
        log.warning("reader_failed", reader=self.name, cause=cause, error=type(error).__name__ if error else None)
        return ()


def _checked(kind: type[Said], said: object) -> Said:
    if not isinstance(said, kind):
        raise TypeError(f"a reader says {kind.__name__}, not {type(said).__name__}")
    return said
