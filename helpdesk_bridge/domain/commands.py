"""What agents' commands do. Each is answered by an internal note: done, or a clear reason and nothing changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from helpdesk_bridge.domain import customers, terms
from helpdesk_bridge.domain.decision import Decision, Situation
from helpdesk_bridge.domain.effects import Forget
from helpdesk_bridge.domain.reading import Command, SignalKind
from helpdesk_bridge.domain.rules import Modality, Rules
from helpdesk_bridge.domain.values import Comment


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One command in the note that carries it."""

    situation: Situation
    command: Command
    comment: Comment
    position: int

    @property
    def key(self) -> str:
        """Key of the answer."""
        return f"answer:{self.comment.id}:{self.position}"

    @property
    def rule(self) -> str:
        """What the answer names as its cause."""
        return f"/{self.command.name}"


def obey(situation: Situation, command: Command, comment: Comment, position: int) -> Decision:
    """Carry out one command."""
    order = Order(situation=situation, command=command, comment=comment, position=position)
    act = COMMANDS.get(command.name) if command.known else None
    return act(order) if act is not None else _unknown(order)


def _send_term(order: Order) -> Decision:
    modality = named_modality(order.situation.rules, order.command.argument)
    if modality is None:
        return _refused(order, "modality_unknown")
    reason = terms.refusal_to_send(order.situation, modality)
    if reason == "no_rate":
        return _not_posted(order, modality)
    if reason is not None:
        return _refused(order, reason)
    return terms.send(order.situation, modality, rule=order.rule)


def _status(order: Order) -> Decision:
    situation = order.situation
    engagement, language = situation.engagement, situation.engagement.language
    term = engagement.term
    fixed = engagement.override or engagement.recommended
    modality = situation.rules.modality(fixed) if fixed else None
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
            "modality_label": customers.label_of(situation, term),
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
        },
    )
    return Decision((), (note,))


def _help(order: Order) -> Decision:
    modalities = [
        {"alias": modality.aliases[0], "label": modality.labels[order.situation.engagement.language]}
        for modality in order.situation.rules.modalities
        if modality.aliases
    ]
    return Decision((), (order.situation.note("help", key=order.key, rule=order.rule, modalities=modalities),))


def _override(order: Order) -> Decision:
    situation = order.situation
    alias, _, reason = order.command.argument.partition(" ")
    modality = named_modality(situation.rules, alias)
    if modality is None:
        return _refused(order, "modality_unknown")
    if not reason.strip():
        return _refused(order, "reason_missing")
    entry = situation.entry("modality_overridden", modality=modality.code, reason=reason.strip(), command=order.command.line)
    note = situation.note(
        "modality_overridden",
        key=order.key,
        rule=order.rule,
        add_tags=(recommendation_tag(modality.code),),
        remove_tags=tuple(recommendation_tag(other.code) for other in situation.rules.modalities if other is not modality),
        fields=(("modality_recommended", modality.code),),
        modality_label=modality.labels[situation.engagement.language],
        reason=reason.strip(),
        person=_name(order.comment),
    )
    return Decision((entry,), (note,))


def _acceptance(order: Order) -> Decision:
    """Ratify a customer's comment that waits for a person: never an acceptance nobody wrote."""
    situation, term = order.situation, order.situation.engagement.term
    verb, _, reason = order.command.argument.partition(" ")
    if verb.lower() not in ("confirmar", "confirm"):
        return _refused(order, "acceptance_verb_unknown")
    if not reason.strip():
        return _refused(order, "reason_missing")
    if term is None or not term.is_pending:
        return _refused(order, "no_pending_term")
    waiting = term.open_question
    source = _comment(order, waiting.comment) if waiting else None
    if waiting is None or waiting.label not in RATIFIABLE or source is None or not source.author.role.is_customer:
        return _refused(order, "nothing_to_ratify")
    entry = situation.entry(
        "consent",
        number=term.number,
        comment=waiting.comment,
        actor=situation.actor,
        ratified_by=situation.actor,
        ratification=order.comment.id,
        reason=reason.strip(),
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
        person=_name(order.comment),
        customer=_name(source),
        evidence=source.text[:500],
        reason=reason.strip(),
        modality_label=customers.label_of(situation, term),
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


def _refused(order: Order, reason: str) -> Decision:
    known = [modality.aliases[0] for modality in order.situation.rules.modalities if modality.aliases]
    note = order.situation.note(
        "command_refused", key=order.key, rule=order.rule, line=order.command.line, reason=reason, modalities=known
    )
    return Decision((), (note,))


def _unknown(order: Order) -> Decision:
    nearest = order.command.nearest if order.command.nearest in COMMANDS else None
    if nearest is None:
        nearest = next(iter(get_close_matches(order.command.name, COMMANDS, n=1)), None)
    note = order.situation.note("command_unknown", key=order.key, rule=order.rule, line=order.command.line, nearest=nearest)
    return Decision((), (note,))


def named_modality(rules: Rules, name: str) -> Modality | None:
    """Find a modality by its code or by what people call it."""
    words = name.split()
    wanted = plain(words[0]) if words else ""
    whole = plain(name)
    for modality in rules.modalities:
        names = {plain(alias) for alias in (modality.code, *modality.aliases, *modality.labels.values())}
        if wanted in names or whole in names:
            return modality
    return None


def plain(name: str) -> str:
    """Fold what people type to what is compared: no accents, no case, one kind of separator."""
    folded = "".join(char for char in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(char))
    return "-".join(folded.replace("_", " ").replace("-", " ").split())


def recommendation_tag(modality: str) -> str:
    """Tag that shows a recommended modality at the desk."""
    return f"hb_recommended_{modality}"


def _speaker(order: Order, comment_id: str | None) -> str | None:
    comment = _comment(order, comment_id)
    return _name(comment) if comment else None


def _comment(order: Order, comment_id: str | None) -> Comment | None:
    thread = order.situation.ticket.comments if order.situation.ticket else ()
    return next((comment for comment in thread if comment.id == comment_id), None)


def _name(comment: Comment) -> str:
    return comment.author.name or comment.author.email or comment.author.id


RATIFIABLE = frozenset({SignalKind.ACCEPTANCE, SignalKind.CONDITIONAL_ACCEPTANCE, SignalKind.UNCLEAR})
"""What a person may judge to be an acceptance; a question or a refusal needs the customer's own new words."""

COMMANDS: dict[str, Callable[[Order], Decision]] = {
    "termo": _send_term,
    "aceite": _acceptance,
    "modalidade": _override,
    "status": _status,
    "ajuda": _help,
}
"""Canonical name → what it does; languages add aliases in their lexicons."""
