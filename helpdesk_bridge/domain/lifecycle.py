"""The lifecycle tables: which move leads from which state to which. Code asks them; docs are drawn from them."""

from __future__ import annotations

from enum import StrEnum


class TermState(StrEnum):
    """Where a service term stands."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OTHER_ROUTE = "other_route"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class TermMove(StrEnum):
    """What can happen to a service term."""

    ACCEPT = "accept"
    DECLINE = "decline"
    TAKE_OTHER_ROUTE = "take_other_route"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    RETRACT = "retract"


TERM: dict[tuple[TermState, TermMove], TermState] = {
    (TermState.SENT, TermMove.ACCEPT): TermState.ACCEPTED,
    (TermState.SENT, TermMove.DECLINE): TermState.DECLINED,
    (TermState.SENT, TermMove.TAKE_OTHER_ROUTE): TermState.OTHER_ROUTE,
    (TermState.SENT, TermMove.EXPIRE): TermState.EXPIRED,
    (TermState.SENT, TermMove.WITHDRAW): TermState.WITHDRAWN,
    (TermState.ACCEPTED, TermMove.RETRACT): TermState.DECLINED,
}


class WorkState(StrEnum):
    """Where the work under an accepted term stands."""

    UNSCHEDULED = "unscheduled"
    INTERRUPTED = "interrupted"


class WorkMove(StrEnum):
    """What can happen to the work."""

    INTERRUPT = "interrupt"


WORK: dict[tuple[WorkState, WorkMove], WorkState] = {
    (WorkState.UNSCHEDULED, WorkMove.INTERRUPT): WorkState.INTERRUPTED,
}
