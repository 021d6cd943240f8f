"""Commands about the service term: sending and withdrawing it, ratifying an acceptance, fixing the modality."""

from __future__ import annotations

from helpdesk_bridge.domain import customers, terms
from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.effects import Forget
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.rules import Modality
from helpdesk_bridge.domain.values import plain
from helpdesk_bridge.domain.words import label_of

WITHDRAW = ("retirar", "withdraw", "cancelar")


def term(order: Order) -> Decision:
    """``/termo <modality>`` sends a term, ``/termo retirar [reason]`` withdraws the pending one."""
    verb, _, reason = order.argument.partition(" ")
    return _withdraw(order, reason.strip()) if plain(verb) in WITHDRAW else _send(order)


def _send(order: Order) -> Decision:
    modality = order.situation.rules.modality_named(order.argument)
    if modality is None:
        return order.refused("modality_unknown")
    reason = terms.refusal_to_send(order.situation, modality)
    if reason == "no_rate":
        return _not_posted(order, modality)
    if reason is not None:
        return order.refused(reason)
    return terms.send(order.situation, modality, rule=order.rule)


def _withdraw(order: Order, reason: str) -> Decision:
    situation, pending = order.situation, order.term
    if pending is None or not pending.is_pending:
        return order.refused("no_pending_term")
    entry = situation.entry("withdrawn", number=pending.number, reason=reason or "agent", command=order.command.line)
    note = situation.note(
        "term_withdrawn",
        key=f"term_withdrawn:{pending.number}",
        rule=order.rule,
        public=True,
        remove_tags=(terms.TAG_SENT, terms.TAG_PERSON),
        fields=(("term_state", "withdrawn"),),
        modality_label=label_of(situation, pending),
        version=pending.version,
        term_reference=pending.reference,
    )
    return Decision((entry,), (note, Forget(key=terms.expiry_key(pending))))


def acceptance(order: Order) -> Decision:
    """``/aceite confirmar <reason>``: ratify a customer's comment that waits for a person: never an acceptance nobody wrote."""
    situation, term = order.situation, order.term
    verb, _, reason = order.argument.partition(" ")
    if verb.lower() not in ("confirmar", "confirm"):
        return order.refused("acceptance_verb_unknown")
    if not reason.strip():
        return order.refused("reason_missing")
    if term is None or not term.is_pending:
        return order.refused("no_pending_term")
    waiting = term.open_question
    source = order.comment(waiting.comment) if waiting else None
    if waiting is None or waiting.label not in RATIFIABLE or source is None or not source.author.role.is_customer:
        return order.refused("nothing_to_ratify")
    entry = situation.entry(
        "consent",
        number=term.number,
        comment=waiting.comment,
        actor=situation.actor,
        ratified_by=situation.actor,
        ratification=order.source,
        reason=reason.strip(),
        caps=dict(waiting.caps),
        label=waiting.reason,
        words_digest=source.digest,
        role=source.author.role.value,
        warnings=list(source.warnings),
        term_reference=term.reference,
        term_version=term.version,
        term_digest=term.text_digest,
    )
    ratified = situation.note(
        "ratified",
        key=order.key,
        rule=order.rule,
        person=order.person,
        customer=source.author.label,
        evidence=source.text[:500],
        reason=reason.strip(),
        modality_label=label_of(situation, term),
    )
    receipt, _recorded = customers.accepted_notes(situation, term, source, rule=order.rule, evidence=source.text)
    return Decision((entry,), (receipt, ratified, Forget(key=terms.expiry_key(term))))


def _not_posted(order: Order, modality: Modality) -> Decision:
    note = order.situation.note(
        "term_not_posted",
        key=order.key,
        rule=order.rule,
        modality_label=modality.labels[order.situation.engagement.language],
        reason="no_rate",
        at=order.situation.at,
        zone=order.situation.rules.calendar.zone,
    )
    return Decision((), (note,))


def modality(order: Order) -> Decision:
    """``/modalidade <modality> <reason>``: fix the modality; recommendations stop."""
    situation = order.situation
    alias, _, reason = order.argument.partition(" ")
    chosen = situation.rules.modality_named(alias)
    if chosen is None:
        return order.refused("modality_unknown")
    if not reason.strip():
        return order.refused("reason_missing")
    entry = situation.entry("modality_overridden", modality=chosen.code, reason=reason.strip(), command=order.command.line)
    note = situation.note(
        "modality_overridden",
        key=order.key,
        rule=order.rule,
        add_tags=(recommendation_tag(chosen.code),),
        remove_tags=tuple(recommendation_tag(other.code) for other in situation.rules.modalities if other is not chosen),
        fields=(("modality_recommended", chosen.code),),
        modality_label=chosen.labels[situation.engagement.language],
        reason=reason.strip(),
        person=order.person,
    )
    return Decision((entry,), (note,))


def recommendation_tag(modality: str) -> str:
    """Tag that shows a recommended modality at the desk."""
    return f"hb_recommended_{modality}"


RATIFIABLE = frozenset({SignalKind.ACCEPTANCE, SignalKind.CONDITIONAL_ACCEPTANCE, SignalKind.UNCLEAR})
"""What a person may judge to be an acceptance; a question or a refusal needs the customer's own new words."""
