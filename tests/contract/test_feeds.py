"""Consultants' own calendars: what is busy, and what a broken or hostile file does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import responses

from helpdesk_bridge.adapters.calendars import LARGEST, busy_times, read_busy
from helpdesk_bridge.errors import BridgeError, Permanent, Retryable

START, END = datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)
ZONE = "America/Sao_Paulo"


def calendar(*components: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *components, "END:VCALENDAR", "")).encode()


def event(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", "UID:1", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT"))


def busy(raw: bytes) -> list[str]:
    spans = busy_times(raw, start=START, end=END, zone=ZONE)
    return [f"{span.start:%m-%d %H:%M}/{span.end:%m-%d %H:%M}" for span in spans]


def test_a_repeated_event_is_busy_each_time_but_on_its_exceptions() -> None:
    weekly = event(
        f"DTSTART;TZID={ZONE}:20261102T090000",
        f"DTEND;TZID={ZONE}:20261102T100000",
        "RRULE:FREQ=WEEKLY",
        f"EXDATE;TZID={ZONE}:20261130T090000",
    )
    assert busy(calendar(weekly)) == ["12-07 12:00/12-07 13:00", "12-14 12:00/12-14 13:00"]


def test_a_day_off_is_a_whole_day_where_the_consultant_is() -> None:
    assert busy(calendar(event("DTSTART;VALUE=DATE:20261126"))) == ["11-26 03:00/11-27 03:00"]


@pytest.mark.parametrize("free", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"])
def test_an_event_that_takes_no_time_is_free(free: str) -> None:
    assert busy(calendar(event("DTSTART:20261127T120000Z", "DURATION:PT1H", free))) == []


def test_free_and_busy_periods_are_told_apart() -> None:
    component = (
        "BEGIN:VFREEBUSY\r\nUID:2\r\nDTSTAMP:20261101T000000Z\r\n"
        "FREEBUSY;FBTYPE=BUSY:20261203T120000Z/20261203T130000Z,20261204T120000Z/PT1H\r\n"
        "FREEBUSY;FBTYPE=FREE:20261205T120000Z/20261205T130000Z\r\nEND:VFREEBUSY"
    )
    assert busy(calendar(component)) == ["12-03 12:00/12-03 13:00", "12-04 12:00/12-04 13:00"]


@pytest.mark.parametrize("raw", [b"", b"garbage", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"<html></html>"])
def test_what_is_no_calendar_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(Permanent):
        busy(raw)


def test_a_rule_that_never_stops_is_refused_and_not_half_read() -> None:
    with pytest.raises(Permanent, match="is no calendar"):
        busy(calendar(event("DTSTART:20261127T120000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY")))


def test_a_file_too_large_or_absent_is_said_so(tmp_path: Path) -> None:
    large = tmp_path / "large.ics"
    large.write_bytes(b"x" * (LARGEST + 1))
    for path, reason in ((large, "larger than"), (tmp_path / "absent.ics", "cannot be read")):
        with pytest.raises(Permanent, match=reason):
            read_busy(str(path), start=START, end=END, zone=ZONE)


@responses.activate
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"status": 404}, Permanent),
        ({"status": 302}, Permanent),
        ({"body": b"x" * (LARGEST + 1)}, Retryable),
        ({"body": b""}, Permanent),
    ],
)
def test_an_address_that_gives_no_calendar_is_said_so(answer: dict[str, object], error: type[BridgeError]) -> None:
    responses.get("https://calendar.example/caio.ics", **answer)  # type: ignore[arg-type]
    with pytest.raises(error):
        read_busy("https://calendar.example/caio.ics", start=START, end=END, zone=ZONE)


@responses.activate
def test_an_address_is_read() -> None:
    body = calendar(event("DTSTART:20261127T120000Z", "DURATION:PT1H"))
    responses.get("https://calendar.example/caio.ics", body=body)
    (span,) = read_busy("https://calendar.example/caio.ics", start=START, end=END, zone=ZONE)
    assert span.start == datetime(2026, 11, 27, 12, tzinfo=UTC)
