"""Addresses of calendar entries: everything is in the address itself, signed, so that serving one needs no database and no policy."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from helpdesk_bridge.domain.effects import Invitation

LONGEST = 2000
"""Characters of an address that are looked at."""
_MARK = b"helpdesk-bridge invitation\0"
"""Keeps a signature from meaning anything elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitations:
    """Writes and reads the addresses of one bridge."""

    public_url: str
    """Where customers reach the web room, with its prefix."""
    secret: str = field(repr=False)

    def url(self, invitation: Invitation) -> str:
        """Return the address of an invitation."""
        return f"{self.public_url.rstrip('/')}/slots/{self.token(invitation)}.ics"

    def token(self, invitation: Invitation) -> str:
        """Return the signed payload."""
        plain = [
            invitation.uid,
            invitation.sequence,
            invitation.method,
            int(invitation.start.timestamp()),
            int(invitation.end.timestamp()),
            int(invitation.at.timestamp()),
            invitation.summary,
            invitation.consultant,
        ]
        payload = _text(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace"))
        return f"{payload}.{self._signature(payload)}"

    def read(self, token: str) -> Invitation | None:
        """Return the invitation, or None for anything that we did not sign. Total on any text."""
        payload, _, signature = token.partition(".")
        if len(token) > LONGEST or not token.isascii() or not hmac.compare_digest(self._signature(payload), signature):
            return None
        uid, sequence, method, start, end, at, summary, consultant = json.loads(
            urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        )
        return Invitation(
            uid=uid,
            sequence=sequence,
            method=method,
            start=datetime.fromtimestamp(start, UTC),
            end=datetime.fromtimestamp(end, UTC),
            at=datetime.fromtimestamp(at, UTC),
            summary=summary,
            consultant=consultant,
        )

    def _signature(self, payload: str) -> str:
        return _text(hmac.digest(self.secret.encode(), _MARK + payload.encode(), sha256)[:20])


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
