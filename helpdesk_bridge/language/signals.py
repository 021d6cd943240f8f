"""What a customer's comment says about the term, the slot or the work they were asked about, each with its words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stdnum.br import cnpj as cnpj_rules

from helpdesk_bridge.domain.reading import Context, Pending, Reading, Signal, SignalKind
from helpdesk_bridge.domain.values import Comment, Language, Span
from helpdesk_bridge.language.detect import detect_language
from helpdesk_bridge.language.gate import doubt
from helpdesk_bridge.language.patterns import Match
from helpdesk_bridge.language.phrases import GUARD, Lexicon, Phrase
from helpdesk_bridge.language.reply import Reply, reply_of
from helpdesk_bridge.language.text import normalise, sentences

K = SignalKind
PRIORITY = (
    K.RETRACTION, K.INTERRUPTION, K.REFUSAL, K.OTHER_ROUTE, K.PAUSE, K.CONDITIONAL_ACCEPTANCE, K.QUESTION, K.ACCEPTANCE,
    K.SLOT_COUNTER_PROPOSAL, K.SLOT_CONFIRMATION, K.DISPUTE, K.RESUME, K.PREREQUISITES, K.BILLING_INFO, K.UNCLEAR,
)  # fmt: skip
"""The weightiest first: it is the comment's label."""

SIDE_QUESTION = "question.side"
CNPJ = re.compile(r"(?<![\w./-])([0-9A-Za-z]{2}\.?[0-9A-Za-z]{3}\.?[0-9A-Za-z]{3}/?[0-9A-Za-z]{4}-?\d{2})(?![\w/-])")


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in the author's words."""

    phrase: Phrase
    span: Span


def read_comment(comment: Comment, context: Context, lexicon: Lexicon) -> Reading:
    """Read one comment. Whoever is no customer, and whatever is automatic, says nothing about a term. Total on any text."""
    reply = reply_of(comment)
    own = _masked(reply.text, reply.kept)
    signals: tuple[Signal, ...] = ()
    if context.author.is_customer and "automatic" not in reply.flags:
        signals = _signals(reply, own, context, lexicon)
    return Reading(
        original=reply.text,
        kept=reply.kept,
        signals=signals,
        language=detect_language(own, Language.PT),
        flags=reply.flags,
    )


def _masked(text: str, kept: Iterable[Span]) -> str:
    """Blot out everything but ``kept``, at the same length: a blot ends a sentence."""
    masked = ["\n"] * len(text)
    for span in kept:
        masked[span.start : span.end] = text[span.start : span.end]
    return "".join(masked)


def _signals(reply: Reply, own: str, context: Context, lexicon: Lexicon) -> tuple[Signal, ...]:
    normal = normalise(own)
    matches = lexicon.search.find(normal)
    found = _spoken(matches, own, context, lexicon)
    cnpjs = _cnpjs(own)
    if cnpjs and not any(each.phrase.kind is K.BILLING_INFO for each in found):
        billing = Signal(kind=K.BILLING_INFO, span=cnpjs[0][0], pattern="identifier.cnpj", data=_data(cnpjs))
        return _settled([*(_signal(each, cnpjs) for each in found), billing], reply, own, context, lexicon, matches)
    return _settled([_signal(each, cnpjs) for each in found], reply, own, context, lexicon, matches)


def _spoken(matches: list[Match], own: str, context: Context, lexicon: Lexicon) -> list[Found]:
    """Keep phrases that are heard in this state and that nothing in their sentence takes back."""
    phrases = [
        (lexicon.phrases[match.id.removeprefix("phrase:")], match.span) for match in matches if match.id.startswith("phrase:")
    ]
    heard = [
        (phrase, span) for phrase, span in phrases if phrase.kind and (not phrase.pending or context.pending in phrase.pending)
    ]
    if not heard:
        return []
    ranges = sentences(own)
    found = []
    for phrase, span in heard:
        around = next((each for each in ranges if each.start <= span.start < each.end), span)
        guards = {match.id for match in matches if match.id.startswith(GUARD) and match.span.overlaps(around)}
        if not any(f"{GUARD}:{guard}" in guards for guard in phrase.unless):
            found.append(Found(phrase, span))
    return found


def _signal(found: Found, cnpjs: list[tuple[Span, str]]) -> Signal:
    assert found.phrase.kind is not None
    carries = found.phrase.kind in (K.ACCEPTANCE, K.BILLING_INFO)
    return Signal(
        kind=found.phrase.kind,
        span=found.span,
        pattern=found.phrase.id,
        certain=found.phrase.certain,
        reason=found.phrase.reason,
        data=_data(cnpjs) if carries else (),
    )


def _data(cnpjs: list[tuple[Span, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(("cnpj", number) for _span, number in cnpjs)


def _cnpjs(text: str) -> list[tuple[Span, str]]:
    """Find valid CNPJs, the alphanumeric ones included."""
    found = []
    for match in CNPJ.finditer(text):
        digits = cnpj_rules.compact(match[1])
        if any(char.isdigit() for char in digits[:8]) and cnpj_rules.is_valid(digits):
            found.append((Span(*match.span(1)), digits))
    return found


def _settled(
    signals: list[Signal], reply: Reply, own: str, context: Context, lexicon: Lexicon, matches: list[Match]
) -> tuple[Signal, ...]:
    """One signal a kind, the weightiest first; an acceptance passes the gate or says why not."""
    best: dict[K, Signal] = {}
    for signal in signals:
        if signal.kind not in best or (signal.certain and not best[signal.kind].certain):
            best[signal.kind] = signal
    if K.ACCEPTANCE in best:
        best |= _weighed(best, reply, own, context, lexicon, matches)
    for kind in (K.REFUSAL, K.RETRACTION, K.INTERRUPTION, K.OTHER_ROUTE):
        if kind in best and len(best.keys() - {K.BILLING_INFO, kind}) and K.ACCEPTANCE in best:
            best[kind] = _unsure(best[kind], "mixed")
    if not best and context.pending is Pending.TERM_PENDING:
        words = own.strip()
        if words:
            start = own.index(words[0])
            best[K.UNCLEAR] = Signal(
                kind=K.UNCLEAR, span=Span(start, start + len(words)), pattern="gate.nothing", reason="unclear"
            )
    return tuple(sorted(best.values(), key=lambda signal: PRIORITY.index(signal.kind)))


def _weighed(
    best: dict[K, Signal], reply: Reply, own: str, context: Context, lexicon: Lexicon, matches: list[Match]
) -> dict[K, Signal]:
    """Ask the gate about an acceptance; a condition or a question makes it another kind of answer."""
    acceptance = best[K.ACCEPTANCE]
    why = doubt(reply, own, lexicon, matches) if acceptance.certain else acceptance.reason or "not_certain"
    if context.pending is not Pending.TERM_PENDING:
        why = why or "no_pending_term"
    if why in ("condition", "limit", "price"):
        conditional = Signal(kind=K.CONDITIONAL_ACCEPTANCE, span=acceptance.span, pattern=acceptance.pattern, reason=why)
        del best[K.ACCEPTANCE]
        return {K.CONDITIONAL_ACCEPTANCE: best.get(K.CONDITIONAL_ACCEPTANCE, conditional)}
    return {K.ACCEPTANCE: _unsure(acceptance, why) if why else acceptance}


def _unsure(signal: Signal, reason: str) -> Signal:
    return Signal(kind=signal.kind, span=signal.span, pattern=signal.pattern, certain=False, reason=reason, data=signal.data)
