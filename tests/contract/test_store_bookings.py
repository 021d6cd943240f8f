"""Bookings: nobody is taken twice at the same time, however many try in the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from helpdesk_bridge.domain.agenda import Busy
from helpdesk_bridge.domain.values import TicketId
from helpdesk_bridge.store import Store, Taken
from tests.contract.store_rows import DESK, at

HOUR = 3600


def booked(ticket: str, start: float, end: float, consultant: str = "caio") -> Busy:
    return Busy(consultant=consultant, start=at(start), end=at(end), source=f"booking:{DESK}:{ticket}")


def book(store: Store, ticket: str, *taken: Busy) -> None:
    with store.write() as tx:
        tx.bookings.replace(DESK, TicketId(ticket), taken)


def sources(store: Store) -> list[str]:
    with store.read() as tx:
        return [one.source for one in tx.bookings.ahead(at(-1))]


def test_a_time_that_is_another_tickets_is_taken(store: Store) -> None:
    book(store, "1", booked("1", 0, HOUR))
    for start, end in ((0, HOUR), (HOUR - 1, 2 * HOUR), (-HOUR, 1), (10, 20)):
        with pytest.raises(Taken):
            book(store, "2", booked("2", start, end))
    assert sources(store) == ["booking:desk:1"]


def test_what_only_touches_or_is_somebody_elses_is_free(store: Store) -> None:
    book(store, "1", booked("1", 0, HOUR))
    book(store, "2", booked("2", HOUR, 2 * HOUR), booked("2", 0, HOUR, "bia"))
    assert len(sources(store)) == 3


def test_a_ticket_keeps_and_moves_what_is_its_own(store: Store) -> None:
    book(store, "1", booked("1", 0, HOUR))
    book(store, "1", booked("1", 0, HOUR))
    book(store, "1", booked("1", 10, HOUR + 10))
    book(store, "1")
    book(store, "2", booked("2", 0, HOUR))
    assert sources(store) == ["booking:desk:2"]


def test_of_many_that_try_in_the_same_moment_exactly_one_wins(database: str, store: Store) -> None:
    """Each has a connection pool of its own, as processes have."""
    stores = [Store.open(database) for _ in range(4)]
    start = threading.Barrier(len(stores))

    def attempt(number: int, round_: int) -> bool:
        day = timedelta(days=round_).total_seconds()
        start.wait()
        try:
            book(stores[number], f"{round_}-{number}", booked(f"{round_}-{number}", day, day + HOUR))
        except Taken:
            return False
        return True

    try:
        with ThreadPoolExecutor(len(stores)) as pool:
            for round_ in range(10):
                won = list(pool.map(attempt, range(len(stores)), [round_] * len(stores)))
                assert sorted(won) == [False, False, False, True]
    finally:
        for each in stores:
            each.close()
    assert len(sources(store)) == 10
