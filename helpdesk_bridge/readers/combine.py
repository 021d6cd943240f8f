"""The one place where a reader's words meet the rules': it may relabel what the rules leave open, and accept nothing.

Three things hold whatever a reader says. What it adds is never certain, so it concludes nothing by itself. What the rules are
certain of is not asked about: an acceptance that passed the gate and a refusal beyond doubt stand as they are. And a suspicion
that the customer wants to stop is never talked away: the clock stops, and somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import isfinite

from helpdesk_bridge import language
from helpdesk_bridge.domain.reading import Context, Cue, Pending, Reading, Signal, SignalKind, TicketReading
from helpdesk_bridge.domain.values import Comment, Person, Span, Ticket
from helpdesk_bridge.language import CueLexicon, Lexicon, visible_text
from helpdesk_bridge.language.carried import carried, each_time, times
from helpdesk_bridge.language.identifiers import identifiers
from helpdesk_bridge.language.signals import masked
from helpdesk_bridge.readers.base import Evidence, Opinion, Reader

K = SignalKind
LEAST = 0.4
"""Confidence from which an opinion counts."""
STOPPING = frozenset({K.REFUSAL, K.RETRACTION, K.INTERRUPTION, K.OTHER_ROUTE, K.PAUSE, K.DISPUTE})
"""A customer who may want to stop; a reader may only say which of these it is, or that it is something else a person hears of."""
_AGREEING = frozenset({K.ACCEPTANCE, K.CONDITIONAL_ACCEPTANCE})
_HEARD_WHILE_PENDING = STOPPING | {K.ACCEPTANCE, K.CONDITIONAL_ACCEPTANCE, K.QUESTION, K.UNCLEAR}


def read_comment(comment: Comment, context: Context, lexicon: Lexicon, reader: Reader | None = None) -> Reading:
    """Read one comment by the rules, and by ``reader`` what they leave open. Total on any text."""
    rules = language.read_comment(comment, context, lexicon)
    if reader is None or not _is_open(rules, context):
        return rules
    opinions = [each for each in reader.signals(comment, context, rules) if _is_sound(each, rules)]
    return _combined(rules, context, opinions, reader.name)


def read_ticket(ticket: Ticket, lexicon: CueLexicon, reader: Reader | None = None) -> TicketReading:
    """Read a ticket by the rules, and add the evidence that ``reader`` sees beside theirs."""
    rules = language.read_ticket(ticket, lexicon)
    if reader is None:
        return rules
    return replace(rules, cues=(*rules.cues, *_further(ticket, rules, reader.cues(ticket, rules), reader.name)))


def _is_open(rules: Reading, context: Context) -> bool:
    """True when there is something left to say: a customer's own words that the rules are not certain of."""
    if not context.author.is_customer or "automatic" in rules.flags or not rules.own_words:
        return False
    return not any(signal.certain for signal in rules.signals[:1])


def _is_sound(opinion: Opinion, rules: Reading) -> bool:
    """True for an opinion that names words of the author and can be weighed."""
    return (
        isinstance(opinion.kind, SignalKind)
        and _is_share(opinion.confidence)
        and opinion.confidence >= LEAST
        and opinion.span.start < opinion.span.end
        and any(kept.start <= opinion.span.start and opinion.span.end <= kept.end for kept in rules.kept)
    )


def _is_share(confidence: object) -> bool:
    return isinstance(confidence, float | int) and isfinite(confidence) and 0 <= confidence <= 1


def _combined(rules: Reading, context: Context, opinions: list[Opinion], name: str) -> Reading:
    """Put the surest opinion first, where it may relabel; what the rules heard beside it stays."""
    ranked = sorted(opinions, key=lambda each: -each.confidence)
    if not ranked or not _may_relabel(rules.label, ranked[0].kind, context.pending):
        return rules
    kinds = tuple(dict.fromkeys(_kind(each.kind, rules) for each in ranked))
    if kinds[0] is K.NONE:
        return rules
    own = masked(rules.original, rules.kept)
    signals: list[Signal] = []
    for opinion in ranked:
        kind = _kind(opinion.kind, rules)
        if kind is not K.NONE and all(kind is not signal.kind for signal in signals):
            signals += _same(kind, rules) or _timed(_signal(kind, opinion, own, name), own)
    signals += [_doubted(signal) for signal in rules.signals if signal.kind not in kinds]
    return replace(rules, signals=tuple(signals))


def _timed(signal: Signal, own: str) -> Iterable[Signal]:
    return each_time(signal, times((signal,), own))


def _may_relabel(label: SignalKind, kind: SignalKind, pending: Pending) -> bool:
    """Say whether a person still hears of it: nobody's wish to stop, and nobody's agreement to a pending term, is passed over."""
    if pending is not Pending.TERM_PENDING:
        return label not in STOPPING or kind in STOPPING
    if label in STOPPING:
        return kind in _HEARD_WHILE_PENDING
    return label not in _AGREEING or kind in _HEARD_WHILE_PENDING or kind is K.NONE


def _kind(kind: SignalKind, rules: Reading) -> SignalKind:
    """What the rules hear something in is never called nothing: at the most it is unclear, and a person reads it."""
    return K.UNCLEAR if kind is K.NONE and rules.signals else kind


def _same(kind: SignalKind, rules: Reading) -> list[Signal]:
    """What the rules saw as well stands as they worded it."""
    return [_doubted(signal) for signal in rules.signals if signal.kind is kind]


def _signal(kind: SignalKind, opinion: Opinion, own: str, name: str) -> Signal:
    """Word an opinion as a signal: never a certain one."""
    return Signal(
        kind=kind,
        span=opinion.span,
        pattern=f"{name}.{opinion.kind}",
        certain=False,
        reason=opinion.reason or "not_certain",
        data=carried(kind, own, identifiers(own)),
    )


def _doubted(signal: Signal) -> Signal:
    return replace(signal, certain=False, reason=signal.reason or "not_certain") if signal.kind is K.ACCEPTANCE else signal


def _further(ticket: Ticket, rules: TicketReading, evidence: Iterable[Evidence], name: str) -> Iterator[Cue]:
    """Word evidence as cues, the surest first; what the rules quote already is not said twice."""
    texts: dict[tuple[str, str | None], tuple[Person, str]] = {
        ("subject", None): (ticket.requester, ticket.subject),
        ("description", None): (ticket.requester, ticket.description),
    }
    texts |= {("comment", comment.id): (comment.author, visible_text(comment)) for comment in ticket.comments}
    sound = [each for each in evidence if _is_share(each.confidence) and (each.source, each.comment) in texts]
    for each in sorted(sound, key=lambda found: -found.confidence):
        author, text = texts[each.source, each.comment]
        if 0 <= each.span.start < each.span.end <= len(text) and not _is_quoted(each, rules.cues):
            yield Cue(
                criterion=each.criterion,
                source=each.source,
                comment=each.comment,
                span=each.span,
                text=each.span.of(text),
                pattern=f"{name}.{each.criterion}",
                author=author.role,
                score=float(each.confidence),
            )


def _is_quoted(evidence: Evidence, cues: Iterable[Cue]) -> bool:
    return any(
        (cue.criterion, cue.source, cue.comment) == (evidence.criterion, evidence.source, evidence.comment)
        and cue.span.overlaps(evidence.span)
        for cue in cues
    )


def whole(reading: Reading) -> Span:
    """Return the author's first words whole: what an opinion points at that is about the comment as such."""
    return reading.kept[0] if reading.kept else Span(0, 0)
