"""Commands that only tell: where a ticket stands, and which commands there are."""

from __future__ import annotations

from typing import Any

from helpdesk_bridge.domain.billing import ZERO, charge_of
from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.ledger import Pause, ProposalState
from helpdesk_bridge.domain.lifecycle import ChargeState
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.words import label_of


def status(order: Order) -> Decision:
    """``/status``: the recommendation, the current term, and what its work and charge add up to."""
    situation = order.situation
    engagement, language = situation.engagement, situation.engagement.language
    term = engagement.term
    fixed = engagement.override or engagement.recommended
    modality = situation.rules.modality(fixed) if fixed else None
    charge = charge_of(term, situation.rules, situation.engagement.before(term)) if term and term.accepted_at else None
    note = situation.note(
        "status",
        key=order.key,
        rule=order.rule,
        recommendation=modality.labels[language] if modality else None,
        overridden=engagement.override is not None,
        zone=situation.rules.calendar.zone,
        term=None
        if term is None
        else {
            "modality_label": label_of(situation, term),
            "version": term.version,
            "reference": term.reference,
            "state": "interrupted" if term.cut_off and not term.cut_off_is_provisional else term.state.value,
            "sent_at": term.sent_at,
            "posted_at": term.posted_at,
            "accepted_at": term.accepted_at,
            "accepted_by": _speaker(order, term.consent_comment),
            "cut_off": term.cut_off,
            "cut_off_is_provisional": term.cut_off_is_provisional,
            "open_question": term.open_question.reason if term.open_question else None,
            "work": term.work.value,
            "slot": _slot(term),
            "pauses": [_pause(order, pause) for pause in term.pauses],
            "total": charge.seconds if charge else 0,
            "gross": charge.gross if charge else ZERO,
            "due": term.charged.due if term.charged and term.charge is not ChargeState.OPEN else None,
            "currency": term.currency,
            "charge": term.charge.value,
        },
    )
    return Decision((), (note,))


def help_(order: Order) -> Decision:
    """``/ajuda``: every command."""
    modalities = [
        {"alias": modality.aliases[0], "label": modality.labels[order.situation.engagement.language]}
        for modality in order.situation.rules.modalities
        if modality.aliases
    ]
    return Decision((), (order.situation.note("help", key=order.key, rule=order.rule, modalities=modalities),))


def _slot(term: ServiceTerm) -> dict[str, Any] | None:
    """The session that is proposed or agreed."""
    slot = term.proposal
    if slot is None or slot.state not in (ProposalState.OPEN, ProposalState.CONFIRMED):
        return None
    return {"start": slot.start, "end": slot.end, "deadline": slot.deadline, "confirmed": not slot.is_open}


def _pause(order: Order, pause: Pause) -> dict[str, Any]:
    """A pause with the comments that began and ended it."""
    return {
        "start": pause.start,
        "end": pause.end,
        "comment": pause.comment,
        "person": _speaker(order, pause.comment),
        "end_comment": pause.end_comment,
        "end_person": _speaker(order, pause.end_comment),
    }


def _speaker(order: Order, comment_id: str | None) -> str | None:
    comment = order.comment(comment_id)
    return comment.author.label if comment else None
