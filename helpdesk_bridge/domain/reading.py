"""What somebody's words mean: the values that ``language`` returns and ``decide`` weighs."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from helpdesk_bridge.domain.values import CommentId, CriterionId, Language, Role, Span


class SignalKind(StrEnum):
    """Everything a customer's comment can say about a service term."""

    ACCEPTANCE = "acceptance"
    CONDITIONAL_ACCEPTANCE = "conditional_acceptance"
    QUESTION = "question"
    REFUSAL = "refusal"
    OTHER_ROUTE = "other_route"
    INTERRUPTION = "interruption"
    PAUSE = "pause"
    RESUME = "resume"
    SLOT_CONFIRMATION = "slot_confirmation"
    SLOT_COUNTER_PROPOSAL = "slot_counter_proposal"
    BILLING_INFO = "billing_info"
    PREREQUISITES = "prerequisites"
    DISPUTE = "dispute"
    RETRACTION = "retraction"
    UNCLEAR = "unclear"
    NONE = "none"


class Pending(StrEnum):
    """What the customer is being asked, which decides how their words are read."""

    NONE = "none"
    TERM_PENDING = "term_pending"
    ACCEPTED = "accepted"
    SLOT_PROPOSED = "slot_proposed"
    IN_PROGRESS = "in_progress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a reader must know beside the words."""

    author: Role
    pending: Pending = Pending.NONE
    last_agent_text: str | None = None
    """The agent's (or the bridge's) previous public comment."""
    hourly: Decimal | None = None
    """The rate of the term they answer: naming it again is no bargain."""
    ticket: str | None = None
    """The ticket's number: an answer that names another one is none to this term."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing a comment says, with the words that say it."""

    kind: SignalKind
    span: Span
    """Into ``Reading.original``."""
    pattern: str
    """Id of the lexicon entry or rule that matched."""
    certain: bool = False
    """True when the reading is beyond doubt: only then may it conclude anything by itself."""
    reason: str = ""
    """Why it is not certain, as a stable code (``condition``, ``unknown_words``…)."""
    data: tuple[tuple[str, str], ...] = ()
    """What the words carry, as written; nothing is resolved against a calendar or a clock.

    Tax numbers: ``cnpj``, ``rut``, ``cuit``, ``rfc``, ``ruc``, without punctuation; ``unit``: who bears the cost, beside a number.

    Days and hours (slot signals, one signal for each time named, in the text's order; conditions, the first one): ``date``
    (ISO 8601: ``2026-11-27``, ``--11-27`` without a year, ``---27`` the day of a month alone), ``weekday`` (0 is Monday),
    ``day_offset`` (``1`` is tomorrow), ``week_offset`` (``1`` is next week), ``part`` (``morning``, ``afternoon``,
    ``evening``), ``time`` and ``time_to``, ``after``, ``before`` (``HH:MM``, 24 hours), ``zone`` (IANA name, when a city,
    a country or a zone is named). Times the words put aside ("não posso dia 26") are left out.

    Conditions of a conditional acceptance: ``cap_minutes``, ``cap_amount`` (``1000.00``), ``po`` (its number, or
    ``pending``), ``if_product_error`` (``true``).
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The author's own words of one comment and what they mean."""

    original: str
    """The text all spans point into (HTML comments: their visible text)."""
    kept: tuple[Span, ...]
    """The author's own new words; quotes, signatures and footers are left out."""
    signals: tuple[Signal, ...] = ()
    """Most important first; the first one is the comment's label."""
    language: Language = Language.PT
    flags: frozenset[str] = frozenset()
    """``quoted, inline, forwarded, automatic, hidden, truncated, flooded``."""

    @property
    def label(self) -> SignalKind:
        """The comment's principal meaning."""
        return self.signals[0].kind if self.signals else SignalKind.NONE

    @property
    def own_words(self) -> str:
        """The kept text, one line per kept span."""
        return "\n".join(span.of(self.original) for span in self.kept).strip()

    def signal(self, kind: SignalKind) -> Signal | None:
        """Return the first signal of a kind, or None."""
        return next((signal for signal in self.signals if signal.kind is kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Evidence for one criterion: the words, where they stand, and who wrote them."""

    criterion: CriterionId
    source: str
    """``subject``, ``description``, ``comment`` or ``field:<name>``."""
    comment: CommentId | None
    span: Span
    """Into the source text (``Comment.text``, or its visible text when it is HTML)."""
    text: str
    pattern: str
    author: Role
    score: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One ``/command`` line of an agent's internal note."""

    name: str
    """Canonical Portuguese name (``termo``, ``aceite``, ``status``…); as typed when unknown."""
    argument: str
    line: str
    known: bool = True
    nearest: str | None = None
    """The closest known command, when this one is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReading:
    """What a whole ticket says: cues for criteria and what it lacks to be answered at once."""

    cues: tuple[Cue, ...] = ()
    language: Language = Language.PT
    missing: tuple[str, ...] = ()
    """Completeness items nobody has given: ``release``, ``routine``, ``steps``, ``message``, ``since``…"""
    details: tuple[tuple[str, str], ...] = field(default=())
    """Completeness items found, with the words that give them."""
