"""Proofs that a delivery comes from the desk. Every verifier is total: any header gives yes or Unauthentic, never a crash."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from helpdesk_bridge.errors import Unauthentic


def check_timestamped_hmac(
    *, secrets: Iterable[str], timestamp: str, body: bytes, signature: str, now: datetime, freshness: timedelta
) -> None:
    """Check base64(HMAC-SHA256(secret, timestamp + body)) under any active secret, sent within ``freshness``.

    Raises: Unauthentic.

    Source: Zendesk, "Verifying webhook authenticity". The timestamp is the sending's, not the event's.
    """
    stamp, given = _bytes(timestamp), _bytes(signature)
    good = False
    for secret in secrets:
        expected = base64.b64encode(hmac.new(_bytes(secret), stamp + body, hashlib.sha256).digest())
        good |= hmac.compare_digest(expected, given)
    if not good or not _is_fresh(timestamp, now, freshness):
        raise Unauthentic


def check_shared_secret(*, secrets: Iterable[str], given: str) -> None:
    """Check a secret that travels with the delivery, in constant time. Raises: Unauthentic."""
    shown = _bytes(given)
    good = False
    for secret in secrets:
        good |= hmac.compare_digest(_bytes(secret), shown)
    if not good:
        raise Unauthentic


def _bytes(text: str) -> bytes:
    """Encode any text: headers may hold what UTF-8 cannot say."""
    return text.encode("utf-8", "surrogatepass")


def _is_fresh(timestamp: str, now: datetime, freshness: timedelta) -> bool:
    try:
        sent = datetime.fromisoformat(timestamp)
        return sent.tzinfo is not None and abs(now - sent) <= freshness
    except (ValueError, OverflowError):
        return False
