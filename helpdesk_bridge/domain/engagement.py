"""An Engagement: what the journal of one ticket adds up to. It is only ever the fold of its entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from helpdesk_bridge.domain.journal import Entry, Record
from helpdesk_bridge.domain.lifecycle import TERM, WORK, TermMove, TermState, WorkMove, WorkState
from helpdesk_bridge.domain.reading import Pending, SignalKind
from helpdesk_bridge.domain.values import CommentId, DeskId, Language, ModalityCode, TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A customer's comment about the term that a person has to settle."""

    comment: CommentId
    label: SignalKind
    reason: str
    at: datetime


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
    work: WorkState = WorkState.UNSCHEDULED
    cut_off: datetime | None = None
    cut_off_is_provisional: bool = False

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
        return self.state is TermState.ACCEPTED and self.work is not WorkState.INTERRUPTED


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
        if term is not None and term.is_running:
            return Pending.ACCEPTED
        return Pending.NONE

    def digest_heard(self, comment: CommentId) -> str | None:
        """Return the digest of a comment as it was heard last, or None."""
        return next((digest for known, digest in reversed(self.heard) if known == comment), None)


def fold(engagement: Engagement, entries: Iterable[Entry | Record]) -> Engagement:
    """Apply entries in order."""
    for entry in entries:
        engagement = apply(engagement, entry)
    return engagement


def apply(engagement: Engagement, entry: Entry | Record) -> Engagement:
    """Apply one entry; kinds that carry no state leave it as it is, and so do erased bodies."""
    step = _STEPS.get(entry.kind)
    return step(engagement, entry.at, entry.body) if step is not None and entry.body is not None else engagement


Body = Mapping[str, Any]
_Step = Callable[[Engagement, datetime, Body], Engagement]


def _opened(engagement: Engagement, at: datetime, body: Body) -> Engagement:
    return replace(engagement, opened_at=at, language=Language(body["language"]))


def _heard(engagement: Engagement, _at: datetime, body: Body) -> Engagement:
    comment = CommentId(body["comment"])
    others = tuple(pair for pair in engagement.heard if pair[0] != comment)
    return replace(engagement, heard=(*others, (comment, body["digest"])))


def _recommended(engagement: Engagement, _at: datetime, body: Body) -> Engagement:
    return replace(
        engagement,
        recommended=ModalityCode(body["modality"]),
        outcome=body["outcome"],
        recommendations=engagement.recommendations + 1,
    )


def _overridden(engagement: Engagement, _at: datetime, body: Body) -> Engagement:
    return replace(engagement, override=ModalityCode(body["modality"]))


def _term_sent(engagement: Engagement, at: datetime, body: Body) -> Engagement:
    term = ServiceTerm(
        number=body["number"],
        modality=ModalityCode(body["modality"]),
        version=body["version"],
        language=Language(body["language"]),
        text_digest=body["text_digest"],
        rate=body["rate"]["id"],
        hourly=body["rate"]["hourly"],
        currency=body["rate"]["currency"],
        reference=body["reference"],
        sent_at=at,
    )
    return replace(engagement, terms=(*engagement.terms, term))


def _term_posted(engagement: Engagement, at: datetime, body: Body) -> Engagement:
    return _with_term(engagement, posted_at=at, comment=body.get("comment"))


def _questioned(engagement: Engagement, at: datetime, body: Body) -> Engagement:
    question = OpenQuestion(comment=CommentId(body["comment"]), label=SignalKind(body["label"]), reason=body["reason"], at=at)
    return _with_term(engagement, open_question=question)


def _consent(engagement: Engagement, at: datetime, body: Body) -> Engagement:
    return _with_term(
        engagement,
        state=_moved(engagement, TermMove.ACCEPT),
        open_question=None,
        accepted_at=at,
        accepted_by=body["actor"],
        consent_comment=CommentId(body["comment"]),
    )


def _interrupted(engagement: Engagement, at: datetime, _body: Body) -> Engagement:
    assert engagement.term is not None
    work = WORK[engagement.term.work, WorkMove.INTERRUPT]
    return _with_term(engagement, work=work, cut_off=at, cut_off_is_provisional=False, open_question=None)


def _interruption_suspected(engagement: Engagement, at: datetime, body: Body) -> Engagement:
    return _with_term(_questioned(engagement, at, body), cut_off=at, cut_off_is_provisional=True)


def _closing(move: TermMove) -> _Step:
    def step(engagement: Engagement, _at: datetime, _body: Body) -> Engagement:
        return _with_term(engagement, state=_moved(engagement, move), open_question=None)

    return step


def _moved(engagement: Engagement, move: TermMove) -> TermState:
    assert engagement.term is not None
    return TERM[engagement.term.state, move]


def _with_term(engagement: Engagement, **changes: Any) -> Engagement:
    return replace(engagement, terms=(*engagement.terms[:-1], replace(engagement.terms[-1], **changes)))


_STEPS: dict[str, _Step] = {
    "opened": _opened,
    "heard": _heard,
    "recommended": _recommended,
    "modality_overridden": _overridden,
    "term_sent": _term_sent,
    "term_posted": _term_posted,
    "questioned": _questioned,
    "consent": _consent,
    "declined": _closing(TermMove.DECLINE),
    "other_route": _closing(TermMove.TAKE_OTHER_ROUTE),
    "expired": _closing(TermMove.EXPIRE),
    "withdrawn": _closing(TermMove.WITHDRAW),
    "retracted": _closing(TermMove.RETRACT),
    "interruption_suspected": _interruption_suspected,
    "interrupted": _interrupted,
}
"""Entry kinds that change state. Others (``operated``, ``answered``, ``erased``) are evidence only."""
