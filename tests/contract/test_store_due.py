"""Due dates on both databases: each fires once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from threading import Barrier

from helpdesk_bridge.domain.effects import Wake
from helpdesk_bridge.domain.events import TimerFired
from helpdesk_bridge.domain.values import TicketId
from helpdesk_bridge.store import NewRow, Store
from tests.contract.store_rows import DESK, NOON, at, claimed

TICKET = TicketId("7")


def wake(store: Store, key: str, seconds: float, ticket: TicketId = TICKET) -> None:
    with store.write() as tx:
        tx.due.put(DESK, ticket, Wake(key=key, kind="expiry", at=at(seconds)), NOON)


def tick(store: Store, seconds: float, limit: int = 100) -> list[str]:
    with store.write() as tx:
        fired = tx.due.fire(at(seconds), limit)
        tx.inbox.add(
            [
                NewRow.internal(row.desk, row.ticket, TimerFired(key=row.key, kind=row.kind, at=row.at), now=at(seconds))
                for row in fired
            ]
        )
    return [row.key for row in fired]


def test_timers_fire_once_they_are_due_the_earliest_first(store: Store) -> None:
    for key, seconds in (("c", 30), ("a", 10), ("b", 20), ("d", 40)):
        wake(store, key, seconds)
    assert [tick(store, 9), tick(store, 30, limit=2), tick(store, 30), tick(store, 30)] == [[], ["a", "b"], ["c"], []]
    assert claimed(store, 30).event == TimerFired(key="a", kind="expiry", at=at(10))


def test_a_timer_set_again_replaces_the_earlier_one(store: Store) -> None:
    wake(store, "a", 10)
    wake(store, "a", 20)
    with store.read() as tx:
        assert ([row.at for row in tx.due.of_ticket(DESK, TICKET)], tx.due.next_at()) == ([at(20)], at(20))
    assert [tick(store, 15), tick(store, 20)] == [[], ["a"]]


def test_a_timer_that_was_cancelled_never_fires(store: Store) -> None:
    wake(store, "a", 10)
    wake(store, "a", 10, TicketId("8"))
    with store.write() as tx:
        tx.due.forget(DESK, TICKET, "a")
        tx.due.forget(DESK, TICKET, "never set")
    assert [tick(store, 10), tick(store, 10)] == [["a"], []]


def test_two_tickers_fire_each_timer_once(store: Store) -> None:
    for number in range(60):
        wake(store, str(number), number)
    together = Barrier(2)

    def ticker() -> list[str]:
        together.wait()
        return [key for _ in range(20) for key in tick(store, 100, limit=5)]

    with ThreadPoolExecutor(2) as pool:
        fired = [key for run in [pool.submit(ticker) for _ in range(2)] for key in run.result()]
    assert sorted(fired, key=int) == [str(number) for number in range(60)]


def test_an_instant_of_any_zone_is_due_at_the_same_moment(store: Store) -> None:
    zone = timezone(timedelta(hours=-3))
    with store.write() as tx:
        tx.due.put(DESK, TICKET, Wake(key="a", kind="expiry", at=datetime(2026, 11, 24, 9, 0, tzinfo=zone)), NOON)
    assert [tick(store, -1), tick(store, 0)] == [[], ["a"]]
