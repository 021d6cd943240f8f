"""Nothing accepted is lost, nothing is said twice, order holds and evidence verifies: whatever dies, wherever it dies."""

from __future__ import annotations

import random
import time

import pytest

from helpdesk_bridge.engine.crash import POINTS
from tests.promises.world import World

STORY = ["opened", "recommended", "heard", "term_sent", "term_posted", "heard", "consent", "words"]


def holds_every_promise(world: World, *tickets: int) -> None:
    """Check all four promises at once: they only mean something together."""
    assert world.duplicates() == {}
    assert world.problems() == []
    for ticket in tickets:
        assert world.said(ticket) == 4
        assert world.kinds(ticket) == STORY


@pytest.mark.parametrize("point", [point for point in POINTS if not point.startswith(("receive", "tick"))])
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


@pytest.mark.parametrize(
    "kind", ["timeout_after_effect", "reset_after_effect", "reset_before", "500", "429", "503", "401", "no_audit"]
)
def test_the_desk_may_fail_while_it_is_written_to(tmp_path, database, kind):
    with World(tmp_path, database) as world:
        world.start_web()
        world.start_worker()
        ticket = world.desk.account.open_ticket("O custo zera. Como funciona o parâmetro?")
        world.desk.fail(kind, method="PUT", times=1, after=1)
        if kind != "401":
            world.told_story(ticket)
            holds_every_promise(world, ticket)
        else:
            world.told(ticket)
            time.sleep(2)
            assert world.duplicates() == {}


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
