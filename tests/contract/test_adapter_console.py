"""The console desk: a thread in memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk_bridge.adapters.console import Console
from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.values import Delivery, DeskId, Role, TicketId
from helpdesk_bridge.errors import ParseError, Permanent

T0 = datetime(2020, 11, 24, 12, tzinfo=UTC)
NOTE = DeskUpdate(
    ticket=TicketId("1"),
    key="k:1",
    reference="HB-7F3K2Q",
    body="**Nota** HB-7F3K2Q",
    public=False,
    add_tags=("hb",),
    remove_tags=("old",),
    fields=(("term_state", "sent"),),
)


@pytest.fixture
def desk() -> Console:
    return Console(DeskId("trial"), {"secret": "only-a-trial"})


def told(*comments: dict[str, Any], at: datetime = T0, ticket: str = "1") -> Delivery:
    form = {"ticket": {"id": ticket, "tags": ["old"], "requester": {"id": "ana"}}, "comments": list(comments)}
    return Delivery(desk=DeskId("trial"), path="", headers=(), body=json.dumps(form).encode(), received_at=at)


def said(number: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "text": f"palavras {number}", "author": {"id": "ana", "role": "requester"}, **more}


def test_what_is_performed_shows_in_the_thread_and_is_found(desk: Console, capsys: pytest.CaptureFixture[str]) -> None:
    desk.parse(told(said("c1")))
    assert desk.find(NOTE) is None
    receipt = desk.perform(NOTE)
    ticket = desk.fetch(TicketId("1"))
    assert desk.find(NOTE) == receipt
    assert [(one.author.role, one.text, one.public) for one in ticket.comments][1] == (Role.BRIDGE, "Nota HB-7F3K2Q", False)
    assert (ticket.tags, ticket.fields) == (frozenset({"hb"}), (("term_state", "sent"),))
    assert "=== trial/1 internal note HB-7F3K2Q +hb -old" in capsys.readouterr().out


def test_a_comment_told_again_stays_where_it_was_first_told(desk: Console) -> None:
    """Else a customer's answer would move behind the term it never saw."""
    desk.parse(told(said("c1")))
    desk.parse(told(said("c1"), ticket="2"))
    desk.parse(told(said("c1"), said("c2"), at=T0 + timedelta(minutes=1)))
    assert [one.at for one in desk.fetch(TicketId("1")).comments] == [T0, T0 + timedelta(minutes=1)]


def test_the_same_words_are_the_same_fact_and_new_words_another(desk: Console) -> None:
    first, again = desk.parse(told(said("c1"))), desk.parse(told(said("c1"), at=T0 + timedelta(hours=1)))
    more = desk.parse(told(said("c1"), said("c2")))
    assert first.identity == again.identity
    assert first.identity != more.identity


def test_it_knows_only_what_it_was_told(desk: Console) -> None:
    with pytest.raises(Permanent, match="nobody told this process about ticket 9"):
        desk.fetch(TicketId("9"))


def test_a_ticket_id_is_something_people_can_type(desk: Console) -> None:
    for odd in ("", "a b", "\u0000", "\ud800", "x" * 65):
        with pytest.raises(ParseError, match="ticket"):
            desk.parse(told(ticket=odd))
