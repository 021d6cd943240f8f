"""A bell that wakes the workers of this process at once, and those of other processes on the same machine."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
import threading
import time
from hashlib import sha256
from pathlib import Path

KINDS = ("inbox", "outbox", "due")

LOOK_AGAIN = 1.0
"""Seconds for which the list of other processes is good; a new one sweeps meanwhile."""


class HouseBell:
    """Every process of one database binds a datagram socket in one folder; ringing writes a byte to each.

    Nothing depends on a ring being heard: workers sweep as well.
    """

    def __init__(self, database_url: str) -> None:
        name = sha256(database_url.encode()).hexdigest()[:16]
        self._folder = Path(tempfile.gettempdir()) / f"helpdesk-bridge-{os.getuid()}-{name}"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if self._folder.stat().st_uid != os.getuid():
            raise PermissionError(f"{self._folder} belongs to somebody else")
        self._rung = {kind: threading.Condition() for kind in KINDS}
        self._count = dict.fromkeys(KINDS, 0)
        self._looked, self._known = float("-inf"), list[Path]()
        self._path = self._folder / str(os.getpid())
        self._out = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._out.setblocking(False)
        self._in: socket.socket | None = None
        self._listener: threading.Thread | None = None

    def listen(self) -> None:
        """Hear other processes from now on."""
        self._path.unlink(missing_ok=True)
        self._in = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._in.bind(str(self._path))
        self._listener = threading.Thread(target=self._hear, name="bell", daemon=True)
        self._listener.start()

    def ring(self, kind: str) -> None:
        """Wake a worker of a kind, here and next door. Cheap enough for every webhook: neighbours are looked up once a second."""
        self._strike(kind)
        now = time.monotonic()
        if now - self._looked > LOOK_AGAIN:
            self._looked, self._known = now, self._neighbours()
        for path in self._known:
            try:
                self._out.sendto(kind.encode(), str(path))
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)
            except OSError:
                continue

    def count(self, kind: str) -> int:
        """Return how often a kind was rung; pass it to ``wait`` so that no ring is missed in between."""
        return self._count[kind]

    def wait(self, kind: str, seen: int, timeout: float) -> None:
        """Sleep until the kind is rung more often than ``seen``, or ``timeout`` seconds."""
        with self._rung[kind]:
            self._rung[kind].wait_for(lambda: self._count[kind] != seen, timeout)

    def wake_all(self) -> None:
        """Wake every waiting worker of this process, for a stop."""
        for kind in KINDS:
            with self._rung[kind]:
                self._count[kind] += 1
                self._rung[kind].notify_all()

    def close(self) -> None:
        """Stop hearing others."""
        self._path.unlink(missing_ok=True)
        if self._in is not None:
            with contextlib.suppress(OSError):
                self._in.shutdown(socket.SHUT_RDWR)
            self._in.close()
        self._out.close()

    def _strike(self, kind: str) -> None:
        with self._rung[kind]:
            self._count[kind] += 1
            self._rung[kind].notify()

    def _neighbours(self) -> list[Path]:
        try:
            return [path for path in self._folder.iterdir() if path != self._path]
        except OSError:
            return []

    def _hear(self) -> None:
        assert self._in is not None
        while True:
            try:
                kind = self._in.recv(64).decode("ascii", "replace")
            except OSError:
                return
            if kind in self._rung:
                self._strike(kind)
            elif not kind:
                return
