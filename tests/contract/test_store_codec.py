"""Values survive being stored, whatever people wrote in them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.events import GoneSettled, Hint, Operated, Posted, TimerFired
from helpdesk_bridge.domain.lifecycle import TermState
from helpdesk_bridge.domain.values import Comment, CommentId, Language, ModalityCode, Organization, Person, Role, Ticket, TicketId
from helpdesk_bridge.store import (
    InboxEvent,
    decode_engagement,
    decode_event,
    decode_receipt,
    decode_ticket,
    decode_update,
    encode_engagement,
    encode_event,
    encode_receipt,
    encode_ticket,
    encode_update,
)
from helpdesk_bridge.store.codec import decode, encode
from tests.contract.store_rows import DESK, NOON, RECEIPT, at, ticket_of, update

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=30)

EVENTS = [
    Hint(desk=DESK, ticket=TicketId("7"), identity="comment:1", at=NOON, kind="comment_added", by_bridge=True),
    Posted(reference="HB-7F3K9Q", comment=None, at=NOON),
    TimerFired(key="expiry:1", kind="expiry", at=NOON),
    GoneSettled(verdict="never", operator="root", reason="teste", at=NOON, identity="gone:1"),
    Operated(action="retry", row="in:12", operator="root", reason="desk is back", at=NOON, identity="operated:1"),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_is_read_back_as_what_it_was(event: InboxEvent) -> None:
    assert decode_event(encode_event(event)) == event


def test_updates_receipts_and_engagements_are_read_back_equal() -> None:
    term = ServiceTerm(
        number=1,
        modality=ModalityCode("support_consulting"),
        version="v1",
        language=Language.ES,
        text_digest="ab",
        rate="2026",
        hourly="354.00",
        currency="BRL",
        reference="HB-7F3K9Q",
        sent_at=NOON,
        state=TermState.ACCEPTED,
        accepted_at=at(1),
    )
    engagement = Engagement(desk=DESK, ticket=TicketId("7"), terms=(term,), heard=((CommentId("1"), "ab"),))
    assert decode_update(encode_update(update("7", "term:1"))) == update("7", "term:1")
    assert decode_engagement(encode_engagement(engagement)) == engagement
    receipt = decode_receipt(encode_receipt(RECEIPT))
    assert (receipt, receipt.raw) == (RECEIPT, RECEIPT.raw)


@given(ANY_TEXT, ANY_TEXT, st.lists(ANY_TEXT), st.sampled_from(Role), st.booleans())
def test_a_ticket_is_read_back_equal_whatever_was_written_in_it(
    text: str, html: str, tags: list[str], role: Role, public: bool
) -> None:
    comment = Comment(
        id=CommentId("1"), author=Person(id="2", role=role), public=public, at=NOON, text=text, html=html, warnings=(text,)
    )
    organization = Organization(id="3", name=text, tax_id=None)
    fields = tuple((tag, html) for tag in tags)
    ticket = replace(ticket_of("7"), comments=(comment,), tags=frozenset(tags), organization=organization, fields=fields)
    assert decode_ticket(encode_ticket(ticket)) == ticket
    assert isinstance(decode_ticket(encode_ticket(ticket)), Ticket)


def test_stored_text_is_plain_ascii_without_control_characters() -> None:
    stored = encode(ticket_of("7"))
    assert stored.isascii()
    assert stored.isprintable()


def test_what_a_newer_version_added_is_ignored() -> None:
    newer = encode_update(update("7", "term:1")).replace('"key"', '"colour":"red","key"')
    assert decode_update(newer) == update("7", "term:1")


def test_money_and_bytes_are_kept_exactly() -> None:
    assert decode(encode(Decimal("354.00")), Decimal) == Decimal("354.00")
    assert str(decode(encode(Decimal("354.00")), Decimal)) == "354.00"
    assert decode(encode(b"\xff\x00"), bytes) == b"\xff\x00"
