"""Lane order as a property, whatever workers and operators do: one row at a time, in order, and none forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from helpdesk_bridge.store import InboxRow, LeaseLost, NewRow, Store
from helpdesk_bridge.store.tables import inbox
from tests.contract.store_rows import LEASE, at, hint, posted, record

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["hint", "posted", "claim", "claim", "finish", "finish", "park", "postpone", "release", "skip", "wait"]),
        st.integers(0, 3),
    ),
    min_size=10,
    max_size=40,
)


@dataclass
class World:
    """What the store should think, kept in plain Python."""

    store: Store
    seconds: float = 0
    rows: dict[int, Row] = field(default_factory=dict)
    held: list[InboxRow] = field(default_factory=list)

    def claimable(self) -> set[int]:
        """Heads of lanes that nobody holds and that need not wait."""
        unfinished = [row for row in self.rows.values() if not row.finished]
        heads = {row.lane: row for row in reversed(unfinished)}
        return {row.id for row in heads.values() if row.ready_at is not None and row.ready_at <= self.seconds}

    def step(self, verb: str, which: int) -> None:
        """Do something, to the store and to the model."""
        self.seconds += 1
        getattr(self, verb)(which)

    def hint(self, which: int) -> None:
        self._add(hint(str(which), f"h{self.seconds}", received=self.seconds), which)

    def posted(self, which: int) -> None:
        self._add(posted(str(which), f"p{self.seconds}", received=self.seconds), which)

    def _add(self, row: NewRow, which: int) -> None:
        (row_id,) = record(self.store, row)
        assert row_id is not None
        self.rows[row_id] = Row(row_id, str(which), self.seconds)

    def claim(self, _which: int) -> None:
        with self.store.write() as tx:
            taken = tx.inbox.claim(at(self.seconds), LEASE)
        expected = self.claimable()
        assert (taken is None) == (not expected)
        if taken is not None:
            assert taken.id in expected
            row = self.rows[taken.id]
            row.attempt, row.ready_at = taken.attempt, self.seconds + LEASE.total_seconds()
            self.held.append(taken)

    def finish(self, which: int) -> None:
        for taken in self._pick(which):
            with self.store.write() as tx:
                tx.inbox.finish(taken, None, at(self.seconds))
            for row_id in (taken.id, *taken.covered):
                self.rows[row_id].finished = True

    def park(self, which: int) -> None:
        for taken in self._pick(which):
            with self.store.write() as tx:
                tx.inbox.park(taken, "bad")
            self.rows[taken.id].ready_at = None

    def postpone(self, which: int) -> None:
        for taken in self._pick(which):
            with self.store.write() as tx:
                tx.inbox.postpone(taken, at(self.seconds + 20), "later")
            self.rows[taken.id].ready_at = self.seconds + 20

    def release(self, which: int) -> None:
        self._settle(which, finished=False)

    def skip(self, which: int) -> None:
        self._settle(which, finished=True)

    def wait(self, which: int) -> None:
        self.seconds += 25 * which

    def _settle(self, which: int, *, finished: bool) -> None:
        for row in [row for row in self.rows.values() if row.ready_at is None and not row.finished][which : which + 1]:
            with self.store.write() as tx:
                assert tx.inbox.skip(row.id, "no", at(self.seconds)) if finished else tx.inbox.release(row.id)
            row.finished, row.ready_at = finished, 0

    def _pick(self, which: int) -> list[InboxRow]:
        """Take one of the claims that were handed out; one whose row was claimed again must be refused."""
        if not self.held:
            return []
        taken = self.held.pop(which % len(self.held))
        if self.rows[taken.id].attempt == taken.attempt:
            return [taken]
        with pytest.raises(LeaseLost), self.store.write() as tx:
            tx.inbox.finish(taken, None, at(self.seconds))
        return []


@dataclass
class Row:
    """A row of the model."""

    id: int
    lane: str
    ready_at: float | None
    attempt: int = 0
    finished: bool = False


@settings(max_examples=40, deadline=timedelta(seconds=10), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_every_lane_is_served_in_order_and_none_is_forgotten(store: Store, steps: list[tuple[str, int]]) -> None:
    with store.write() as tx:
        tx.inbox._connection.execute(delete(inbox))
    world = World(store)
    for verb, which in steps:
        world.step(verb, which)
    world.seconds += 1000
    for row in [row for row in world.rows.values() if row.ready_at is None and not row.finished]:
        with store.write() as tx:
            tx.inbox.release(row.id)
        row.ready_at = 0
    while any(not row.finished for row in world.rows.values()):
        world.held.clear()
        world.claim(0)
        world.finish(0)
