"""Erasure: whatever happened, the words go, the chain holds, and the journal adds up to what it did."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.erasure import erasable, erased_entry, still_needed
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.journal import Entry, Record, chain, genesis, verify
from helpdesk_bridge.domain.reading import SignalKind
from tests.domain.builders import COLLEAGUE, DESK, REQUESTER, TICKET, Story, at, some_rules
from tests.domain.histories import Act, History, acts

EMPTY = Engagement(desk=DESK, ticket=TICKET)


def chained(entries: list[Entry], before: tuple[Record, ...] = ()) -> tuple[Record, ...]:
    records = list(before)
    for entry in entries:
        previous = records[-1].hash if records else genesis(DESK, TICKET)
        records.append(chain(entry, seq=len(records) + 1, previous=previous, salt="5a17"))
    return tuple(records)


def erased(records: tuple[Record, ...], person: str | None = None) -> tuple[Record, ...]:
    """Erase as the store does."""
    gone = erasable(records, person)
    entry = erased_entry(gone, at=at(999), operator="root", reason="LGPD", of_person=person is not None, deliveries=0, updates=0)
    after = chained([entry], records)
    return tuple(replace(record, personal=None, salt=None) if record.seq in gone else record for record in after)


def dumped(records: tuple[Record, ...]) -> str:
    return json.dumps([asdict(record) for record in records], default=str, ensure_ascii=False)


@settings(deadline=None, max_examples=150)
@given(acts(), st.sampled_from((None, "consultoria-suporte")))
def test_after_an_erasure_the_chain_holds_and_adds_up_to_the_same(history: list[Act], accepted: str | None) -> None:
    story = History(some_rules(), accepted=accepted).play(history)
    records = chained(story.entries)
    after = erased(records)

    assert verify(after, DESK, TICKET) == []
    assert fold(EMPTY, after) == fold(EMPTY, records)
    assert [record.hash for record in after[:-1]] == [record.hash for record in records]


@settings(deadline=None, max_examples=100)
@given(acts())
def test_nothing_that_a_customer_wrote_or_an_agent_explained_is_left(history: list[Act]) -> None:
    story = History(some_rules(), accepted="consultoria-suporte").play(history)
    left = dumped(erased(chained(story.entries)))
    spoken = [comment.text for comment in story.ticket.comments if comment.public]
    people = [f'"{text}"' for person in (REQUESTER, COLLEAGUE) for text in (person.name, person.email)]

    for text in (*spoken, *people, "motivo", "combinado", "cortesia", "engano"):
        assert text not in left


@settings(deadline=None, max_examples=50)
@given(acts())
def test_what_was_erased_is_not_erased_again(history: list[Act]) -> None:
    assert erasable(erased(chained(History(some_rules(), accepted="consultoria-suporte").play(history).entries))) == ()


def a_story() -> Story:
    """Ana asks, Bia accepts, an agent names Ana in a reason."""
    story = Story().term_sent_and_posted()
    story.says(3, SignalKind.QUESTION)
    story.says(5, SignalKind.ACCEPTANCE, author=COLLEAGUE)
    story.commands(100, "/tempo remoto 09:30-10:30")
    story.commands(110, "/abonar management Ana pediu cortesia")
    story.commands(120, "/concluir")
    return story


@pytest.mark.parametrize("person", ["ana@cliente.example", "Ana", "ANA@cliente.example"])
def test_one_person_is_erased_by_any_of_their_names_and_others_stay(person: str) -> None:
    records = chained(a_story().entries)
    after = erased(records, person)
    gone = [record.kind for record in after if record.is_erased]

    assert gone == ["words", "waived"]
    assert '"Bia"' in dumped(after)
    assert [text for text in ("Ana", "ana@cliente.example") if text in dumped(after)] == []


def test_money_facts_and_decisions_stay() -> None:
    story = a_story()
    after = erased(chained(story.entries))
    engagement = fold(EMPTY, after)
    kinds = {record.kind for record in after if record.is_erased}

    assert engagement == story.engagement
    assert engagement.terms[0].charged is not None
    assert engagement.terms[0].waiver is not None
    assert kinds & {"consent", "term_sent", "time_logged", "charged", "heard"} == set()


def test_an_erasure_tells_who_and_why_and_never_whose() -> None:
    record = erased(chained(a_story().entries), "ana@cliente.example")[-1]

    assert (record.kind, record.actor) == ("erased", "operator:root")
    assert (record.body["reason"], record.body["of"]) == ("LGPD", "person")
    assert "Ana" not in json.dumps(record.body, default=str)


def test_somebody_nobody_knows_is_nowhere() -> None:
    assert erasable(chained(a_story().entries), "eve@fora.example") == ()


def test_words_are_needed_until_what_was_worked_is_invoiced_or_nothing_is_due() -> None:
    story = Story()
    assert still_needed(story.engagement) == ()
    story.term_sent_and_posted()
    assert still_needed(story.engagement) == ("term 1 is waiting for an answer",)
    story.says(3, SignalKind.ACCEPTANCE)
    story.commands(100, "/tempo remoto 09:30-10:30")
    assert still_needed(story.engagement) == ("term 1 is not concluded",)
    story.commands(120, "/concluir")
    assert still_needed(story.engagement) == ("term 1 is chargeable and not invoiced",)
    story.bills("stated")
    assert still_needed(story.engagement) == ("term 1 is stated and not invoiced",)
    story.bills("invoiced", minutes=1000, invoice="NF-1", tax_id="11222333000181", issued_on=at(0).date())
    assert still_needed(story.engagement) == ()


def test_a_waived_charge_needs_no_words() -> None:
    assert still_needed(a_story().engagement) == ()
