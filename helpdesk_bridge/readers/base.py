"""What a reader is, and how one is found: by the entry point ``helpdesk_bridge.readers``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol

from helpdesk_bridge.domain.reading import Context, Reading, SignalKind, TicketReading
from helpdesk_bridge.domain.values import Comment, CommentId, CriterionId, Span, Ticket
from helpdesk_bridge.errors import ConfigurationError, Problem

if TYPE_CHECKING:
    from helpdesk_bridge.policy import Policy

GROUP = "helpdesk_bridge.readers"
RULES = "rules"
"""The setting's name for reading by the policy's lexicons alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a reader takes a comment for."""

    kind: SignalKind
    span: Span
    """Into ``Reading.original``, within the author's own words."""
    confidence: float
    """0 to 1; opinions on one comment compete."""
    reason: str = ""
    """A stable code that people can look up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words that a reader takes for evidence of a criterion."""

    criterion: CriterionId
    source: str
    """``subject``, ``description`` or ``comment``."""
    comment: CommentId | None
    span: Span
    """Into the source text: of a comment, its visible text."""
    confidence: float
    """0 to 1; a reader returns only what it stands for."""
    reason: str = ""


class Reader(Protocol):
    """Reads what the rules have read already, and says what it sees beside it. May be slow, wrong or broken: nothing depends on it."""

    @property
    def name(self) -> str:
        """Stands before everything it says in the evidence: ``ml.refusal``."""
        ...

    def signals(self, comment: Comment, context: Context, rules: Reading) -> Iterable[Opinion]:
        """Say what a customer's comment may mean, the rules' own reading being at hand."""
        ...

    def cues(self, ticket: Ticket, rules: TicketReading) -> Iterable[Evidence]:
        """Say which words of a ticket speak for a criterion."""
        ...


def known_readers() -> tuple[str, ...]:
    """Return every name the setting ``reading.reader`` may have."""
    return (RULES, *sorted(point.name for point in entry_points(group=GROUP)))


def open_reader(name: str, policy: Policy) -> Reader | None:
    """Open the reader called ``name``; None for the rules alone. Raises: ConfigurationError."""
    if name == RULES:
        return None
    point = next(iter(entry_points(group=GROUP, name=name)), None)
    if point is None:
        raise _refused(f"no reader is called {name!r}; known: {', '.join(known_readers())}")
    try:
        factory: Callable[[Policy], Reader] = point.load()
        return factory(policy)
    except ImportError as error:
        raise _refused(f"the reader {name!r} is not installed whole: {error} (pip install 'helpdesk-bridge[{name}]')") from error


def _refused(reason: str) -> ConfigurationError:
    return ConfigurationError((Problem("bridge.yaml", None, "reading.reader", reason),))
