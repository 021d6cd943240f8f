"""The inbox on both databases: order, leases, fences, duplicates, parked rows."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpdesk_bridge.domain.events import Hint, TimerFired
from helpdesk_bridge.domain.values import TicketId
from helpdesk_bridge.store import LeaseLost, NewRow, State, Store
from tests.contract.store_rows import (
    DESK,
    LEASE,
    NOON,
    at,
    claim,
    claimed,
    finish,
    hint,
    inbox_row,
    posted,
    record,
    ticket_of,
    unparseable,
)


def test_a_delivery_is_read_back_as_it_was_recorded(store: Store) -> None:
    (row_id,) = record(store, hint("7", "comment:1"))
    assert row_id is not None
    with store.read() as tx:
        row, raw = tx.inbox.get(row_id), tx.inbox.raw(row_id)
    assert row is not None
    assert row.event == Hint(desk=DESK, ticket=TicketId("7"), identity="comment:1", at=NOON)
    assert (row.lane, row.kind, row.state, row.received_at) == ("desk/7", "hint", State.WAITING, NOON)
    assert raw == b"comment:1"


def test_the_same_identity_is_recorded_once_also_within_one_batch(store: Store) -> None:
    first = record(store, hint("7", "comment:1"), hint("7", "comment:1"), hint("8", "comment:2"))
    again = record(store, hint("8", "comment:2"), hint("8", "comment:3"))
    assert [row_id is None for row_id in first + again] == [False, True, False, True, False]
    with store.read() as tx:
        assert tx.inbox.counts() == {"waiting": 3}


def test_rows_of_one_lane_are_claimed_in_the_order_of_their_arrival(store: Store) -> None:
    record(store, posted("7", "a"), posted("7", "b"), posted("7", "c"))
    seen = []
    for _ in range(3):
        row = claimed(store)
        seen.append(row.identity.rpartition(":")[2])
        assert claim(store) is None, "a second row of the lane was handed out"
        finish(store, row)
    assert seen == ["a", "b", "c"]


def test_another_lane_is_served_while_one_is_busy(store: Store) -> None:
    record(store, posted("7", "a"), posted("7", "b"), posted("8", "c"))
    assert [claimed(store).ticket, claimed(store).ticket, claim(store)] == ["7", "8", None]


def test_a_lane_goes_to_the_back_of_the_queue_after_each_of_its_rows(store: Store) -> None:
    record(store, *(posted("7", str(number)) for number in range(4)), posted("8", "x"), posted("9", "y"))
    served = []
    for second in range(1, 7):
        row = claimed(store, second)
        served.append(row.ticket)
        finish(store, row, second)
    assert served == ["7", "8", "9", "7", "7", "7"]


def test_a_lane_can_be_asked_for_by_name(store: Store) -> None:
    record(store, posted("7", "a"), posted("8", "b"))
    row = claim(store, lane="desk/8")
    assert row is not None
    assert row.ticket == "8"
    assert claim(store, lane="desk/8") is None


def test_a_run_of_hints_is_answered_by_one_reading(store: Store) -> None:
    one, two, three, other, five = record(store, hint("7", "1"), hint("7", "2"), hint("7", "3"), posted("7", "p"), hint("7", "5"))
    row = claimed(store)
    assert (row.id, row.covered) == (one, (two, three))
    finish(store, row, 5)
    assert two is not None
    covered = inbox_row(store, two)
    assert (covered.state, covered.covered_by, covered.done_at) == (State.DONE, one, at(5))
    row = claimed(store, 5)
    assert (row.id, row.covered) == (other, ())
    finish(store, row, 5)
    assert claimed(store, 5).id == five


def test_a_hint_that_arrives_after_the_claim_is_not_covered_by_it(store: Store) -> None:
    record(store, hint("7", "1"))
    row = claimed(store)
    (late,) = record(store, hint("7", "2", received=1))
    finish(store, row, 2)
    assert claimed(store, 2).id == late


def test_a_reading_is_stored_with_the_row_and_read_back_equal(store: Store) -> None:
    record(store, hint("7", "1"))
    row = claimed(store)
    with store.write() as tx:
        tx.inbox.finish(row, ticket_of("7"), at(1))
    with store.read() as tx:
        assert tx.inbox.snapshot(row.id) == ticket_of("7")


def test_a_lease_that_ran_out_is_handed_to_the_next_and_its_first_holder_can_write_nothing(store: Store) -> None:
    record(store, hint("7", "1"))
    slow = claimed(store, 0)
    assert claim(store, 59) is None
    quick = claimed(store, 60)
    assert (quick.id, quick.attempt) == (slow.id, 2)
    with store.write() as tx:
        with pytest.raises(LeaseLost):
            tx.inbox.finish(slow, None, at(61))
        with pytest.raises(LeaseLost):
            tx.inbox.park(slow, "late")
        with pytest.raises(LeaseLost):
            tx.inbox.postpone(slow, at(99), "late")
    finish(store, quick, 62)
    with pytest.raises(LeaseLost):
        finish(store, slow, 63)
    assert inbox_row(store, slow.id).done_at == at(62)


def test_a_lease_that_ran_out_but_was_not_taken_can_still_be_finished(store: Store) -> None:
    record(store, hint("7", "1"))
    row = claimed(store, 0)
    finish(store, row, 600)
    assert inbox_row(store, row.id).state is State.DONE


def test_a_lost_lease_undoes_everything_written_with_it(store: Store) -> None:
    record(store, hint("7", "1"))
    slow = claimed(store, 0)
    claimed(store, 60)
    with contextlib.suppress(LeaseLost), store.write() as tx:
        tx.inbox.add([hint("8", "2")])
        tx.inbox.finish(slow, None, at(61))
    with store.read() as tx:
        assert tx.inbox.counts() == {"leased": 1}


def test_a_postponed_row_waits_and_so_does_its_lane(store: Store) -> None:
    record(store, posted("7", "a"), posted("7", "b"))
    row = claimed(store)
    with store.write() as tx:
        tx.inbox.postpone(row, at(30), "503")
    assert claim(store, 29) is None
    again = claimed(store, 30)
    assert (again.id, again.attempt, inbox_row(store, row.id).reason) == (row.id, 2, "503")


def test_a_parked_row_holds_up_its_own_ticket_only(store: Store) -> None:
    record(store, posted("7", "a"), posted("7", "b"), posted("8", "c"))
    bad = claimed(store)
    with store.write() as tx:
        tx.inbox.park(bad, "404")
    other = claimed(store)
    assert other.ticket == "8"
    finish(store, other)
    assert claim(store, 10_000) is None
    with store.read() as tx:
        assert [(row.id, row.reason) for row in tx.inbox.parked()] == [(bad.id, "404")]


def test_a_parked_row_is_claimed_again_once_released(store: Store) -> None:
    record(store, posted("7", "a"), posted("7", "b"))
    bad = claimed(store)
    with store.write() as tx:
        tx.inbox.park(bad, "404")
    with store.write() as tx:
        assert tx.inbox.release(bad.id)
    again = claimed(store)
    assert (again.id, again.attempt) == (bad.id, 2)


def test_a_skipped_row_lets_its_lane_go_on(store: Store) -> None:
    record(store, posted("7", "a"), posted("7", "b"))
    bad = claimed(store)
    with store.write() as tx:
        tx.inbox.park(bad, "404")
    with store.write() as tx:
        assert tx.inbox.skip(bad.id, "done by hand", at(5))
    row = inbox_row(store, bad.id)
    assert (row.state, row.reason, row.done_at) == (State.SKIPPED, "done by hand", at(5))
    assert claimed(store, 5).identity.endswith("b")


def test_a_row_somebody_holds_can_neither_be_skipped_nor_released(store: Store) -> None:
    record(store, posted("7", "a"))
    row = claimed(store)
    with store.write() as tx:
        assert (tx.inbox.skip(row.id, "why not", at(1)), tx.inbox.release(row.id)) == (False, False)
    finish(store, row, 2)
    with store.write() as tx:
        assert (tx.inbox.skip(row.id, "why not", at(3)), tx.inbox.release(row.id)) == (False, False)


def test_a_delivery_nobody_understands_is_born_parked_and_holds_up_nothing(store: Store) -> None:
    (row_id, _) = record(store, unparseable(b"\xff\x00"), hint("7", "1"))
    assert row_id is not None
    assert claimed(store).ticket == "7"
    row = inbox_row(store, row_id)
    assert (row.state, row.event, row.kind, row.reason) == (State.PARKED, None, "unparseable", "no ticket named")
    assert record(store, unparseable(b"\xff\x00")) == [None]


def test_what_we_did_ourselves_is_born_done(store: Store) -> None:
    (row_id,) = record(store, hint("7", "1", by_bridge=True))
    assert row_id is not None
    assert claim(store) is None
    assert inbox_row(store, row_id).state is State.DONE


def test_the_same_timer_of_two_tickets_or_set_again_is_recorded_each_time(store: Store) -> None:
    def timer(ticket: str, seconds: float) -> NewRow:
        return NewRow.internal(DESK, TicketId(ticket), TimerFired(key="expiry:1", kind="expiry", at=at(seconds)), now=at(9))

    assert None not in record(store, timer("7", 0), timer("8", 0), timer("7", 1))
    assert record(store, timer("7", 0)) == [None]


def test_lanes_with_something_to_do_are_named_and_the_oldest_wait_is_known(store: Store) -> None:
    record(store, posted("7", "a", received=5), posted("7", "b", received=6), posted("8", "c", received=3), posted("9", "d"))
    row = claimed(store, 10)
    with store.write() as tx:
        tx.inbox.park(row, "404")
    with store.read() as tx:
        assert tx.inbox.lanes_waiting(at(10)) == ("desk/8", "desk/7")
        assert tx.inbox.lanes_waiting(at(4)) == ("desk/8",)
        assert tx.inbox.oldest_waiting() == at(3)
        assert tx.inbox.counts() == {"waiting": 3, "parked": 1}


def test_two_claimers_never_get_one_row_nor_two_rows_of_one_lane(store: Store) -> None:
    record(store, *(posted(str(number % 7), str(number)) for number in range(70)))
    taken: list[int] = []
    busy: set[str] = set()

    def drain() -> None:
        while (row := claim(store)) is not None:
            assert row.lane not in busy
            busy.add(row.lane)
            taken.append(row.id)
            busy.discard(row.lane)
            finish(store, row)

    with ThreadPoolExecutor(4) as pool:
        for work in [pool.submit(drain) for _ in range(4)]:
            work.result()
    while (row := claim(store)) is not None:
        taken.append(row.id)
        finish(store, row)
    assert sorted(taken) == list(range(1, 71))
    assert all(sorted(lane) == lane for lane in ([row for row in taken if row % 7 == which] for which in range(7)))


def test_a_claimer_passes_by_a_row_that_another_is_just_claiming(store: Store, database: str) -> None:
    if database.startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time")
    record(store, posted("7", "a"), posted("8", "b"))
    with ThreadPoolExecutor(1) as pool, store.write() as tx:
        mine = tx.inbox.claim(NOON, LEASE)
        other = pool.submit(claimed, store).result(timeout=5)
    assert mine is not None
    assert (mine.ticket, other.ticket) == ("7", "8")


def test_an_earlier_row_that_becomes_visible_late_waits_for_the_one_being_worked_on(store: Store) -> None:
    """PostgreSQL numbers rows before they are committed: number 2 may be claimed before number 1 exists."""
    one, two = record(store, posted("7", "a"), posted("7", "b"))
    assert one is not None
    with store.write() as tx:
        tx.inbox.skip(one, "not there yet", NOON)
    held = claimed(store)
    assert held.id == two
    with store.write() as tx:
        tx.inbox._connection.exec_driver_sql(
            f"UPDATE inbox SET state = 'waiting', done_at = NULL, ready_at = received_at WHERE id = {one}"
        )
    assert claim(store, 10) is None
    after_a_crash = claimed(store, 61)
    assert after_a_crash.id == one


def test_names_that_no_database_can_store_or_index_do_no_harm(store: Store) -> None:
    names = ["nul\0", "half \ud83d pair", "long" * 5000, "long" * 5001, "'; DROP TABLE inbox; --"]
    assert None not in record(store, *(hint(name, name) for name in names))
    assert record(store, *(hint(name, name) for name in names)) == [None] * 5
    events = [row.event for row in iter(lambda: claim(store), None)]
    assert [event.ticket for event in events if isinstance(event, Hint)] == names


def test_a_reason_that_quotes_a_desk_can_always_be_written_down(store: Store) -> None:
    record(store, hint("7", "1"))
    row = claimed(store)
    with store.write() as tx:
        tx.inbox.park(row, "the desk said: \0 \ud83d " + "x" * 100_000)
    assert inbox_row(store, row.id).reason.startswith("the desk said: \\x00 \\ud83d xxx")


def test_a_tickets_deliveries_are_listed_and_can_be_emptied_of_personal_data(store: Store) -> None:
    record(store, hint("7", "1"), hint("7", "2"), hint("8", "3"))
    row = claimed(store)
    with store.write() as tx:
        tx.inbox.finish(row, ticket_of("7"), at(1))
        assert [row.identity for row in tx.inbox.of_ticket(DESK, TicketId("7"))] == ["2", "1"]
    with store.write() as tx:
        assert tx.inbox.erase(DESK, TicketId("7")) == 2
    with store.read() as tx:
        assert (tx.inbox.raw(1), tx.inbox.snapshot(1), tx.inbox.raw(3)) == (None, None, b"3")
    assert inbox_row(store, 1).raw_digest is not None
