"""What is recorded under one service term: sessions, time, pauses, the finding, and what became of the charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from helpdesk_bridge.domain.lifecycle import ChargeState
from helpdesk_bridge.domain.values import CommentId


class ProposalState(StrEnum):
    """What became of a proposed session."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"
    """Nobody confirmed in time."""
    COUNTERED = "countered"
    """The customer asked for another time."""
    WITHDRAWN = "withdrawn"
    MISSED = "missed"
    """Confirmed, and somebody did not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A session proposed to the customer; its deadline runs from the moment the desk showed it."""

    round: int
    start: datetime
    end: datetime
    consultant: str
    reference: str
    proposed_at: datetime
    posted_at: datetime | None = None
    deadline: datetime | None = None
    comment: CommentId | None = None
    state: ProposalState = ProposalState.OPEN

    @property
    def is_open(self) -> bool:
        """True while the customer can still confirm it."""
        return self.state is ProposalState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeEntry:
    """Time that a consultant worked, as it was logged. Never edited: a correction is an entry that replaces another."""

    number: int
    kind: str
    """Code of the kind of work (``remote``, ``phone``…)."""
    start: datetime
    end: datetime
    consultant: str
    """How the desk or the command names who worked."""
    logged_at: datetime
    source: str
    """``comment:<id>``, ``time:<id>`` of the desk's own field, or ``order:<id>``."""
    corrects: int | None = None
    same_as: int | None = None
    """Number of the entry that a command in the same comment booked: the same work, told twice, and counted there."""

    @property
    def seconds(self) -> int:
        """How long the work took."""
        return int((self.end - self.start) / timedelta(seconds=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopwatch:
    """Work that began and was not logged yet."""

    started_at: datetime
    kind: str
    consultant: str
    source: str = ""
    """Where it was started: ``comment:<id>`` or ``order:<id>``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Work stopped for a while: what is worked meanwhile is not billable."""

    start: datetime
    end: datetime | None = None
    comment: CommentId | None = None
    """The customer's comment that asked for it; None: an agent did, by a command."""
    end_comment: CommentId | None = None
    """The customer's comment that ended it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the work found to be the cause."""

    kind: str
    """Code of the policy (``product``, ``documentation``, ``data``…)."""
    issue: str | None
    available: bool
    """True when the ISSUE's fix was already on the customer portal."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A person waived the charge, with a motive."""

    motive: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PassThrough:
    """The cost goes to a unit or franchise instead of the ticket's organization."""

    unit: str
    tax_id: str | None
    fields: tuple[tuple[str, str], ...] = ()
    """What finance asked for: ``authorisation``, ``cost_centre``, ``class_of_value``, ``accounting_item``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrerequisiteAnswer:
    """What somebody said about one item of the checklist."""

    item: int
    state: str
    """``ok``, ``not_ok`` or ``not_applicable``."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A part of a TimeEntry that is not billable, and why (a stable code)."""

    entry: int
    seconds: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A TimeEntry and the part of it that is billable."""

    entry: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What one service term costs as far as it is recorded."""

    state: ChargeState
    seconds: int
    """Billable time as worked."""
    charged_seconds: int
    """Billable time after the policy's minimum and rounding."""
    gross: Decimal
    due: Decimal
    reason: str = ""
    """Why it is waived or not charged (a stable code)."""
    lines: tuple[Line, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """The invoice that holds a charge."""

    number: str
    tax_id: str | None
    issued_on: date
