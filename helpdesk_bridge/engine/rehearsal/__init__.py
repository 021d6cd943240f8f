"""Rehearsing whole lifecycles: scripts played through the real engine on a virtual clock, and compared with what must follow."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from helpdesk_bridge.engine.audit import audit_ticket
from helpdesk_bridge.engine.rehearsal.compare import Failure, failures_of
from helpdesk_bridge.engine.rehearsal.desk import DESK
from helpdesk_bridge.engine.rehearsal.figures import ThreadFigures
from helpdesk_bridge.engine.rehearsal.observe import outcome_of
from helpdesk_bridge.engine.rehearsal.script import BadScript, Thread, thread_of
from helpdesk_bridge.engine.rehearsal.stage import Moment, Stage
from helpdesk_bridge.policy import Policy
from helpdesk_bridge.readers import Reader
from helpdesk_bridge.store import Store

__all__ = ["BadScript", "Failure", "Thread", "ThreadFigures", "evaluate_threads", "rehearsals", "rehearse", "thread_of"]


MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own below it
"""Where nothing waits for a disk; what is rehearsed need not survive."""


def evaluate_threads(threads: Iterable[Thread], policy: Policy, reader: Reader | None = None) -> ThreadFigures:
    """Play every script and count."""
    names: list[str] = []
    failures: list[Failure] = []
    for thread, _store, found in rehearsals(threads, policy, reader):
        names.append(thread.id)
        failures += found
    return ThreadFigures(threads=tuple(names), failures=tuple(failures))


def rehearsals(
    threads: Iterable[Thread], policy: Policy, reader: Reader | None = None
) -> Iterator[tuple[Thread, Store, list[Failure]]]:
    """Play every script in a database of its own, which is thrown away when the next one begins."""
    with TemporaryDirectory(prefix="rehearsal-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        blank = Path(folder) / "blank.sqlite3"
        with _opened(blank) as store:
            store.upgrade()
        for number, thread in enumerate(threads):
            with _opened(Path(shutil.copy(blank, Path(folder) / f"{number}.sqlite3"))) as store:
                yield thread, store, list(rehearse(thread, policy, store, reader))


@contextmanager
def _opened(database: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{database}")
    try:
        yield store
    finally:
        store.close()


def rehearse(thread: Thread, policy: Policy, store: Store, reader: Reader | None = None) -> Iterator[Failure]:
    """Play one script and yield what differs from its expectations; what breaks is a difference too."""
    stage = Stage(thread, _under(policy, thread), store, reader)
    moments: dict[int, Moment] = {}
    for step in thread.steps:
        try:
            moments[step.seq] = stage.play(step)
        except Exception as error:  # noqa: BLE001 - whatever breaks is what the rehearsal is for
            yield _broken(thread, step.seq, "error", f"{type(error).__name__}: {error}")
            return
        for reason in moments[step.seq].parked:
            yield _broken(thread, step.seq, "parked", reason)
    yield from failures_of(thread, outcome_of(stage, moments))
    for problem in audit_ticket(store, DESK, stage.ticket).problems:
        yield _broken(thread, None, "audit", problem)


def _broken(thread: Thread, seq: int | None, what: str, actual: str) -> Failure:
    return Failure(id=thread.id, seq=seq, what=what, expected=None, actual=actual)


def _under(policy: Policy, thread: Thread) -> Policy:
    """Return the policy with the settings in which the script differs. Raises: BadScript."""
    rules = policy.rules
    for part, settings in thread.policy.items():
        try:
            rules = replace(rules, **{part: replace(getattr(rules, part), **_frozen(settings))})
        except (AttributeError, TypeError) as error:
            raise BadScript(f"policy.{part}: {error}") from None
    return replace(policy, rules=rules)


def _frozen(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in settings.items()}
