"""Real processes around a fake Zendesk that speaks real HTTP and counts: what a promise is tested in."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import requests

from helpdesk_bridge.engine.audit import audit
from helpdesk_bridge.store import OutboxRow, State, Store
from tests.contract.fake_zendesk import WEBHOOK_SECRET, FakeZendesk, event_body, signed_headers, trigger_body
from tests.contract.zendesk_account import AGENT, BOT, REQUESTER
from tests.promises.few_words import few_words

ROOT = Path(__file__).parents[2]
ACCEPTANCE = "De acordo com o termo de Consultoria do Suporte, podem prosseguir com o atendimento."


class World:
    """A fake desk, a database, a web process and any number of workers, each of which may die."""

    def __init__(self, folder: Path, database: str, *, policy: Path | None = None) -> None:
        """Processes load ``policy`` over the shipped one, by default one that leaves most words out."""
        self.folder, self.database, self.policy = folder, database, policy or few_words(folder / "policy")
        self.desk = FakeZendesk()
        self.port = _free_port()
        self.workers: list[subprocess.Popen[bytes]] = []
        self.web: subprocess.Popen[bytes] | None = None
        self.deaths = 0

    def __enter__(self) -> Self:
        self.desk.start()
        settings = self.folder / "bridge.yaml"
        settings.write_text(f"""\
database: {self.database}
policy: {self.policy}
engine: {{lease_seconds: 1.5, grace_seconds: 0.2, sweep_seconds: 0.2, poll_seconds: 600}}
desks:
  z:
    product: zendesk
    base_url: {self.desk.url}
    token: {{env: Z_TOKEN}}
    webhook_secrets: [{{env: Z_SECRET}}]
    bot_user_id: "{BOT}"
""")
        self.environment = {
            **os.environ,
            "BRIDGE_CONFIG": str(settings),
            "Z_TOKEN": self.desk.token,
            "Z_SECRET": WEBHOOK_SECRET,
            "PYTHONPATH": str(ROOT),
        }
        self.store = Store.open(self.database)
        self.store.upgrade()
        return self

    def __exit__(self, *_: object) -> None:
        for process in [*self.workers, *([self.web] if self.web else [])]:
            _end(process)
        self.store.close()
        self.desk.stop()

    def start_web(self, crash_at: str = "") -> None:
        """Serve the hooks, without workers."""
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--port",
            str(self.port),
            "--no-ws",
            "--blocking-threads",
            "4",
        ]
        self.web = self._start([*command, "wsgi:app"], crash_at, "web")
        self.until("the web process answers", lambda: _answers(f"http://127.0.0.1:{self.port}/health"))

    def start_worker(self, crash_at: str = "") -> None:
        """Start one more worker process, which may have to die at a named point."""
        self.workers.append(
            self._start([sys.executable, "-m", "helpdesk_bridge.cli", "worker"], crash_at, f"worker-{len(self.workers)}")
        )

    def run(self, *command: str, crash_at: str = "") -> int:
        """Run a command to its end, which may be a named point, and return its exit status."""
        return self._start([sys.executable, "-m", "helpdesk_bridge.cli", *command], crash_at, "command").wait()

    def kill_a_worker(self, number: int) -> None:
        """Kill a worker as the kernel would."""
        os.kill(self.workers[number % len(self.workers)].pid, signal.SIGKILL)
        self.workers[number % len(self.workers)].wait()

    def told(self, ticket: int, comment: int | None = None) -> None:
        """Post a signed webhook, and again until it is accepted, as a desk would."""
        body = (
            trigger_body(ticket, updated_at=str(time.time()))
            if comment is None
            else event_body(ticket, comment, author=REQUESTER)
        )
        self.until("a webhook is accepted", lambda: self._post(body))

    def _post(self, body: bytes) -> bool:
        try:
            answer = requests.post(
                f"http://127.0.0.1:{self.port}/hooks/z", data=body, headers=signed_headers(WEBHOOK_SECRET, body), timeout=5
            )
        except requests.RequestException:
            return False
        return answer.status_code == 202

    def told_story(self, ticket: int) -> None:
        """Tell one ticket from its first webhook to a recorded consent."""
        self.told(ticket)
        self.until("the recommendation stands", lambda: self.said(ticket) >= 1)
        self.desk.account.say(ticket, "/termo consultoria-suporte", author=AGENT, public=False)
        self.told(ticket)
        self.until("the term stands", lambda: self.said(ticket) >= 2)
        comment = self.desk.account.say(ticket, ACCEPTANCE, author=REQUESTER, public=True)
        self.told(ticket, comment)
        self.until("the consent is confirmed", lambda: self.said(ticket) >= 4)

    def said(self, ticket: int) -> int:
        """Count the bridge's comments in a ticket."""
        with self.desk.account.lock:
            return sum(comment["author_id"] == BOT for comment in self.desk.account.state["comments"][str(ticket)])

    def duplicates(self) -> dict[str, int]:
        """Return references that were written more than once."""
        return {reference: times for reference, times in self.desk.account.writes().items() if times > 1}

    def kinds(self, ticket: int) -> list[str]:
        """Return the kinds of a ticket's journal, in order."""
        with self.store.read() as tx:
            return [record.kind for record in tx.journal.records("z", str(ticket))]

    def updates(self, ticket: int) -> tuple[OutboxRow, ...]:
        """Return the updates of a ticket."""
        with self.store.read() as tx:
            return tx.outbox.of_ticket("z", str(ticket))

    def finished(self, ticket: str) -> list[str]:
        """Return the kinds of a ticket's inbox rows that are done."""
        with self.store.read() as tx:
            return [row.kind for row in tx.inbox.of_ticket("z", ticket) if row.state is State.DONE]

    def problems(self) -> list[str]:
        """Return what the audit finds."""
        return [problem for finding in audit(self.store) for problem in finding.problems]

    def until(self, what: str, holds: Callable[[], bool], seconds: float = 40) -> None:
        """Wait, reviving whoever died."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if holds():
                return
            self._revive()
            time.sleep(0.05)
        raise AssertionError(f"gave up waiting until {what}")

    def _revive(self) -> None:
        """Replace the dead by processes that live."""
        dead = [worker for worker in self.workers if worker.poll() is not None]
        for worker in dead:
            self.workers.remove(worker)
            self.deaths += 1
            self.start_worker()
        if self.web is not None and self.web.poll() is not None:
            self.deaths += 1
            _end(self.web)
            self.web = None
            self.start_web()

    def _start(self, command: list[str], crash_at: str, name: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command,
                env={**self.environment, "BRIDGE_CRASH_AT": crash_at},
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and those it spawned: the web server serves from a child."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).status_code < 500
    except requests.RequestException:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
