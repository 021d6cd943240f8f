"""``audit``: verified, sealed once a day, and told to whoever keeps the hash elsewhere."""

from __future__ import annotations

import pytest

from helpdesk_bridge.domain.values import Organization, TicketId
from helpdesk_bridge.engine.sealing import seal_when_due
from tests.cli.clock import Clock
from tests.cli.site import CommandSite
from tests.domain.builders import DESK, Story, a_ticket


def a_story() -> Story:
    """Accepted, an hour of work, concluded."""
    story = Story(ticket=a_ticket()).accepted()
    story.commands(100, "/tempo remoto 09:30-10:30")
    story.commands(120, "/concluir")
    return story


def run_sql(site: CommandSite, statement: str) -> None:
    with site.store.write() as tx:
        tx.journal._connection.exec_driver_sql(statement)


def seals(site: CommandSite) -> list[tuple[int, set[str]]]:
    """Numbers of the seals and the tickets they cover."""
    with site.store.read() as tx:
        return [(each.number, {head.ticket for head in tx.seals.heads(each.number)}) for each in tx.seals.each()]


def test_what_grew_is_sealed_and_only_that(site: CommandSite, clock: Clock) -> None:
    site.tell(a_story(), "7")
    site.tell(a_story(), "8")
    first = site.run("audit", "seal")
    site.tell(a_story(), "9")
    second = site.run("audit", "seal")
    third = site.run("audit", "seal")

    assert (first.exit_code, second.exit_code, third.exit_code) == (0, 0, 0)
    assert seals(site) == [(1, {"7", "8"}), (2, {"9"})]
    assert third.output == f"nothing was recorded since the last seal\n{second.output}"
    assert site.run("audit", "heads").output == second.output + first.output
    assert site.run("audit", "heads", "--since", "2026-12-03").output == ""


def test_an_engagement_whose_journal_is_gone_is_not_sealed_as_if_it_were_there(site: CommandSite, clock: Clock) -> None:
    site.tell(a_story(), "7")
    site.tell(a_story(), "8")
    run_sql(site, "DELETE FROM journal WHERE ticket = '7'")
    site.run("audit", "seal")

    assert seals(site) == [(1, {"8"})]
    assert site.run("audit", "verify").exit_code == 1


def test_the_workers_seal_after_the_local_midnight_and_not_before(site: CommandSite, clock: Clock) -> None:
    site.tell(a_story(), "7")
    with site.opened() as running:
        sealed = [seal_when_due(running)]
        site.tell(a_story(), "8")
        for now in ("2026-12-02T23:59:59", "2026-12-03T00:00:00", "2026-12-04T00:10:00"):
            clock.set(now)
            sealed.append(seal_when_due(running))

    assert sealed == [True, False, True, False]  # the last: nothing was recorded that day
    assert seals(site) == [(1, {"7"}), (2, {"8"})]


def test_everything_verifies_and_says_how_much_it_is(site: CommandSite, clock: Clock) -> None:
    site.tell(a_story())
    printed = site.run("audit", "seal").output
    (site.folder / "seals.txt").write_text(printed, encoding="utf-8")
    in_file = ("--published-in", str(site.folder / "seals.txt"))
    answer = site.run("audit", "verify", "--published", printed.split()[-1], *in_file)
    (site.folder / "seals.txt").write_text(f"{printed}seal 2  2026-12-03  1 chains  {'ab' * 32}\n", encoding="utf-8")
    missed = site.run("audit", "verify", *in_file)

    assert (answer.exit_code, answer.output.splitlines()) == (
        0,
        [
            f"1 tickets, {len(site.kinds())} records: every chain holds and every engagement refolds",
            "1 seals: every sealed record is there",
            "0 statements: each says what the journals say",
        ],
    )
    assert site.run("audit", "verify", "desk/7").exit_code == 0
    assert (missed.exit_code, f"no seal has the published hash {'ab' * 32}" in missed.output) == (1, True)


def test_what_does_not_verify_ends_with_status_1_and_names_ticket_record_and_difference(site: CommandSite) -> None:
    site.tell(a_story())
    run_sql(site, "UPDATE journal SET actor = 'requester:eve' WHERE kind = 'consent'")
    number = 1 + site.kinds().index("consent")

    for which in ((), ("7",), ("desk/7",)):
        answer = site.run("audit", "verify", *which)
        assert (answer.exit_code, f"desk/7: record {number}: its content gives the hash " in answer.output) == (1, True)
    assert "Error: 1 of 1 tickets do not verify" in answer.output


def test_a_ticket_that_is_gone_is_found_and_so_is_a_published_seal(site: CommandSite, clock: Clock) -> None:
    site.tell(a_story())
    site.run("audit", "seal")
    run_sql(site, "DELETE FROM journal")
    run_sql(site, "DELETE FROM engagements")
    gone = site.run("audit", "verify")
    run_sql(site, "DELETE FROM seals")
    run_sql(site, "DELETE FROM sealed_heads")

    assert (gone.exit_code, "was covered by seal 1 of 2026-12-02 12:00Z, and the journal ends at 0" in gone.output) == (1, True)
    assert site.run("audit", "verify").exit_code == 0  # nothing is left that could tell
    told = site.run("audit", "verify", "--published", "ab" * 32)
    assert (told.exit_code, f"seals: no seal has the published hash {'ab' * 32}" in told.output) == (1, True)


def test_a_ticket_that_never_was_has_no_record(site: CommandSite) -> None:
    with site.store.read() as tx:
        assert tx.journal.records(DESK, TicketId("404")) == ()
    assert site.run("audit", "verify", "404").exit_code == 1


@pytest.mark.parametrize(
    ("table", "old", "new", "problem"),
    [
        (
            "statements",
            '"due":"354.00"',
            '"due":"3540.00"',
            "statement 1 says 3600 s and 3540.00 due of desk/7 term 1, the journal 3600 s and 354.00",
        ),
        ("statements", '"organization":"', '"organization":"Outra ', "statement 1 is not what it was closed as"),
        ("statements", '"lines":[', '"lines":[[', "the book of statements cannot be read"),
        ("billings", "NF-123", "NF-321", "statement 1 has the invoice NF-321, the journal of desk/7 NF-123"),
    ],
)
def test_a_statement_that_was_changed_is_found(
    site: CommandSite, clock: Clock, table: str, old: str, new: str, problem: str
) -> None:
    organization = Organization(id="9", name="Aurora", tax_id="11.222.333/0001-81")
    story = Story(ticket=a_ticket(organization=organization)).accepted()
    story.commands(100, "/tempo remoto 09:30-10:30")
    story.commands(120, "/concluir")
    site.tell(story)
    site.run("statements", "close", "2026-11")
    site.work()
    site.run("statements", "invoice", "1", "--number", "NF-123", "--issued", "2026-12-02")
    site.work()
    assert "1 statements: each says what the journals say" in site.run("audit", "verify").output
    run_sql(site, f"UPDATE {table} SET content = replace(content, '{old}', '{new}')")
    answer = site.run("audit", "verify")

    assert (answer.exit_code, f"statements: {problem}" in answer.output) == (1, True), answer.output
    assert "Error: the statements do not verify" in answer.output
