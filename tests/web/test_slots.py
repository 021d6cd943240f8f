"""The .ics of an agreed session: served from its signed address alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import icalendar
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.domain.effects import Invitation
from helpdesk_bridge.engine.invitations import Invitations
from helpdesk_bridge.web.house import KEY, House
from helpdesk_bridge.web.slots import slots

INVITATION = Invitation(
    uid="7-1-hb-7f3k2q@suporte.helpdesk-bridge",
    sequence=2,
    method="REQUEST",
    start=datetime(2026, 11, 26, 17, tzinfo=UTC),
    end=datetime(2026, 11, 26, 18, 30, tzinfo=UTC),
    at=datetime(2026, 11, 24, 12, tzinfo=UTC),
    summary="Consultoria do Suporte: ticket 7",
    consultant="Núbia Farseti\nX-EVIL:1",
)
WRITER = Invitations(public_url="https://bridge.example/hb/", secret="a-secret-only-for-tests")


def client(invitations: Invitations | None = WRITER):
    app = Flask("test")
    app.extensions[KEY] = House(reception=None, recorder=None, max_body=1, invitations=invitations)  # type: ignore[arg-type]
    app.register_blueprint(slots)
    return app.test_client()


def path(invitation: Invitation = INVITATION) -> str:
    return WRITER.url(invitation).removeprefix("https://bridge.example/hb")


def test_a_signed_address_is_a_calendar_entry() -> None:
    answer = client().get(path())
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert answer.content_type == "text/calendar; charset=utf-8; method=REQUEST"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (INVITATION.uid, 2, "CONFIRMED")
    assert (event.start, event.end) == (INVITATION.start, INVITATION.end)
    assert "X-EVIL" not in event


def test_a_cancellation_ends_the_same_entry_later() -> None:
    answer = client().get(path(replace(INVITATION, method="CANCEL", sequence=3)))
    calendar = icalendar.Calendar.from_ical(answer.data)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["UID"], event["STATUS"]) == ("CANCEL", INVITATION.uid, "CANCELLED")


@pytest.mark.parametrize(
    "wrong",
    ["/slots/x.ics", "/slots/é.ics", "/slots/.ics", "/slots/..ics", f"{path()[:-5]}x.ics", "/slots/" + "a" * 3000 + ".ics"],
)
def test_an_address_we_did_not_sign_leads_nowhere(wrong: str) -> None:
    assert client().get(wrong).status_code == 404


def test_without_an_address_of_its_own_the_bridge_serves_none() -> None:
    assert client(None).get(path()).status_code == 404


def test_another_secret_signs_nothing_for_us() -> None:
    token = replace(WRITER, secret="another-secret-for-tests").token(INVITATION)
    assert WRITER.read(token) is None


@given(st.text(max_size=200))
def test_reading_an_address_is_total(token: str) -> None:
    assert WRITER.read(token) is None


@given(st.text(max_size=60), st.text(max_size=60), st.integers(0, 99))
def test_an_invitation_is_read_as_it_was_written(summary: str, consultant: str, sequence: int) -> None:
    given_ = replace(INVITATION, summary=summary, consultant=consultant, sequence=sequence)
    assert WRITER.read(WRITER.token(given_)) == given_
