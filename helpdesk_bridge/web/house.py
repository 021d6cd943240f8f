"""Where the web room finds the reception: on the Flask app, never in a global."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Flask

from helpdesk_bridge.engine.bridge import Reception
from helpdesk_bridge.engine.invitations import Invitations
from helpdesk_bridge.store import Recorder
from helpdesk_bridge.web.pulse import Pulse
from helpdesk_bridge.web.tokens import ApiToken

KEY = "helpdesk_bridge"


@dataclass(slots=True, kw_only=True)
class House:
    """What the web room works with."""

    reception: Reception
    recorder: Recorder
    max_body: int
    invitations: Invitations | None = None
    tokens: tuple[ApiToken, ...] = ()
    """Who may use the API."""
    pulse: Pulse = field(default_factory=Pulse)


def house(app: Flask) -> House:
    """Return the house of an app."""
    found: House = app.extensions[KEY]
    return found
