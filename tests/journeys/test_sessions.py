"""A session from the proposal to the customer's calendar, through the real engine, store, language and templates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk_bridge.adapters.console import Console
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.ledger import ProposalState
from helpdesk_bridge.domain.lifecycle import WorkState
from helpdesk_bridge.domain.values import Delivery, DeskId, TicketId
from helpdesk_bridge.engine.advance import advance, load
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.deliver import deliver
from helpdesk_bridge.engine.feeds import Feeds
from helpdesk_bridge.engine.invitations import Invitations
from helpdesk_bridge.engine.receive import receive
from helpdesk_bridge.engine.tick import tick
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.store import Store

DESK = DeskId("trial")
ANA = {"id": "ana", "name": "Ana", "role": "requester"}
CAIO = {"id": "17", "name": "Caio", "role": "agent"}
CONSULTANT = "id: caio\nname: Caio Prado\nagents: ['17']\nfeed: {feed}\n"


class _Bell:
    def ring(self, kind: str) -> None:
        """Nobody sleeps here."""


class House:
    """One desk, one database and one engine, whose clock may be put forward."""

    def __init__(self, folder: Path, database: str | None = None) -> None:
        self.ahead = timedelta()
        self.feed = folder / "caio.ics"
        self.feed.write_text(_calendar())
        site = folder / "policy" / "consultants"
        site.mkdir(parents=True)
        (site / "caio.yaml").write_text(CONSULTANT.format(feed=self.feed))
        policy = load_policy(folder / "policy")
        store = Store.open(database or f"sqlite:///{folder}/bridge.sqlite3")
        store.upgrade()
        self.desk = Console(DESK, {"secret": "only-for-tests"})
        self.bridge = Bridge(
            store=store,
            desks={DESK: self.desk},
            bell=_Bell(),
            clock=lambda: datetime.now(UTC) + self.ahead,
            policy=policy,
            invitations=Invitations(public_url="https://bridge.example", secret="a-secret-only-for-tests"),
            feeds=Feeds(policy.rules),
        )
        self.comments: dict[str, list[dict[str, Any]]] = {}

    def writes(self, author: dict[str, str], text: str, *, ticket: str = "1", public: bool = True, work: bool = True) -> None:
        """Somebody writes in a ticket; the engine then does everything there is to do."""
        told = self._told(author, text, ticket=ticket, public=public)
        if work:
            receive(self.bridge, self.bridge.store.recorder(), told)
            self.work()
        else:
            self.desk.parse(told)

    def _told(self, author: dict[str, str], text: str, *, ticket: str, public: bool) -> Delivery:
        thread = self.comments.setdefault(ticket, [])
        thread.append({"id": f"{ticket}-{len(thread)}", "author": author, "public": public, "text": text})
        body = {
            "ticket": {"id": ticket, "subject": "MATA330", "description": "O custo zera.", "requester": ANA},
            "comments": thread,
        }
        return Delivery(
            desk=DESK,
            path="",
            headers=(("x-bridge-secret", "only-for-tests"),),
            body=json.dumps(body).encode(),
            received_at=self.bridge.now(),
        )

    def leaves(self, author: dict[str, str], text: str, *, ticket: str) -> None:
        """Somebody writes an internal note, and nothing is done about it yet."""
        told = self._told(author, text, ticket=ticket, public=False)
        receive(self.bridge, self.bridge.store.recorder(), told)

    def work(self) -> None:
        while tick(self.bridge) or advance(self.bridge) or deliver(self.bridge):
            pass

    def sleep_until_morning(self) -> None:
        """Put the clock forward to six in the morning where the desk is, so that no afternoon has begun."""
        now = datetime.now(UTC)
        self.ahead = (now + timedelta(days=1)).replace(hour=9, minute=0) - now

    def term(self, ticket: str = "1") -> ServiceTerm:
        term = load(self.bridge, DESK, TicketId(ticket))[0].term
        assert term is not None
        return term

    def said(self, words: str, ticket: str = "1") -> str:
        """The last comment of ours that says ``words``."""
        thread = self.desk.fetch(TicketId(ticket)).comments
        return next(one.text for one in reversed(thread) if one.reference and words in one.text)

    def accepted(self, ticket: str = "1") -> None:
        self.writes(CAIO, "/termo consultoria-suporte", ticket=ticket, public=False)
        self.writes(ANA, "De acordo com o termo de Consultoria do Suporte, podem prosseguir com o atendimento.", ticket=ticket)

    def proposed(self, ticket: str = "1") -> str:
        """Propose the first free time; return the command."""
        self.writes(CAIO, "/agendar", ticket=ticket, public=False)
        command = re.findall(r"/agendar \S+ \S+ @caio", self.said("/agendar ", ticket))[0]
        self.writes(CAIO, command, ticket=ticket, public=False)
        return command


def _calendar() -> str:
    """Caio is busy every weekday morning."""
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z")
    rule = ("DTSTART:20260105T110000Z", "DTEND:20260105T150000Z", "RRULE:FREQ=DAILY", "END:VEVENT", "END:VCALENDAR", "")
    return "\r\n".join((*lines, *rule))


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.bridge.store.close()


def test_a_session_is_suggested_proposed_confirmed_and_put_into_the_calendar(house: House) -> None:
    house.accepted()
    command = house.proposed()
    assert re.search(r"1[3-7]:\d\d-", command), "the mornings are taken in the consultant's own calendar"
    assert (house.term().work, house.term().proposal is not None) == (WorkState.SLOT_PROPOSED, True)
    house.writes(ANA, "Confirmado, pode ser nesse horário.")

    assert house.term().work is WorkState.SCHEDULED
    (address,) = re.findall(r"https://bridge\.example/slots/(\S+?)\.ics", house.said("confirmado por Ana"))
    assert house.bridge.invitations is not None
    invitation = house.bridge.invitations.read(address)
    proposal = house.term().proposal
    assert invitation is not None
    assert proposal is not None
    assert (invitation.start, invitation.method) == (proposal.start.replace(microsecond=0), "REQUEST")


def test_two_tickets_never_take_the_same_consultant_at_the_same_time(house: House) -> None:
    for ticket in ("1", "2"):
        house.accepted(ticket)
    command = house.proposed("1")
    house.writes(CAIO, command, ticket="2", public=False)
    assert "já está ocupado" in house.said("Nada foi feito", "2")
    assert house.term("2").proposal is None


def test_a_session_given_back_is_free_for_others(house: House) -> None:
    for ticket in ("1", "2"):
        house.accepted(ticket)
    command = house.proposed("1")
    house.writes(CAIO, "/interromper resolvido", ticket="1", public=False)
    house.writes(CAIO, command, ticket="2", public=False)
    assert house.term("2").work is WorkState.SLOT_PROPOSED


def test_the_deadline_ends_a_proposal_nobody_confirmed(house: House) -> None:
    house.accepted()
    house.proposed()
    house.ahead = timedelta(hours=24, minutes=1)
    house.work()
    proposal = house.term().proposal
    assert proposal is not None
    assert (house.term().work, proposal.state) == (WorkState.RESCHEDULE_NEEDED, ProposalState.LAPSED)
    assert "Novo agendamento necessário" in house.said("agendamento")


def test_what_was_written_before_the_deadline_counts_although_its_webhook_was_lost(house: House) -> None:
    house.accepted()
    house.proposed()
    house.writes(ANA, "Confirmado.", work=False)
    house.ahead = timedelta(hours=24, minutes=1)
    house.work()
    assert house.term().work is WorkState.SCHEDULED


def test_a_calendar_that_cannot_be_read_is_said_and_the_last_reading_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpdesk_bridge.engine.feeds.FRESH", 0.0)
    house.accepted()
    house.sleep_until_morning()
    house.feed.write_text("no calendar")
    house.writes(CAIO, "/agendar", public=False)
    told = house.said("/agendar ")
    assert "não foi possível ler a agenda de Caio Prado" in told
    assert re.findall(r"/agendar \S+ (\d\d):", told) == ["13"] * 3


def test_replaying_the_journal_gives_the_same_engagement(house: House) -> None:
    house.accepted()
    house.proposed()
    house.writes(ANA, "Não consigo nesse dia. Pode ser outro dia às 16h?")
    house.proposed()
    house.writes(ANA, "Confirmado.")
    saved, _seq = load(house.bridge, DESK, TicketId("1"))
    with house.bridge.store.read() as tx:
        records = tx.journal.records(DESK, TicketId("1"))
    assert fold(Engagement(desk=DESK, ticket=TicketId("1")), records) == saved
