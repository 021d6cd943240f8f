"""A configured site for commands: settings, a policy folder and a database of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from helpdesk_bridge.cli import bridge
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.store import Store


@dataclass(frozen=True)
class CommandSite:
    """Where commands run."""

    folder: Path
    store: Store

    @property
    def policy(self) -> Path:
        """The site's policy folder."""
        return self.folder / "policy"

    def run(self, *arguments: str) -> Result:
        """Run ``helpdesk-bridge …``; what is wrong is told as ``main`` tells it."""
        answer = CliRunner().invoke(bridge, ["--config", str(self.folder / "bridge.yaml"), *arguments], catch_exceptions=True)
        if isinstance(answer.exception, BridgeError):
            answer.output_bytes += str(answer.exception).encode()
        elif answer.exception is not None and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        return answer


def command_site(folder: Path, database: str, store: Store) -> CommandSite:
    """Configure a console desk called ``desk``."""
    language = folder / "policy" / "language"
    language.mkdir(parents=True)
    (language / "likeness.yaml").write_text("", encoding="utf-8")  # a second less for every command
    desk = "desks:\n  desk: {product: console, secret: {env: DESK_SECRET}}\n"
    (folder / "bridge.yaml").write_text(f"database: {database}\npolicy: policy\n{desk}", encoding="utf-8")
    return CommandSite(folder, store)
