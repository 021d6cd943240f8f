"""Commands run for real, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_bridge.store import Store
from tests.cli.site import CommandSite, command_site


@pytest.fixture
def site(tmp_path: Path, database: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> CommandSite:
    """A site with a policy folder of its own and an empty database."""
    monkeypatch.setenv("DESK_SECRET", "a secret of its own")
    monkeypatch.delenv("BRIDGE_CONFIG", raising=False)
    return command_site(tmp_path, database, store)
