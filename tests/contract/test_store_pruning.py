"""Retention on both databases: finished copies go in batches; what is young, parked or unfinished stays, and so does every key."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_bridge.domain.values import TicketId
from helpdesk_bridge.engine import prune as pruning
from helpdesk_bridge.engine.prune import Pruned, prune
from helpdesk_bridge.store import Store
from tests.contract.store_rows import DESK, LEASE, NOON, RECEIPT, at, claimed, finish, hint, record, unparseable, update

LATER = NOON + timedelta(days=400)


def done(store: Store, *tickets: str) -> None:
    """Record a webhook for each ticket and finish it."""
    for ticket in tickets:
        record(store, hint(ticket, f"webhook:{ticket}"))
        finish(store, claimed(store))


def sent(store: Store, ticket: str, key: str = "receipt") -> None:
    with store.write() as tx:
        tx.outbox.add(DESK, [update(ticket, key)], NOON)
        row = tx.outbox.claim(NOON, LEASE, f"{DESK}/{ticket}")
        assert row is not None
        tx.outbox.sent(row, RECEIPT, NOON)


def inbox(store: Store, ticket: str) -> list[str]:
    with store.read() as tx:
        return [row.identity for row in tx.inbox.of_ticket(DESK, TicketId(ticket))]


def quietly(_seconds: float) -> None:
    """Rest without waiting."""


@pytest.mark.parametrize("batch", [1, 2, 3, 500])
def test_finished_deliveries_go_when_they_are_old(store: Store, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(pruning, "BATCH", batch)
    done(store, "1", "2", "3", "4")
    record(store, hint("5", "webhook:5"))

    assert prune(store, NOON, quietly) == Pruned(deliveries=0, updates=0)
    assert prune(store, LATER, quietly) == Pruned(deliveries=4, updates=0)
    assert [inbox(store, ticket) for ticket in "12345"] == [[], [], [], [], ["webhook:5"]]
    assert prune(store, LATER, quietly) == Pruned(deliveries=0, updates=0)


def test_what_is_parked_or_waits_is_kept_however_old_it_is(store: Store) -> None:
    record(store, unparseable(b"?"), hint("7", "webhook:7"), hint("8", "webhook:8"))
    with store.write() as tx:
        row = tx.inbox.claim(NOON, LEASE, f"{DESK}/7")
        assert row is not None
        tx.inbox.park(row, "a person is needed")
        tx.outbox.add(DESK, [update("9", "term:1")], NOON)

    assert prune(store, LATER, quietly) == Pruned(deliveries=0, updates=0)
    with store.read() as tx:
        assert ([row.kind for row in tx.inbox.parked()], inbox(store, "8")) == (["unparseable", "hint"], ["webhook:8"])
        assert [row.update.body for row in tx.outbox.of_ticket(DESK, TicketId("9"))] == ["Olá"]


def test_a_skipped_row_goes_like_one_that_is_done(store: Store) -> None:
    (row_id,) = record(store, unparseable(b"?"))
    assert row_id is not None
    with store.write() as tx:
        tx.inbox.skip(row_id, "a test webhook", at(1))

    assert prune(store, LATER, quietly) == Pruned(deliveries=1, updates=0)


def test_a_young_row_behind_old_ones_stays(store: Store) -> None:
    done(store, "1")
    record(store, hint("2", "webhook:2", received=90))
    finish(store, claimed(store, 90), 90)

    assert prune(store, at(60), quietly) == Pruned(deliveries=1, updates=0)
    assert (inbox(store, "1"), inbox(store, "2")) == ([], ["webhook:2"])


def test_sent_updates_lose_their_words_and_keep_their_keys(store: Store) -> None:
    sent(store, "7")
    assert prune(store, LATER, quietly) == Pruned(deliveries=0, updates=1)
    assert prune(store, LATER, quietly) == Pruned(deliveries=0, updates=0)
    with store.write() as tx:
        (row,) = tx.outbox.of_ticket(DESK, TicketId("7"))
        again = tx.outbox.add(DESK, [update("7", "receipt")], LATER)

    assert (row.key, row.reference, row.state, row.done_at, row.reason) == ("receipt", "HB-receipt", "sent", NOON, "emptied")
    assert (row.update.body, row.update.add_tags, row.receipt, row.receipt and row.receipt.raw) == (None, (), RECEIPT, {})
    assert again == [None]  # nothing is posted a second time


def test_an_update_that_was_emptied_is_not_looked_at_again(store: Store) -> None:
    sent(store, "7")
    prune(store, LATER, quietly)
    with store.read() as tx:
        assert tx.outbox.aged(LATER, 0, 500) == ((), None)


def test_another_transaction_is_let_in_after_every_batch(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)
    done(store, "1", "2", "3", "4", "5")
    arrived: list[int | None] = []

    def meanwhile(_seconds: float) -> None:
        arrived.extend(record(store, hint("9", f"webhook:{len(arrived)}", received=99)))

    assert prune(store, at(50), meanwhile) == Pruned(deliveries=5, updates=0)
    assert (len(arrived), None in arrived) == (3, False)
