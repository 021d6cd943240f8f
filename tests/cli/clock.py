"""A clock that tests set: what the engine takes for now."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

import pytest

from helpdesk_bridge.engine import bridge


class Clock:
    """Stands still until it is set."""

    def __init__(self, at: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.set(at)
        clock = self

        class Stopped(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:
                return clock.at.astimezone(tz)

        monkeypatch.setattr(bridge, "datetime", Stopped)

    def set(self, at: str) -> None:
        """Move to an instant, in São Paulo's time."""
        self.at = datetime.fromisoformat(f"{at}-03:00").astimezone(UTC)
