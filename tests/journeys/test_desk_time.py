"""The desk's own time through the real engine: booked, corrected, stated, and locked from then on. And a ticket that goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from helpdesk_bridge.adapters.zendesk import Zendesk
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.lifecycle import ChargeState
from helpdesk_bridge.domain.statements import Period
from helpdesk_bridge.domain.values import Delivery, DeskId, TicketId
from helpdesk_bridge.engine.advance import advance, load
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.close_month import close_month
from helpdesk_bridge.engine.deliver import deliver
from helpdesk_bridge.engine.receive import receive
from helpdesk_bridge.engine.tick import tick
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.store import Store
from tests.contract.fake_zendesk import WEBHOOK_SECRET, FakeZendesk, signed_headers, trigger_body
from tests.contract.zendesk_account import AGENT, REQUESTER, TIME_TOTAL

DESK = DeskId("suporte")
ACCEPTANCE = "De acordo com o termo de Consultoria do Suporte, podem prosseguir com o atendimento."


class _Bell:
    def ring(self, kind: str) -> None:
        """Nobody sleeps here."""


class House:
    """A Zendesk over real HTTP, and a bridge whose clock may be put forward."""

    def __init__(self, folder: Path, zendesk: FakeZendesk) -> None:
        self.ahead, self.zendesk, self.hints = timedelta(), zendesk, 0
        zendesk.account.clock = self.now
        store = Store.open(f"sqlite:///{folder}/bridge.sqlite3")
        store.upgrade()
        settings = Zendesk.Settings().load({**zendesk.settings, "time_field": TIME_TOTAL, "tax_id_field": "cnpj"})
        self.bridge = Bridge(
            store=store,
            desks={DESK: Zendesk(DESK, dict(settings))},
            bell=_Bell(),
            clock=self.now,
            policy=load_policy(),
        )
        self.number = zendesk.account.open_ticket()
        self.ticket = TicketId(str(self.number))

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def hear(self) -> None:
        """Let a webhook come, and everything follow from it."""
        self.hints += 1
        body, now = trigger_body(self.number, updated_at=f"2026-11-24T13:00:{self.hints:02}Z"), self.now()
        headers = tuple((name.lower(), value) for name, value in signed_headers(WEBHOOK_SECRET, body, now).items())
        receive(
            self.bridge,
            self.bridge.store.recorder(),
            Delivery(desk=DESK, path="", headers=headers, body=body, received_at=now),
        )
        self.work()

    def work(self) -> None:
        while tick(self.bridge) or advance(self.bridge) or deliver(self.bridge):
            pass

    def note(self, text: str) -> None:
        self.zendesk.account.say(self.number, text, author=AGENT, public=False)
        self.hear()

    @property
    def engagement(self) -> Engagement:
        return load(self.bridge, DESK, self.ticket)[0]

    def said(self, words: str) -> list[str]:
        """Our comments that say ``words``."""
        thread = self.zendesk.account.state["comments"].get(str(self.number), [])
        return [one["plain_body"] for one in thread if words in one["plain_body"] and "HB-" in one["plain_body"]]

    def parked(self) -> list[str]:
        with self.bridge.store.read() as tx:
            return [row.reason for row in (*tx.inbox.parked(), *tx.outbox.parked())]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with FakeZendesk() as zendesk:
        made = House(tmp_path, zendesk)
        yield made
        made.bridge.store.close()


def accepted(house: House) -> None:
    house.note("/termo consultoria-suporte")
    house.zendesk.account.say(house.number, ACCEPTANCE, author=REQUESTER)
    house.hear()
    term = house.engagement.term
    assert term is not None
    assert term.accepted_at is not None


def closed(house: House) -> None:
    """Conclude, solve, and close the month."""
    house.note("/concluir")
    house.zendesk.account.change(house.number, status="solved")
    house.hear()
    month = Period.of(f"{datetime.now(UTC):%Y-%m}")
    house.ahead = datetime(month.next_month.year, month.next_month.month, 20, tzinfo=UTC) - datetime.now(UTC)
    books = close_month(house.bridge, month, operator="root")
    assert len(books.booked) == 1
    house.work()


def seconds(house: House) -> list[int]:
    term = house.engagement.term
    assert term is not None
    return [entry.seconds for entry in term.standing]


def test_seconds_logged_in_the_app_are_booked_corrected_and_never_lost(house: House) -> None:
    accepted(house)
    for _ in range(2):
        house.zendesk.account.log_time(house.number, 5)  # twice the same: the app's other field shows one
        house.hear()
    house.zendesk.account.log_time(house.number, 0, total=7)
    house.hear()

    assert seconds(house) == [5, 2]
    term = house.engagement.term
    assert term is not None
    assert [(entry.corrects, entry.source[:5]) for entry in term.entries] == [(None, "time:"), (None, "time:"), (2, "time:")]


def test_a_webhook_that_comes_many_times_books_once(house: House) -> None:
    accepted(house)
    house.zendesk.account.log_time(house.number, 5)
    for _ in range(3):
        house.hear()

    assert seconds(house) == [5]


def test_after_the_closing_a_change_at_the_desk_is_refused_and_the_entry_stays(house: House) -> None:
    accepted(house)
    house.ahead = timedelta(minutes=10)
    house.zendesk.account.log_time(house.number, 60)
    house.hear()
    closed(house)
    before = house.engagement.term
    house.zendesk.account.log_time(house.number, 0, total=10)
    house.hear()
    house.zendesk.account.log_time(house.number, 600)
    house.hear()
    house.hear()
    after = house.engagement.term

    assert before is not None
    assert after is not None
    assert (after.charge, after.charged, after.entries) == (ChargeState.STATED, before.charged, before.entries)
    assert len(house.said("Tempo do helpdesk não lançado")) == 2
    assert house.parked() == []


def test_a_ticket_deleted_at_the_desk_is_noticed_and_parks_nothing(house: House) -> None:
    accepted(house)
    house.zendesk.account.log_time(house.number, 60)
    house.hear()
    house.zendesk.account.delete(house.number)
    house.hear()
    house.hear()

    assert house.engagement.gone_at is not None
    assert (seconds(house), house.parked()) == ([60], [])
    with house.bridge.store.read() as tx:
        records = tuple(tx.journal.records(DESK, house.ticket))
    assert [record.kind for record in records].count("ticket_gone") == 1
    assert fold(Engagement(desk=DESK, ticket=house.ticket), records) == house.engagement
