"""What was pruned and comes again is nothing new: neither an entry nor a comment is made a second time."""

from __future__ import annotations

import time

from sqlalchemy import text

from helpdesk_bridge.store import State
from tests.promises.test_killed_processes import holds_every_promise
from tests.promises.world import World


def age(world: World) -> None:
    """Make every row two years old."""
    is_text = world.database.startswith("sqlite")
    moment = "'2024-11-24T12:00:00.000000+00:00'" if is_text else "timestamptz '2024-11-24 12:00:00+00'"
    for box, arrived in (("inbox", "received_at"), ("outbox", "created_at")):
        with world.store.write() as tx:
            tx.inbox._connection.execute(
                text(f"UPDATE {box} SET {arrived} = {moment}, done_at = {moment} WHERE done_at IS NOT NULL")
            )


def is_idle(world: World) -> bool:
    with world.store.read() as tx:
        return not (tx.inbox.counts() or tx.outbox.counts())


def test_a_pruned_delivery_that_comes_again_changes_nothing(tmp_path, database):
    with World(tmp_path, database) as world:
        world.start_web()
        world.start_worker()
        ticket = world.desk.account.open_ticket("O custo zera. Como funciona o parâmetro?")
        world.told_story(ticket)
        world.until("nothing waits", lambda: is_idle(world))
        age(world)
        assert world.run("db", "prune") == 0
        with world.store.read() as tx:
            assert tx.inbox.of_ticket("z", str(ticket)) == ()
        assert {(row.state, row.update.body) for row in world.updates(ticket)} == {(State.SENT, None)}

        comments = [each["id"] for each in world.desk.account.state["comments"][str(ticket)]]
        for comment in [*comments, None, *comments, None]:
            world.told(ticket, comment)
        world.until("everything is heard again", lambda: is_idle(world))
        time.sleep(0.5)

        assert len(world.finished(str(ticket))) >= len(comments)
        holds_every_promise(world, ticket)
