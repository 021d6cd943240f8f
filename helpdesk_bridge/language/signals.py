"""What a customer's comment says about the term, the slot or the work they were asked about, each with its words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from helpdesk_bridge.domain.reading import Context, Reading, Signal, SignalKind
from helpdesk_bridge.domain.values import Comment, Language, Span
from helpdesk_bridge.language.carried import carried, each_time, times
from helpdesk_bridge.language.certainty import Found, Said, hear, is_plain
from helpdesk_bridge.language.detect import detect_language
from helpdesk_bridge.language.explained import Statement
from helpdesk_bridge.language.gate import doubt, spoiling_reason
from helpdesk_bridge.language.identifiers import identifiers
from helpdesk_bridge.language.labels import SECONDARY, kinds_of
from helpdesk_bridge.language.phrases import Heard, Lexicon
from helpdesk_bridge.language.reply import Reply, reply_of
from helpdesk_bridge.language.text import normalise, sentences
from helpdesk_bridge.language.tongues import rightly_heard

K = SignalKind
_INCONCLUSIVE = frozenset({"inline", "flooded"})
"""Flags under which nothing is certain: words may be another's, or a guard may stand where nobody listens any more."""
_YES = re.compile(r"\b[sS][íÍ]\b")


def read_comment(comment: Comment, context: Context, lexicon: Lexicon) -> Reading:
    """Read one comment. Whoever is no customer, and whatever is automatic, says nothing about a term. Total on any text."""
    reply = reply_of(comment)
    own = masked(reply.text, reply.kept)
    signals: tuple[Signal, ...] = ()
    if context.author.is_customer and "automatic" not in reply.flags and own.strip():
        normal = _normalised(own)
        heard = lexicon.heard(normal)
        if heard.flooded:
            reply = replace(reply, flags=reply.flags | {"flooded"})
        signals = _signals(reply, own, normal, heard, context, lexicon)
    return Reading(
        original=reply.text,
        kept=reply.kept,
        signals=signals,
        language=detect_language("\n".join(span.of(reply.text) for span in reply.kept), Language.PT),
        flags=reply.flags,
    )


def masked(text: str, kept: Iterable[Span]) -> str:
    """Blot out everything but ``kept``, at the same places, up to two blots behind the last word: a blot ends a sentence."""
    pieces, end = [], 0
    for span in kept:
        pieces += ["\n" * (span.start - end), span.of(text)]
        end = span.end
    return "".join((*pieces, "\n" * min(2, len(text) - end)))


def _without(own: str, aside: Iterable[Found]) -> str:
    """Blot out the sentences that surely mean nothing: what they are like does not matter."""
    pieces, end = [], 0
    for start, last in sorted({(each.sentence.start, each.sentence.end) for each in aside}):
        if last > end:
            start = max(start, end)
            pieces += [own[end:start], " " * (last - start)]
            end = last
    return "".join((*pieces, own[end:]))


def _normalised(own: str) -> str:
    """Normalise, but keep the Spanish yes: without its accent it would be an if."""
    normal = normalise(own)
    pieces, end = [], 0
    for match in _YES.finditer(own) if "í" in own or "Í" in own else ():
        pieces += [normal[end : match.start()], "sí"]
        end = match.end()
    return "".join((*pieces, normal[end:]))


def _signals(reply: Reply, own: str, normal: str, heard: Heard, context: Context, lexicon: Lexicon) -> tuple[Signal, ...]:
    heard.spoken = rightly_heard(own, normal, heard.spoken)
    said = hear(heard, sentences(own), context.pending)
    said = replace(said, likeness=lexicon.likeness.scores(_without(own, said.beside_the_point), context.pending))
    statement = Statement(
        reply=reply,
        own=own,
        normal=normal,
        heard=heard,
        identifiers=identifiers(own),
        context=context,
        likeness=said.likeness.get(K.ACCEPTANCE, 0.0),
    )
    why = doubt(statement, lexicon) if said.of(K.ACCEPTANCE) or statement.likeness >= SECONDARY else "not_certain"
    signals = [_signal(kind, said, statement, lexicon, why) for kind in kinds_of(said, statement, why)]
    options = times(signals, own)
    return tuple(each for signal in signals for each in each_time(signal, options))


def _signal(kind: SignalKind, said: Said, statement: Statement, lexicon: Lexicon, why: str) -> Signal:
    best = max(said.of(kind), key=lambda each: (each.phrase.certain, each.span.end - each.span.start), default=None)
    certain, reason = _certainty(kind, said, statement, why)
    return Signal(
        kind=kind,
        span=best.span if best else _likest(kind, said, statement, lexicon),
        pattern=best.phrase.id if best else f"likeness.{kind}",
        certain=certain,
        reason=reason if reason is not None else (best.phrase.reason if best else "") or "not_certain",
        data=carried(kind, statement.own, statement.identifiers),
    )


def _certainty(kind: SignalKind, said: Said, statement: Statement, why: str) -> tuple[bool, str | None]:
    """Say whether a signal is certain, and why not; None: the phrase says why."""
    if kind is K.ACCEPTANCE:
        return not why, why
    if kind is K.CONDITIONAL_ACCEPTANCE:
        return False, spoiling_reason(statement.heard) or "condition"
    if kind is K.UNCLEAR:
        return False, "unclear"
    if _INCONCLUSIVE.isdisjoint(statement.reply.flags) and is_plain(kind, said, statement.own):
        return True, ""
    return False, None


def _likest(kind: SignalKind, said: Said, statement: Statement, lexicon: Lexicon) -> Span:
    """Return the sentence that is most like labelled ones of ``kind``."""
    if not said.sentences:
        return Span(0, 0)
    if kind is K.BILLING_INFO and statement.identifiers:
        return statement.identifiers[0].span
    if len(said.sentences) == 1:
        return said.sentences[0]
    pending = statement.context.pending
    return max(said.sentences[:12], key=lambda each: lexicon.likeness.scores(each.of(statement.own), pending).get(kind, 0.0))
