"""Time of the desk's own field, read from every product that has one: one suite over all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest
import responses

from helpdesk_bridge.adapters import adapter_of, products
from helpdesk_bridge.adapters.base import Adapter
from helpdesk_bridge.adapters.console import Console
from helpdesk_bridge.adapters.django_helpdesk import DjangoHelpdesk
from helpdesk_bridge.adapters.django_helpdesk.thread import seconds_of
from helpdesk_bridge.adapters.zendesk import Zendesk
from helpdesk_bridge.domain.values import Delivery, DeskId, LoggedTime, Role, TicketId
from tests.contract.fake_zendesk import FakeZendesk
from tests.contract.zendesk_account import AGENT, BOT, REQUESTER, TIME_TOTAL

DESK = DeskId("d")
T0 = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Field(Protocol):
    """A desk's own field, as people use it."""

    adapter: Adapter
    ticket: TicketId

    def log(self, seconds: int, who: Role = Role.AGENT, text: str = "") -> str:
        """Log time, with a comment or without; return the fact's id."""

    def change(self, fact: str, seconds: int) -> None:
        """Let the desk say something else about it; 0: nothing any more."""


class ConsoleField:
    """A list in the told form."""

    def __init__(self) -> None:
        self.adapter, self.ticket = Console(DESK, {"secret": "only-a-trial"}), TicketId("1")
        self.rows: list[dict[str, Any]] = []
        self._tell()

    def log(self, seconds: int, who: Role = Role.AGENT, text: str = "") -> str:
        names = {Role.AGENT: "Caio", Role.REQUESTER: "Ana", Role.BRIDGE: "bridge"}
        person = {"id": "17", "name": names[who], "role": "system" if who is Role.BRIDGE else who.value}
        fact = f"t{len(self.rows)}"
        self.rows.append({"id": fact, "minutes": seconds / 60, "author": person, "comment": f"c{fact}" if text else None})
        self._tell()
        return fact

    def change(self, fact: str, seconds: int) -> None:
        self.rows = [{**row, "minutes": seconds / 60} if row["id"] == fact else row for row in self.rows]
        self.rows = [row for row in self.rows if row["minutes"]]
        self._tell()

    def _tell(self) -> None:
        told = {"ticket": {"id": "1", "requester": {"id": "ana"}}, "time": self.rows}
        body = json.dumps(told).encode()
        self.adapter.parse(Delivery(desk=DESK, path="", headers=(), body=body, received_at=T0))


class DjangoHelpdeskField:
    """``time_spent`` of follow-ups, in the JSON that a running one answers."""

    def __init__(self, wire: responses.RequestsMock) -> None:
        settings = {"base_url": "http://desk.example/", "token": "t", "url_secret": "secret-of-this-test", "bot_user_id": 2}
        loaded = DjangoHelpdesk.Settings().load({**settings, "agents": {5: "Caio"}})
        self.adapter, self.ticket = DjangoHelpdesk(DESK, dict(loaded)), TicketId("12")
        self.rows = [self._row(1, None, None, "O custo zera.")]
        wire.add_callback(responses.GET, "http://desk.example/api/tickets/12/", lambda _request: (200, {}, self._answer()))

    def log(self, seconds: int, who: Role = Role.AGENT, text: str = "") -> str:
        user = {Role.AGENT: 5, Role.BRIDGE: 2, Role.REQUESTER: None}[who]
        self.rows.append(self._row(len(self.rows) + 1, user, seconds, text))
        return str(len(self.rows))

    def change(self, fact: str, seconds: int) -> None:
        self.rows[int(fact) - 1]["time_spent"] = self._spent(seconds)

    def _row(self, number: int, user: int | None, seconds: int | None, text: str) -> dict[str, Any]:
        made = {"id": number, "user": user, "title": "Nota", "comment": text, "public": False, "new_status": None}
        date = (T0 + timedelta(minutes=number)).isoformat()
        return {**made, "date": date, "time_spent": self._spent(seconds), "message_id": None, "email_recipients": []}

    def _spent(self, seconds: int | None) -> str | None:
        if not seconds:
            return None
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"

    def _answer(self) -> str:
        raw = {"id": 12, "title": "Custo", "description": "O custo zera.", "status": 1, "submitter_email": "ana@cliente.example"}
        return json.dumps({**raw, "followup_set": self.rows})


class ZendeskField:
    """The running total of the Time Tracking app, over real HTTP."""

    def __init__(self, desk: FakeZendesk) -> None:
        settings = Zendesk.Settings().load({**desk.settings, "time_field": TIME_TOTAL})
        self.desk, self.adapter = desk, Zendesk(DESK, dict(settings))
        self.number = desk.account.open_ticket()
        self.ticket = TicketId(str(self.number))

    def log(self, seconds: int, who: Role = Role.AGENT, text: str = "") -> str:
        author = {Role.AGENT: AGENT, Role.REQUESTER: REQUESTER, Role.BRIDGE: BOT}[who]
        return str(self.desk.account.log_time(self.number, seconds, author=author, text=text))

    def change(self, fact: str, seconds: int) -> None:
        """Set the total to what it was before the last fact, plus so much: the app has no other way."""
        times = self.adapter.fetch(self.ticket).time or ()
        before = sum(time.seconds for time in times if time.id != fact)
        self.desk.account.log_time(self.number, seconds, total=before + seconds)


@pytest.fixture(params=["console", "django_helpdesk", "zendesk"])
def field(request: pytest.FixtureRequest) -> Iterator[Field]:
    if request.param == "console":
        yield ConsoleField()
    elif request.param == "zendesk":
        with FakeZendesk() as desk:
            yield ZendeskField(desk)
    else:
        with responses.RequestsMock(assert_all_requests_are_fired=False) as wire:
            yield DjangoHelpdeskField(wire)


def read(field: Field) -> tuple[LoggedTime, ...]:
    time = field.adapter.fetch(field.ticket).time
    assert time is not None
    return time


def test_every_product_that_can_is_in_this_suite() -> None:
    can = [product for product in sorted(products()) if adapter_of(product).capabilities.time_entries]
    assert can == ["console", "django_helpdesk", "zendesk"]


def test_an_agents_time_is_theirs_and_has_a_name_that_stays(field: Field) -> None:
    fact = field.log(2100)
    (time,) = read(field)
    assert (time.id, time.seconds, time.author.role, time.author.name) == (fact, 2100, Role.AGENT, "Caio")
    assert (time.started, read(field)) == (None, (time,))


def test_the_same_time_twice_in_a_row_counts_twice(field: Field) -> None:
    facts = [field.log(600), field.log(600), field.log(600)]
    assert [(time.id, time.seconds) for time in read(field)] == [(fact, 600) for fact in facts]


def test_time_with_a_comment_names_it_and_time_without_one_names_none_of_the_thread(field: Field) -> None:
    field.log(600, text="Analisei o log.")
    field.log(300)
    ticket = field.adapter.fetch(field.ticket)
    written = [comment.id for comment in ticket.comments]
    with_comment, without = read(field)
    assert with_comment.comment is not None
    assert without.comment not in written
    if written:
        assert written == [with_comment.comment]


def test_time_that_is_changed_is_the_same_fact_that_says_something_else(field: Field) -> None:
    fact = field.log(600)
    (before,) = read(field)
    field.change(fact, 300)
    (after,) = read(field)
    assert (after.id, after.at, after.seconds) == (before.id, before.at, 300)
    assert after.digest != before.digest


def test_time_that_is_taken_away_is_there_no_more(field: Field) -> None:
    field.log(600)
    fact = field.log(300)
    field.change(fact, 0)
    assert [time.seconds for time in read(field)] == [600]


@pytest.mark.parametrize("who", [Role.REQUESTER, Role.BRIDGE])
def test_time_by_anybody_else_is_never_an_agents(field: Field, who: Role) -> None:
    field.log(600, who)
    assert [time.author.role is Role.AGENT for time in read(field)] == [False]


def test_a_ticket_without_time_was_read_and_has_none(field: Field) -> None:
    assert read(field) == ()


@pytest.mark.parametrize(
    ("spent", "seconds"),
    [
        ("00:35:00", 2100),
        ("1 02:00:00", 26 * 3600),
        ("00:00:59.999999", 59),
        ("-1 23:59:00", -60),
        ("100:00:00", 360_000),
        ("", 0),
        (None, 0),
        (35, 0),
        ("P1DT2H", 0),
        ("00h:35m", 0),
        ("aa:bb:cc", 0),
    ],
)
def test_lengths_are_read_as_django_writes_them(spent: object, seconds: int) -> None:
    assert seconds_of(spent) == seconds


def test_time_that_django_helpdesk_computes_itself_is_not_read() -> None:
    with responses.RequestsMock() as wire:
        field = DjangoHelpdeskField(wire)
        settings = {"base_url": "http://desk.example/", "token": "t", "url_secret": "secret-of-this-test", "bot_user_id": 2}
        field.log(600)
        adapter = DjangoHelpdesk(DESK, dict(DjangoHelpdesk.Settings().load({**settings, "time_spent": False})))
        assert adapter.fetch(field.ticket).time is None


def zendesk(act: Callable[[FakeZendesk, int], object], **settings: Any) -> tuple[LoggedTime, ...] | None:
    with FakeZendesk() as desk:
        ticket = desk.account.open_ticket()
        act(desk, ticket)
        return Zendesk(DESK, dict(Zendesk.Settings().load({**desk.settings, **settings}))).fetch(TicketId(str(ticket))).time


def test_without_the_field_zendesk_says_nothing_about_time_and_reads_no_audits() -> None:
    assert zendesk(lambda desk, ticket: desk.account.log_time(ticket, 600)) is None


def test_a_total_made_smaller_takes_back_what_was_logged_last() -> None:
    def act(desk: FakeZendesk, ticket: int) -> None:
        for seconds in (600, 300, 120):
            desk.account.log_time(ticket, seconds)
        desk.account.log_time(ticket, 0, total=800)
        desk.account.log_time(ticket, 60)

    times = zendesk(act, time_field=TIME_TOTAL)
    assert times is not None
    assert [time.seconds for time in times] == [600, 200, 60]


@pytest.mark.parametrize("odd", ["muito", None, "-5", "1e9", "", "99999999999999"])
def test_a_total_that_is_no_number_takes_nothing_and_crashes_nothing(odd: str | None) -> None:
    def act(desk: FakeZendesk, ticket: int) -> None:
        desk.account.log_time(ticket, 600)
        event = {"id": 1, "type": "Change", "field_name": str(TIME_TOTAL), "value": odd}
        desk.account.state["audits"][str(ticket)][-1]["events"].append({**event, "type": "Notification"})
        if odd not in (None, ""):
            desk.account.state["audits"][str(ticket)].append(
                {"id": 9999, "author_id": AGENT, "created_at": "2030-01-01T00:00:00Z", "events": [event], "metadata": {}}
            )

    times = zendesk(act, time_field=TIME_TOTAL)
    assert times is not None
    assert [time.seconds for time in times] == [600]


def test_many_pages_of_audits_are_read_whole() -> None:
    def act(desk: FakeZendesk, ticket: int) -> None:
        desk.page_limit = 2
        for _ in range(5):
            desk.account.log_time(ticket, 600)

    times = zendesk(act, time_field=TIME_TOTAL)
    assert times is not None
    assert [time.seconds for time in times] == [600] * 5
