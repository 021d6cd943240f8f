"""Which kinds a comment carries: what its phrases say, weighed with how much it is like labelled ones; its label comes first."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping

from helpdesk_bridge.domain.reading import Pending, SignalKind
from helpdesk_bridge.language.certainty import LEAVING, Said
from helpdesk_bridge.language.cover import Cover
from helpdesk_bridge.language.explained import Statement, spans_of
from helpdesk_bridge.language.gate import may_be_spoilt, names_the_term, spoiling_reason
from helpdesk_bridge.language.phrases import BENIGN, HINT

K = SignalKind
PRIORITY = (
    K.RETRACTION, K.INTERRUPTION, K.REFUSAL, K.OTHER_ROUTE, K.PAUSE, K.CONDITIONAL_ACCEPTANCE, K.QUESTION, K.ACCEPTANCE,
    K.SLOT_COUNTER_PROPOSAL, K.SLOT_CONFIRMATION, K.DISPUTE, K.RESUME, K.PREREQUISITES, K.BILLING_INFO, K.UNCLEAR,
)  # fmt: skip
"""Breaks ties between readings of equal weight: what costs the customer most when it is missed comes first."""

_RANK = {kind: rank for rank, kind in enumerate(PRIORITY)}

RULE_WEIGHT, CERTAIN_WEIGHT = 1.5, 2.5
"""What a phrase adds to its kind's log-likeness."""
UNLIKE = 1e-6
"""Likeness below this counts as this."""
BARE = 5
"""Words up to which an assent need not name what it is about: it answers the term."""
SECONDARY = 0.2
"""A further kind is reported from this likeness on, or when a phrase says it."""
_AFTER = frozenset({Pending.ACCEPTED, Pending.SLOT_PROPOSED, Pending.IN_PROGRESS})
_HEARD: dict[SignalKind, frozenset[Pending]] = {
    K.ACCEPTANCE: frozenset({Pending.TERM_PENDING}),
    K.CONDITIONAL_ACCEPTANCE: frozenset({Pending.TERM_PENDING}),
    K.REFUSAL: frozenset({Pending.TERM_PENDING}),
    K.OTHER_ROUTE: frozenset({Pending.TERM_PENDING}),
    K.UNCLEAR: frozenset({Pending.TERM_PENDING, *_AFTER}),
    K.INTERRUPTION: _AFTER,
    K.RETRACTION: _AFTER,
    K.PAUSE: _AFTER,
    K.RESUME: _AFTER,
    K.DISPUTE: _AFTER,
}
"""Kinds that mean nothing in other places of the lifecycle."""
NEEDS_A_HINT = frozenset({K.INTERRUPTION, K.RETRACTION, K.PAUSE})
"""Kinds that stop work: likeness alone suspects them only where some word could stop it."""
TIES = frozenset({"condition", "limit"})
"""What makes an assent in the same sentence a conditional one."""
_CONDITIONS = frozenset({*TIES, "price", "future"})
"""Reasons that make an assent sound like a conditional one."""
_STOPS, _SLOTS = frozenset({K.INTERRUPTION, K.RETRACTION}), frozenset({K.SLOT_CONFIRMATION, K.SLOT_COUNTER_PROPOSAL})
"""Who says that the work shall end does not merely speak of an hour."""
_ASSENT = frozenset({K.ACCEPTANCE, K.CONDITIONAL_ACCEPTANCE})
_ABOUT_THE_TERM = (*_ASSENT, K.REFUSAL, K.OTHER_ROUTE, K.UNCLEAR, K.QUESTION)


def kinds_of(said: Said, statement: Statement, why: str) -> list[SignalKind]:
    """Return what the comment says, its label first. ``why``: what keeps it from accepting by itself."""
    spoken, pending = _spoken(said), statement.context.pending
    if K.ACCEPTANCE in spoken and not why:
        return [K.ACCEPTANCE, *_beside_an_acceptance(spoken, statement)]
    weights = _weights(spoken, said, statement)
    label, *rest = sorted(weights, key=lambda kind: (-weights[kind], _RANK.get(kind, len(_RANK))))
    if label is K.NONE:
        unheard = "flooded" in statement.reply.flags and pending in _HEARD[K.UNCLEAR]
        return [K.UNCLEAR] if unheard or (pending is Pending.TERM_PENDING and _is_about_the_term(said)) else []
    others = [
        kind for kind in rest if kind not in (K.NONE, K.UNCLEAR) and (kind in spoken or said.likeness.get(kind, 0.0) >= SECONDARY)
    ]
    if statement.identifiers and K.BILLING_INFO not in (label, *others):
        others.append(K.BILLING_INFO)
    if label in _ASSENT:
        others = [kind for kind in others if kind not in _ASSENT]
    return [label, *others]


def _spoken(said: Said) -> dict[SignalKind, bool]:
    """Return the kinds that phrases say, and whether one of them is certain."""
    spoken: dict[SignalKind, bool] = {}
    counted = set(map(id, (*said.assents, *said.beside_the_point)))
    aside = {each.sentence for each in said.beside_the_point}
    for each in said.found:
        kind = each.phrase.kind
        if kind in (K.ACCEPTANCE, K.NONE) and id(each) not in counted:
            continue
        if kind is K.CONDITIONAL_ACCEPTANCE and each.sentence in aside:
            continue
        if kind is not None:
            spoken[kind] = spoken.get(kind, False) or each.phrase.certain
    return spoken


def _weights(spoken: Mapping[SignalKind, bool], said: Said, statement: Statement) -> dict[SignalKind, float]:
    """Weigh every kind that can be meant here."""
    pending = statement.context.pending
    weights = {kind: math.log(max(score, UNLIKE)) for kind, score in said.likeness.items()} or {K.NONE: -1.0}
    for kind, certain in spoken.items():
        weights[kind] = weights.get(kind, -4.0) + (CERTAIN_WEIGHT if certain else RULE_WEIGHT)
    _weigh_doubts(weights, spoken, statement)
    if K.QUESTION not in spoken and "?" not in statement.own and _is_tied(said, statement):
        weights[K.CONDITIONAL_ACCEPTANCE] = weights.get(K.CONDITIONAL_ACCEPTANCE, -4.0) + RULE_WEIGHT
        weights[K.ACCEPTANCE] = weights.get(K.ACCEPTANCE, -4.0) - RULE_WEIGHT
    if _STOPS.intersection(spoken):
        weights = {kind: weight - (CERTAIN_WEIGHT + RULE_WEIGHT if kind in _SLOTS else 0.0) for kind, weight in weights.items()}
    if not any(phrase.reason == HINT for phrase, _span in statement.heard.spoken):
        weights = {kind: weight for kind, weight in weights.items() if kind in spoken or kind not in NEEDS_A_HINT}
    return {kind: weight for kind, weight in weights.items() if pending in _HEARD.get(kind, (pending,))}


def _beside_an_acceptance(spoken: Mapping[SignalKind, bool], statement: Statement) -> list[SignalKind]:
    """The gate leaves no room for anything else that counts: only what an acceptance may carry is reported with it."""
    carried: list[SignalKind] = [kind for kind in (K.SLOT_CONFIRMATION, K.BILLING_INFO) if kind in spoken]
    return carried if K.BILLING_INFO in carried or not statement.identifiers else [*carried, K.BILLING_INFO]


def _weigh_doubts(weights: dict[SignalKind, float], spoken: Mapping[SignalKind, bool], statement: Statement) -> None:
    """Shift weight from an acceptance to what its doubts make of it: a condition, a question, an assent to something else."""
    if "?" in statement.own:
        weights[K.QUESTION] = weights.get(K.QUESTION, -3.0) + RULE_WEIGHT
        weights[K.SLOT_COUNTER_PROPOSAL] = weights.get(K.SLOT_COUNTER_PROPOSAL, -5.0) + RULE_WEIGHT / 2
    if not _ASSENT.intersection(spoken):
        weights[K.CONDITIONAL_ACCEPTANCE] = weights.get(K.CONDITIONAL_ACCEPTANCE, -4.0) - RULE_WEIGHT
    if K.ACCEPTANCE not in weights or statement.context.pending is not Pending.TERM_PENDING:
        return
    if K.ACCEPTANCE not in spoken:
        weights[K.ACCEPTANCE] -= CERTAIN_WEIGHT
    if K.ACCEPTANCE not in spoken and any(certain for kind, certain in spoken.items() if kind in (*LEAVING, K.NONE)):
        weights[K.ACCEPTANCE] -= CERTAIN_WEIGHT
    if not names_the_term(statement) and len(statement.own.split()) > BARE:
        weights[K.ACCEPTANCE] -= CERTAIN_WEIGHT
    if may_be_spoilt(statement.heard, _CONDITIONS) and spoiling_reason(statement.heard) in _CONDITIONS:
        weights[K.CONDITIONAL_ACCEPTANCE] = weights.get(K.CONDITIONAL_ACCEPTANCE, -4.0) + RULE_WEIGHT
        if K.CONDITIONAL_ACCEPTANCE in spoken:
            weights[K.ACCEPTANCE] -= RULE_WEIGHT


def _is_tied(said: Said, statement: Statement) -> bool:
    """True when a condition or a limit stands in the sentence of an assent, outside of what is known to be harmless."""
    if statement.context.pending is not Pending.TERM_PENDING:
        return False
    tying = [span.start for phrase, span in statement.heard.spoken if phrase.reason in TIES]
    if not tying:
        return False
    harmless = Cover(spans_of(statement.heard.templates, BENIGN))
    ties = sorted(place for place in tying if not harmless.at(place))
    return any(bisect_left(ties, each.start) < bisect_left(ties, each.end) for each in {each.sentence for each in said.assents})


def _is_about_the_term(said: Said) -> bool:
    if any(each.phrase.kind in _ABOUT_THE_TERM for each in said.found):
        return True
    return sum(said.likeness.get(kind, 0.0) for kind in _ABOUT_THE_TERM) >= 0.3
