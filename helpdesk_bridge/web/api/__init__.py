"""The API: another way in for orders, and a way to look. It decides nothing: orders go through the inbox."""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api

from helpdesk_bridge._version import __version__
from helpdesk_bridge.web.api.tickets import tickets

PREFIX = "HELPDESK_BRIDGE"
"""Of our keys in the app's configuration: a host app may have an API of its own."""


class _OwnApi(Api):
    def _register_error_handlers(self) -> None:
        """Leave a host app's error pages alone: only our own blueprint answers errors as JSON."""


def mount(app: Flask, prefix: str | None = None) -> None:
    """Give ``app`` the API under ``/api/v1`` and its description at ``/api/v1/openapi.json``."""
    path = f"{prefix or ''}/api/v1"
    for key, value in {
        "API_TITLE": "helpdesk_bridge",
        "API_VERSION": __version__,
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": path,
        "OPENAPI_JSON_PATH": "openapi.json",
    }.items():
        app.config.setdefault(f"{PREFIX}_{key}", value)
    security = {"token": {"type": "http", "scheme": "bearer"}}
    api = _OwnApi(
        app, config_prefix=PREFIX, spec_kwargs={"components": {"securitySchemes": security}, "security": [{"token": []}]}
    )
    api.register_blueprint(tickets, url_prefix=path)
