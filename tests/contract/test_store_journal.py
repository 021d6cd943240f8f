"""The journal, engagements, policies and polls on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.journal import Entry, genesis, verify
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.store import AlreadyRecorded, LeaseLost, Overtaken, Store, decode_engagement, encode_engagement
from tests.contract.store_rows import DESK, NOON, at

TICKET = TicketId("7")


def entry(kind: str, fact: str | None = None, **body: object) -> Entry:
    return Entry(kind=kind, at=at(0.123456), actor="requester:ada@cliente.example", fact=fact, body=body)


def append(store: Store, *entries: Entry, after: int = 0, ticket: TicketId = TICKET) -> None:
    with store.write() as tx:
        tx.journal.append(DESK, ticket, entries, expected_seq=after)


def test_entries_are_chained_per_ticket_and_read_back_as_they_were_written(store: Store) -> None:
    with store.write() as tx:
        first = tx.journal.append(
            DESK, TICKET, [entry("opened"), entry("heard", "comment:1", words="Aceito ✓ \0")], expected_seq=0
        )
    with store.write() as tx:
        second = tx.journal.append(DESK, TICKET, [entry("consent", "comment:1", amount="5.90", minutes=[1, 2])], expected_seq=2)
    append(store, entry("opened"), ticket=TicketId("8"))
    with store.read() as tx:
        records = tx.journal.records(DESK, TICKET)
        assert tx.journal.head(DESK, TICKET) == (3, records[-1].hash)
        assert tx.journal.head(DESK, TicketId("9")) == (0, genesis(DESK, TicketId("9")))
    assert records == first + second
    assert verify(records, DESK, TICKET) == []
    assert [record.salt is None for record in records] == [True, True, True]


def test_a_worker_that_was_overtaken_records_nothing(store: Store) -> None:
    append(store, entry("opened"))
    with pytest.raises(Overtaken), store.write() as tx:
        tx.journal.append(DESK, TICKET, [entry("heard", "comment:1")], expected_seq=0)
    assert issubclass(Overtaken, LeaseLost)
    with store.read() as tx:
        assert len(tx.journal.records(DESK, TICKET)) == 1


def test_two_entries_of_one_kind_about_one_fact_are_refused_and_surfaced(store: Store) -> None:
    append(store, entry("heard", "comment:1"), entry("consent", "comment:1"), entry("status"), entry("status"))
    with pytest.raises(AlreadyRecorded):
        append(store, entry("heard", "comment:1"), after=4)
    append(store, entry("heard", "comment:1"), ticket=TicketId("8"))


def test_erased_words_are_gone_and_the_chain_still_holds(store: Store) -> None:
    append(store, entry("opened"), entry("heard", "comment:1", text="meu CPF é", minutes=3), entry("consent", "comment:1"))
    with store.write() as tx:
        assert tx.journal.erase(DESK, TICKET, 2)
        assert not tx.journal.erase(DESK, TICKET, 9)
    with store.read() as tx:
        assert verify(tx.journal.records(DESK, TICKET), DESK, TICKET) == ["record 2: its words are gone, and no erasure names it"]
    append(store, entry("erased", records=[2]), after=3)
    with store.read() as tx:
        records = tx.journal.records(DESK, TICKET)
    assert [(record.is_erased, record.salt is None) for record in records] == [
        (False, True),
        (True, True),
        (False, True),
        (False, True),
    ]
    assert (records[1].body, records[1].personal) == ({"minutes": 3}, None)
    assert verify(records, DESK, TICKET) == []


@pytest.mark.parametrize(
    ("column", "problem"),
    [
        ("body", "record 2: its body gives the digest "),
        ("personal", "record 2: its words give the digest "),
    ],
)
def test_what_is_changed_behind_our_back_is_noticed(store: Store, column: str, problem: str) -> None:
    append(store, entry("opened"), entry("heard", "comment:1", text="não aceito", public=True))
    with store.write() as tx:
        tx.journal._connection.exec_driver_sql(f'UPDATE journal SET {column} = \'{{"text":"aceito"}}\' WHERE seq = 2')
    with store.read() as tx:
        (found,) = verify(tx.journal.records(DESK, TICKET), DESK, TICKET)
    assert found.startswith(problem)


def test_names_that_cannot_be_stored_do_not_break_the_chain(store: Store) -> None:
    append(store, replace(entry("heard", "comment:\0" + "9" * 5000), actor="requester:\ud83d"))
    with store.read() as tx:
        assert verify(tx.journal.records(DESK, TICKET), DESK, TICKET) == []


def test_every_ticket_with_a_journal_is_listed(store: Store) -> None:
    append(store, entry("opened"), entry("heard"))
    append(store, entry("opened"), ticket=TicketId("12"))
    with store.read() as tx:
        assert [(each.ticket, each.entries, each.last_at) for each in tx.journal.tickets()] == [
            ("12", 1, at(0.123456)),
            ("7", 2, at(0.123456)),
        ]


def test_an_engagement_is_kept_with_its_place_in_the_journal(store: Store) -> None:
    engagement = fold(
        Engagement(desk=DESK, ticket=TICKET), [entry("opened", language="es"), entry("heard", comment="1", digest="ab")]
    )
    with store.write() as tx:
        assert tx.engagements.load(DESK, TICKET) is None
        tx.engagements.save(DESK, TICKET, encode_engagement(Engagement(desk=DESK, ticket=TICKET)), seq=1, head="aa", now=NOON)
        tx.engagements.save(DESK, TICKET, encode_engagement(engagement), seq=2, head="bb", now=at(1))
    with store.read() as tx:
        saved = tx.engagements.load(DESK, TICKET)
    assert saved is not None
    assert (decode_engagement(saved.state), saved.seq, saved.head, saved.updated_at) == (engagement, 2, "bb", at(1))


def test_engagements_are_listed_page_by_page_the_last_changed_first(store: Store) -> None:
    with store.write() as tx:
        for number in range(4):
            desk = DeskId("other") if number == 2 else DESK
            tx.engagements.save(desk, TicketId(str(number)), "{}", seq=1, head="", now=at(number))
    with store.read() as tx:
        page = tx.engagements.list(limit=2)
        assert [saved.ticket for saved in page] == ["3", "2"]
        assert [saved.ticket for saved in tx.engagements.list(limit=2, before=page[-1].updated_at)] == ["1", "0"]
        assert [saved.ticket for saved in tx.engagements.list(desk=DESK)] == ["3", "1", "0"]


def test_a_policy_can_be_read_long_after_it_was_in_force(store: Store) -> None:
    documents = {"rates/brl.yaml": {"rates": [{"id": "2026", "hourly": "354.00"}]}, "templates/term.md": "Olá {{ name }}"}
    with store.write() as tx:
        tx.policies.put("d1", documents, NOON)
        tx.policies.put("d1", {}, at(1))
    with store.read() as tx:
        assert (tx.policies.get("d1"), tx.policies.get("d2")) == (documents, None)


def test_how_far_a_desk_was_polled_is_remembered(store: Store) -> None:
    with store.write() as tx:
        assert tx.polls.get(DESK) is None
        tx.polls.set(DESK, NOON, at(1))
        tx.polls.set(DESK, at(5), at(6))
    with store.read() as tx:
        assert (tx.polls.get(DESK), tx.polls.get(DeskId("other"))) == (at(5), None)
