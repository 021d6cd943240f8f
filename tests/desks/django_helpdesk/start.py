"""Start a real django-helpdesk on loopback: ``python -m tests.desks.django_helpdesk.start --home DIR --port P --webhook URL``.

The Python that serves it (``--python``) must have django-helpdesk installed, as the extra ``demo`` does. New tickets are told
to ``URL/new`` and follow-ups to ``URL/followup``; the agent logs in as ``agent`` with ``agent-password``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).parents[3]
NOBODY = "http://127.0.0.1:9/nobody"
"""A webhook address where nothing listens; django-helpdesk then answers 500 to whoever wrote, and keeps what was written."""
PATIENCE = 60.0
"""Seconds until a start has failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealDesk:
    """A running django-helpdesk, and what a bridge must know about it. Who starts it stops it."""

    url: str
    token: str
    bot_user_id: int
    agent_user_id: int
    home: Path
    python: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def settings(self, url_secret: str, **more: Any) -> dict[str, Any]:
        """Return the settings of an adapter that talks to this desk."""
        return {
            "base_url": self.url,
            "token": self.token,
            "url_secret": url_secret,
            "bot_user_id": self.bot_user_id,
            "agents": {self.agent_user_id: "Caio"},
            "facts": {name: f"custom_{name}" for name in ("product_line", "environment_version", "modality")},
            "tags_field": "custom_tags",
            "output_fields": {name: f"custom_{name}" for name in ("modality_recommended", "term_state", "term_reference")},
            **more,
        }

    def receive_mail(self, message: bytes) -> None:
        """Let it read a mail: a new ticket, or a reply to the one that ``[support-<number>]`` in the subject names."""
        (self.home / "inbox" / f"{uuid4().hex}.eml").write_bytes(message)
        command = [self.python, "-m", "django", "get_email"]
        subprocess.run(command, env=self.environment, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(PATIENCE)


def start(home: Path, *, port: int, webhook: str | None = None, python: str = sys.executable) -> RealDesk:
    """Set up what is missing in ``home``, serve it, and return when it answers."""
    home.mkdir(parents=True, exist_ok=True)
    known = home / "desk.json"
    known.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "DESK_HOME": str(home),
        "DESK_WEBHOOK": webhook or NOBODY,
        "DJANGO_SETTINGS_MODULE": "tests.desks.django_helpdesk.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with (home / "helpdesk.log").open("wb") as log:
        command = [python, "-m", "tests.desks.django_helpdesk.serve", str(port)]
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
    deadline = time.monotonic() + PATIENCE
    while not known.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise RuntimeError((home / "helpdesk.log").read_text()[-2000:])
        time.sleep(0.05)
    facts = json.loads(known.read_text())
    url = f"http://127.0.0.1:{port}/"
    return RealDesk(url=url, home=home, python=python, environment=environment, process=process, **facts)


def main() -> None:
    """Start it, print one line of JSON, and stay until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--webhook", help="http://…/hooks/<desk>/<secret>")
    parser.add_argument("--python", default=sys.executable)
    given = parser.parse_args()
    desk = start(given.home.resolve(), port=given.port, webhook=given.webhook, python=given.python)
    told = {"url": desk.url, "token": desk.token, "bot_user_id": desk.bot_user_id, "agent_user_id": desk.agent_user_id}
    print(json.dumps({**told, "pid": desk.process.pid}), flush=True)
    try:
        desk.process.wait()
    except KeyboardInterrupt:
        desk.stop()


if __name__ == "__main__":
    main()
