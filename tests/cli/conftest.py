"""Commands run for real, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

import helpdesk_bridge.cli.rates
import helpdesk_bridge.policy
from helpdesk_bridge.policy import Policy, load_policy
from helpdesk_bridge.store import Store
from tests.cli.clock import Clock
from tests.cli.site import CommandSite, command_site

_loaded: dict[tuple[object, ...], Policy] = {}


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load a policy again only when a file of its folders changed: a second less for every command."""

    def remembered(*folders: Path) -> Policy:
        files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
        shape = tuple((str(path).removeprefix(str(folders[0])), path.read_bytes()) for path in files)
        if shape not in _loaded:
            _loaded[shape] = load_policy(*folders)
        return _loaded[shape]

    for module in (helpdesk_bridge.policy, helpdesk_bridge.cli.rates):
        monkeypatch.setattr(module, "load_policy", remembered, raising=False)


@pytest.fixture
def site(tmp_path: Path, database: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> CommandSite:
    """A site with a policy folder of its own and an empty database."""
    monkeypatch.setenv("DESK_SECRET", "a secret of its own")
    monkeypatch.setenv("BRIDGE_CONFIG", "")  # `--config` sets it for the process: remembered, so that it is taken back
    return command_site(tmp_path, database, store)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The morning of 2 December 2026: the second business day after November."""
    return Clock("2026-12-02T09:00:00", monkeypatch)
