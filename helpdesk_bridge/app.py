"""The bridge as a Flask app or extension: hooks, health and metrics over a reception, workers where they are asked for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask

from helpdesk_bridge.build import build, invitations_of, open_reception, pace_of, settings_of
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.dispatch.bell import HouseBell
from helpdesk_bridge.logs import configure_logging
from helpdesk_bridge.settings import Settings
from helpdesk_bridge.web.health import health
from helpdesk_bridge.web.hooks import hooks
from helpdesk_bridge.web.house import KEY, House
from helpdesk_bridge.web.slots import slots

if TYPE_CHECKING:
    from helpdesk_bridge.engine.dispatch.embedded import Workers


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
        with_workers = bool(app.config.get("HELPDESK_BRIDGE_WORKERS"))
        here = build(settings, bell=bell) if with_workers else open_reception(settings, bell)
        app.extensions[KEY] = House(
            reception=here,
            recorder=here.store.recorder(),
            max_body=settings.hooks.max_body_bytes,
            invitations=invitations_of(settings),
            tokens=settings.api.tokens,
        )
        prefix = app.config.get("HELPDESK_BRIDGE_URL_PREFIX") or None
        app.register_blueprint(hooks, url_prefix=prefix)
        app.register_blueprint(health, url_prefix=prefix)
        app.register_blueprint(slots, url_prefix=prefix)
        if settings.api.tokens:
            from helpdesk_bridge.web.api import mount  # a process without an API loads none

            mount(app, prefix)
        if isinstance(here, Bridge):
            start_workers(here, bell, settings)


def start_workers(bridge: Bridge, bell: HouseBell, settings: Settings) -> Workers:
    """Start the engine's threads; they stop when the interpreter does, each with the row in its hands finished.

    A web server may end its process without running ``atexit`` handlers, but the interpreter always waits for
    threads that are no daemons: one such thread waits for the main thread to end and stops the workers.
    """
    from helpdesk_bridge.engine.dispatch.embedded import Workers

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
    """Return the app that ``helpdesk-bridge run`` serves; the workers are threads of the process that serves it."""
    settings = settings_of(None)
    configure_logging(settings.log)
    _end_with_parent()
    return create_app(settings=settings)


def _end_with_parent() -> None:
    """Stop serving when the process with the workers is gone, killed outright included: nobody would advance what we record."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()
