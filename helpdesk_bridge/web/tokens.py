"""Tokens of the API: who they name, and how far they reach."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_LINE = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]{0,39})(?P<read>:read)?=(?P<secret>[!-~]{24,200})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """Who may use the API."""

    name: str
    """Stands in the journal before the person of each order."""
    secret: str = field(repr=False)
    may_order: bool
    """False: this token only reads."""


def tokens_of(text: str) -> tuple[ApiToken, ...]:
    """Read ``name=secret`` and ``name:read=secret``, one a line or between commas. Raises: ValueError, without what was read."""
    tokens = tuple(_token(line.strip()) for line in re.split(r"[,\n]", text) if line.strip())
    if len({token.name for token in tokens}) < len(tokens):
        raise ValueError("two tokens have the same name")
    return tokens


def token_that_is(secret: str, tokens: Iterable[ApiToken]) -> ApiToken | None:
    """Return the token of a secret; every one is compared, each in constant time."""
    given, found = secret.encode("utf-8", "replace"), None
    for token in tokens:
        if hmac.compare_digest(given, token.secret.encode()):
            found = token
    return found


def _token(line: str) -> ApiToken:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError("holds name=secret or name:read=secret, each secret 24 signs or more without blanks or commas")
    return ApiToken(name=match["name"], secret=match["secret"], may_order=match["read"] is None)
