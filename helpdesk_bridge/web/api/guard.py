"""Who may use the API, and how it says no: always as JSON, and never why a token was refused."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, jsonify, request
from flask_smorest.error_handler import ErrorHandlerMixin
from webargs.flaskparser import abort
from werkzeug.exceptions import HTTPException

from helpdesk_bridge.errors import StoreUnavailable
from helpdesk_bridge.web.hooks import RETRY_AFTER
from helpdesk_bridge.web.house import house
from helpdesk_bridge.web.tokens import ApiToken, token_that_is

MAX_BODY = 16_384
"""Bytes of an order."""
_UNAUTHENTIC = {"WWW-Authenticate": 'Bearer realm="helpdesk_bridge"'}


def admit() -> None:
    """Let nobody in without a token; a token that only reads changes nothing."""
    request.max_content_length = MAX_BODY
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = token_that_is(secret.strip(), house(current_app).tokens) if scheme.lower() == "bearer" else None
    if token is None:
        abort(401, message="A token is needed: Authorization: Bearer …", headers=_UNAUTHENTIC)
    if request.method not in ("GET", "HEAD", "OPTIONS") and not token.may_order:
        abort(403, message="This token only reads.")
    g.api_token = token


def caller() -> ApiToken:
    """Return whose token this request came with."""
    token: ApiToken = g.api_token
    return token


def refused(error: HTTPException) -> Any:
    """Word an error."""
    return ErrorHandlerMixin().handle_http_exception(error)


def store_down(_error: StoreUnavailable) -> Any:
    """Say when to come back."""
    answer = jsonify(code=503, status="Service Unavailable", message="The database does not answer.")
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer, 503
