"""Webhooks in. Answers say what the desk must do next and nothing about why a signature failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from structlog import get_logger

from helpdesk_bridge.domain.values import Delivery, DeskId
from helpdesk_bridge.engine.receive import Fate, receive
from helpdesk_bridge.errors import StoreUnavailable, Unauthentic
from helpdesk_bridge.web.house import house

hooks = Blueprint("helpdesk_bridge_hooks", __name__)

_ANSWERS = {fate: f'{{"status":"{fate.value}"}}\n'.encode() for fate in Fate}

log = get_logger()

RETRY_AFTER = 10
"""Seconds; Zendesk repeats a 503 only when it says when, and short."""


@hooks.post("/hooks/<desk>/")
@hooks.post("/hooks/<desk>", defaults={"rest": ""})
@hooks.post("/hooks/<desk>/<path:rest>")
def webhook(desk: str, rest: str = "") -> tuple[Response, int]:
    """Record one delivery durably, then answer 202."""
    here = house(current_app)
    if DeskId(desk) not in here.reception.desks:
        return jsonify(error="unknown desk"), 404
    request.max_content_length = here.max_body
    delivery = Delivery(
        desk=DeskId(desk),
        path=rest,
        headers=tuple(_headers(request.environ)),
        body=request.get_data(cache=False),
        received_at=datetime.now(UTC),
    )
    received = receive(here.reception, here.recorder, delivery)
    return Response(_ANSWERS[received.fate], content_type="application/json"), 202


def _headers(environ: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Read headers as the server hands them over: for every webhook, a third of the cost of building Flask's view of them."""
    yield ("content-type", environ.get("CONTENT_TYPE", ""))
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-").lower(), value


@hooks.errorhandler(Unauthentic)
def _unauthentic(_error: Unauthentic) -> tuple[Response, int]:
    return jsonify(error="not authentic"), 401


@hooks.errorhandler(413)
def _too_large(_error: Exception) -> tuple[Response, int]:
    return jsonify(error="too large"), 413


@hooks.errorhandler(StoreUnavailable)
def _store_down(_error: StoreUnavailable) -> tuple[Response, int]:
    answer = jsonify(error="try again later")
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer, 503


@hooks.errorhandler(Exception)
def _unforeseen(error: Exception) -> tuple[Response, int]:
    """Never 500: most desks drop the event then. A 503 makes them try again."""
    log.error("receive_failed", error=type(error).__name__, exc_info=error)
    return _store_down(StoreUnavailable())
