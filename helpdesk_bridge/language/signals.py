"""What a customer's comment says about the term, the slot or the work they were asked about, each with its words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from helpdesk_bridge.domain.reading import Context, Pending, Reading, Signal, SignalKind
from helpdesk_bridge.domain.values import Comment, Language, Span
from helpdesk_bridge.language.carried import carried, each_time
from helpdesk_bridge.language.detect import detect_language
from helpdesk_bridge.language.gate import Statement, doubt, names_the_term, spoiling_reason
from helpdesk_bridge.language.identifiers import identifiers
from helpdesk_bridge.language.patterns import Match
from helpdesk_bridge.language.phrases import GUARD, Lexicon, Phrase
from helpdesk_bridge.language.reply import Reply, reply_of
from helpdesk_bridge.language.text import normalise, sentences

K = SignalKind
PRIORITY = (
    K.RETRACTION, K.INTERRUPTION, K.REFUSAL, K.OTHER_ROUTE, K.PAUSE, K.CONDITIONAL_ACCEPTANCE, K.QUESTION, K.ACCEPTANCE,
    K.SLOT_COUNTER_PROPOSAL, K.SLOT_CONFIRMATION, K.DISPUTE, K.RESUME, K.PREREQUISITES, K.BILLING_INFO, K.UNCLEAR,
)  # fmt: skip
"""Breaks ties between readings of equal weight: what costs the customer most when it is missed comes first."""

RULE_WEIGHT, CERTAIN_WEIGHT = 1.5, 2.5
"""What a phrase adds to its kind's log-likeness."""
BARE = 5
"""Words up to which an assent need not name what it is about: it answers the term."""
SECONDARY = 0.2
"""A further kind is reported from this likeness on, or when a phrase says it."""
AGREEMENT = 0.35
"""A certain phrase concludes by itself when the words as a whole are at least so much like labelled ones of its kind."""
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
_CONCLUDING = frozenset({K.REFUSAL, K.OTHER_ROUTE, K.INTERRUPTION, K.RETRACTION, K.PAUSE, K.RESUME, K.SLOT_CONFIRMATION})
_YES = re.compile(r"\b[sS][íÍ]\b")
_ASSENT = frozenset({K.ACCEPTANCE, K.CONDITIONAL_ACCEPTANCE})


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in the author's words."""

    phrase: Phrase
    span: Span


def read_comment(comment: Comment, context: Context, lexicon: Lexicon) -> Reading:
    """Read one comment. Whoever is no customer, and whatever is automatic, says nothing about a term. Total on any text."""
    reply = reply_of(comment)
    own = masked(reply.text, reply.kept)
    signals: tuple[Signal, ...] = ()
    if context.author.is_customer and "automatic" not in reply.flags and own.strip():
        signals = _signals(reply, own, context, lexicon)
    return Reading(
        original=reply.text,
        kept=reply.kept,
        signals=signals,
        language=detect_language("\n".join(span.of(reply.text) for span in reply.kept), Language.PT),
        flags=reply.flags,
    )


def masked(text: str, kept: Iterable[Span]) -> str:
    """Blot out everything but ``kept``, at the same length: a blot ends a sentence."""
    masked = ["\n"] * len(text)
    for span in kept:
        masked[span.start : span.end] = text[span.start : span.end]
    return "".join(masked)


def _normalised(own: str) -> str:
    """Normalise, but keep the Spanish yes: without its accent it would be an if."""
    normal = normalise(own)
    for match in _YES.finditer(own):
        normal = f"{normal[: match.start()]}sí{normal[match.end() :]}"
    return normal


def _signals(reply: Reply, own: str, context: Context, lexicon: Lexicon) -> tuple[Signal, ...]:
    normal = _normalised(own)
    matches = lexicon.search.find(normal)
    ranges = sentences(own)
    found = _heard(matches, ranges, context, lexicon)
    scores = lexicon.likeness.scores(own, context.pending)
    statement = Statement(
        reply=reply,
        own=own,
        normal=normal,
        spoken=tuple(lexicon.spoken(matches)),
        identifiers=identifiers(own),
        context=context,
        likeness=scores.get(K.ACCEPTANCE, 0.0),
    )
    accepts = any(each.phrase.kind is K.ACCEPTANCE for each in found) or statement.likeness >= SECONDARY
    why = doubt(statement, lexicon) if accepts else "not_certain"
    kinds = _kinds(found, scores, statement, why)
    signals = [_signal(kind, found, scores, statement, ranges, lexicon, why) for kind in kinds]
    return tuple(each for signal in signals for each in each_time(signal, own))


def _heard(matches: list[Match], ranges: list[Span], context: Context, lexicon: Lexicon) -> list[Found]:
    """Keep phrases that are heard in this place of the lifecycle and that nothing in their sentence takes back."""
    guards = [match for match in matches if match.id.startswith(GUARD)]
    found = []
    for phrase, span in lexicon.spoken(matches):
        if phrase.kind is None or (phrase.pending and context.pending not in phrase.pending):
            continue
        around = _around(span, ranges)
        if not any(guard.span.overlaps(around) and guard.id.removeprefix(f"{GUARD}:") in phrase.unless for guard in guards):
            found.append(Found(phrase, span))
    return found


def _around(span: Span, ranges: list[Span]) -> Span:
    return next((each for each in ranges if each.start <= span.start < each.end), span)


def _kinds(found: list[Found], scores: dict[SignalKind, float], statement: Statement, why: str) -> list[SignalKind]:
    """Return what the comment says, its label first."""
    pending = statement.context.pending
    weights = {kind: math.log(max(score, 1e-6)) for kind, score in scores.items()} or {K.NONE: -1.0}
    spoken = {each.phrase.kind for each in found}
    for kind in spoken:
        assert kind is not None
        certain = any(each.phrase.certain for each in found if each.phrase.kind is kind)
        weights[kind] = weights.get(kind, -4.0) + (CERTAIN_WEIGHT if certain else RULE_WEIGHT)
    _weigh_doubts(weights, spoken, statement)
    weights = {kind: weight for kind, weight in weights.items() if pending in _HEARD.get(kind, (pending,))}
    if K.ACCEPTANCE in spoken and not why:
        return [K.ACCEPTANCE, *_beside_an_acceptance(spoken, statement)]
    ranked = sorted(weights, key=lambda kind: (-weights[kind], PRIORITY.index(kind) if kind in PRIORITY else len(PRIORITY)))
    label = ranked[0]
    if label is K.NONE:
        return [K.UNCLEAR] if pending is Pending.TERM_PENDING and _is_about_the_term(found, scores) else []
    others = [
        kind for kind in ranked[1:] if kind not in (K.NONE, K.UNCLEAR) and (kind in spoken or scores.get(kind, 0.0) >= SECONDARY)
    ]
    if statement.identifiers and K.BILLING_INFO not in (label, *others):
        others.append(K.BILLING_INFO)
    if label in _ASSENT:
        others = [kind for kind in others if kind not in _ASSENT]
    return [label, *others]


def _beside_an_acceptance(spoken: set[SignalKind | None], statement: Statement) -> list[SignalKind]:
    """The gate leaves no room for anything else that counts: only what an acceptance may carry is reported with it."""
    carried: list[SignalKind] = [kind for kind in (K.SLOT_CONFIRMATION, K.BILLING_INFO) if kind in spoken]
    return carried if K.BILLING_INFO in carried or not statement.identifiers else [*carried, K.BILLING_INFO]


def _weigh_doubts(weights: dict[SignalKind, float], spoken: set[SignalKind | None], statement: Statement) -> None:
    """Shift weight from an acceptance to what its doubts make of it: a condition, a question, an assent to something else."""
    if "?" in statement.own:
        weights[K.QUESTION] = weights.get(K.QUESTION, -3.0) + RULE_WEIGHT
        weights[K.SLOT_COUNTER_PROPOSAL] = weights.get(K.SLOT_COUNTER_PROPOSAL, -5.0) + RULE_WEIGHT / 2
    if K.ACCEPTANCE not in weights:
        return
    if not names_the_term(statement) and len(statement.own.split()) > BARE:
        weights[K.ACCEPTANCE] -= CERTAIN_WEIGHT
    if spoiling_reason(statement.spoken) in ("condition", "limit", "price", "future"):
        weights[K.CONDITIONAL_ACCEPTANCE] = weights.get(K.CONDITIONAL_ACCEPTANCE, -4.0) + RULE_WEIGHT
        if K.CONDITIONAL_ACCEPTANCE in spoken:
            weights[K.ACCEPTANCE] -= RULE_WEIGHT


def _is_about_the_term(found: list[Found], scores: dict[SignalKind, float]) -> bool:
    about = (K.ACCEPTANCE, K.CONDITIONAL_ACCEPTANCE, K.REFUSAL, K.OTHER_ROUTE, K.UNCLEAR, K.QUESTION)
    return any(each.phrase.kind in about for each in found) or sum(scores.get(kind, 0.0) for kind in about) >= 0.3


def _signal(
    kind: SignalKind,
    found: list[Found],
    scores: dict[SignalKind, float],
    statement: Statement,
    ranges: list[Span],
    lexicon: Lexicon,
    why: str,
) -> Signal:
    mine = [each for each in found if each.phrase.kind is kind]
    best = max(mine, key=lambda each: (each.phrase.certain, each.span.end - each.span.start), default=None)
    span = best.span if best else _likest(kind, statement, ranges, lexicon)
    signal = Signal(
        kind=kind,
        span=span,
        pattern=best.phrase.id if best else f"likeness.{kind}",
        reason=(best.phrase.reason if best else "") or "not_certain",
        data=carried(kind, statement.own, statement.identifiers),
    )
    if kind is K.ACCEPTANCE:
        return replace(signal, certain=not why, reason=why)
    if kind is K.CONDITIONAL_ACCEPTANCE:
        return replace(signal, reason=spoiling_reason(statement.spoken) or "condition")
    if kind is K.UNCLEAR:
        return replace(signal, reason="unclear")
    if best and best.phrase.certain and kind in _CONCLUDING and _concludes(kind, scores, statement):
        return replace(signal, certain=True, reason="")
    return signal


def _concludes(kind: SignalKind, scores: dict[SignalKind, float], statement: Statement) -> bool:
    return "?" not in statement.own and scores.get(kind, 1.0) >= AGREEMENT and "inline" not in statement.reply.flags


def _likest(kind: SignalKind, statement: Statement, ranges: list[Span], lexicon: Lexicon) -> Span:
    """Return the sentence that is most like labelled ones of ``kind``."""
    if not ranges:
        return Span(0, 0)
    if kind is K.BILLING_INFO and statement.identifiers:
        return statement.identifiers[0].span
    if len(ranges) == 1:
        return ranges[0]
    pending = statement.context.pending
    return max(ranges[:12], key=lambda each: lexicon.likeness.scores(each.of(statement.own), pending).get(kind, 0.0))
