"""What every verb of the engine works with."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from helpdesk_bridge.adapters.base import Adapter
from helpdesk_bridge.domain.values import DeskId
from helpdesk_bridge.store import Store

if TYPE_CHECKING:
    from helpdesk_bridge.engine.feeds import Feeds
    from helpdesk_bridge.engine.invitations import Invitations
    from helpdesk_bridge.policy import Policy
    from helpdesk_bridge.readers import Reader


class Bell(Protocol):
    """Wakes workers. A lost or repeated ring costs nothing: the rows tell what there is to do."""

    def ring(self, kind: str) -> None:
        """Say that there may be rows for the workers of ``kind`` (``inbox``, ``outbox``, ``due``)."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """What recording webhooks needs: a store, its desks and a bell. It decides nothing, so it needs no policy."""

    store: Store
    desks: Mapping[DeskId, Adapter]
    bell: Bell
    clock: Callable[[], datetime] = _now

    def now(self) -> datetime:
        """Return the current instant, UTC."""
        return self.clock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge(Reception):
    """A whole running bridge: the reception, and the policy in force."""

    policy: Policy
    reader: Reader | None = None
    """What reads beside the rules."""
    invitations: Invitations | None = None
    feeds: Feeds | None = None
    lease: timedelta = timedelta(seconds=60)
    grace: timedelta = timedelta(seconds=10)
    """How long a write of unknown outcome is left alone before the bridge looks: a slow desk may still apply it."""

    retention: timedelta | None = None
    """How long finished deliveries and the words of sent updates are kept; None: for ever."""

    def backoff(self, attempt: int, asked: float | None = None) -> datetime:
        """Return when to try again: what the desk asked for, else 1 s doubling up to 5 min, with jitter."""
        seconds = asked if asked is not None else min(300.0, 2.0 ** min(attempt - 1, 10))
        return self.now() + timedelta(seconds=seconds * random.uniform(1.0, 1.25))  # noqa: S311 - jitter is no secret
