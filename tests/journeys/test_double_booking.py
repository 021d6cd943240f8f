"""Two agents book the same consultant in the same second, in two tickets, on two machines: exactly one gets the time."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from helpdesk_bridge.domain.agenda import Busy
from helpdesk_bridge.engine.advance import advance
from helpdesk_bridge.engine.feeds import Feeds
from helpdesk_bridge.store import Store
from tests.journeys.test_sessions import CAIO, House


class SlowFeeds(Feeds):
    """Calendars that are read so slowly, the first time, that the other machine reads its own meanwhile."""

    def __init__(self, house: House, meeting: threading.Barrier) -> None:
        super().__init__(house.bridge.policy.rules)
        self._meeting: threading.Barrier | None = meeting

    def busy(self, now: datetime) -> tuple[tuple[Busy, ...], tuple[str, ...]]:
        meeting, self._meeting = self._meeting, None
        if meeting is not None:
            meeting.wait(30)
        return super().busy(now)


def test_exactly_one_gets_the_time_and_the_other_is_told(tmp_path: Path, database: str) -> None:
    house = House(tmp_path, database)
    house.accepted("1")
    house.accepted("2")
    house.writes(CAIO, "/agendar", ticket="1", public=False)
    line = re.findall(r"/agendar \S+ \S+ @caio", house.said("/agendar ", "1"))[0]
    for ticket in ("1", "2"):
        house.leaves(CAIO, line, ticket=ticket)

    meeting, stores = threading.Barrier(2), [Store.open(database), Store.open(database)]
    machines = [replace(house.bridge, store=store, feeds=SlowFeeds(house, meeting)) for store in stores]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(advance, machines)) == [True, True]
    house.work()
    proposals = [house.term(ticket).proposal for ticket in ("1", "2")]
    for store in (*stores, house.bridge.store):
        store.close()

    won = [number for number, one in zip(("1", "2"), proposals, strict=True) if one is not None]
    lost = {"1", "2"} - set(won)
    assert len(won) == 1
    assert "o consultor já está ocupado" in house.said("Nada foi feito", lost.pop())
