"""Calendar entries of agreed sessions, as .ics files that a signed address describes completely."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app

from helpdesk_bridge.domain.effects import Invitation
from helpdesk_bridge.web.house import house

slots = Blueprint("helpdesk_bridge_slots", __name__)


@slots.get("/slots/<token>.ics")
def invitation(token: str) -> Response:
    """Serve the .ics of one session; an address that we did not sign leads nowhere."""
    invitations = house(current_app).invitations
    found = invitations.read(token) if invitations is not None else None
    if found is None:
        abort(404)
    return Response(
        _ics(found),
        content_type=f"text/calendar; charset=utf-8; method={found.method}",
        headers={
            "Content-Disposition": 'attachment; filename="session.ics"',
            "Cache-Control": "private, max-age=3600",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _ics(invitation: Invitation) -> bytes:
    from icalendar import Calendar, Event  # a process that only records webhooks loads no calendars

    cancelled = invitation.method == "CANCEL"
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.at)
    event.add("dtstart", invitation.start)
    event.add("dtend", invitation.end)
    event.add("summary", invitation.summary)
    if invitation.consultant:
        event.add("description", invitation.consultant)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//helpdesk_bridge//PT")
    calendar.add("version", "2.0")
    calendar.add("method", invitation.method)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
