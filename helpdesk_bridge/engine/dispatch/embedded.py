"""Workers as threads: they drain lanes, sleep until the bell rings, and sweep for what no ring told them."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog

from helpdesk_bridge.domain.values import DeskId
from helpdesk_bridge.engine.advance import advance
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.close_month import close_when_due
from helpdesk_bridge.engine.deliver import deliver
from helpdesk_bridge.engine.dispatch.bell import HouseBell
from helpdesk_bridge.engine.prune import Pruner
from helpdesk_bridge.engine.reconcile import reconcile
from helpdesk_bridge.engine.sealing import seal_when_due
from helpdesk_bridge.engine.tick import tick
from helpdesk_bridge.errors import BridgeError

log = structlog.get_logger()

NICENESS = 10

BREATH = 0.01
"""Seconds between two rows: webhooks waiting to be recorded go first, and hints that arrive meanwhile share one reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many workers, and how patient they are, in seconds."""

    advancers: int = 2
    deliverers: int = 2
    sweep: float = 2.0
    poll: float = 60.0
    house: float = 600.0
    """How often to look whether a month is to be closed, a day to be sealed, old copies to go."""


class Workers:
    """The engine's threads in this process."""

    def __init__(self, bridge: Bridge, bell: HouseBell, pace: Pace) -> None:
        self._bridge, self._bell, self._pace = bridge, bell, pace
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start every worker; returns at once."""
        self._bell.listen()
        for number in range(self._pace.advancers):
            self._spawn(f"advance-{number}", lambda: self._drain("inbox", advance))
        for number in range(self._pace.deliverers):
            self._spawn(f"deliver-{number}", lambda: self._drain("outbox", deliver))
        self._spawn("tick", lambda: self._drain("due", lambda bridge: tick(bridge) > 0))
        self._spawn("house", self._keep_house)
        for desk in self._bridge.desks:
            self._spawn(f"poll-{desk}", partial(self._poll, desk))

    def stop(self, timeout: float = 25.0) -> bool:
        """Let every worker finish the row in its hands; True when all did in time."""
        self._stopping.set()
        self._bell.wake_all()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._bell.close()
        return not any(thread.is_alive() for thread in self._threads)

    def _spawn(self, name: str, target: Callable[[], None]) -> None:
        def work() -> None:
            _give_way()
            target()

        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _drain(self, kind: str, verb: Callable[[Bridge], bool]) -> None:
        while not self._stopping.is_set():
            seen = self._bell.count(kind)
            if self._try(kind, verb):
                self._stopping.wait(BREATH)
            else:
                self._bell.wait(kind, seen, self._pace.sweep)

    def _try(self, kind: str, verb: Callable[[Bridge], bool]) -> bool:
        """Run one hop. A failure that nobody foresaw leaves the row leased: it comes back when the lease ends."""
        try:
            return verb(self._bridge)
        except BridgeError as error:
            log.warning("hop_failed", kind=kind, reason=str(error))
        except Exception:
            log.exception("hop_failed", kind=kind)
        self._stopping.wait(1.0)
        return False

    def _keep_house(self) -> None:
        chores = {"close": close_when_due, "seal": seal_when_due, "prune": Pruner(self._stopping.wait).prune_when_due}
        while not self._stopping.is_set():
            for name, chore in chores.items():
                try:
                    chore(self._bridge)
                except Exception:
                    log.exception("chore_failed", chore=name)
            self._stopping.wait(self._pace.house)

    def _poll(self, desk: DeskId) -> None:
        while not self._stopping.is_set():
            try:
                reconcile(self._bridge, desk)
            except Exception:
                log.exception("poll_failed", desk=desk)
            self._stopping.wait(self._pace.poll)


def _give_way() -> None:
    """Let whatever records webhooks on this machine go first: on Linux a thread has a niceness of its own."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
