"""What an operator may do with a parked row: retry it, skip it with a reason, or say that it was done by hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from helpdesk_bridge.domain.events import Operated
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.store import NewRow, State


class Action(StrEnum):
    """Ways to settle a parked row."""

    RETRY = "retry"
    SKIP = "skip"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True)
class RowName:
    """A row as people name it: ``in:12`` or ``out:7``."""

    box: str
    id: int

    @classmethod
    def of(cls, text: str) -> RowName:
        """Parse what an operator typed. Raises: ValueError."""
        box, _, number = text.partition(":")
        if box not in ("in", "out") or not number.isdecimal():
            raise ValueError(f"{text!r} names no row: write in:12 or out:7")
        return cls(box, int(number))

    def __str__(self) -> str:
        return f"{self.box}:{self.id}"


def operate(bridge: Bridge, name: RowName, action: Action, *, operator: str, reason: str) -> None:
    """Settle one parked row and journal who did it and why. Raises: LookupError when the row is not parked."""
    now = bridge.now()
    with bridge.store.write() as tx:
        box = tx.inbox if name.box == "in" else tx.outbox
        row = box.get(name.id)
        if row is None or row.state is not State.PARKED:
            raise LookupError(f"{name} is not parked")
        if action is Action.RETRY:
            box.release(name.id)
        else:
            box.skip(name.id, f"{action.value}: {reason}", now)
        if row.ticket is not None:
            identity = f"operated:{name}:{row.attempt}:{action.value}"
            event = Operated(action=action.value, row=str(name), operator=operator, reason=reason, at=now, identity=identity)
            tx.inbox.add([NewRow.internal(row.desk, row.ticket, event, now=now)])
    bridge.bell.ring("inbox")
    bridge.bell.ring("outbox")
