"""A site's own policy folder for tests: files laid over the shipped policy."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from helpdesk_bridge.policy import Policy, check_policy, load_policy

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "config" / "policy"
TEMPLATES = ROOT / "templates"


@cache
def shipped() -> Policy:
    """The policy as it is shipped, loaded once."""
    return load_policy()


class Site:
    """A folder that can be written to file by file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, text: str) -> Site:
        """Write a file below the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return self

    def changed(self, name: str, *changes: tuple[str, str]) -> Site:
        """Copy a shipped file with some of its text replaced; each text must be there."""
        source = ROOT / name if name.startswith("templates/") else SHIPPED / name
        text = source.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"{old!r} is not in {name}"
            text = text.replace(old, new)
        return self.write(name, text)

    def problems(self) -> list[str]:
        """Everything wrong with the shipped policy under this folder, files named without their folder."""
        return [str(one).removeprefix(f"{self.folder}/") for one in check_policy(self.folder)]

    def load(self) -> Policy:
        """The shipped policy under this folder."""
        return load_policy(self.folder)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An empty site folder."""
    return Site(tmp_path)
