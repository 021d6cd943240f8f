"""Seals on both databases: kept with their heads, numbered once."""

from __future__ import annotations

import pytest

from helpdesk_bridge.domain.seals import FIRST, Head, Seal, seal
from helpdesk_bridge.domain.values import TicketId
from helpdesk_bridge.store import AlreadyRecorded, Store
from tests.contract.store_rows import DESK, NOON, at


def head(ticket: str, seq: int = 3) -> Head:
    return Head(desk=DESK, ticket=TicketId(ticket), seq=seq, hash=f"{seq:064x}")


def add(store: Store, number: int, *heads: Head, previous: str = FIRST) -> Seal:
    made = seal(number, at(number), heads, previous)
    with store.write() as tx:
        tx.seals.add(made, heads)
    return made


def test_seals_are_read_back_as_they_were_made(store: Store) -> None:
    first = add(store, 1, head("7"), head("8"))
    second = add(store, 2, head("7", 5), previous=first.hash)
    with store.read() as tx:
        assert (tx.seals.last(), tx.seals.newest(9), tuple(tx.seals.each())) == (second, (second, first), (first, second))
        assert (tx.seals.get(1), tx.seals.get(3), tx.seals.numbers()) == (first, None, (1, 2))
        assert set(tx.seals.heads(1)) == {head("7"), head("8")}
        assert tx.seals.of_ticket(DESK, TicketId("7")) == ((1, head("7")), (2, head("7", 5)))
        assert tx.seals.tickets() == ((DESK, "7"), (DESK, "8"))


def test_a_seal_is_numbered_once(store: Store) -> None:
    first = add(store, 1, head("7"))
    with pytest.raises(AlreadyRecorded, match="seal 1 was made by somebody else in the meantime"):
        add(store, 1, head("8"))
    with store.read() as tx:
        assert (tuple(tx.seals.each()), tx.seals.heads(1)) == ((first,), (head("7"),))


def test_tickets_that_grew_since_they_were_sealed_are_named(store: Store) -> None:
    with store.write() as tx:
        for ticket, seq in (("7", 5), ("8", 3), ("9", 2)):
            tx.engagements.save(DESK, TicketId(ticket), "{}", seq=seq, head=f"{seq:064x}", now=NOON)
    first = add(store, 1, head("7"), head("8"))
    with store.read() as tx:
        assert set(tx.seals.unsealed()) == {(DESK, "7"), (DESK, "9")}
    add(store, 2, head("7", 5), head("9", 2), previous=first.hash)
    with store.read() as tx:
        assert tx.seals.unsealed() == ()


def test_how_long_something_waits_for_a_seal_is_told(store: Store) -> None:
    with store.write() as tx:
        assert tx.seals.oldest_unsealed() is None
        for seconds, ticket in ((0, "7"), (5, "8")):
            tx.engagements.save(DESK, TicketId(ticket), "{}", seq=3, head=f"{3:064x}", now=at(seconds))
        assert tx.seals.oldest_unsealed() == NOON
    add(store, 1, head("7"))
    with store.read() as tx:
        assert tx.seals.oldest_unsealed() == at(5)
    add(store, 9, head("8"))
    with store.read() as tx:
        assert tx.seals.oldest_unsealed() is None
