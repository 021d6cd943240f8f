"""Zendesk: reading threads and writing to them, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk_bridge.adapters.zendesk import Zendesk
from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.values import Delivery, DeskId, Organization, Role, TicketId, TicketStatus
from helpdesk_bridge.errors import Permanent, Refused, Retryable, Uncertain
from tests.contract.fake_zendesk import WEBHOOK_SECRET, FakeZendesk, event_body, signed_headers, trigger_body
from tests.contract.zendesk_account import AGENT, BOT, COLLEAGUE, ORGANIZATION, OUTSIDER, REQUESTER

DESK, REFERENCE = DeskId("suporte"), "HB-7F3K2Q"
SETTINGS: dict[str, Any] = {
    "facts": {"product_line": 360001, "modality": 360002},
    "output_fields": {"term_state": 360004},
    "user_flags": {"may_accept": "permite"},
    "tax_id_field": "cnpj",
}


@pytest.fixture
def desk() -> Iterator[FakeZendesk]:
    with FakeZendesk() as desk:
        yield desk


@pytest.fixture
def adapter(desk: FakeZendesk) -> Zendesk:
    return Zendesk(DESK, dict(Zendesk.Settings().load({**desk.settings, **SETTINGS})))


@pytest.fixture
def ticket(desk: FakeZendesk) -> int:
    return desk.account.open_ticket("O custo zera.")


def update(ticket: int, body: str | None = "Olá.", *, public: bool = False, **more: Any) -> DeskUpdate:
    words = None if body is None else f"{body}\n\n{REFERENCE}"
    made = {"key": "term:1", "reference": REFERENCE, **more}
    return DeskUpdate(ticket=TicketId(str(ticket)), body=words, public=public, **made)


def read(adapter: Zendesk, ticket: int) -> Any:
    return adapter.fetch(TicketId(str(ticket)))


def test_everybody_has_their_role(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    desk.account.add_user(804, "Eva", organization=None)
    for author in (REQUESTER, COLLEAGUE, OUTSIDER, AGENT, BOT, 804, -1):
        desk.account.say(ticket, "Aceito.", author=author)
    assert [comment.author.role for comment in read(adapter, ticket).comments] == [
        Role.REQUESTER,
        Role.COLLEAGUE,
        Role.OUTSIDER,
        Role.AGENT,
        Role.BRIDGE,
        Role.OUTSIDER,
        Role.SYSTEM,
    ]


def test_people_without_an_organization_are_not_each_others_colleagues(desk: FakeZendesk, adapter: Zendesk) -> None:
    ticket = desk.account.open_ticket(organization_id=None)
    desk.account.say(ticket, "Aceito.", author=OUTSIDER)
    assert read(adapter, ticket).comments[0].author.role is Role.OUTSIDER


def test_an_agent_who_opened_for_the_customer_is_still_an_agent(desk: FakeZendesk, adapter: Zendesk) -> None:
    assert read(adapter, desk.account.open_ticket(requester_id=AGENT)).requester.role is Role.AGENT


def test_the_first_comment_is_the_description_and_no_comment(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    assert (read(adapter, ticket).description, read(adapter, ticket).comments) == ("O custo zera.", ())


def test_a_thread_of_many_pages_is_read_whole_and_once(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    desk.page_limit = 3
    said = [str(desk.account.say(ticket, f"{number}")) for number in range(8)]
    assert [comment.id for comment in read(adapter, ticket).comments] == said


def test_an_endless_thread_is_refused_since_half_a_thread_is_none(
    desk: FakeZendesk, adapter: Zendesk, ticket: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_bridge.adapters.zendesk.client.MOST_PAGES", 2)
    desk.page_limit = 1
    desk.account.say(ticket, "um")
    desk.account.say(ticket, "dois")
    with pytest.raises(Refused, match="more than 2 pages of comments"):
        read(adapter, ticket)


def test_what_zendesk_says_against_an_author_is_kept(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    desk.account.say(ticket, "Aceito.", flags=[2, 14, 99], channel="email")
    (comment,) = read(adapter, ticket).comments
    assert (comment.warnings, comment.channel) == (("flag_99", "maybe_another_user", "not_in_conversation"), "email")


def test_a_ticket_has_its_fields_flags_and_organization(desk: FakeZendesk, adapter: Zendesk) -> None:
    desk.account.add_user(REQUESTER, "Ana", organization=ORGANIZATION, email="ANA@cliente.test", user_fields={"permite": True})
    fields = [{"id": 360001, "value": "Protheus"}, {"id": 360002, "value": None}, {"id": 5, "value": "?"}]
    ticket = read(adapter, desk.account.open_ticket(custom_fields=fields, priority="high", status="solved", tags=["vip"]))
    assert ticket.fields == (("priority", "high"), ("product_line", "Protheus"))
    assert (ticket.requester.flags, ticket.requester.email) == (frozenset({"may_accept"}), "ana@cliente.test")
    assert ticket.organization == Organization(id=str(ORGANIZATION), name="Cliente S.A.", tax_id="12.ABC.345/01DE-35")
    assert (ticket.status, ticket.raw_status, ticket.tags) == (TicketStatus.SOLVED, "solved", frozenset({"vip"}))


def test_a_redacted_comment_is_another_content_under_the_same_id(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    comment = desk.account.say(ticket, "Aceito, cartão 4111.")
    (before,) = read(adapter, ticket).comments
    desk.account.redact(ticket, comment, "Aceito, cartão ████.")
    (after,) = read(adapter, ticket).comments
    assert before.id == after.id
    assert before.digest != after.digest


def test_halves_of_characters_and_nul_are_replaced_when_they_are_read(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    desk.account.say(ticket, "a\x00b\ud83dc")
    assert read(adapter, ticket).comments[0].text == "a\ufffdb\ufffdc"


def test_one_put_says_everything(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    desk.account.change(ticket, tags=["vip", "old"])
    sent = update(ticket, public=True, add_tags=("hb", "vip"), remove_tags=("old",), fields=(("term_state", "sent"), ("x", "y")))
    receipt = adapter.perform(sent)
    now = desk.account.show(ticket)
    assert [method for method, _ in desk.requests].count("PUT") == 1
    assert (now["tags"], now["custom_fields"]) == (["vip", "hb"], [{"id": 360004, "value": "sent"}])
    (comment,) = read(adapter, ticket).comments
    assert (comment.id, comment.public, comment.author.role, comment.reference) == (receipt.comment, True, Role.BRIDGE, REFERENCE)


def test_what_was_performed_is_found_and_what_was_not_is_absent(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    desk.page_limit = 1
    desk.account.say(ticket, f"citando {REFERENCE}", author=AGENT)
    assert adapter.find(update(ticket)) is None
    receipt = adapter.perform(update(ticket))
    assert adapter.find(update(ticket)) == receipt
    assert adapter.find(update(ticket, key="term:2")) is None


@pytest.mark.parametrize("kind", ["timeout_after_effect", "reset_after_effect", "no_audit"])
def test_a_write_whose_answer_was_lost_is_found_and_counted_once(
    desk: FakeZendesk, adapter: Zendesk, ticket: int, kind: str
) -> None:
    desk.fail(kind, method="PUT", after=0.05)
    with pytest.raises(Uncertain):
        adapter.perform(update(ticket))
    found = adapter.find(update(ticket))
    assert found is not None
    assert found.comment == read(adapter, ticket).comments[0].id
    assert desk.account.writes() == {REFERENCE: 1}


def test_an_internal_note_is_never_public(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    adapter.perform(update(ticket, "SEGREDO"))
    assert [comment["public"] for comment in desk.account.state["comments"][str(ticket)]] == [True, False]


@pytest.mark.parametrize("hostile", ["{{ticket.requester.email}}", "\\{\\{ticket.id}}", "&#123;&#123;ticket.id}}", "{%if a%}"])
def test_placeholders_are_not_expanded(desk: FakeZendesk, adapter: Zendesk, ticket: int, hostile: str) -> None:
    adapter.perform(update(ticket, hostile))
    (comment,) = read(adapter, ticket).comments
    assert "EXPANDED" not in comment.html
    assert "{{" not in comment.html
    assert "{%" not in comment.html


def test_html_in_words_is_shown_and_not_obeyed(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    adapter.perform(update(ticket, "<script>alert(1)</script> [x](javascript:alert)"))
    html = read(adapter, ticket).comments[0].html
    assert "<script" not in html
    assert "href" not in html


def test_a_comment_that_zendesk_would_cut_is_refused(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    with pytest.raises(Refused, match="longer than Zendesk keeps"):
        adapter.perform(update(ticket, "ç" * 40_000))
    assert desk.account.writes() == {}


def test_a_closed_ticket_takes_no_update(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    desk.account.change(ticket, status="closed")
    with pytest.raises(Refused, match="closed"):
        adapter.perform(update(ticket))


def test_an_update_that_changes_nothing_is_not_sent(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    desk.account.change(ticket, tags=["hb"], custom_fields=[{"id": 360004, "value": "sent"}])
    receipt = adapter.perform(update(ticket, None, add_tags=("hb",), fields=(("term_state", "sent"),)))
    assert receipt.comment is None
    assert "PUT" not in [method for method, _ in desk.requests]


def test_tags_that_somebody_else_changed_meanwhile_are_not_lost(desk: FakeZendesk, adapter: Zendesk, ticket: int) -> None:
    """Their write falls between our reading and our writing; Zendesk answers 409."""
    desk.account.state["tickets"][str(ticket)]["updated_at"] = "2026-11-24T13:00:00Z"
    desk.before_write = lambda: desk.account.change(ticket, tags=["theirs"])
    with pytest.raises(Retryable, match="409"):
        adapter.perform(update(ticket, add_tags=("hb",)))
    desk.before_write = None
    adapter.perform(update(ticket, add_tags=("hb",)))
    assert (desk.account.show(ticket)["tags"], desk.account.writes()) == (["theirs", "hb"], {REFERENCE: 1})


@pytest.mark.parametrize("lacking", ["requester_id", "created_at", "status"])
def test_an_answer_of_another_shape_is_tried_again_and_no_crash(
    desk: FakeZendesk, adapter: Zendesk, ticket: int, lacking: str
) -> None:
    del desk.account.state["tickets"][str(ticket)][lacking]
    with pytest.raises(Retryable, match="cannot be understood"):
        read(adapter, ticket)


def test_a_ticket_that_is_gone_is_permanent(desk: FakeZendesk, adapter: Zendesk) -> None:
    with pytest.raises(Permanent, match="RecordNotFound"):
        read(adapter, 999)


def test_a_poll_lists_changes_oldest_first_over_all_pages(desk: FakeZendesk, adapter: Zendesk) -> None:
    desk.page_limit = 2
    since = datetime.now(UTC) - timedelta(minutes=5)
    tickets = [str(desk.account.open_ticket()) for _ in range(5)]
    changes = list(adapter.changed_since(since))
    assert [change.ticket for change in changes] == tickets
    assert list(adapter.changed_since(datetime.now(UTC) + timedelta(minutes=5))) == []


def delivered(body: bytes, **changed: str) -> Delivery:
    headers = {name.lower(): value for name, value in {**signed_headers(WEBHOOK_SECRET, body), **changed}.items()}
    return Delivery(desk=DESK, path="", headers=tuple(headers.items()), body=body, received_at=datetime.now(UTC))


def test_both_kinds_of_webhook_name_the_fact(desk: FakeZendesk, adapter: Zendesk) -> None:
    event, trigger = delivered(event_body(7, 55)), delivered(trigger_body(7))
    adapter.verify(event)
    adapter.verify(trigger)
    assert adapter.parse(event).identity == "comment:55"
    assert adapter.parse(trigger).identity == "ticket:7:changed:2026-11-24T13:00:00Z"
    assert adapter.parse(delivered(event_body(7, 56, author=BOT))).by_bridge


def test_a_trigger_that_tells_only_the_day_still_names_each_change(desk: FakeZendesk, adapter: Zendesk) -> None:
    """With ``{{ticket.updated_at}}`` every change of a day has the same body."""
    body = trigger_body(7, updated_at="November 24")
    stamp = "X-Zendesk-Webhook-Signature-Timestamp"
    first, second = (adapter.parse(delivered(body, **{stamp: at})) for at in ("2026-11-24T13:00:01Z", "2026-11-24T13:00:02Z"))
    assert first.identity != second.identity
