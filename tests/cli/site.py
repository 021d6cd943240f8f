"""A configured site for commands: settings, a policy folder and a database of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from helpdesk_bridge.build import build
from helpdesk_bridge.cli import bridge
from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.events import Hint
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.values import Ticket, TicketId, TicketStatus
from helpdesk_bridge.engine.advance import advance
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.dispatch.bell import HouseBell
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.settings import load_settings
from helpdesk_bridge.store import NewRow, Store, decode_engagement, encode_engagement
from tests.domain.builders import DESK, Story


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

    @contextmanager
    def opened(self) -> Iterator[Bridge]:
        """The configured bridge, as a command or a worker opens it."""
        settings = load_settings(self.folder / "bridge.yaml", os.environ)
        bell = HouseBell(settings.database)
        running = build(settings, bell=bell)
        try:
            yield running
        finally:
            running.store.close()
            bell.close()

    def work(self) -> None:
        """Advance everything that waits in the inbox."""
        with self.opened() as running:
            while advance(running):
                pass

    def kinds(self, ticket: str = "7") -> list[str]:
        """Kinds of a ticket's journal, in order."""
        with self.store.read() as tx:
            return [record.kind for record in tx.journal.records(DESK, TicketId(ticket))]

    def tell(self, story: Story, ticket: str = "7", status: TicketStatus = TicketStatus.SOLVED) -> None:
        """Record a story as if the desk had told it, and how the ticket stands at its end."""
        engagement = fold(Engagement(desk=DESK, ticket=TicketId(ticket)), story.entries)
        now = story.entries[-1].at
        with self.store.write() as tx:
            last = tx.journal.append(DESK, engagement.ticket, story.entries, expected_seq=0)[-1]
            tx.engagements.save(DESK, engagement.ticket, encode_engagement(engagement), seq=last.seq, head=last.hash, now=now)
        self.seen(replace(story.ticket, id=engagement.ticket, status=status), now)

    def goes_on(self, *lines: str, number: int = 5000) -> None:
        """Let an agent write commands in ticket 7 after all that."""
        self._continue(lambda story: story.commands(number, *lines))

    def goes(self, status: TicketStatus, minutes: float = 4000) -> None:
        """Let the bridge see that ticket 7 has another status."""
        self._continue(lambda story: story.seen(minutes, status=status))

    def _continue(self, happens: Callable[[Story], Decision]) -> None:
        with self.store.write() as tx:
            saved, seen = tx.engagements.load(DESK, TicketId("7")), tx.inbox.last_seen(DESK, TicketId("7"))
            assert saved is not None
            story = Story(ticket=seen)
            story.engagement = decode_engagement(saved.state)
            entries = happens(story).entries
            last = tx.journal.append(DESK, TicketId("7"), entries, expected_seq=saved.seq)[-1]
            state = encode_engagement(story.engagement)
            tx.engagements.save(DESK, TicketId("7"), state, seq=last.seq, head=last.hash, now=last.at)

    def seen(self, ticket: Ticket, now: datetime) -> None:
        """Record how a ticket was read last."""
        hint = Hint(desk=DESK, ticket=ticket.id, identity=f"seen:{ticket.id}:{ticket.status}:{now}", at=now)
        with self.store.write() as tx:
            tx.inbox.add([NewRow.hinted(hint, raw=None, digest=None, received_at=now)])
            row = tx.inbox.claim(now, timedelta(minutes=1), f"{DESK}/{ticket.id}")
            assert row is not None
            tx.inbox.finish(row, ticket, now)


def command_site(folder: Path, database: str, store: Store) -> CommandSite:
    """Configure a console desk called ``desk``."""
    language = folder / "policy" / "language"
    language.mkdir(parents=True)
    (language / "likeness.yaml").write_text("", encoding="utf-8")  # a second less for every command
    desk = "desks:\n  desk: {product: console, secret: {env: DESK_SECRET}}\n"
    (folder / "bridge.yaml").write_text(f"database: {database}\npolicy: policy\n{desk}", encoding="utf-8")
    return CommandSite(folder, store)
