"""Orders from outside the ticket: recorded in the inbox like everything else, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk_bridge.domain.events import Ordered
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.engine.bridge import Reception
from helpdesk_bridge.language import command_line
from helpdesk_bridge.store import NewRow, State


class NoCommand(ValueError):
    """One line with one command was expected: a slash, a name, what it needs."""


class OtherOrder(ValueError):
    """Another order has this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStanding:
    """What became of an order."""

    state: str
    """``waiting``, ``parked`` (a person is needed: ``reason``) or ``answered``."""
    reason: str = ""
    answers: tuple[str, ...] = ()
    """The internal notes that answer it, as they were written, one for a command."""


def place(reception: Reception, desk: DeskId, ticket: TicketId, line: str, *, operator: str, name: str) -> None:
    """Record an order, once under its name. Raises: NoCommand, OtherOrder, StoreUnavailable.

    The command is looked up in the policy when the order is carried out; one that nobody knows is answered as in a note.
    """
    command = command_line(line)
    if command is None:
        raise NoCommand(NoCommand.__doc__)
    now = reception.now()
    event = Ordered(command=command, operator=operator, at=now, identity=_identity(name))
    with reception.store.write() as tx:
        new = NewRow.internal(desk, ticket, event, now=now)
        (row,) = tx.inbox.add([new])
        before = tx.inbox.named(desk, new.identity) if row is None else None
    if before is not None and isinstance(before.event, Ordered) and before.event.command.line != command.line:
        raise OtherOrder(OtherOrder.__doc__)
    reception.bell.ring("inbox")


def standing(reception: Reception, desk: DeskId, ticket: TicketId, name: str) -> OrderStanding | None:
    """Return what became of the order of a name, None when there is none. Raises: StoreUnavailable."""
    with reception.store.read() as tx:
        row = tx.inbox.named(desk, f"ticket:{ticket}:{_identity(name)}")
        if row is None:
            return None
        key = f"answer:{_identity(name)}:1"
        answers = tuple(each.update.body for each in tx.outbox.of_ticket(desk, ticket) if each.key == key and each.update.body)
    if row.done_at is not None:
        return OrderStanding(state="answered", reason=row.reason, answers=answers)
    return OrderStanding(state="parked" if row.state is State.PARKED else "waiting", reason=row.reason)


def _identity(name: str) -> str:
    return f"order:{name}"
