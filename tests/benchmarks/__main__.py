"""The accept path of ``helpdesk-bridge run`` against a naive receiver in the same run, and the reading of comments and tickets.

``python -m tests.benchmarks reading`` measures the reading alone.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks import reading
from tests.contract.fake_zendesk import WEBHOOK_SECRET, FakeZendesk, event_body, signed_headers
from tests.contract.zendesk_account import BOT
from tests.promises.world import ROOT, _answers, _free_port

CONNECTIONS, REQUESTS, ROUNDS = 16, 6000, 3
NAIVE = """
import base64, hashlib, hmac, sqlite3, threading
from flask import Flask, request
app, local = Flask(__name__), threading.local()
def db():
    if not hasattr(local, "db"):
        local.db = sqlite3.connect({path!r}, timeout=30, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            local.db.execute(f"PRAGMA {{pragma}}")
        local.db.execute("CREATE TABLE IF NOT EXISTS inbox (id INTEGER PRIMARY KEY, body BLOB)")
    return local.db
@app.post("/hooks/z")
def hook():
    raw, stamp = request.get_data(), request.headers["X-Zendesk-Webhook-Signature-Timestamp"]
    want = base64.b64encode(hmac.new({secret!r}, stamp.encode() + raw, hashlib.sha256).digest()).decode()
    if not hmac.compare_digest(want, request.headers["X-Zendesk-Webhook-Signature"]):
        return "", 401
    d = db()
    d.execute("BEGIN IMMEDIATE"); d.execute("INSERT INTO inbox (body) VALUES (?)", (raw,)); d.execute("COMMIT")
    return "", 202
"""


async def _client(port: int, requests: list[bytes], seconds: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while requests:
        started = time.perf_counter()
        writer.write(requests.pop())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0)
        await reader.readexactly(length)
        if b" 202 " not in head[:20]:
            raise RuntimeError(head.decode())
        seconds.append(time.perf_counter() - started)
    writer.close()


async def _load(port: int, first: int) -> tuple[float, list[float]]:
    requests = []
    for number in range(first, first + REQUESTS):
        body = event_body(number % 50 + 1, number)
        headers = "".join(f"{name}: {value}\r\n" for name, value in signed_headers(WEBHOOK_SECRET, body).items())
        requests.append(f"POST /hooks/z HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body)
    seconds: list[float] = []
    started = time.perf_counter()
    await asyncio.gather(*(_client(port, requests, seconds) for _ in range(CONNECTIONS)))
    return REQUESTS / (time.perf_counter() - started), sorted(seconds)


def _measure(name: str, command: list[str], environment: dict[str, str], port: int, ready: str) -> float:
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not _answers(f"http://127.0.0.1:{port}{ready}") and time.monotonic() < deadline:
            time.sleep(0.1)
        rates, p50, p99 = [], [], []
        for number in range(ROUNDS):
            rate, seconds = asyncio.run(_load(port, 1_000_000 + number * REQUESTS))
            rates.append(rate)
            p50.append(seconds[len(seconds) // 2] * 1000)
            p99.append(seconds[int(len(seconds) * 0.99)] * 1000)
        print(
            f"{name:<34}{statistics.median(rates):>8.0f} req/s   p50 {statistics.median(p50):5.1f} ms   p99 {statistics.median(p99):6.1f} ms   {_memory(process.pid)}"
        )
        return statistics.median(rates)
    finally:
        process.terminate()
        process.wait(40)


def _memory(parent: int) -> str:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    sizes = [
        int(line.split()[1]) // 1024
        for pid in (str(parent), *children)
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    ]
    return "RSS " + " + ".join(f"{size} MB" for size in sizes)


def main() -> None:
    """Measure the reading, then both receivers in the same run; print the ratio."""
    reading.main()
    if sys.argv[1:] == ["reading"]:
        return
    with tempfile.TemporaryDirectory() as folder, FakeZendesk() as desk:
        for _ in range(50):
            desk.account.open_ticket()
        home = Path(folder)
        (home / "naive.py").write_text(NAIVE.format(path=str(home / "naive.sqlite3"), secret=WEBHOOK_SECRET.encode()))
        naive, port = _free_port(), _free_port()
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-w",
            "2",
            "-k",
            "gthread",
            "--threads",
            "8",
            "-b",
            f"127.0.0.1:{naive}",
            "naive:app",
        ]
        floor = _measure("gunicorn 2 x 8, INSERT + commit", command, {**os.environ, "PYTHONPATH": folder}, naive, "/")
        (home / "bridge.yaml").write_text(
            f"database: sqlite:///{folder}/bridge.sqlite3\nserver: {{port: {port}}}\nlog: {{level: warning}}\ndesks: {{z: {{product: zendesk, "
            f"base_url: '{desk.url}', token: {{env: Z_TOKEN}}, webhook_secrets: [{{env: Z_SECRET}}], bot_user_id: '{BOT}'}}}}\n"
        )
        environment = {
            **os.environ,
            "BRIDGE_CONFIG": str(home / "bridge.yaml"),
            "Z_TOKEN": desk.token,
            "Z_SECRET": WEBHOOK_SECRET,
        }
        run = str(Path(sys.executable).with_name("helpdesk-bridge"))
        subprocess.run([run, "db", "upgrade"], env=environment, check=True, stdout=subprocess.DEVNULL)
        ours = _measure("helpdesk-bridge run (workers busy)", [run, "run"], environment, port, "/health")
        print(f"ratio {ours / floor:.2f}")


if __name__ == "__main__":
    main()
