"""TicketEvents: everything that can happen to a ticket, each with the identity of its fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from helpdesk_bridge.domain.reading import Command, Reading, TicketReading
from helpdesk_bridge.domain.values import Comment, CommentId, DeskId, Language, LoggedTime, Ticket, TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A desk says that something about a ticket changed; the thread will tell what."""

    desk: DeskId
    ticket: TicketId
    identity: str
    """The fact the delivery names (``comment:9881``), else the signed body's id, else ticket + updated-at."""
    at: datetime
    kind: str = "changed"
    """The desk's own name of the event, for people who look."""
    by_bridge: bool = False
    """True when the delivery itself proves that our own write caused it: recorded, nothing to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOpened:
    """The bridge sees a ticket for the first time."""

    ticket: Ticket
    language: Language
    at: datetime

    @property
    def identity(self) -> str:
        """One fact per ticket."""
        return "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentAdded:
    """A comment appeared in the thread."""

    ticket: Ticket
    comment: Comment
    reading: Reading
    """Read as a customer's words even when an outsider wrote them: ``decide`` judges who may speak."""
    commands: tuple[Command, ...] = ()
    """Commands of an agent's internal note; empty for everybody else."""
    delivery: str = ""
    """Digest of the raw delivery that made the bridge look."""

    @property
    def identity(self) -> str:
        """One fact per comment."""
        return f"comment:{self.comment.id}"

    @property
    def at(self) -> datetime:
        """When the comment was written, as the desk says."""
        return self.comment.at


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEdited:
    """A comment already recorded now says something else."""

    ticket: Ticket
    comment: Comment
    reading: Reading
    at: datetime
    """When the edit was seen: desks seldom tell when it was made."""
    commands: tuple[Command, ...] = ()
    delivery: str = ""

    @property
    def identity(self) -> str:
        """One fact per content and sighting: words may go back and forth."""
        return f"comment:{self.comment.id}:{self.comment.digest[:12]}@{self.at:%Y%m%dT%H%M%S%f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """An update of ours took effect: a Receipt, or our own comment seen in the thread."""

    reference: str
    comment: CommentId | None
    at: datetime

    @property
    def identity(self) -> str:
        """One fact per update of ours."""
        return f"posted:{self.reference}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSeen:
    """The ticket and its thread as they stand now, after every comment was heard."""

    ticket: Ticket
    reading: TicketReading
    at: datetime

    @property
    def identity(self) -> str:
        """One fact per reading; decisions about it are unique by outcome, not by reading."""
        return f"seen:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    """A due date passed."""

    key: str
    kind: str
    at: datetime
    ticket: Ticket | None = None
    """The ticket as it was read when the timer was heard: what was written before it counts first."""

    @property
    def identity(self) -> str:
        """One fact per timer."""
        return f"timer:{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operated:
    """An operator retried, skipped or resolved a parked row."""

    action: str
    row: str
    operator: str
    reason: str
    at: datetime
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLogged:
    """Somebody logged time in the desk's own field, or changed what was logged there."""

    ticket: Ticket
    time: LoggedTime
    at: datetime

    @property
    def identity(self) -> str:
        """One fact per content and sighting: minutes may go back and forth."""
        return f"time:{self.time.id}:{self.time.digest[:12]}@{self.at:%Y%m%dT%H%M%S%f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A command given outside the ticket: at the command line or through the API."""

    command: Command
    operator: str
    at: datetime
    identity: str
    ticket: Ticket | None = None
    """The ticket as it was read when the order was carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """A charge was stated, invoiced, invoiced again or cancelled."""

    kind: str
    """``stated``, ``invoiced``, ``reinvoiced``, ``cancelled`` (never to be charged) or ``released`` (for the next closing)."""
    number: int
    """The term's."""
    statement: str
    operator: str
    at: datetime
    identity: str
    invoice: str | None = None
    tax_id: str | None = None
    issued_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneSettled:
    """Finance decided what becomes of the charges of a ticket that is gone from its desk."""

    verdict: str
    """``charge`` or ``never``."""
    operator: str
    reason: str
    at: datetime
    identity: str


TicketEvent = (
    Hint
    | TicketOpened
    | CommentAdded
    | CommentEdited
    | TimeLogged
    | Posted
    | TicketSeen
    | TimerFired
    | Ordered
    | Billed
    | GoneSettled
    | Operated
)
DecidedEvent = (
    TicketOpened
    | CommentAdded
    | CommentEdited
    | TimeLogged
    | Posted
    | TicketSeen
    | TimerFired
    | Ordered
    | Billed
    | GoneSettled
    | Operated
)
