"""Composition root: settings in, a reception or a whole running bridge out. Knows every room but the web."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk_bridge.adapters import adapter_of
from helpdesk_bridge.adapters.base import Adapter
from helpdesk_bridge.domain.values import DeskId
from helpdesk_bridge.engine.bridge import Bridge, Reception
from helpdesk_bridge.engine.dispatch.bell import HouseBell
from helpdesk_bridge.engine.invitations import Invitations
from helpdesk_bridge.settings import Settings, load_settings
from helpdesk_bridge.store import Store

if TYPE_CHECKING:
    from helpdesk_bridge.engine.dispatch.embedded import Pace


def open_reception(settings: Settings, bell: HouseBell) -> Reception:
    """Open the store and configure every desk: enough to record webhooks. Raises: ConfigurationError, SchemaOutdated."""
    desks: dict[DeskId, Adapter] = {
        desk.id: adapter_of(desk.product)(desk.id, dict(desk.adapter_settings)) for desk in settings.desks
    }
    store = Store.open(settings.database)
    store.check_schema()
    return Reception(store=store, desks=desks, bell=bell)


def build(settings: Settings, *, bell: HouseBell | None = None) -> Bridge:
    """Load the policy as well, and keep it beside the decisions it will make. Raises: ConfigurationError, SchemaOutdated."""
    from helpdesk_bridge.engine.feeds import Feeds
    from helpdesk_bridge.policy import load_policy  # a process that only records webhooks loads no readers
    from helpdesk_bridge.readers import Guarded, open_reader

    policy = load_policy(*settings.policy_folders)
    reader = open_reader(settings.reading.reader, policy)
    reception = open_reception(settings, bell or HouseBell(settings.database))
    bridge = Bridge(
        store=reception.store,
        desks=reception.desks,
        policy=policy,
        reader=Guarded(reader, seconds=settings.reading.seconds) if reader is not None else None,
        bell=reception.bell,
        lease=timedelta(seconds=settings.engine.lease_seconds),
        grace=timedelta(seconds=settings.engine.grace_seconds),
        retention=timedelta(days=settings.retention.deliveries_days) or None,
        invitations=invitations_of(settings),
        feeds=Feeds(policy.rules),
    )
    with bridge.store.write() as tx:
        tx.policies.put(policy.digest, policy.documents, bridge.now())
    return bridge


def invitations_of(settings: Settings) -> Invitations | None:
    """Return the writer of calendar addresses, None while customers cannot reach the bridge."""
    links = settings.links
    return Invitations(public_url=links.public_url, secret=links.secret) if links.public_url and links.secret else None


def pace_of(settings: Settings) -> Pace:
    """Return how many workers the settings ask for."""
    from helpdesk_bridge.engine.dispatch.embedded import Pace

    engine = settings.engine
    return Pace(
        advancers=engine.advance_threads,
        deliverers=engine.deliver_threads,
        sweep=engine.sweep_seconds,
        poll=engine.poll_seconds,
    )


def settings_of(path: str | Path | None) -> Settings:
    """Load settings from ``path``, else from ``BRIDGE_CONFIG``, else from ``config/bridge.yaml`` when it exists."""
    named = path or os.environ.get("BRIDGE_CONFIG")
    default = Path("config/bridge.yaml")
    chosen = Path(named) if named else default if default.exists() else None
    return load_settings(chosen, os.environ)
