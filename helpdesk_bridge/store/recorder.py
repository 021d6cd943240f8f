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
    """Rows of one caller, and what became of them."""

    __slots__ = ("awake", "leads", "outcome", "rows")

    def __init__(self, rows: Sequence[NewRow]) -> None:
        self.rows = rows
        self.outcome: list[int | None] | Exception | None = None
        self.leads = False
        self.awake = Lock()
        """Held while the caller sleeps; whoever releases it has settled the outcome or made the caller the next to lead."""
        self.awake.acquire()


class Recorder:
    """Records inbox rows durably for many threads at once.

    Callers queue. One of them leads: it takes the write lock, then everything queued by then, commits, wakes its companions,
    and makes the first of those who came meanwhile the next to lead. Every caller sleeps and wakes at most once.
    """

    def __init__(self, write: Callable[[], AbstractContextManager[Transaction]]) -> None:
        self._write = write
        self._queue: list[_Request] = []
        self._queue_lock = Lock()
        self._led = False

    def record(self, rows: Sequence[NewRow]) -> list[int | None]:
        """Return the rows' ids once they are on disk; None for those recorded earlier. Raises: StoreUnavailable."""
        request = _Request(rows)
        with self._queue_lock:
            self._queue.append(request)
            request.leads, self._led = not self._led, True
        if not request.leads:
            request.awake.acquire()
        if request.leads:
            self._lead(request)
        if isinstance(request.outcome, list):
            return request.outcome
        raise StoreUnavailable(str(request.outcome)) from request.outcome

    def _lead(self, leader: _Request) -> None:
        batch: list[_Request] = []
        try:
            with self._write() as tx:
                batch = self._drain()
                ids = iter(tx.inbox.add([row for request in batch for row in request.rows]))
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody's rows were recorded, and each caller must hear of it
            batch = batch or self._drain()
            for request in batch:
                request.outcome = error
        else:
            for request in batch:
                request.outcome = list(islice(ids, len(request.rows)))
        self._hand_over()
        for request in batch:
            if request is not leader:
                request.awake.release()

    def _hand_over(self) -> None:
        with self._queue_lock:
            self._led = bool(self._queue)
            if self._queue:
                self._queue[0].leads = True
                self._queue[0].awake.release()

    def _drain(self) -> list[_Request]:
        with self._queue_lock:
            batch, self._queue = self._queue, []
        return batch
