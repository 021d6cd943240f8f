"""A fake Zendesk that speaks real HTTP on loopback, fails when it is told to, and counts what is written to it.

In a test: ``with FakeZendesk() as desk: ticket = desk.account.open_ticket(); …``. By itself:
``python -m tests.contract.fake_zendesk --port 9100 --state zendesk.json``; then POST commands at ``/_control``, GET ``/_state``.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.contract.zendesk_account import AGENT, BOT, REQUESTER, Account, Refusal

TOKEN = "fake-zendesk-token"
WEBHOOK_SECRET = "fake-zendesk-signing-secret"
PAGE = 100

AFTER_EFFECT = ("timeout_after_effect", "reset_after_effect", "no_audit")


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next ``times`` requests whose method and path match.

    ``kind``: an error status (``"429"``, ``"503"``…), ``timeout_after_effect``, ``reset_after_effect``, ``reset_before``, ``slow``,
    ``not_json`` (nothing done), ``no_audit`` (done, and said without an audit). ``after``: the Retry-After of an error status as
    it is sent, else seconds to wait.
    """

    kind: str
    method: str = ".*"
    path: str = ".*"
    times: int = 1
    after: float | str | None = None

    def meets(self, method: str, path: str) -> bool:
        """True when this request fails."""
        return self.times > 0 and re.fullmatch(self.method, method) is not None and re.search(self.path, path) is not None


class FakeZendesk:
    """The running fake. ``hold_back``: seconds that the incremental export keeps to itself, 60 at the real one."""

    def __init__(self, *, port: int = 0, state: Path | None = None, hold_back: float = 0, token: str = TOKEN) -> None:
        self.account = Account(state)
        self.token, self.hold_back, self.page_limit = token, timedelta(seconds=hold_back), PAGE
        self.requests: list[tuple[str, str]] = []
        self.closing = threading.Event()
        self.before_write: Callable[[], object] | None = None
        """Called before each PUT is done: what somebody else does between our reading and our writing."""
        self._faults: list[Fault] = []
        self._port = port
        self._server: ThreadingHTTPServer | None = None

    def start(self) -> Self:
        """Listen on loopback."""
        handler = type("Handler", (_Handler,), {"desk": self})
        self._server = _Server(("127.0.0.1", self._port), handler)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening and let go of requests that wait."""
        self.closing.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The base URL for an adapter's settings."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of an adapter that talks to this fake."""
        return {"base_url": self.url, "token": self.token, "webhook_secrets": [WEBHOOK_SECRET], "bot_user_id": str(BOT)}

    def fail(self, kind: str, *, method: str = ".*", path: str = ".*", times: int = 1, after: float | str | None = None) -> None:
        """Let the next matching requests fail; see Fault."""
        with self.account.lock:
            self._faults.append(Fault(kind, method, path, times, after))

    def heal(self) -> None:
        """Forget every fault."""
        with self.account.lock:
            self._faults.clear()

    def fault_of(self, method: str, path: str) -> Fault | None:
        """Take the fault of this request, if any."""
        with self.account.lock:
            fault = next((one for one in self._faults if one.meets(method, path)), None)
            if fault is not None:
                fault.times -= 1
            return fault

    def control(self, command: Mapping[str, Any]) -> dict[str, Any]:
        """Do what a POST at ``/_control`` says; return the numbers of what was made."""
        done: dict[str, Any] = {}
        for fault in command.get("faults", ()):
            self.fail(**fault)
        if command.get("heal"):
            self.heal()
        if "user" in command:
            self.account.add_user(**command["user"])
        if "ticket" in command:
            done["ticket"] = self.account.open_ticket(**command["ticket"])
        if "comment" in command:
            done["comment"] = self.account.say(**command["comment"])
        if "change" in command:
            self.account.change(**command["change"])
        if "redact" in command:
            self.account.redact(**command["redact"])
        return done

    def dump(self) -> dict[str, Any]:
        """Return everything, and how often each reference was written."""
        with self.account.lock:
            return {**json.loads(json.dumps(self.account.state)), "writes_by_reference": dict(self.account.writes())}


def signed_headers(secret: str, body: bytes, at: datetime | str | None = None) -> dict[str, str]:
    """Return the headers Zendesk sends with ``body``: base64(HMAC-SHA256(secret, timestamp + body)), the timestamp being ``at``."""
    stamp = at if isinstance(at, str) else (at or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    signature = base64.b64encode(hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).digest()).decode()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Zendesk Webhook",
        "X-Zendesk-Webhook-Signature": signature,
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
    }


def event_body(ticket: int, comment: int, *, author: int = REQUESTER, text: str = "", event: str = "") -> bytes:
    """Return the body of an event-subscribed ``comment_added`` webhook."""
    body = {
        "account_id": 1,
        "id": event or f"event-{ticket}-{comment}",
        "type": "zen:event-type:ticket.comment_added",
        "subject": f"zen:ticket:{ticket}",
        "time": "2026-11-24T13:00:00.123456789Z",
        "zendesk_event_version": "2022-11-06",
        "detail": {"id": str(ticket), "actor_id": str(author), "status": "OPEN", "assignee_id": "0"},
        "event": {"comment": {"id": str(comment), "body": text, "is_public": True, "author": {"id": str(author)}}},
    }
    return json.dumps(body, indent=3).encode() + b"\n"


def trigger_body(ticket: int, *, event: str = "changed", updated_at: str = "2026-11-24T13:00:00Z") -> bytes:
    """Return the body our trigger recipe sends: ids only."""
    return json.dumps({"event": event, "ticket_id": str(ticket), "updated_at": updated_at}).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that give up are what faults are for."""


class _Handler(BaseHTTPRequestHandler):
    desk: FakeZendesk
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_: Any) -> None:
        """Print nothing."""

    def _serve(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(raw) if raw else {}
        url = urlsplit(self.path)
        path = url.path.removesuffix(".json")
        if path == "/_state":
            return self._answer(200, self.desk.dump())
        if path == "/_control":
            return self._answer(200, self.desk.control(body))
        self.desk.requests.append((self.command, self.path))
        fault = self.desk.fault_of(self.command, path)
        if fault is not None and fault.kind not in AFTER_EFFECT and not self._before(fault):
            return None
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        status, answer = self._result(path, query, body)
        if fault is not None and not self._after(fault, answer):
            return None
        return self._answer(status, answer)

    def _before(self, fault: Fault) -> bool:
        """Fail before anything is done; False when the request ends here."""
        if fault.kind == "slow":
            self.desk.closing.wait(float(fault.after or 0))
            return True
        if fault.kind == "reset_before":
            self._reset()
        elif fault.kind == "not_json":
            self._send(200, b"<html>We will be back soon</html>", "text/html")
        else:
            headers = {} if fault.after is None else {"Retry-After": str(fault.after)}
            self._send(int(fault.kind), b"Rate limited, or worse", "text/plain", headers)
        return False

    def _after(self, fault: Fault, answer: dict[str, Any]) -> bool:
        """Fail after it was done; False when no answer is sent."""
        match fault.kind:
            case "timeout_after_effect":
                self.desk.closing.wait(float(fault.after or 30))
                self.close_connection = True
                return False
            case "reset_after_effect":
                self._reset()
                return False
            case "no_audit":
                answer.pop("audit", None)
        return True

    def _result(self, path: str, query: Mapping[str, str], body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.headers.get("Authorization") != f"Bearer {self.desk.token}":
            return 401, {
                "error": "invalid_token",
                "error_description": "The access token provided is expired, revoked or malformed.",
            }
        try:
            return 200, self._route(path, query, body)
        except Refusal as refusal:
            return refusal.status, refusal.body

    def _route(self, path: str, query: Mapping[str, str], body: Mapping[str, Any]) -> dict[str, Any]:
        account = self.desk.account
        if path == "/api/v2/users/me":
            return {"user": account.state["users"][str(BOT)]}
        if path == "/api/v2/incremental/tickets/cursor":
            return self._changed(query)
        found = re.fullmatch(r"/api/v2/tickets/(\d+)(/comments|/audits)?", path)
        if found is None:
            raise Refusal(404, "InvalidEndpoint", "Not found")
        number, part = int(found[1]), found[2]
        ticket = account.show(number)
        if self.command == "PUT":
            if self.desk.before_write is not None:
                self.desk.before_write()
            return account.update(number, body["ticket"])
        if part is None:
            return {"ticket": ticket, **self._sideloads(query, [ticket.get("requester_id")], ticket.get("organization_id"))}
        return self._page(part[1:], account.state[part[1:]][str(number)], query)

    def _sideloads(
        self, query: Mapping[str, str], users: Iterable[int | None], organization: int | None = None
    ) -> dict[str, Any]:
        wanted, state = query.get("include", "").split(","), self.desk.account.state
        answer: dict[str, Any] = {}
        if "users" in wanted:
            answer["users"] = [state["users"][str(number)] for number in dict.fromkeys(users) if str(number) in state["users"]]
        if "organizations" in wanted:
            answer["organizations"] = [one for one in state["organizations"].values() if one["id"] == organization]
        return answer

    def _page(self, key: str, rows: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
        size = min(int(query.get("page[size]", PAGE)), self.desk.page_limit)
        start = int(query.get("page[after]", 0))
        page, more = rows[start : start + size], start + size < len(rows)
        cursor = str(start + size) if more else None
        sideloads = self._sideloads(query, [row["author_id"] for row in page])
        return {key: page, "meta": {"has_more": more, "after_cursor": cursor}, **sideloads}

    def _changed(self, query: Mapping[str, str]) -> dict[str, Any]:
        now = datetime.now(UTC)
        seconds, _, offset = query.get("cursor", "").partition("-")
        since = datetime.fromtimestamp(int(seconds or query["start_time"]), UTC)
        if self.desk.hold_back and now - since < self.desk.hold_back:
            raise Refusal(400, "StartTimeTooRecent", "Too recent start_time. Use a start_time older than 60 seconds")
        until = (now - self.desk.hold_back).strftime("%Y-%m-%dT%H:%M:%SZ")
        rows = self.desk.account.state["tickets"].values()
        changed = [row for row in rows if since.strftime("%Y-%m-%dT%H:%M:%SZ") <= row["updated_at"] <= until]
        changed.sort(key=lambda row: (row["updated_at"], row["id"]))
        start = int(offset or 0)
        page, end = changed[start : start + self.desk.page_limit], start + self.desk.page_limit
        return {"tickets": page, "end_of_stream": end >= len(changed), "after_cursor": f"{int(since.timestamp())}-{end}"}

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        with self.desk.account.lock:
            content = json.dumps(body).encode()
        self._send(status, content, "application/json; charset=utf-8")

    def _send(self, status: int, content: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def _reset(self) -> None:
        """Close the connection with a reset, as a crashing proxy does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.wfile.close()
        self.rfile.close()
        self.connection.close()


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, help="keep everything in this file, so that a killed fake comes back as it was")
    parser.add_argument("--hold-back", type=float, default=0, help="seconds the incremental export keeps to itself")
    given = parser.parse_args()
    desk = FakeZendesk(port=given.port, state=given.state, hold_back=given.hold_back).start()
    print(json.dumps({**desk.settings, "agent_id": AGENT, "requester_id": REQUESTER}), flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        desk.stop()


if __name__ == "__main__":
    main()
