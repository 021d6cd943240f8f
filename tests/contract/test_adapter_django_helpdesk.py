"""Who wrote what in a django-helpdesk, from its JSON alone. What it does when it runs: test_real_django_helpdesk."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk_bridge.adapters.django_helpdesk import DjangoHelpdesk
from helpdesk_bridge.adapters.django_helpdesk.thread import House, ticket_of
from helpdesk_bridge.domain.values import Delivery, DeskId, Role, Ticket
from helpdesk_bridge.errors import Retryable

RECORDED = Path("../shared/data/payloads/django-helpdesk")
NEEDS_RECORDED = pytest.mark.skipif(not RECORDED.exists(), reason="the recorded deliveries are not here")
ANA = "ana@cliente.example"
MAIL: dict[str, Any] = {"title": f"E-Mail Received from {ANA}", "message_id": "<m1@cliente.example>", "email_recipients": [ANA]}


def entry(number: int, text: str = "Aceito.", **more: Any) -> dict[str, Any]:
    made = {
        "id": number,
        "user": None,
        "title": "Comment",
        "comment": text,
        "public": True,
        "new_status": None,
        "message_id": None,
    }
    return {**made, "date": f"2026-11-24T12:{number:02}:00.000001Z", "email_recipients": [], **more}


def read(*entries: dict[str, Any], house: dict[str, Any] | None = None, **more: Any) -> Ticket:
    opening = entry(1, "O custo zera.", title="Ticket Opened")
    raw = {"id": 12, "title": "Custo", "description": "O custo zera.", "status": 1, "submitter_email": ANA, **more}
    settings = {"bot_user_id": 2, "agents": {5: "Caio"}, "organization_domains": ["Cliente.example"], **(house or {})}
    return ticket_of({"followup_set": [opening, *entries], **raw}, House.of(settings), desk=DeskId("d"), url="")


def role_of(*, house: dict[str, Any] | None = None, submitter_email: str | None = ANA, **more: Any) -> Role:
    return read(entry(2, **more), house=house, submitter_email=submitter_email).comments[0].author.role


@pytest.mark.parametrize(
    ("title", "role"),
    [
        (f"E-Mail Received from {ANA}", Role.REQUESTER),
        (f"Ticket Re-Opened by E-Mail Received from {ANA.upper()}", Role.REQUESTER),
        (f"E-mail recebido de {ANA}", Role.REQUESTER),
        ("E-Mail Received from bia@cliente.example", Role.COLLEAGUE),
        ("E-Mail Received from bia@sub.cliente.example", Role.OUTSIDER),
        ("E-Mail Received from otto@example.org", Role.OUTSIDER),
        (f'E-Mail Received from "{ANA}"@example.org', Role.OUTSIDER),
        (f"E-Mail Received from {ANA}@example.org", Role.OUTSIDER),
        ("E-Mail Received from Unknown Sender", Role.OUTSIDER),
        (None, Role.OUTSIDER),
    ],
)
def test_a_mail_is_by_the_address_its_title_names(title: str | None, role: Role) -> None:
    assert role_of(**{**MAIL, "title": title}) is role


def test_a_stranger_of_the_same_public_provider_is_no_colleague() -> None:
    title = "E-Mail Received from eve@mail.example"
    assert role_of(submitter_email="ana@mail.example", **{**MAIL, "title": title}) is Role.OUTSIDER


def test_an_address_in_a_title_counts_only_in_a_mail() -> None:
    assert role_of(title=f"E-Mail Received from {ANA}") is Role.OUTSIDER


def test_staff_is_known_by_its_user() -> None:
    caio, bridge = read(entry(2, user=5), entry(3, "Olá. HB-7F3K2Q", user=2)).comments
    assert (caio.author.role, caio.author.name, caio.reference) == (Role.AGENT, "Caio", None)
    assert (bridge.author.role, bridge.reference) == (Role.BRIDGE, "HB-7F3K2Q")


def test_the_public_page_is_the_submitters_only_where_the_settings_say_so() -> None:
    trusting = {"web_updates_by_submitter": True}
    assert role_of() is Role.OUTSIDER
    assert role_of(house=trusting) is Role.REQUESTER
    assert role_of(house=trusting, submitter_email=None) is Role.OUTSIDER
    assert role_of(house=trusting, new_status=4) is Role.SYSTEM
    assert role_of(house=trusting, public=False) is Role.SYSTEM


def test_a_mail_nobody_was_told_about_is_automatic() -> None:
    warnings = [comment.warnings for comment in read(entry(2, **MAIL), entry(3, **{**MAIL, "email_recipients": []})).comments]
    assert warnings == [(), ("automatic",)]


@pytest.mark.parametrize("opening", ["O custo zera.", "O custo  zera.\n", "O custo zera.\n\nEm terça, Caio escreveu:\n> aceito"])
def test_the_follow_up_that_opened_the_ticket_is_no_comment(opening: str) -> None:
    ticket = read(followup_set=[entry(1, opening), entry(2, "", new_status=3), entry(3, None)])  # type: ignore[arg-type]
    assert ticket.comments == ()


def test_comments_stand_in_the_order_they_were_written() -> None:
    assert [comment.id for comment in read(entry(30), entry(4), entry(17)).comments] == ["4", "17", "30"]


def test_a_dash_is_no_tag_and_no_fact() -> None:
    house = {"tags_field": "custom_tags", "facts": {"module": "custom_module", "product_line": "custom_line"}}
    ticket = read(house=house, custom_tags="-", custom_module="-", custom_line="Protheus")
    assert (ticket.tags, ticket.fields) == (frozenset(), (("product_line", "Protheus"),))


def test_a_ticket_without_a_follow_up_is_read_again_later() -> None:
    with pytest.raises(Retryable, match="no follow-up yet"):
        read(followup_set=[])


@pytest.mark.parametrize("secret", ["too-short", "with/a-slash-inside", "com espaço dentro", "terminated-line\n"])
def test_a_secret_that_does_not_fit_into_a_path_is_refused_in_the_settings(secret: str) -> None:
    told = {"base_url": "http://desk.example", "token": "t", "bot_user_id": 2, "url_secret": secret}
    assert list(DjangoHelpdesk.Settings().validate(told)) == ["url_secret"]


@NEEDS_RECORDED
@pytest.mark.parametrize("file", sorted(RECORDED.glob("*.json")), ids=lambda file: file.stem)
def test_a_recorded_delivery_names_its_fact_and_its_thread_can_be_read(file: Path) -> None:
    told = json.loads(file.read_text())["body"]
    settings = {"base_url": "http://desk.example", "token": "t", "url_secret": "secret-of-this-test", "bot_user_id": 2}
    adapter = DjangoHelpdesk(DeskId("d"), dict(DjangoHelpdesk.Settings().load(settings)))
    body = json.dumps(told).encode()
    hint = adapter.parse(Delivery(desk=DeskId("d"), path="", headers=(), body=body, received_at=datetime.now(UTC)))
    followup = told.get("followup_id")
    assert hint.identity == (f"comment:{followup}" if followup else f"ticket:{told['ticket']['id']}")
    ticket = ticket_of(told["ticket"], House.of(settings), desk=DeskId("d"), url="")
    assert len(ticket.comments) == len(told["ticket"]["followup_set"]) - 1
    assert {comment.author.role for comment in ticket.comments} <= {Role.REQUESTER, Role.AGENT, Role.BRIDGE}
