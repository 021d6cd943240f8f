"""``audit``: whatever is changed, cut off, moved or deleted behind the bridge's back is found, on both databases."""

from __future__ import annotations

import random
import string
from dataclasses import replace

import pytest
from sqlalchemy import text

from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.journal import Entry
from helpdesk_bridge.domain.seals import FIRST, Head, seal
from helpdesk_bridge.domain.values import TicketId
from helpdesk_bridge.engine.audit import audit, audit_seals, audit_ticket
from helpdesk_bridge.store import Store, encode_engagement
from tests.domain.builders import DESK, TICKET, Story, a_ticket, at

COLUMNS = (
    "desk",
    "ticket",
    "seq",
    "at",
    "actor",
    "kind",
    "fact",
    "body",
    "personal",
    "salt",
    "personal_digest",
    "body_digest",
    "previous",
    "hash",
)


def tell(store: Store, ticket: TicketId = TICKET) -> int:
    """Record a story up to the conclusion; return how many records it has."""
    story = Story(ticket=replace(a_ticket(), id=ticket)).accepted()
    story.commands(100, "/tempo remoto 09:30-10:30")
    story.commands(120, "/concluir")
    engagement = fold(Engagement(desk=DESK, ticket=ticket), story.entries)
    with store.write() as tx:
        last = tx.journal.append(DESK, ticket, story.entries, expected_seq=0)[-1]
        tx.engagements.save(DESK, ticket, encode_engagement(engagement), seq=last.seq, head=last.hash, now=at(120))
    return last.seq


def seal_all(store: Store, number: int = 1, previous: str = FIRST) -> str:
    with store.write() as tx:
        heads = []
        for each in tx.journal.tickets():
            seq, digest = tx.journal.head(each.desk, each.ticket)
            heads.append(Head(desk=each.desk, ticket=each.ticket, seq=seq, hash=digest))
        made = seal(number, at(200), heads, previous)
        tx.seals.add(made, heads)
    return made.hash


def run(store: Store, statement: str, **values: object) -> None:
    with store.write() as tx:
        tx.journal._connection.execute(text(statement), values)


def problems(store: Store) -> list[str]:
    return [problem for finding in (*audit(store), audit_seals(store)) for problem in finding.problems]


def test_what_was_recorded_verifies(store: Store) -> None:
    records = tell(store)
    tell(store, TicketId("8"))
    seal_all(store)

    assert [(each.name, each.records, each.problems) for each in audit(store)] == [
        ("desk/7", records, ()),
        ("desk/8", records, ()),
    ]
    assert (audit_seals(store).records, audit_seals(store).problems) == (1, ())


def changed(value: object, chance: random.Random) -> object:
    """Return a value that differs by one character, one number, or in being there at all."""
    if value is None:
        return "x"
    if isinstance(value, int):
        return value + chance.choice((-100, 100))
    assert isinstance(value, str)
    place = chance.randrange(len(value) + 1)
    other = chance.choice(string.printable)
    edited = chance.choice((value[:place] + other + value[place:], value[:place] + value[place + 1 :]))
    if place < len(value):
        edited = chance.choice((edited, value[:place] + other + value[place + 1 :]))
    return edited


@pytest.mark.parametrize("column", COLUMNS)
def test_any_single_change_of_a_stored_record_is_found(store: Store, column: str) -> None:
    last = tell(store)
    chance = random.Random(column)
    is_moment = column == "at" and store._database.engine.dialect.name == "postgresql"
    for _ in range(60):
        seq = chance.randint(1, last)
        with store.read() as tx:
            before = tx.journal._connection.scalar(text(f"SELECT {column} FROM journal WHERE seq = {seq}"))
        after = at(chance.uniform(0, 200)) if is_moment else changed(before, chance)
        if isinstance(before, str) and column in ("salt", "personal_digest", "body_digest", "previous", "hash"):
            after = str(after)[: len(before)]  # PostgreSQL stores no longer one
        if after == before:
            continue
        run(store, f"UPDATE journal SET {column} = :after WHERE seq = :seq", after=after, seq=seq)
        now = after if column == "seq" else seq
        assert problems(store), f"{column} of record {seq}: {before!r} became {after!r}, and nobody noticed"
        run(store, f"UPDATE journal SET {column} = :before WHERE seq = :now", before=before, now=now)
    assert problems(store) == []


def test_the_first_broken_record_is_told_by_its_number_and_what_differs(store: Store) -> None:
    tell(store)
    run(store, "UPDATE journal SET actor = 'requester:99' WHERE seq = 4")
    first = audit_ticket(store, DESK, TICKET).problems[0]

    assert first.startswith("record 4: its content gives the hash ")


def test_a_body_that_means_the_same_but_is_written_otherwise_is_found(store: Store) -> None:
    tell(store)
    run(store, "UPDATE journal SET body = replace(body, ',\"', ', \"') WHERE seq = 2")

    assert audit_ticket(store, DESK, TICKET).problems == ("record 2: body is not stored as it was written",)


def test_words_that_no_erasure_names_must_be_there(store: Store) -> None:
    tell(store)
    run(store, "UPDATE journal SET personal = NULL, salt = NULL WHERE kind = 'words'")

    assert "its words are gone, and no erasure names it" in audit_ticket(store, DESK, TICKET).problems[0]


def test_a_cut_off_tail_is_found_by_the_engagement_and_when_that_is_changed_too_by_a_seal(store: Store) -> None:
    last = tell(store)
    seal_all(store)
    run(store, f"DELETE FROM journal WHERE seq > {last - 2}")
    assert f"the engagement names record {last} as the last one, the journal ends at {last - 2}" in problems(store)

    with store.write() as tx:
        records = tx.journal.records(DESK, TICKET)
        state = encode_engagement(fold(Engagement(desk=DESK, ticket=TICKET), records))
        tx.engagements.save(DESK, TICKET, state, seq=records[-1].seq, head=records[-1].hash, now=at(300))
    assert problems(store) == [
        f"record {last} was covered by seal 1 of 2026-11-24 15:20Z, and the journal ends at {last - 2}: records were removed"
    ]


def test_a_deleted_ticket_is_found_by_a_seal(store: Store) -> None:
    last = tell(store)
    tell(store, TicketId("8"))
    seal_all(store)
    for table in ("journal", "engagements"):
        run(store, f"DELETE FROM {table} WHERE ticket = '7'")

    assert problems(store) == [
        f"record {last} was covered by seal 1 of 2026-11-24 15:20Z, and the journal ends at 0: records were removed",
        "there is no engagement beside the journal",
    ]


def test_a_chain_that_was_written_anew_is_found_by_a_seal(store: Store) -> None:
    last = tell(store)
    seal_all(store)
    for table in ("journal", "engagements"):
        run(store, f"DELETE FROM {table}")
    tell(store)  # the same entries, with other salt

    assert problems(store) == [f"record {last} is not the one that seal 1 of 2026-11-24 15:20Z covers"]


def test_a_chain_passed_off_as_another_tickets_is_found_without_a_seal(store: Store) -> None:
    tell(store)
    for table in ("journal", "engagements"):
        run(store, f"UPDATE {table} SET ticket = '9'")

    assert "record 1: it follows " in problems(store)[0]


def test_whoever_deletes_a_head_too_leaves_a_seal_that_does_not_stand(store: Store) -> None:
    tell(store)
    tell(store, TicketId("8"))
    seal_all(store)
    for table in ("journal", "engagements", "sealed_heads"):
        run(store, f"DELETE FROM {table} WHERE ticket = '7'")

    assert problems(store) == [
        "seal 1 covers 2 chains, and 1 are kept",
        "seal 1 does not cover the heads that are kept with it",
    ]


def test_a_missing_seal_is_found_by_those_around_it(store: Store) -> None:
    tell(store)
    second = seal_all(store, 2, seal_all(store))
    seal_all(store, 3, second)
    run(store, "DELETE FROM seals WHERE number = 2")
    assert "seal 2 is missing" in problems(store)
    run(store, "DELETE FROM seals WHERE number = 3")
    assert "seal 3 is missing, its heads are not" in problems(store)


def test_whoever_makes_every_seal_anew_cannot_make_the_published_hash(store: Store) -> None:
    tell(store)
    published = seal_all(store)
    assert audit_seals(store, [published]).problems == ()
    for table in ("journal", "engagements", "seals", "sealed_heads"):
        run(store, f"DELETE FROM {table}")
    tell(store)
    seal_all(store)

    assert problems(store) == []
    assert audit_seals(store, [published]).problems == (f"no seal has the published hash {published}",)


def test_a_journal_that_cannot_be_read_is_a_finding_and_no_crash(store: Store) -> None:
    tell(store)
    run(store, "UPDATE journal SET body = '{\"number\": 1' WHERE seq = 3")

    assert "record 3: body is not stored as it was written" in audit_ticket(store, DESK, TICKET).problems


def test_an_erasure_cannot_be_made_up_to_change_what_was_worked(store: Store) -> None:
    last = tell(store)
    with store.write() as tx:
        worked = next(record for record in tx.journal.records(DESK, TICKET) if record.kind == "time_logged")
        made_up = Entry(kind="erased", at=at(300), actor="operator:eve", body={"records": [worked.seq], "reason": "x"})
        tx.journal.append(DESK, TICKET, [made_up], expected_seq=last)
    run(store, "UPDATE journal SET body = replace(body, '13:30', '23:30') WHERE kind = 'time_logged'")

    assert f"record {worked.seq}: its body gives the digest " in problems(store)[0]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE engagements SET state = '{' WHERE ticket = '7'", "the engagement cannot be read: "),
        ("UPDATE engagements SET state = '{}' WHERE ticket = '7'", "the engagement cannot be read: "),
        ("UPDATE journal SET body = '7' WHERE ticket = '7' AND kind = 'consent'", "the chain cannot be read: "),
        ("UPDATE journal SET body = '{' WHERE ticket = '7' AND kind = 'consent'", "the journal cannot be read: "),
        ("UPDATE seals SET root = 'x'", "seal 1 does not cover the heads that are kept with it"),
    ],
)
def test_whatever_somebody_wrote_there_the_audit_goes_on(store: Store, statement: str, problem: str) -> None:
    tell(store)
    tell(store, TicketId("8"))
    seal_all(store)
    run(store, statement)

    assert [each for each in problems(store) if each.startswith(problem)] != []
    assert [finding.problems for finding in audit(store) if finding.ticket == "8"] == [()]


def test_a_moment_that_is_none_is_a_finding(store: Store) -> None:
    tell(store)
    seal_all(store)
    if store._database.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL stores moments only")
    for table in ("engagements SET updated_at", "seals SET at"):
        run(store, f"UPDATE {table} = 'yesterday'")

    assert [each.split(":")[0] for each in problems(store)] == [
        "a seal cannot be read",
        "the engagement cannot be read",
        "the book of seals cannot be read",
    ]
