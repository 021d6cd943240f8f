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
    SLOT_PROPOSED = "slot_proposed"
    SCHEDULED = "scheduled"
    RESCHEDULE_NEEDED = "reschedule_needed"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    CONCLUDED = "concluded"
    INTERRUPTED = "interrupted"

    @property
    def is_over(self) -> bool:
        """True when the charge can be computed."""
        return self in (WorkState.CONCLUDED, WorkState.INTERRUPTED)


class WorkMove(StrEnum):
    """What can happen to the work."""

    PROPOSE = "propose"
    CONFIRM = "confirm"
    RESCHEDULE = "reschedule"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CONCLUDE = "conclude"
    INTERRUPT = "interrupt"
    REOPEN = "reopen"


WAITING = (WorkState.UNSCHEDULED, WorkState.SLOT_PROPOSED, WorkState.SCHEDULED, WorkState.RESCHEDULE_NEEDED)
_ACTIVE = (*WAITING, WorkState.IN_PROGRESS)
_RUNNING = (*_ACTIVE, WorkState.PAUSED)

WORK: dict[tuple[WorkState, WorkMove], WorkState] = {
    **{(state, WorkMove.PROPOSE): WorkState.SLOT_PROPOSED for state in _ACTIVE},
    **{
        (state, WorkMove.CONFIRM): WorkState.SCHEDULED
        for state in (WorkState.SLOT_PROPOSED, WorkState.RESCHEDULE_NEEDED, WorkState.IN_PROGRESS)
    },
    **{
        (state, WorkMove.RESCHEDULE): WorkState.RESCHEDULE_NEEDED
        for state in (WorkState.SLOT_PROPOSED, WorkState.SCHEDULED, WorkState.IN_PROGRESS)
    },
    **{(state, WorkMove.START): WorkState.IN_PROGRESS for state in _ACTIVE},
    **{(state, WorkMove.PAUSE): WorkState.PAUSED for state in _ACTIVE},
    (WorkState.PAUSED, WorkMove.RESUME): WorkState.IN_PROGRESS,
    **{(state, WorkMove.CONCLUDE): WorkState.CONCLUDED for state in _RUNNING},
    **{(state, WorkMove.INTERRUPT): WorkState.INTERRUPTED for state in _RUNNING},
    (WorkState.CONCLUDED, WorkMove.REOPEN): WorkState.IN_PROGRESS,
}
"""A session may be proposed while other work goes on (``in_progress``); a pause ends every proposal. A confirmation after the
deadline counts where policy accepts it (``reschedule_needed`` → ``scheduled``)."""


class ChargeState(StrEnum):
    """Where the charge of a service term stands."""

    OPEN = "open"
    CHARGEABLE = "chargeable"
    WAIVED = "waived"
    PASSED_THROUGH = "passed_through"
    NO_CHARGE = "no_charge"
    STATED = "stated"
    INVOICED = "invoiced"
    REINVOICED = "reinvoiced"
    CANCELLED = "cancelled"

    @property
    def is_locked(self) -> bool:
        """True when a statement holds it: corrections and waivers are refused from then on."""
        return self in (ChargeState.STATED, ChargeState.INVOICED, ChargeState.REINVOICED, ChargeState.CANCELLED)


class ChargeMove(StrEnum):
    """What can happen to a charge."""

    CHARGE = "charge"
    WAIVE = "waive"
    PASS_THROUGH = "pass_through"  # noqa: S105 (no password)
    DROP = "drop"
    REOPEN = "reopen"
    STATE = "state"
    INVOICE = "invoice"
    REINVOICE = "reinvoice"
    CANCEL = "cancel"
    RELEASE = "release"


SETTLED: dict[ChargeState, ChargeMove] = {
    ChargeState.OPEN: ChargeMove.REOPEN,
    ChargeState.CHARGEABLE: ChargeMove.CHARGE,
    ChargeState.WAIVED: ChargeMove.WAIVE,
    ChargeState.PASSED_THROUGH: ChargeMove.PASS_THROUGH,
    ChargeState.NO_CHARGE: ChargeMove.DROP,
}
"""The move that settles a charge as each state."""

CHARGE: dict[tuple[ChargeState, ChargeMove], ChargeState] = {
    **{
        (state, move): to
        for state in SETTLED
        for to, move in SETTLED.items()
        if (state, to) != (ChargeState.OPEN, ChargeState.OPEN)
    },
    **{
        (state, ChargeMove.STATE): ChargeState.STATED
        for state in (ChargeState.CHARGEABLE, ChargeState.WAIVED, ChargeState.PASSED_THROUGH)
    },
    (ChargeState.STATED, ChargeMove.INVOICE): ChargeState.INVOICED,
    (ChargeState.INVOICED, ChargeMove.REINVOICE): ChargeState.REINVOICED,
    (ChargeState.REINVOICED, ChargeMove.REINVOICE): ChargeState.REINVOICED,
    **{
        (state, ChargeMove.CANCEL): ChargeState.CANCELLED
        for state in ChargeState
        if state not in (ChargeState.NO_CHARGE, ChargeState.CANCELLED)
    },
    **{
        (state, ChargeMove.RELEASE): ChargeState.OPEN
        for state in (ChargeState.STATED, ChargeState.INVOICED, ChargeState.REINVOICED)
    },
}
"""Until a statement holds it, a charge follows what is recorded: a late finding may still waive it. A statement that is cancelled either
lets its charges go (``release``), for the next closing, or ends them; without a statement a charge ends only with a ticket that is gone."""
