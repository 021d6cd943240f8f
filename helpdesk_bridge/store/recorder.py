"""Group commit: callers that want to record something at the same moment share one transaction and one sync to disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from threading import Lock

from helpdesk_bridge.errors import StoreUnavailable
from helpdesk_bridge.store.inbox import NewRow
from helpdesk_bridge.store.transaction import Transaction


class _Request:
    """Rows of one caller, what became of them, and the lock the caller sleeps at."""

    __slots__ = ("asleep", "outcome", "rows")

    def __init__(self, rows: Sequence[NewRow]) -> None:
        self.rows = rows
        self.outcome: list[int | None] | Exception | None = None
        self.asleep = Lock()
        self.asleep.acquire()


class Recorder:
    """Records inbox rows durably for many threads at once.

    Callers queue. One of them leads: it takes the write lock, then everything queued by then, commits, appoints the next leader
    from those who queued meanwhile, and wakes the callers it served.
    """

    def __init__(self, write: Callable[[], AbstractContextManager[Transaction]]) -> None:
        self._write = write
        self._lock = Lock()
        self._queue: list[_Request] = []
        self._led = False

    def record(self, rows: Sequence[NewRow]) -> list[int | None]:
        """Return the rows' ids once they are on disk; None for those recorded earlier. Raises: StoreUnavailable."""
        request = _Request(rows)
        with self._lock:
            self._queue.append(request)
            follows, self._led = self._led, True
        if follows:
            request.asleep.acquire()
        if request.outcome is None:
            self._lead()
        if isinstance(request.outcome, list):
            return request.outcome
        raise StoreUnavailable(str(request.outcome)) from request.outcome

    def _lead(self) -> None:
        batch: list[_Request] = []
        try:
            with self._write() as tx:
                batch = self._drain()
                ids = iter(tx.inbox.add([row for request in batch for row in request.rows]))
            for request in batch:
                request.outcome = list(islice(ids, len(request.rows)))
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody's rows were recorded, and each caller must hear of it
            batch = batch or self._drain()
            for request in batch:
                request.outcome = error
        finally:
            self._appoint()
            for request in batch:
                request.asleep.release()

    def _drain(self) -> list[_Request]:
        with self._lock:
            batch, self._queue = self._queue, []
        return batch

    def _appoint(self) -> None:
        with self._lock:
            self._led = bool(self._queue)
            heir = self._queue[0] if self._queue else None
        if heir is not None:
            heir.asleep.release()
