"""The fold: what each entry of a journal changes. ``Engagement`` is never changed in any other way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from helpdesk_bridge.domain.engagement import PAUSE_SUSPECTED, RESUME_SUSPECTED, Engagement, OpenQuestion, ServiceTerm
from helpdesk_bridge.domain.journal import Entry, Record
from helpdesk_bridge.domain.ledger import (
    Charge,
    Exclusion,
    Finding,
    Invoice,
    Line,
    PassThrough,
    Pause,
    PrerequisiteAnswer,
    Proposal,
    ProposalState,
    Stopwatch,
    TimeEntry,
    Waiver,
)
from helpdesk_bridge.domain.lifecycle import (
    CHARGE,
    SETTLED,
    TERM,
    WORK,
    ChargeMove,
    ChargeState,
    TermMove,
    WorkMove,
)
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.tax_ids import Verdict
from helpdesk_bridge.domain.values import CommentId, Language, ModalityCode

CAPS = ("cap_minutes", "cap_amount")
"""Conditions of an acceptance that a running total can be compared with."""


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


def _clocked(engagement: Engagement, _at: datetime, body: Body) -> Engagement:
    others = tuple(pair for pair in engagement.clocked if pair[0] != body["id"])
    return replace(engagement, clocked=(*others, (body["id"], body["digest"])))


def _tax_id_changed(engagement: Engagement, _at: datetime, body: Body) -> Engagement:
    return replace(engagement, tax_id=body["tax_id"]) if Verdict(body["verdict"]).takes_effect else engagement


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
        waivable=body["waivable"],
        product_line=body["product_line"],
        sent_at=at,
    )
    return replace(engagement, terms=(*engagement.terms, term))


_Change = Callable[[ServiceTerm, datetime, Body], Mapping[str, Any]]


def _of_term(change: _Change) -> _Step:
    """Apply a change to the term an entry names by its number."""

    def step(engagement: Engagement, at: datetime, body: Body) -> Engagement:
        terms = tuple(
            replace(term, **change(term, at, body)) if term.number == body["number"] else term for term in engagement.terms
        )
        return replace(engagement, terms=terms)

    return step


def _posted(_term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    return {"posted_at": at, "comment": body.get("comment")}


def _questioned(_term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    question = OpenQuestion(
        comment=CommentId(body["comment"]),
        label=SignalKind(body["label"]),
        reason=body["reason"],
        at=at,
        caps=tuple(sorted((key, value) for key, value in body.get("conditions", {}).items() if key in CAPS)),
    )
    return {"open_question": question}


def _consent(term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    return {
        "state": TERM[term.state, TermMove.ACCEPT],
        "open_question": None,
        "accepted_at": at,
        "accepted_by": body["actor"],
        "consent_comment": CommentId(body["comment"]),
        "caps": tuple(sorted(body.get("caps", {}).items())),
    }


def _closing(move: TermMove) -> _Change:
    def change(term: ServiceTerm, _at: datetime, _body: Body) -> Mapping[str, Any]:
        return {"state": TERM[term.state, move], "open_question": None}

    return change


def _retracted(term: ServiceTerm, at: datetime, _body: Body) -> Mapping[str, Any]:
    return {
        "state": TERM[term.state, TermMove.RETRACT],
        "open_question": None,
        "retracted_at": at,
        "proposal": _ended(term.proposal, ProposalState.WITHDRAWN),
        "stopwatch": None,
    }


def _interrupted(term: ServiceTerm, at: datetime, _body: Body) -> Mapping[str, Any]:
    return {
        "work": WORK[term.work, WorkMove.INTERRUPT],
        "cut_off": term.cut_off if term.cut_off_is_provisional else at,
        "cut_off_is_provisional": False,
        "open_question": None,
        "proposal": _ended(term.proposal, ProposalState.WITHDRAWN),
        "pauses": _closed(term.pauses, at),
    }


def _interruption_suspected(term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    first = term.cut_off if term.cut_off_is_provisional else at
    return {**_questioned(term, at, body), "cut_off": first, "cut_off_is_provisional": True}


def _cut_off_cleared(_term: ServiceTerm, _at: datetime, _body: Body) -> Mapping[str, Any]:
    return {"cut_off": None, "cut_off_is_provisional": False, "open_question": None}


def _slot_proposed(term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    proposal = Proposal(
        round=body["round"],
        start=datetime.fromisoformat(body["start"]),
        end=datetime.fromisoformat(body["end"]),
        consultant=body["consultant"],
        reference=body["reference"],
        proposed_at=at,
    )
    return {"work": WORK[term.work, WorkMove.PROPOSE], "proposal": proposal, "rounds": body["round"]}


def _slot_posted(term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    assert term.proposal is not None
    deadline = datetime.fromisoformat(body["deadline"])
    return {"proposal": replace(term.proposal, posted_at=at, deadline=deadline, comment=body.get("comment"))}


def _slot_confirmed(term: ServiceTerm, _at: datetime, _body: Body) -> Mapping[str, Any]:
    assert term.proposal is not None
    return {"work": WORK[term.work, WorkMove.CONFIRM], "proposal": replace(term.proposal, state=ProposalState.CONFIRMED)}


def _reschedule_needed(term: ServiceTerm, _at: datetime, body: Body) -> Mapping[str, Any]:
    """``cause``: the ProposalState that the proposal ends in."""
    return {"work": WORK[term.work, WorkMove.RESCHEDULE], "proposal": _ended(term.proposal, ProposalState(body["cause"]))}


def _no_show(term: ServiceTerm, _at: datetime, _body: Body) -> Mapping[str, Any]:
    return {"no_shows": term.no_shows + 1}


def _ended(proposal: Proposal | None, state: ProposalState) -> Proposal | None:
    if proposal is None or proposal.state in (ProposalState.LAPSED, ProposalState.COUNTERED, ProposalState.MISSED):
        return proposal
    return replace(proposal, state=state)


def _time_logged(term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    entry = TimeEntry(
        number=body["entry"],
        kind=body["kind"],
        start=datetime.fromisoformat(body["start"]),
        end=datetime.fromisoformat(body["end"]),
        consultant=body["consultant"],
        logged_at=datetime.fromisoformat(body["logged_at"]) if body.get("logged_at") else at,
        source=body["source"],
        corrects=body["corrects"],
        same_as=body.get("same_as"),
    )
    return {"entries": (*term.entries, entry)}


def _work_started(term: ServiceTerm, _at: datetime, _body: Body) -> Mapping[str, Any]:
    return {"work": WORK[term.work, WorkMove.START]}


def _reopened(term: ServiceTerm, _at: datetime, _body: Body) -> Mapping[str, Any]:
    return {"work": WORK[term.work, WorkMove.REOPEN], "concluded_at": None}


def _stopwatch_started(_term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    return {
        "stopwatch": Stopwatch(started_at=at, kind=body["kind"], consultant=body["consultant"], source=body.get("source", ""))
    }


def _stopwatch_stopped(_term: ServiceTerm, _at: datetime, _body: Body) -> Mapping[str, Any]:
    return {"stopwatch": None}


def _paused(term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    """``since``: when a comment asked for it that a person understood later."""
    since = datetime.fromisoformat(body["since"]) if body.get("since") else at
    return {
        "work": WORK[term.work, WorkMove.PAUSE],
        "pauses": (*term.pauses, Pause(start=since, comment=body.get("comment"))),
        "proposal": _ended(term.proposal, ProposalState.WITHDRAWN),
        "open_question": _other_question(term),
    }


def _resumed(term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    return {
        "work": WORK[term.work, WorkMove.RESUME],
        "pauses": _closed(term.pauses, at, body.get("comment")),
        "open_question": _other_question(term),
    }


def _pause_dismissed(term: ServiceTerm, _at: datetime, _body: Body) -> Mapping[str, Any]:
    return {"open_question": _other_question(term)}


def _other_question(term: ServiceTerm) -> OpenQuestion | None:
    """What still waits for a person once a pause was understood."""
    asked = term.open_question
    return None if asked is not None and asked.reason in (PAUSE_SUSPECTED, RESUME_SUSPECTED) else asked


def _closed(pauses: tuple[Pause, ...], at: datetime, comment: CommentId | None = None) -> tuple[Pause, ...]:
    return tuple(replace(pause, end=at, end_comment=comment) if pause.end is None else pause for pause in pauses)


def _concluded(term: ServiceTerm, at: datetime, _body: Body) -> Mapping[str, Any]:
    return {
        "work": WORK[term.work, WorkMove.CONCLUDE],
        "concluded_at": at,
        "proposal": _ended(term.proposal, ProposalState.WITHDRAWN),
        "pauses": _closed(term.pauses, at),
    }


def _finding(_term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    return {"finding": Finding(kind=body["kind"], issue=body["issue"], available=body["available"], at=at)}


def _waived(_term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    return {"waiver": Waiver(motive=body["motive"], by=body["by"], at=at)}


def _passed_through(_term: ServiceTerm, _at: datetime, body: Body) -> Mapping[str, Any]:
    fields = tuple(sorted(body["fields"].items()))
    return {"pass_through": PassThrough(unit=body["unit"], tax_id=body["tax_id"], fields=fields)}


def _prerequisite(term: ServiceTerm, at: datetime, body: Body) -> Mapping[str, Any]:
    answer = PrerequisiteAnswer(item=body["item"], state=body["state"], by=body["by"], at=at)
    return {"prerequisites": (*(one for one in term.prerequisites if one.item != answer.item), answer)}


def _prerequisites_dispensed(_term: ServiceTerm, _at: datetime, _body: Body) -> Mapping[str, Any]:
    return {"prerequisites_dispensed": True}


def _charged(term: ServiceTerm, _at: datetime, body: Body) -> Mapping[str, Any]:
    state = ChargeState(body["state"])
    charge = Charge(
        state=state,
        seconds=body["seconds"],
        charged_seconds=body["charged_seconds"],
        gross=Decimal(body["gross"]),
        due=Decimal(body["due"]),
        reason=body["reason"],
        lines=tuple(Line(**line) for line in body["lines"]),
        exclusions=tuple(Exclusion(**exclusion) for exclusion in body["exclusions"]),
    )
    return {"charge": CHARGE[term.charge, SETTLED[state]], "charged": charge}


def _stated(term: ServiceTerm, _at: datetime, body: Body) -> Mapping[str, Any]:
    return {"charge": CHARGE[term.charge, ChargeMove.STATE], "statement": body["statement"]}


def _invoicing(move: ChargeMove) -> _Change:
    def change(term: ServiceTerm, _at: datetime, body: Body) -> Mapping[str, Any]:
        issued_on = date.fromisoformat(body["issued_on"])
        invoice = Invoice(number=body["invoice"], tax_id=body["tax_id"], issued_on=issued_on)
        return {"charge": CHARGE[term.charge, move], "invoice": invoice}

    return change


def _cancelled(term: ServiceTerm, _at: datetime, _body: Body) -> Mapping[str, Any]:
    return {"charge": CHARGE[term.charge, ChargeMove.CANCEL]}


def _released(term: ServiceTerm, _at: datetime, _body: Body) -> Mapping[str, Any]:
    """Let a statement's charge go: what is recorded settles it again."""
    return {"charge": CHARGE[term.charge, ChargeMove.RELEASE], "charged": None, "statement": None, "invoice": None}


def _ticket_gone(engagement: Engagement, at: datetime, _body: Body) -> Engagement:
    return replace(engagement, gone_at=at)


def _ticket_returned(engagement: Engagement, _at: datetime, _body: Body) -> Engagement:
    return replace(engagement, gone_at=None, gone_settled=None)


def _gone_settled(engagement: Engagement, _at: datetime, body: Body) -> Engagement:
    return replace(engagement, gone_settled=body["verdict"])


_STEPS: dict[str, _Step] = {
    "opened": _opened,
    "heard": _heard,
    "clocked": _clocked,
    "recommended": _recommended,
    "modality_overridden": _overridden,
    "tax_id_changed": _tax_id_changed,
    "term_sent": _term_sent,
    "term_posted": _of_term(_posted),
    "questioned": _of_term(_questioned),
    "consent": _of_term(_consent),
    "declined": _of_term(_closing(TermMove.DECLINE)),
    "other_route": _of_term(_closing(TermMove.TAKE_OTHER_ROUTE)),
    "expired": _of_term(_closing(TermMove.EXPIRE)),
    "withdrawn": _of_term(_closing(TermMove.WITHDRAW)),
    "retracted": _of_term(_retracted),
    "interruption_suspected": _of_term(_interruption_suspected),
    "interrupted": _of_term(_interrupted),
    "cut_off_cleared": _of_term(_cut_off_cleared),
    "slot_proposed": _of_term(_slot_proposed),
    "slot_posted": _of_term(_slot_posted),
    "slot_confirmed": _of_term(_slot_confirmed),
    "reschedule_needed": _of_term(_reschedule_needed),
    "no_show": _of_term(_no_show),
    "time_logged": _of_term(_time_logged),
    "work_started": _of_term(_work_started),
    "reopened": _of_term(_reopened),
    "stopwatch_started": _of_term(_stopwatch_started),
    "stopwatch_stopped": _of_term(_stopwatch_stopped),
    "paused": _of_term(_paused),
    "resumed": _of_term(_resumed),
    "pause_dismissed": _of_term(_pause_dismissed),
    "concluded": _of_term(_concluded),
    "finding": _of_term(_finding),
    "waived": _of_term(_waived),
    "passed_through": _of_term(_passed_through),
    "prerequisite": _of_term(_prerequisite),
    "prerequisites_dispensed": _of_term(_prerequisites_dispensed),
    "charged": _of_term(_charged),
    "stated": _of_term(_stated),
    "invoiced": _of_term(_invoicing(ChargeMove.INVOICE)),
    "reinvoiced": _of_term(_invoicing(ChargeMove.REINVOICE)),
    "cancelled": _of_term(_cancelled),
    "released": _of_term(_released),
    "ticket_gone": _ticket_gone,
    "ticket_returned": _ticket_returned,
    "gone_settled": _gone_settled,
}
"""Entry kinds that change state. Others (``operated``, ``words``, ``erased``, ``feedback``) are evidence only."""
