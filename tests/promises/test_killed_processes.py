"""Nothing accepted is lost, nothing is said twice, order holds and evidence verifies: whatever dies, wherever it dies."""

from __future__ import annotations

import random
import signal
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_bridge.domain.effects import Wake
from helpdesk_bridge.domain.events import Hint
from helpdesk_bridge.domain.journal import genesis
from helpdesk_bridge.domain.statements import Period
from helpdesk_bridge.domain.values import DeskId, TicketStatus
from helpdesk_bridge.engine.crash import POINTS
from helpdesk_bridge.store import NewRow, State, encode_engagement
from tests.domain.builders import a_ticket
from tests.domain.charges import ORGANIZATION, a_term, engagement
from tests.promises.world import World

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
STORY = ["opened", "recommended", "heard", "term_sent", "term_posted", "heard", "consent", "words"]


def holds_every_promise(world: World, *tickets: int) -> None:
    """Check all four promises at once: they only mean something together."""
    assert world.duplicates() == {}
    assert world.problems() == []
    for ticket in tickets:
        assert world.said(ticket) == 4
        assert world.kinds(ticket) == STORY


@pytest.mark.parametrize("point", [point for point in POINTS if not point.startswith(("receive", "tick", "close"))])
def test_a_worker_may_die_at_any_point(tmp_path, database, point):
    with World(tmp_path, database) as world:
        world.start_web()
        world.start_worker(crash_at=f"{point}#2")
        ticket = world.desk.account.open_ticket("O custo zera. Como funciona o parâmetro?")
        world.told_story(ticket)
        time.sleep(0.5)

        assert world.deaths == 1
        holds_every_promise(world, ticket)


@pytest.mark.parametrize("point", ["receive.before_commit", "receive.committed"])
def test_the_web_process_may_die_around_its_commit(tmp_path, database, point):
    with World(tmp_path, database) as world:
        world.start_worker()
        world.start_web(crash_at=point)
        ticket = world.desk.account.open_ticket("O custo zera. Como funciona o parâmetro?")
        world.told_story(ticket)
        time.sleep(0.5)

        assert world.deaths >= 1
        holds_every_promise(world, ticket)


@pytest.mark.parametrize("kind", ["timeout_after_effect", "reset_after_effect", "reset_before", "500", "429", "503", "no_audit"])
def test_the_desk_may_fail_while_it_is_written_to(tmp_path, database, kind):
    with World(tmp_path, database) as world:
        world.start_web()
        world.start_worker()
        ticket = world.desk.account.open_ticket("O custo zera. Como funciona o parâmetro?")
        world.desk.fail(kind, method="PUT", times=1, after=1)
        world.told_story(ticket)

        holds_every_promise(world, ticket)


def test_a_revoked_token_leaves_the_update_waiting_until_it_is_renewed(tmp_path, database):
    with World(tmp_path, database) as world:
        world.start_web()
        world.start_worker()
        ticket = world.desk.account.open_ticket("O custo zera. Como funciona o parâmetro?")
        world.desk.fail("401", method="PUT", times=1)
        world.told(ticket)
        world.until("the update is refused", lambda: world.updates(ticket) and "credentials" in world.updates(ticket)[0].reason)
        (row,) = world.updates(ticket)

        assert (row.state, row.must_look, world.said(ticket)) == (State.WAITING, False, 0)


def test_a_timer_whose_worker_dies_behind_its_commit_fires_once(tmp_path, database):
    with World(tmp_path, database) as world:
        with world.store.write() as tx:
            tx.due.put("z", "1", Wake(key="expiry:1", kind="term_expiry", at=LONG_AGO), LONG_AGO)
        world.start_worker(crash_at="tick.committed")
        world.until("the timer is advanced", lambda: world.deaths == 1 and world.finished("1") == ["timer"])

        with world.store.read() as tx:
            assert tx.due.of_ticket("z", "1") == ()


@pytest.mark.parametrize(("point", "second"), [("close.before_commit", 0), ("close.committed", 1)])
def test_a_month_whose_closing_dies_is_closed_once_and_its_tickets_hear_of_it(tmp_path, database, point, second):
    with World(tmp_path, database) as world:
        with world.store.write() as tx:
            solved = a_ticket(desk=DeskId("z"), organization=ORGANIZATION, status=TicketStatus.SOLVED)
            state = encode_engagement(replace(engagement(a_term(60)), desk=DeskId("z")))
            tx.engagements.save("z", solved.id, state, seq=0, head=genesis(DeskId("z"), solved.id), now=LONG_AGO)
            hint = Hint(desk=DeskId("z"), ticket=solved.id, identity="seen", at=LONG_AGO)
            tx.inbox.add([NewRow.hinted(hint, raw=None, digest=None, received_at=LONG_AGO)])
            tx.inbox.finish(tx.inbox.claim(LONG_AGO, timedelta(seconds=1)), solved, LONG_AGO)
        codes = [world.run("statements", "close", "2026-10", "--early", crash_at=crash) for crash in (point, "")]
        world.start_worker()
        world.until("the ticket hears of it", lambda: world.kinds(7) == ["stated"])

        with world.store.read() as tx:
            assert [len(one.statement.lines) for one in tx.statement_book.list(Period(2026, 10))] == [1]
        assert codes == [-signal.SIGKILL, second]


def test_two_workers_killed_at_random_keep_every_promise(tmp_path, database, kills):
    """Several tickets at once; a kill every few hundred milliseconds."""
    chance = random.Random(20261124)
    with World(tmp_path, database) as world:
        world.start_web()
        world.start_worker()
        world.start_worker()
        tickets: list[int] = []
        while world.deaths < kills:
            ticket = world.desk.account.open_ticket("O custo zera. Como funciona o parâmetro?")
            tickets.append(ticket)
            world.told(ticket)
            for number in range(2):
                time.sleep(chance.uniform(0.5, 1.1))
                world.kill_a_worker(number)
                world.until("the dead are replaced", lambda: all(worker.poll() is None for worker in world.workers))
            world.told_story(ticket)
        time.sleep(2)

        holds_every_promise(world, *tickets)
