"""Every trap of django-helpdesk, seen on a running one. BRIDGE_TEST_DJHD_PYTHON names a Python that has it installed."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
import requests

from helpdesk_bridge.adapters.base import Adapter
from helpdesk_bridge.adapters.django_helpdesk import DjangoHelpdesk
from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.values import Delivery, DeskId, Role, TicketId, TicketStatus
from helpdesk_bridge.errors import Permanent, Refused, Retryable, Uncertain
from tests.desks.django_helpdesk.start import RealDesk, start

PYTHON = os.environ.get("BRIDGE_TEST_DJHD_PYTHON", "")
pytestmark = [pytest.mark.real_desk, pytest.mark.skipif(not PYTHON, reason="BRIDGE_TEST_DJHD_PYTHON is not set")]

SECRET, DESK = "secret-of-this-test", DeskId("chamados")
ANA, BIA, OTTO = "ana@cliente.test", "bia@cliente.test", "otto@example.test"
REFERENCE = "HB-7F3K2Q"


class Ear:
    """What django-helpdesk posts, heard on loopback."""

    def __init__(self) -> None:
        self.heard: list[Delivery] = []
        self.port = 0
        self._server: ThreadingHTTPServer | None = None

    def open(self) -> None:
        """Listen, on the same port each time."""
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                path = self.path.removeprefix(f"/hooks/{DESK}/")
                ear.heard.append(Delivery(desk=DESK, path=path, headers=(), body=body, received_at=datetime.now(UTC)))
                self.send_response(202)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Print nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        """Refuse connections."""
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def ear() -> Iterator[Ear]:
    ear = Ear()
    ear.open()
    yield ear
    ear.close()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, ear: Ear) -> Iterator[RealDesk]:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    webhook = f"http://127.0.0.1:{ear.port}/hooks/{DESK}/{SECRET}"
    desk = start(tmp_path_factory.mktemp("djhd"), port=port, webhook=webhook, python=PYTHON)
    yield desk
    desk.stop()


@pytest.fixture
def adapter(real: RealDesk) -> Adapter:
    return configured(real)


def configured(real: RealDesk, **more: Any) -> Adapter:
    settings = real.settings(SECRET, organization_domains=["cliente.test"], **more)
    return DjangoHelpdesk(DESK, dict(DjangoHelpdesk.Settings().load(settings)))


def api(real: RealDesk, method: str, path: str, **body: Any) -> Any:
    headers = {"Authorization": f"Token {real.token}"}
    answer = requests.request(method, f"{real.url}api/{path}", json=body or None, headers=headers, timeout=30)
    answer.raise_for_status()
    return answer.json()


def open_ticket(real: RealDesk, description: str = "A nota não transmite.", **more: Any) -> TicketId:
    made = {"queue": 1, "title": "Nota", "description": description, "submitter_email": ANA, "priority": 3, "status": 1}
    return TicketId(str(api(real, "POST", "tickets/", **{**made, **more})["id"]))


def raw(real: RealDesk, ticket: TicketId) -> Any:
    return api(real, "GET", f"tickets/{ticket}/")


def mail(real: RealDesk, sender: str, text: str, ticket: TicketId | None = None) -> None:
    message = EmailMessage()
    message["To"], message["Message-ID"] = "support@helpdesk.test", f"<{uuid4().hex}@mail.test>"
    message["Subject"] = f"Re: [support-{ticket}] Nota" if ticket else f"Nota {uuid4().hex}"
    message.set_content(text)
    real.receive_mail(b"From: " + sender.encode() + b"\n" + message.as_bytes())


def public_page(real: RealDesk, ticket: TicketId, **more: str) -> str:
    with closing(sqlite3.connect(real.home / "helpdesk.sqlite3")) as database:
        (key,) = database.execute("SELECT secret_key FROM helpdesk_ticket WHERE id = ?", (int(ticket),)).fetchone()
    query = {"ticket": f"support-{ticket}", "email": ANA, "key": key, **more}
    return requests.get(f"{real.url}view/", params=query, timeout=30, allow_redirects=False).text


def agent(real: RealDesk) -> requests.Session:
    session = requests.Session()
    session.get(f"{real.url}login/", timeout=30)
    form = {"username": "agent", "password": "agent-password", "csrfmiddlewaretoken": session.cookies["csrftoken"]}
    session.post(f"{real.url}login/", data=form, timeout=30).raise_for_status()
    return session


def update(ticket: TicketId, body: str | None = "Olá.", *, public: bool = False, **more: Any) -> DeskUpdate:
    words = None if body is None else f"{body}\n\n{REFERENCE}"
    return DeskUpdate(ticket=ticket, key="k:1", reference=REFERENCE, body=words, public=public, **more)


def test_what_was_performed_is_in_the_thread_and_found(real: RealDesk, adapter: Adapter) -> None:
    ticket = open_ticket(real)
    receipt = adapter.perform(update(ticket, public=True))
    (comment,) = adapter.fetch(ticket).comments
    assert (receipt.comment, Role.BRIDGE, True, REFERENCE) == (comment.id, comment.author.role, comment.public, comment.reference)
    assert receipt == adapter.find(update(ticket, public=True))


def test_what_was_never_performed_is_surely_absent(real: RealDesk, adapter: Adapter) -> None:
    assert adapter.find(update(open_ticket(real))) is None


@pytest.mark.parametrize(
    "hostile", ["{{ ticket.submitter_email }}", "{# gone #}", "{% now 'Y' %}", "{{ a|nofilter }}", "lone %}", "lone {%", "{{{{"]
)
def test_braces_survive_as_they_were_written(real: RealDesk, adapter: Adapter, hostile: str) -> None:
    ticket = open_ticket(real)
    adapter.perform(update(ticket, f"> {hostile} fim"))
    assert f"> {hostile} fim" in adapter.fetch(ticket).comments[0].text.replace("\u200b", "")


def test_a_comment_does_not_rename_the_ticket(real: RealDesk, adapter: Adapter) -> None:
    ticket = open_ticket(real)
    adapter.perform(update(ticket))
    assert raw(real, ticket)["title"] == "Nota"


def test_a_private_note_stays_private(real: RealDesk, adapter: Adapter) -> None:
    ticket = open_ticket(real)
    adapter.perform(update(ticket, "SEGREDO"))
    assert not adapter.fetch(ticket).comments[0].public
    assert "SEGREDO" not in public_page(real, ticket)


def test_a_private_note_on_a_resolved_ticket_is_refused_and_never_shown(real: RealDesk, adapter: Adapter) -> None:
    ticket = open_ticket(real)
    api(real, "POST", "followups/", ticket=int(ticket), comment="Troque o lacre.", public=True, new_status=3)
    with pytest.raises(Refused, match="would be shown to the customer"):
        adapter.perform(update(ticket, "SEGREDO", add_tags=("hb",)))
    page = public_page(real, ticket)
    assert "Troque o lacre." in page
    assert "SEGREDO" not in page
    assert adapter.fetch(ticket).tags == frozenset()


def test_a_private_note_that_became_the_resolution_is_taken_out_of_sight_when_it_is_found(
    real: RealDesk, adapter: Adapter
) -> None:
    """An agent resolved the ticket between our reading and our writing, and the answer was lost."""
    ticket = open_ticket(real)
    api(real, "POST", "followups/", ticket=int(ticket), comment="Troque o lacre.", public=True, new_status=3)
    api(real, "POST", "followups/", ticket=int(ticket), comment=f"SEGREDO {REFERENCE}", public=False)
    assert "SEGREDO" in public_page(real, ticket)
    assert adapter.find(update(ticket, "SEGREDO")) is not None
    assert raw(real, ticket)["resolution"] == "Troque o lacre."
    assert "SEGREDO" not in public_page(real, ticket)


def test_a_public_comment_on_a_resolved_ticket_leaves_the_resolution(real: RealDesk, adapter: Adapter) -> None:
    ticket = open_ticket(real)
    api(real, "PATCH", f"tickets/{ticket}/", status=3, resolution="Troque o lacre.")
    adapter.perform(update(ticket, "Registramos.", public=True))
    now = raw(real, ticket)
    assert now["resolution"] == "Troque o lacre."
    assert len(now["followup_set"]) == 2
    assert adapter.fetch(ticket).status is TicketStatus.SOLVED


def test_tags_and_fields_are_set_beside_those_of_others(real: RealDesk, adapter: Adapter) -> None:
    ticket = open_ticket(real, custom_tags="vip, refund", custom_product_line="Protheus")
    adapter.perform(update(ticket, None, add_tags=("hb", "vip"), remove_tags=("refund",), fields=(("term_state", "sent"),)))
    now = adapter.fetch(ticket)
    assert now.tags == frozenset({"vip", "hb"})
    assert now.fields == (("product_line", "Protheus"),)
    assert raw(real, ticket)["custom_term_state"] == "sent"


def test_the_last_tag_can_be_removed_although_the_api_takes_no_empty_text(real: RealDesk, adapter: Adapter) -> None:
    ticket = open_ticket(real, custom_tags="hb")
    with pytest.raises(requests.HTTPError):
        api(real, "PATCH", f"tickets/{ticket}/", custom_tags="")
    adapter.perform(update(ticket, None, remove_tags=("hb",)))
    assert adapter.fetch(ticket).tags == frozenset()
    adapter.perform(update(ticket, None, add_tags=("novo",)))
    assert adapter.fetch(ticket).tags == frozenset({"novo"})


def test_a_field_that_does_not_exist_changes_nothing_and_crashes_nothing(real: RealDesk) -> None:
    ticket = open_ticket(real)
    adapter = configured(real, tags_field=None, output_fields={"term_state": "custom_nowhere"})
    assert adapter.perform(update(ticket, None, fields=(("term_state", "sent"),))).comment is None


@pytest.mark.parametrize(
    ("sender", "role"),
    [
        (ANA, Role.REQUESTER),
        ("Ana Lima <ANA@Cliente.TEST>", Role.REQUESTER),
        (BIA, Role.COLLEAGUE),
        (OTTO, Role.OUTSIDER),
        ("agent@helpdesk.test", Role.OUTSIDER),
        ('"ana@cliente.test"@example.test', Role.OUTSIDER),
        ('"ana@cliente.test" <otto@example.test>', Role.OUTSIDER),
    ],
)
def test_a_mail_is_by_whom_it_comes_from(real: RealDesk, adapter: Adapter, sender: str, role: Role) -> None:
    ticket = open_ticket(real)
    mail(real, sender, "De acordo com o termo.\n", ticket)
    (comment,) = adapter.fetch(ticket).comments
    assert (comment.author.role, comment.channel, comment.public, comment.warnings) == (role, "email", True, ())


def test_an_out_of_office_mail_says_that_it_is_automatic(real: RealDesk, adapter: Adapter) -> None:
    ticket = open_ticket(real)
    mail(real, f"{ANA}\nAuto-Submitted: auto-replied", "Estou em férias. Aceito tudo.\n", ticket)
    assert adapter.fetch(ticket).comments[0].warnings == ("automatic",)


def test_the_follow_up_that_opened_a_ticket_is_no_comment(real: RealDesk, adapter: Adapter) -> None:
    mail(real, ANA, "O custo zera.\n\nOn Monday, support wrote:\n> palavras de antes\n")
    numbers = [row["id"] for row in api(real, "GET", "tickets/?page_size=100")["results"]]
    for ticket in (TicketId(str(max(numbers))), open_ticket(real)):
        read = adapter.fetch(ticket)
        assert read.comments == ()
        assert read.description.strip()


def test_the_link_that_closes_a_ticket_speaks_for_nobody(real: RealDesk) -> None:
    ticket = open_ticket(real)
    api(real, "PATCH", f"tickets/{ticket}/", status=3, resolution="Troque o lacre.")
    public_page(real, ticket, close="")
    read = configured(real, web_updates_by_submitter=True).fetch(ticket)
    (comment,) = read.comments
    assert (comment.author.role, comment.text) == (Role.SYSTEM, "Submitter accepted resolution and closed ticket")
    assert read.status is TicketStatus.CLOSED


def test_an_agent_writes_on_their_page_and_edits_what_was_written(real: RealDesk, adapter: Adapter) -> None:
    ticket, session = open_ticket(real), agent(real)
    form = {
        "comment": "/termo consultoria-suporte",
        "new_status": "1",
        "title": "Nota",
        "priority": "3",
        "queue": "1",
        "owner": "0",
    }
    form["csrfmiddlewaretoken"] = session.cookies["csrftoken"]
    session.post(f"{real.url}tickets/{ticket}/update/", data=form, timeout=30).raise_for_status()
    (before,) = adapter.fetch(ticket).comments
    assert (before.author.role, before.author.name, before.public) == (Role.AGENT, "Caio", False)
    edited = {**form, "comment": "/status", "ticket": str(ticket), "time_spent": ""}
    session.post(f"{real.url}tickets/{ticket}/followup_edit/{before.id}/", data=edited, timeout=30).raise_for_status()
    (after,) = adapter.fetch(ticket).comments
    assert (after.id, after.text, after.edited_by) == (before.id, "/status", None)
    assert before.digest != after.digest


def test_time_that_an_agent_types_is_read_and_follows_its_edits(real: RealDesk, adapter: Adapter) -> None:
    ticket, session = open_ticket(real), agent(real)
    form = {"comment": "Analisei o log.", "new_status": "1", "title": "Nota", "priority": "3", "queue": "1", "owner": "0"}
    form["csrfmiddlewaretoken"] = session.cookies["csrftoken"]
    session.post(f"{real.url}tickets/{ticket}/update/", data={**form, "time_spent": "00:35"}, timeout=30).raise_for_status()
    (comment,) = adapter.fetch(ticket).comments
    (before,) = adapter.fetch(ticket).time or ()
    assert (before.id, before.comment, before.seconds, before.at) == (comment.id, comment.id, 2100, comment.at)
    assert (before.author.role, before.author.name) == (Role.AGENT, "Caio")
    for typed, seconds in (("00:20:00", [1200]), ("", [])):
        edited = {**form, "ticket": str(ticket), "time_spent": typed}
        session.post(f"{real.url}tickets/{ticket}/followup_edit/{comment.id}/", data=edited, timeout=30).raise_for_status()
        assert [time.seconds for time in adapter.fetch(ticket).time or ()] == seconds


def test_time_that_the_bridges_own_user_spends_is_nobodys_work(real: RealDesk, adapter: Adapter) -> None:
    ticket = open_ticket(real)
    api(real, "POST", "followups/", ticket=int(ticket), comment="Nota.", time_spent="01:00:00")
    (time,) = adapter.fetch(ticket).time or ()
    assert (time.author.role, time.seconds) == (Role.BRIDGE, 3600)


def test_webhooks_are_authentic_and_our_own_is_known(real: RealDesk, adapter: Adapter, ear: Ear) -> None:
    ear.heard.clear()
    ticket = open_ticket(real)
    receipt = adapter.perform(update(ticket))
    mail(real, ANA, "Alguma novidade?\n", ticket)
    for delivery in ear.heard:
        adapter.verify(delivery)
    hints = [adapter.parse(delivery) for delivery in ear.heard]
    assert [(hint.kind, hint.by_bridge) for hint in hints] == [("new_ticket", False), ("followup", True), ("followup", False)]
    assert [hint.identity for hint in hints[:2]] == [f"ticket:{ticket}", f"comment:{receipt.comment}"]
    assert {hint.ticket for hint in hints} == {ticket}


def test_a_follow_up_that_stands_behind_a_500_is_uncertain_and_found(real: RealDesk, adapter: Adapter, ear: Ear) -> None:
    """django-helpdesk answers 500 when nobody hears its webhook, although it stored the follow-up."""
    ticket = open_ticket(real)
    ear.close()
    try:
        with pytest.raises(Uncertain):
            adapter.perform(update(ticket, public=True))
    finally:
        ear.open()
    found = adapter.find(update(ticket, public=True))
    assert found is not None
    assert [comment.id for comment in adapter.fetch(ticket).comments] == [found.comment]


def test_a_poll_lists_what_changed_and_marks_each_change(real: RealDesk, adapter: Adapter) -> None:
    since = datetime.now(UTC)
    ticket = open_ticket(real)
    (first,) = adapter.changed_since(since)
    adapter.perform(update(ticket))
    (second,) = adapter.changed_since(since)
    assert (first.ticket, second.ticket) == (ticket, ticket)
    assert first.marker != second.marker
    assert list(adapter.changed_since(datetime.now(UTC))) == []


def test_what_no_desk_can_store_is_replaced(real: RealDesk, adapter: Adapter) -> None:
    ticket = open_ticket(real)
    adapter.perform(update(ticket, "a\x00b\ud83dc"))
    assert adapter.fetch(ticket).comments[0].text.startswith("a\ufffdb\ufffdc")


def test_a_ticket_that_is_gone_and_a_token_that_is_refused(real: RealDesk, adapter: Adapter) -> None:
    adapter.ping()
    with pytest.raises(Permanent, match="404"):
        adapter.fetch(TicketId("999999"))
    with pytest.raises(Retryable, match="credentials"):
        configured(real, token="revoked").ping()
