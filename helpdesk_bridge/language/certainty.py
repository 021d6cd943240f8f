"""When words conclude something by themselves: said plainly, without a doubt, a condition, a plan, hearsay or a question."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from helpdesk_bridge.domain.reading import Pending, SignalKind
from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.cover import Cover
from helpdesk_bridge.language.phrases import HEDGE, RETREAT, Heard, Phrase

K = SignalKind
LEAVING = frozenset({K.REFUSAL, K.OTHER_ROUTE, K.INTERRUPTION, K.RETRACTION})
"""Ways of wanting out."""
CONCLUDING = frozenset({*LEAVING, K.PAUSE, K.RESUME, K.SLOT_CONFIRMATION})
"""Kinds that a phrase can make certain; an acceptance has a gate of its own."""
NO_ANSWER = frozenset({K.NONE, K.UNCLEAR})
"""What a phrase that is certain takes from its sentence: whoever else decides, what will be said later, what a screen shows."""
_PUT_ASIDE = frozenset({*NO_ANSWER, K.ACCEPTANCE, K.CONDITIONAL_ACCEPTANCE})
"""Kinds beside which a sentence that surely means nothing still means nothing."""
SHORT = 24
"""Characters within which a retreat begins its sentence, and the length of a sentence that is nothing but a hedge."""


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in the author's words, and the sentence it stands in."""

    phrase: Phrase
    span: Span
    sentence: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a comment says, before it is decided what counts."""

    found: tuple[Found, ...]
    """Phrases that are heard in this place of the lifecycle."""
    hedges: tuple[Found, ...]
    sentences: tuple[Span, ...]
    assents: tuple[Found, ...]
    """Words that accept, without those that are part of a way out ("não está autorizado") or about something else."""
    beside_the_point: tuple[Found, ...]
    """What surely means nothing, where nothing certain but an assent, with or without a condition, stands in the same sentence."""
    likeness: Mapping[SignalKind, float] = field(default_factory=dict)
    """To labelled comments, by kind; empty: there are no weights."""

    def of(self, kind: SignalKind) -> tuple[Found, ...]:
        """Return the phrases of one kind."""
        return tuple(each for each in self.found if each.phrase.kind is kind)


def _keeps_busy(phrase: Phrase) -> bool:
    """True for what a sentence says beside nothing: anything certain but an assent, and any way of wanting out or a rest."""
    return phrase.kind in LEAVING or phrase.kind is K.PAUSE or (phrase.certain and phrase.kind not in _PUT_ASIDE)


def hear(heard: Heard, sentences: list[Span], pending: Pending) -> Said:
    """Gather phrases and hedges, without those that a guard in their sentence takes back."""
    found: list[Found] = []
    hedges: list[Found] = []
    here = [
        (phrase, span)
        for phrase, span in heard.spoken
        if (phrase.kind or phrase.reason in (HEDGE, RETREAT)) and (not phrase.pending or pending in phrase.pending)
    ]
    guards = heard.guards(phrase for phrase, _span in here)
    for phrase, span in here:
        around = _sentence_at(span, sentences)
        if any(_stands_in(around, guards[guard]) for guard in phrase.unless if guard in guards):
            continue
        (found if phrase.kind else hedges).append(Found(phrase, span, around))
    beside = _beside_the_point(found)
    return Said(
        found=tuple(found),
        hedges=tuple(hedges),
        sentences=tuple(sentences),
        assents=tuple(_assents(found, beside)),
        beside_the_point=beside,
    )


def _beside_the_point(found: Iterable[Found]) -> tuple[Found, ...]:
    nothing = [each for each in found if each.phrase.kind in NO_ANSWER and each.phrase.certain]
    busy = {each.sentence for each in found if _keeps_busy(each.phrase)} if nothing else set()
    return tuple(each for each in nothing if each.sentence not in busy)


def _assents(found: Iterable[Found], beside: Iterable[Found]) -> Iterator[Found]:
    accepting = [each for each in found if each.phrase.kind is K.ACCEPTANCE]
    if accepting:
        aside = {each.sentence for each in beside}
        ways_out = Cover(each.span for each in found if each.phrase.certain and each.phrase.kind in LEAVING)
        for each in accepting:
            if each.sentence not in aside and not ways_out.touches(each.span.start, each.span.end):
                yield each


def _stands_in(sentence: Span, guards: Sequence[Span]) -> bool:
    place = bisect_right(guards, sentence.start, key=attrgetter("end"))
    return place < len(guards) and guards[place].start < sentence.end


def _sentence_at(span: Span, sentences: list[Span]) -> Span:
    place = bisect_right(sentences, span.start, key=attrgetter("start")) - 1 if len(sentences) > 1 else len(sentences) - 1
    return sentences[place] if place >= 0 and sentences[place].start <= span.start < sentences[place].end else span


def is_plain(kind: SignalKind, said: Said, own: str) -> bool:
    """True when a certain phrase of this kind is beyond doubt; a no beside an assent is not."""
    if kind not in CONCLUDING or "?" in own:
        return False
    if kind in (K.REFUSAL, K.OTHER_ROUTE) and any(each.phrase.certain for each in said.assents):
        return False
    hedges = sorted(said.hedges, key=_begins)
    return any(each.phrase.certain and not _is_hedged(each, hedges) for each in said.of(kind))


def _is_hedged(said: Found, hedges: list[Found]) -> bool:
    """True when one of the hedges, which stand in the order of their sentences, reaches what is said."""
    first = bisect_left(hedges, said.sentence.start - SHORT, key=_begins)
    last = bisect_right(hedges, said.sentence.end + SHORT, key=_begins)
    return any(_reaches(hedge, said) for hedge in hedges[first:last])


def _begins(found: Found) -> int:
    return found.sentence.start


def _reaches(hedge: Found, said: Found) -> bool:
    """True in the same sentence; a hedge that is all the sentence before says reaches on, a retreat that begins the next one back."""
    if hedge.sentence == said.sentence:
        return True
    if hedge.sentence.end <= said.sentence.start:
        return said.sentence.start - hedge.sentence.start <= SHORT
    begins = hedge.sentence.start - said.sentence.end <= SHORT and hedge.span.start - hedge.sentence.start <= SHORT
    return hedge.phrase.reason == RETREAT and begins
