"""Group commit on both databases: shared, durable, and nobody is told a lie."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest

from helpdesk_bridge.errors import StoreUnavailable
from helpdesk_bridge.store import Recorder, Store, Transaction
from tests.contract.store_rows import hint


def test_many_threads_record_each_of_their_rows_once(store: Store) -> None:
    recorder = store.recorder()

    def post(thread: int) -> list[int | None]:
        return [recorder.record([hint("7", f"{thread}/{number}")])[0] for number in range(10)]

    with ThreadPoolExecutor(8) as pool:
        ids = [row_id for run in [pool.submit(post, thread) for thread in range(8)] for row_id in run.result()]
    assert len(set(ids) - {None}) == 80
    with store.read() as tx:
        assert tx.inbox.counts() == {"waiting": 80}


def test_callers_that_arrive_during_a_commit_share_the_next_and_each_gets_the_ids_of_its_own_rows(store: Store) -> None:
    commits = Commits(store)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(commits.recorder.record, [hint("1", "first")])
        commits.wait_until_begun()
        names = ("b", "c", "d", "d")
        others = [pool.submit(commits.recorder.record, [hint("2", name), hint("3", name * 2)]) for name in names]
        commits.wait_until_queued(4)
        commits.go_on()
        ids = [call.result() for call in (first, *others)]
    assert commits.count == 2
    with store.read() as tx:
        recorded = [[row_id and tx.inbox.raw(row_id) for row_id in each] for each in ids]
    assert recorded[:3] == [[b"first"], [b"b", b"bb"], [b"c", b"cc"]]
    assert [None, None] in recorded[3:]
    assert [b"d", b"dd"] in recorded[3:]


def test_a_failed_commit_reaches_every_caller_and_records_nothing(store: Store) -> None:
    commits = Commits(store, failing={1, 2})
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(commits.recorder.record, [hint("1", "a")])]
        commits.wait_until_begun()
        calls += [pool.submit(commits.recorder.record, [hint("2", name)]) for name in "bcd"]
        commits.wait_until_queued(3)
        commits.go_on()
        for call in calls:
            with pytest.raises(StoreUnavailable, match="disk is full"):
                call.result()
    with store.read() as tx:
        assert tx.inbox.counts() == {}
    assert None not in commits.recorder.record([hint("2", "b")])


def test_rows_of_callers_who_were_told_that_nothing_was_recorded_are_never_recorded_later(store: Store) -> None:
    down = [True]

    @contextmanager
    def write() -> Iterator[Transaction]:
        if down.pop():
            raise StoreUnavailable
        with store.write() as tx:
            yield tx

    recorder = Recorder(write)
    with pytest.raises(StoreUnavailable, match="cannot record anything right now"):
        recorder.record([hint("7", "refused")])
    down.append(False)
    (row_id,) = recorder.record([hint("7", "accepted")])
    with store.read() as tx:
        assert tx.inbox.counts() == {"waiting": 1}
        assert row_id is not None
        assert tx.inbox.raw(row_id) == b"accepted"


class Commits:
    """A recorder whose first commit waits to be told to go on, and whose commits fail by number, just before they happen."""

    def __init__(self, store: Store, failing: frozenset[int] | set[int] = frozenset()) -> None:
        self.recorder = Recorder(self._write)
        self.count = 0
        self._store, self._failing = store, failing
        self._begun, self._released = Event(), Event()

    def wait_until_begun(self) -> None:
        """Wait until the first commit is about to happen."""
        assert self._begun.wait(5)

    def wait_until_queued(self, requests: int) -> None:
        """Wait until so many callers queue behind it."""
        patience = time.monotonic() + 5
        while len(self.recorder._queue) < requests:
            assert time.monotonic() < patience
            time.sleep(0.001)

    def go_on(self) -> None:
        """Let the first commit happen."""
        self._released.set()

    @contextmanager
    def _write(self) -> Iterator[Transaction]:
        with self._store.write() as tx:
            yield tx
            self.count += 1
            self._begun.set()
            self._released.wait(5)
            if self.count in self._failing:
                raise OSError("disk is full")
