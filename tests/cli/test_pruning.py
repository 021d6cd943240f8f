"""``db prune`` and the workers' daily one: old copies go, the journal verifies as before."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from helpdesk_bridge.engine.prune import Pruner
from helpdesk_bridge.store.tables import metadata
from tests.cli.clock import Clock
from tests.cli.site import CommandSite
from tests.cli.test_erasure import NOW, a_story, tell


def test_old_copies_go_and_the_journal_stays(site: CommandSite) -> None:
    tell(site, a_story())
    kinds = site.kinds()
    young = site.run("db", "prune", "--days", "400")
    with site.store.write() as tx:
        for box, arrived in (("inbox", "received_at"), ("outbox", "created_at")):
            ages = {arrived: NOW - timedelta(days=500), "done_at": NOW - timedelta(days=500)}
            tx.journal._connection.execute(update(metadata.tables[box]).values(ages))
    old = site.run("db", "prune")

    assert young.output == "older than 400 days: 0 deliveries deleted, 0 updates emptied\n"
    assert old.output == "older than 400 days: 2 deliveries deleted, 1 updates emptied\n"
    assert site.kinds() == kinds
    assert site.run("audit", "verify").exit_code == 0


def test_the_workers_prune_once_a_day(site: CommandSite, clock: Clock) -> None:
    tell(site, a_story())
    pruner = Pruner(lambda _seconds: None)
    with site.opened() as running:
        assert running.retention == timedelta(days=400)
        clock.set("2028-06-01T08:00:00")
        pruned = [pruner.prune_when_due(running)]
        tell(site, a_story(), "8")
        for now in ("2028-06-01T23:00:00", "2028-06-02T00:10:00"):
            clock.set(now)
            pruned.append(pruner.prune_when_due(running))

    assert pruned == [True, False, True]
    assert site.run("audit", "verify").exit_code == 0


def test_nothing_is_pruned_where_everything_is_kept(site: CommandSite, clock: Clock) -> None:
    settings = site.folder / "bridge.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "retention: {deliveries_days: 0}\n", encoding="utf-8")
    tell(site, a_story())
    clock.set("2038-06-01T08:00:00")
    with site.opened() as running:
        assert (running.retention, Pruner(lambda _seconds: None).prune_when_due(running)) == (None, False)
    answer = site.run("db", "prune")

    assert (answer.exit_code, "retention.deliveries_days is 0: everything is kept" in answer.output) == (1, True)
