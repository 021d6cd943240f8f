"""Composition root: settings in, a running bridge out. Only ``wsgi.py`` and the commands build one."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from helpdesk_bridge.adapters import adapter_of
from helpdesk_bridge.adapters.base import Adapter
from helpdesk_bridge.domain.values import DeskId
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.dispatch.bell import HouseBell
from helpdesk_bridge.engine.dispatch.embedded import Pace, Workers
from helpdesk_bridge.logs import configure_logging
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.settings import Settings, load_settings
from helpdesk_bridge.store import Store
from helpdesk_bridge.web.health import health
from helpdesk_bridge.web.hooks import hooks
from helpdesk_bridge.web.house import KEY, House


def build(settings: Settings, *, bell: HouseBell | None = None) -> Bridge:
    """Open the store, load the policy and configure every desk. Raises: ConfigurationError, SchemaOutdated."""
    policy = load_policy(*settings.policy_folders)
    desks: dict[DeskId, Adapter] = {
        desk.id: adapter_of(desk.product)(desk.id, dict(desk.adapter_settings)) for desk in settings.desks
    }
    store = Store.open(settings.database)
    store.check_schema()
    bridge = Bridge(
        store=store,
        desks=desks,
        policy=policy,
        bell=bell or HouseBell(settings.database),
        lease=timedelta(seconds=settings.engine.lease_seconds),
        grace=timedelta(seconds=settings.engine.grace_seconds),
    )
    with store.write() as tx:
        tx.policies.put(policy.digest, policy.documents, bridge.now())
    return bridge


def pace_of(settings: Settings) -> Pace:
    """Return how many workers the settings ask for."""
    engine = settings.engine
    return Pace(
        advancers=engine.advance_threads,
        deliverers=engine.deliver_threads,
        sweep=engine.sweep_seconds,
        poll=engine.poll_seconds,
    )


class HelpdeskBridge:
    """The Flask extension: ``HelpdeskBridge(app)``, or ``init_app(app)`` later.

    ``app.config["HELPDESK_BRIDGE_CONFIG"]`` names the settings file (else the environment variable ``BRIDGE_CONFIG``),
    ``HELPDESK_BRIDGE_URL_PREFIX`` where the hooks hang. Workers run apart (``helpdesk-bridge worker``), or in this
    process with ``HELPDESK_BRIDGE_WORKERS = True``.
    """

    def __init__(self, app: Flask | None = None, *, settings: Settings | None = None) -> None:
        self._settings = settings
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Give ``app`` the hooks, health and metrics. Raises: ConfigurationError, SchemaOutdated."""
        settings = self._settings or settings_of(app.config.get("HELPDESK_BRIDGE_CONFIG"))
        bell = HouseBell(settings.database)
        bridge = build(settings, bell=bell)
        recorder = bridge.store.recorder()
        app.extensions[KEY] = House(bridge=bridge, recorder=recorder, max_body=settings.hooks.max_body_bytes)
        prefix = app.config.get("HELPDESK_BRIDGE_URL_PREFIX") or None
        app.register_blueprint(hooks, url_prefix=prefix)
        app.register_blueprint(health, url_prefix=prefix)
        if app.config.get("HELPDESK_BRIDGE_WORKERS"):
            start_workers(bridge, bell, settings)


def start_workers(bridge: Bridge, bell: HouseBell, settings: Settings) -> Workers:
    """Start the engine's threads; they stop when the interpreter does, each with the row in its hands finished.

    A web server may end its process without running ``atexit`` handlers, but the interpreter always waits for
    threads that are no daemons: one such thread waits for the main thread to end and stops the workers.
    """
    workers = Workers(bridge, bell, pace_of(settings))
    workers.start()

    def steward() -> None:
        threading.main_thread().join()
        workers.stop()

    threading.Thread(target=steward, name="steward", daemon=False).start()
    return workers


def create_app(config: Mapping[str, Any] | None = None, *, settings: Settings | None = None) -> Flask:
    """Return a Flask app that is nothing but the bridge."""
    app = Flask("helpdesk_bridge")
    app.config.from_mapping(config or {})
    HelpdeskBridge(app, settings=settings)
    return app


def create_served_app() -> Flask:
    """Return the app that ``helpdesk-bridge run`` serves: hooks and workers in one process."""
    settings = settings_of(None)
    configure_logging(settings.log)
    return create_app({"HELPDESK_BRIDGE_WORKERS": True}, settings=settings)


def settings_of(path: str | Path | None) -> Settings:
    """Load settings from ``path``, else from ``BRIDGE_CONFIG``, else from ``config/bridge.yaml`` when it exists."""
    named = path or os.environ.get("BRIDGE_CONFIG")
    default = Path("config/bridge.yaml")
    chosen = Path(named) if named else default if default.exists() else None
    return load_settings(chosen, os.environ)
