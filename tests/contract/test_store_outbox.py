"""The outbox on both databases: sent once, in order, and never again without looking."""

from __future__ import annotations

import pytest

from helpdesk_bridge.domain.values import TicketId
from helpdesk_bridge.store import LeaseLost, State, Store
from tests.contract.store_rows import DESK, LEASE, NOON, RECEIPT, at, outbox_row, to_send, update


def put(store: Store, *keys: str, ticket: str = "7") -> list[int | None]:
    with store.write() as tx:
        return tx.outbox.add(DESK, [update(ticket, key) for key in keys], NOON)


def test_an_update_is_read_back_as_it_was_recorded(store: Store) -> None:
    put(store, "term:1")
    row = to_send(store)
    assert row.update == update("7", "term:1")
    assert (row.lane, row.reference, row.must_look, row.attempt) == ("desk/7", "HB-term:1", False, 1)


def test_the_same_key_is_sent_once_per_ticket(store: Store) -> None:
    first = put(store, "term:1", "term:1", "receipt:1")
    assert [row_id is None for row_id in first] == [False, True, False]
    assert put(store, "term:1") == [None]
    assert None not in put(store, "term:1", ticket="8")


def test_updates_of_a_ticket_leave_in_order(store: Store) -> None:
    put(store, "a", "b")
    row = to_send(store)
    with store.write() as tx:
        assert tx.outbox.claim(NOON, LEASE) is None
        tx.outbox.sending(row, at(60))
    with store.write() as tx:
        tx.outbox.sent(row, RECEIPT, at(1))
    assert to_send(store, 1).key == "b"


def test_a_receipt_is_kept_with_its_row(store: Store) -> None:
    put(store, "a")
    row = to_send(store)
    with store.write() as tx:
        tx.outbox.sending(row, at(60))
        tx.outbox.sent(row, RECEIPT, at(1))
    sent = outbox_row(store, row.id)
    assert (sent.state, sent.receipt, sent.done_at) == (State.SENT, RECEIPT, at(1))
    assert sent.receipt is not None
    assert sent.receipt.raw == {"audit": {"id": 1}}


def test_a_row_whose_worker_died_while_sending_is_looked_for_first(store: Store) -> None:
    put(store, "a")
    row = to_send(store)
    with store.write() as tx:
        tx.outbox.sending(row, at(90))
    with store.write() as tx:
        assert tx.outbox.claim(at(89), LEASE) is None
    again = to_send(store, 90)
    assert (again.id, again.must_look) == (row.id, True)
    with pytest.raises(LeaseLost), store.write() as tx:
        tx.outbox.sent(row, RECEIPT, at(91))


def test_a_worker_that_died_while_looking_leaves_the_row_to_be_looked_for(store: Store) -> None:
    put(store, "a")
    row = to_send(store)
    with store.write() as tx:
        tx.outbox.sending(row, at(60))
    to_send(store, 60)
    assert to_send(store, 120).must_look


def test_a_row_whose_worker_died_before_sending_need_not_be_looked_for(store: Store) -> None:
    put(store, "a")
    to_send(store)
    assert not to_send(store, 60).must_look


def test_an_unknown_outcome_is_looked_for_later(store: Store) -> None:
    put(store, "a")
    row = to_send(store)
    with store.write() as tx:
        tx.outbox.sending(row, at(60))
        tx.outbox.uncertain(row, at(10), "time-out")
    assert outbox_row(store, row.id).state is State.UNCERTAIN
    with store.write() as tx:
        assert tx.outbox.claim(at(9), LEASE) is None
    assert to_send(store, 10).must_look


def test_a_call_that_did_nothing_may_be_repeated_without_looking(store: Store) -> None:
    put(store, "a")
    row = to_send(store)
    with store.write() as tx:
        tx.outbox.sending(row, at(60))
        tx.outbox.postpone(row, at(10), "429")
    assert (outbox_row(store, row.id).state, to_send(store, 10).must_look) == (State.WAITING, False)


def test_a_look_that_failed_leaves_the_doubt(store: Store) -> None:
    put(store, "a")
    row = to_send(store)
    with store.write() as tx:
        tx.outbox.uncertain(row, at(10), "time-out")
    looking = to_send(store, 10)
    with store.write() as tx:
        tx.outbox.postpone(looking, at(20), "429 while looking")
    assert (outbox_row(store, row.id).state, to_send(store, 20).must_look) == (State.UNCERTAIN, True)


def test_a_parked_row_in_doubt_is_still_looked_for_when_it_is_released(store: Store) -> None:
    put(store, "a", "b")
    row = to_send(store)
    with store.write() as tx:
        tx.outbox.uncertain(row, at(10), "time-out")
    looking = to_send(store, 10)
    with store.write() as tx:
        tx.outbox.park(looking, "cannot look")
    with store.read() as tx:
        assert [(parked.key, parked.reason) for parked in tx.outbox.parked()] == [("a", "cannot look")]
    with store.write() as tx:
        assert tx.outbox.claim(at(1000), LEASE) is None
        assert tx.outbox.release(row.id)
    assert (outbox_row(store, row.id).state, to_send(store, 20).must_look) == (State.UNCERTAIN, True)


def test_our_own_comment_seen_in_the_thread_is_the_receipt_whoever_holds_the_row(store: Store) -> None:
    put(store, "a", "b")
    row = to_send(store)
    with store.write() as tx:
        tx.outbox.sending(row, at(60))
    with store.write() as tx:
        seen = tx.outbox.by_reference(DESK, TicketId("7"), "HB-a")
        assert seen is not None
        assert tx.outbox.confirm(seen.id, RECEIPT, at(2))
        assert not tx.outbox.confirm(seen.id, RECEIPT, at(3))
    assert outbox_row(store, row.id).done_at == at(2)
    with pytest.raises(LeaseLost), store.write() as tx:
        tx.outbox.uncertain(row, at(10), "time-out")
    assert to_send(store, 2).key == "b"


def test_a_tickets_updates_are_listed_and_can_be_emptied_once_sent(store: Store) -> None:
    put(store, "a", "b")
    put(store, "c", ticket="8")
    row = to_send(store)
    with store.write() as tx:
        tx.outbox.sent(row, RECEIPT, at(1))
    with store.write() as tx:
        assert tx.outbox.erase(DESK, TicketId("7")) == 1
    with store.read() as tx:
        listed = tx.outbox.of_ticket(DESK, TicketId("7"))
        assert tx.outbox.by_reference(DESK, TicketId("7"), "HB-c") is None
    assert [(row.key, row.update.body, row.update.reference) for row in listed] == [("a", None, "HB-a"), ("b", "Olá", "HB-b")]
