"""What commands about tickets share: the opened bridge, and how people name a ticket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from helpdesk_bridge.build import build, settings_of
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.dispatch.bell import HouseBell


@contextmanager
def opened() -> Iterator[Bridge]:
    """Open the configured bridge for one command."""
    settings = settings_of(None)
    bell = HouseBell(settings.database)
    bridge = build(settings, bell=bell)
    try:
        yield bridge
    finally:
        bridge.store.close()
        bell.close()


def ticket_named(bridge: Bridge, name: str) -> tuple[DeskId, TicketId]:
    """Return the desk and ticket somebody names: ``desk/ticket``, or the ticket alone when there is one desk."""
    desk, slash, ticket = name.partition("/")
    if not slash:
        if len(bridge.desks) != 1:
            raise click.ClickException(f"there are {len(bridge.desks)} desks: write DESK/{name}")
        desk, ticket = next(iter(bridge.desks)), name
    if DeskId(desk) not in bridge.desks:
        raise click.ClickException(f"there is no desk {desk!r}; known: {', '.join(bridge.desks)}")
    return DeskId(desk), TicketId(ticket)
