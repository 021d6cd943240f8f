"""An Engagement: what the journal of one ticket adds up to. It is only ever the fold of its entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from helpdesk_bridge.domain.ledger import (
    Charge,
    Finding,
    Invoice,
    PassThrough,
    Pause,
    PrerequisiteAnswer,
    Proposal,
    Stopwatch,
    TimeEntry,
    Waiver,
)
from helpdesk_bridge.domain.lifecycle import ChargeState, TermState, WorkState
from helpdesk_bridge.domain.reading import Pending, SignalKind
from helpdesk_bridge.domain.values import CommentId, DeskId, Language, ModalityCode, TicketId

PAUSE_SUSPECTED, RESUME_SUSPECTED = "pause_suspected", "resume_suspected"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A customer's comment about the term that a person has to settle."""

    comment: CommentId
    label: SignalKind
    reason: str
    at: datetime
    caps: tuple[tuple[str, str], ...] = ()
    """Limits the customer set: ``cap_minutes``, ``cap_amount``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTerm:
    """One service term sent in the ticket, with what became of it."""

    number: int
    modality: ModalityCode
    version: str
    language: Language
    text_digest: str
    rate: str
    hourly: str
    currency: str
    reference: str
    sent_at: datetime
    state: TermState = TermState.SENT
    posted_at: datetime | None = None
    """When the desk showed it: nobody can accept before that."""
    comment: CommentId | None = None
    open_question: OpenQuestion | None = None
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    """Actor, without personal data: names live in ``words`` entries, which can be erased."""
    consent_comment: CommentId | None = None
    retracted_at: datetime | None = None
    waivable: bool = False
    """Whether the modality's charge can be waived at all, as the term said when it was sent."""
    product_line: str | None = None
    caps: tuple[tuple[str, str], ...] = ()
    """Limits of a conditional acceptance that a person ratified: ``cap_minutes``, ``cap_amount``."""
    work: WorkState = WorkState.UNSCHEDULED
    cut_off: datetime | None = None
    cut_off_is_provisional: bool = False
    concluded_at: datetime | None = None
    proposal: Proposal | None = None
    """The last session proposed, kept when it is over."""
    rounds: int = 0
    no_shows: int = 0
    entries: tuple[TimeEntry, ...] = ()
    stopwatch: Stopwatch | None = None
    pauses: tuple[Pause, ...] = ()
    prerequisites: tuple[PrerequisiteAnswer, ...] = ()
    prerequisites_dispensed: bool = False
    finding: Finding | None = None
    waiver: Waiver | None = None
    pass_through: PassThrough | None = None
    charge: ChargeState = ChargeState.OPEN
    charged: Charge | None = None
    """The charge as it was settled last."""
    statement: str | None = None
    invoice: Invoice | None = None

    @property
    def key(self) -> str:
        """Key of the update that posts it."""
        return f"term:{self.number}"

    @property
    def is_pending(self) -> bool:
        """True while the customer can still answer it."""
        return self.state is TermState.SENT

    @property
    def is_running(self) -> bool:
        """True while accepted work may go on."""
        return self.state is TermState.ACCEPTED and not self.work.is_over

    @property
    def is_paused(self) -> bool:
        """True between a request to pause and the one to resume."""
        return self.work is WorkState.PAUSED

    @property
    def suspected_pause(self) -> OpenQuestion | None:
        """A comment that may ask to pause and waits for a person."""
        asked = self.open_question
        return asked if asked is not None and asked.reason == PAUSE_SUSPECTED else None

    @property
    def standing(self) -> tuple[TimeEntry, ...]:
        """The entries that no later one corrects, in the order they were logged."""
        corrected = {entry.corrects for entry in self.entries}
        return tuple(entry for entry in self.entries if entry.number not in corrected)

    @property
    def hourly_rate(self) -> Decimal:
        """The rate frozen when the term was sent."""
        return Decimal(self.hourly)

    def has_work_before(self, moment: datetime) -> bool:
        """True when somebody worked, or began to, before a moment and after the acceptance."""
        assert self.accepted_at is not None
        if self.stopwatch is not None and self.stopwatch.started_at < moment:
            return True
        return any(entry.start < moment and entry.end > self.accepted_at for entry in self.standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """Everything decided about one ticket."""

    desk: DeskId
    ticket: TicketId
    opened_at: datetime | None = None
    language: Language = Language.PT
    terms: tuple[ServiceTerm, ...] = ()
    heard: tuple[tuple[CommentId, str], ...] = ()
    """Comments already decided, each with the digest of what it said."""
    recommended: ModalityCode | None = None
    outcome: str | None = None
    """Digest of the last recommendation's outcome."""
    recommendations: int = 0
    override: ModalityCode | None = None
    """Modality an agent fixed; recommendations stop."""
    clocked: tuple[tuple[str, str], ...] = ()
    """Times logged in the desk's own fields that were already decided, each with a digest of what it said."""
    tax_id: str | None = None
    """Whom to invoice, when somebody said so; None: the ticket's organization."""
    gone_at: datetime | None = None
    """When the ticket was found deleted at the desk; None: it is there."""
    gone_settled: str | None = None
    """What finance decided about the charges of a ticket that is gone: ``charge`` or ``never``."""

    @property
    def term(self) -> ServiceTerm | None:
        """The current term: the last one sent."""
        return self.terms[-1] if self.terms else None

    @property
    def pending(self) -> Pending:
        """What the customer is being asked now."""
        term = self.term
        if term is not None and term.is_pending and term.posted_at is not None:
            return Pending.TERM_PENDING
        if term is None or not term.is_running:
            return Pending.NONE
        if term.proposal is not None and term.proposal.is_open and term.proposal.posted_at is not None:
            return Pending.SLOT_PROPOSED
        return Pending.IN_PROGRESS if term.work in (WorkState.IN_PROGRESS, WorkState.PAUSED) else Pending.ACCEPTED

    def before(self, term: ServiceTerm) -> tuple[ServiceTerm, ...]:
        """Return the terms sent before one."""
        return tuple(one for one in self.terms if one.number < term.number)

    def numbered(self, number: int) -> ServiceTerm | None:
        """Return the term of a number, or None."""
        return next((term for term in self.terms if term.number == number), None)

    def digest_heard(self, comment: CommentId) -> str | None:
        """Return the digest of a comment as it was heard last, or None."""
        return next((digest for known, digest in reversed(self.heard) if known == comment), None)
