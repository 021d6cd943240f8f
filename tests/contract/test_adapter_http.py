"""What a desk's answer, or its silence, means for the worker: at the wire, against a desk that fails as it is told."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.adapters.base import Adapter
from helpdesk_bridge.adapters.http import LONGEST_WAIT, DeskClient, retry_after
from helpdesk_bridge.adapters.zendesk import Zendesk
from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.errors import BridgeError, Permanent, Refused, Retryable, Uncertain
from tests.contract.fake_zendesk import TOKEN, FakeZendesk

ASKED = [("7", 7.0), ("7.5", 7.5), ("0", 0.0), ("-3", 0.0), ("99999", LONGEST_WAIT), ("inf", LONGEST_WAIT)]
UNASKED = ["", "soon", "nan", "Wed, 99 Foo 2026 07:28:00 GMT", "1;2"]


@pytest.fixture(scope="module")
def desk() -> Iterator[FakeZendesk]:
    with FakeZendesk() as desk:
        yield desk


@pytest.fixture
def ticket(desk: FakeZendesk) -> TicketId:
    desk.heal()
    return TicketId(str(desk.account.open_ticket()))


def adapter_at(desk: FakeZendesk, **more: object) -> Adapter:
    return Zendesk(DeskId("suporte"), dict(Zendesk.Settings().load({**desk.settings, "timeout_seconds": 1, **more})))


def update(ticket: TicketId) -> DeskUpdate:
    return DeskUpdate(ticket=ticket, key="k:1", reference="HB-7F3K2Q", body="Olá. HB-7F3K2Q", public=True)


@pytest.mark.parametrize(
    ("kind", "reading", "writing"),
    [
        ("302", Permanent, Permanent),
        ("400", Refused, Refused),
        ("401", Retryable, Retryable),
        ("403", Permanent, Permanent),
        ("404", Permanent, Permanent),
        ("408", Retryable, Retryable),
        ("409", Retryable, Retryable),
        ("410", Permanent, Permanent),
        ("422", Refused, Refused),
        ("429", Retryable, Retryable),
        ("500", Retryable, Uncertain),
        ("502", Retryable, Uncertain),
        ("503", Retryable, Uncertain),
        ("504", Retryable, Uncertain),
        ("not_json", Retryable, Uncertain),
        ("reset_before", Retryable, Uncertain),
        ("reset_after_effect", Retryable, Uncertain),
    ],
)
def test_each_failure_says_what_to_do_next(
    desk: FakeZendesk, ticket: TicketId, kind: str, reading: type[BridgeError], writing: type[BridgeError]
) -> None:
    desk.fail(kind, method="GET")
    with pytest.raises(reading):
        adapter_at(desk).ping()
    desk.fail(kind, method="PUT")
    with pytest.raises(writing):
        adapter_at(desk).perform(update(ticket))


def test_a_desk_that_is_slow_to_read_is_asked_again_later(desk: FakeZendesk, ticket: TicketId) -> None:
    desk.fail("slow", method="GET", after=1.5)
    with pytest.raises(Retryable, match="ReadTimeout"):
        adapter_at(desk).ping()


def test_a_write_that_timed_out_is_uncertain_and_found(desk: FakeZendesk, ticket: TicketId) -> None:
    desk.fail("timeout_after_effect", method="PUT", after=1.5)
    with pytest.raises(Uncertain, match="ReadTimeout"):
        adapter_at(desk).perform(update(ticket))
    assert adapter_at(desk).find(update(ticket)) is not None


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_desk_that_cannot_be_connected_to_has_done_nothing(method: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        nobody = DeskClient(f"http://127.0.0.1:{probe.getsockname()[1]}", headers={})
    with pytest.raises(Retryable, match="does not answer"):
        nobody.get("tickets/1") if method == "GET" else nobody.write(method, "tickets/1", {})


@pytest.mark.parametrize(("header", "seconds"), ASKED)
def test_a_desk_is_left_alone_as_long_as_it_asks(desk: FakeZendesk, ticket: TicketId, header: str, seconds: float) -> None:
    desk.fail("429", method="PUT", after=header)
    with pytest.raises(Retryable) as caught:
        adapter_at(desk).perform(update(ticket))
    assert caught.value.after == seconds


@pytest.mark.parametrize("header", UNASKED)
def test_a_wait_nobody_understands_is_no_wait(desk: FakeZendesk, ticket: TicketId, header: str) -> None:
    desk.fail("429", method="PUT", after=header)
    with pytest.raises(Retryable) as caught:
        adapter_at(desk).perform(update(ticket))
    assert caught.value.after is None


def test_a_wait_may_be_a_date() -> None:
    now = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    assert retry_after("Tue, 24 Nov 2026 13:00:30 GMT", now) == 30.0
    assert retry_after("Tue, 24 Nov 2026 12:00:00 GMT", now) == 0.0
    assert retry_after("Tue, 24 Nov 2026 13:00:30 -0000", now) is None


@given(st.text())
def test_a_wait_is_never_a_crash(header: str) -> None:
    wait = retry_after(header)
    assert wait is None or 0 <= wait <= LONGEST_WAIT


def test_a_503_with_a_wait_was_not_done(desk: FakeZendesk, ticket: TicketId) -> None:
    desk.fail("503", method="PUT", after=5)
    with pytest.raises(Retryable):
        adapter_at(desk).perform(update(ticket))


def test_no_error_shows_the_token(desk: FakeZendesk, ticket: TicketId) -> None:
    for kind in ("401", "403", "422", "500", "429", "reset_before", "not_json"):
        desk.fail(kind, method="PUT")
        with pytest.raises(BridgeError) as caught:
            adapter_at(desk).perform(update(ticket))
        assert TOKEN not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.parametrize("token", ["two words", "token\n", "ação", ""])
def test_a_token_that_no_header_can_carry_is_refused_in_the_settings(desk: FakeZendesk, token: str) -> None:
    assert list(Zendesk.Settings().validate({**desk.settings, "token": token})) == ["token"]


def test_a_refused_token_is_tried_again_a_minute_later(desk: FakeZendesk, ticket: TicketId) -> None:
    with pytest.raises(Retryable, match="credentials") as caught:
        adapter_at(desk, token="revoked").perform(update(ticket))
    assert caught.value.after == 60.0
