"""What the support asked before a bare "de acordo": the answer is about the term only when the term was all that was asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from helpdesk_bridge.language.phrases import ASK, OBJECT, PRESENTS, STRAY, Lexicon, Phrase
from helpdesk_bridge.language.text import normalise, sentences

LONGEST = 8_000
"""Characters of the support's comment that are read."""
SHORT = 11
"""Words up to which a question may leave out what it asks about."""

_GREETING = re.compile(
    r"(?:ola|oi|oie|opa|bom dia|boa tarde|boa noite|prezad[oa]s?|car[oa]|hola|buen dia|buenos dias|buenas|buenas tardes|hi|hello|hey|"
    r"good (?:morning|afternoon))\W+(?:[a-z]+\W+){0,2}(?:tudo|td|como|todo|how)(?: \w+){1,3}\s?\?"
)
"""Asks for no answer: "Olá, Marina, tudo bem?"."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    is_question: bool
    is_short: bool
    phrases: tuple[Phrase, ...]

    def has(self, reason: str, *, certain: bool = False) -> bool:
        return any(phrase.kind is None and phrase.reason == reason and phrase.certain >= certain for phrase in self.phrases)


def asks_for_consent(text: str, lexicon: Lexicon) -> bool:
    """True when the support's comment asks for acceptance of a term, or hands one over, and wants an answer to nothing else."""
    said = [_read(span.of(text[:LONGEST]), lexicon) for span in sentences(text[:LONGEST])]
    if not any(sentence.has(OBJECT) for sentence in said):
        return False
    if any(sentence.has(ASK, certain=True) for sentence in said):
        return True
    if any(sentence.has(STRAY, certain=True) for sentence in said):
        return False
    strays = any(sentence.has(STRAY) for sentence in said)
    asking = [sentence for before, sentence in pairwise((said[0], *said)) if _asks(before, sentence, strays=strays)]
    questions = [sentence for sentence in said if sentence.is_question]
    if questions or asking:
        return all(question in asking for question in questions)
    return not strays and any(sentence.has(PRESENTS) for sentence in said)


def _asks(before: _Sentence, sentence: _Sentence, *, strays: bool) -> bool:
    """True for a request for acceptance: it names the term, or asks no more than "de acordo?" after a sentence that does."""
    if not sentence.has(ASK):
        return False
    return sentence.has(OBJECT) or (not strays and (not sentence.is_question or (sentence.is_short and before.has(OBJECT))))


def _read(sentence: str, lexicon: Lexicon) -> _Sentence:
    normal = normalise(sentence)
    heard = lexicon.heard(normal)
    said = [phrase for phrase, _span in (*heard.spoken, *heard.asked)]
    guards = heard.guards(said)
    unguarded = tuple(phrase for phrase in said if guards.keys().isdisjoint(phrase.unless))
    is_question = "?" in sentence and not _GREETING.fullmatch(normal)
    return _Sentence(is_question, len(sentence.split()) <= SHORT, unguarded)
