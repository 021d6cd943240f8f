"""The closed-world gate: an acceptance stands by itself only when all other words are known to be harmless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk_bridge.domain.reading import Context, Pending, SignalKind
from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.identifiers import Identifier
from helpdesk_bridge.language.phrases import BENIGN, OBJECT, Lexicon, Phrase
from helpdesk_bridge.language.reply import Reply
from helpdesk_bridge.language.text import INVISIBLE, normalise

SPOILING_FLAGS = frozenset({"forwarded", "inline", "automatic", "hidden", "truncated"})
LEAST_LIKENESS = 0.1
"""Below this likeness to labelled acceptances, one that looks certain goes to a person."""

_NAME = r"[A-ZÀ-ÖØ-Ý][\w'’.-]*(?:[ \t]+(?:d[aeo]s?[ \t]+|de[ \t]+la[ \t]+|e[ \t]+)?[A-ZÀ-ÖØ-Ý][\w'’.-]*){0,3}"
_TITLE = r"(?:(?:[Ss]r|[Ss]ra|[Dd]r|[Dd]ra|[Ee]ng|[Ii]ng|[Mm]r|[Mm]rs|[Mm]s|[Ll]ic)\.?[ \t]+|[Ss]enhora?[ \t]+|[Ss]eñora?[ \t]+)?"
_GREETED = re.compile(
    rf"(?:\b(?i:ol[áa]|oi|bom dia|boa tarde|boa noite|prezad[oa]s?|car[oa]s?|hola|buen d[ií]a|buenos d[ií]as|"
    rf"buenas tardes|buenas|"
    rf"estimad[oa]s?|hi|hello|dear|good morning|good afternoon|obrigad[oa]|grat[oa]|gracias|thanks|thank you|"
    rf"abra[cç]os?|abs|att|"
    rf"saludos|regards|aqui é|aqui é [oa]|sou|sou [oa]|soy|por mim|por nós|em nome d[aeo]|en nombre de|de parte de|"
    rf"por parte de|on behalf of),?[ \t]+{_TITLE}(?P<name>{_NAME}))"
)
_WITH = re.compile(rf"\b(?i:com|con|with),?[ \t]+(?i:(?:o|a|el|la|nosso|nossa)[ \t]+)?{_TITLE}(?P<name>{_NAME})")
_FIELD = re.compile(
    rf"^[ \t]*(?i:nome|cargo|data|respons[áa]vel|contato|setor|empresa|telefone|ramal|e-?mail|nombre|fecha|empresa|"
    rf"name|title|date|company)"
    rf"[ \t]*[:\t–-][ \t]*(?P<name>{_NAME}|[\d/.() +-]{{4,20}})[ \t]*$",
    re.MULTILINE,
)
"""A filled-in line of a form; an empty one is no answer."""
_SHAPES = re.compile(r"\S+@[\w.-]+\.\w+")
SELECTOR = "\ufe0f"
_WORD = re.compile(r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f'’-]+[^\W_]*)*|[^\w\s]|_+")
_HARMLESS = frozenset(".,;!:-–—()'/👍🙏😊🤝✅🙂😀👏🚀💪🏻🏼🏽🏾🏿\ufe0f¡")
_REFUSED_MARKS = re.compile(r"\.\.\.|…|__|~~|\[|\(\s*\)|\(\s*[xX]?\s*\)|[“”\"«»❌👎*<>=|]|^\s*>", re.MULTILINE)
_JOINERS = frozenset({0xFE0F, *range(0x1F3FB, 0x1F400), *range(0x300, 0x304), 0x308, 0x327})
"""Emoji variation marks and common combining accents; any other invisible character may hide something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The author's words as the gate weighs them."""

    reply: Reply
    own: str
    """The kept text, blotted out elsewhere, at the original's length."""
    normal: str
    spoken: tuple[tuple[Phrase, Span], ...]
    """Every phrase, spoiler and benign template found."""
    identifiers: tuple[Identifier, ...]
    context: Context
    likeness: float
    """To labelled acceptances."""


def doubt(statement: Statement, lexicon: Lexicon) -> str:
    """Return why an acceptance does not stand by itself, as a stable code; the empty string when it does."""
    if statement.context.pending is not Pending.TERM_PENDING:
        return "no_pending_term"
    if SPOILING_FLAGS & statement.reply.flags:
        return "not_plain_text"
    spoilt = _spoilt(statement.spoken) or _spoilt_signature(statement.reply, lexicon)
    if spoilt:
        return spoilt
    if _asks(statement):
        return "question"
    if not any(is_performative(phrase) for phrase, _span in statement.spoken):
        return "not_certain"
    if not names_the_term(statement) and _answers_something_else(statement, lexicon):
        return "not_certain"
    if _REFUSED_MARKS.search(statement.own) or _hides_something(statement):
        return "unknown_words"
    if not _is_known(statement, lexicon.known):
        return "unknown_words"
    return "" if statement.likeness >= LEAST_LIKENESS or not lexicon.likeness.labels else "not_certain"


def is_performative(phrase: Phrase) -> bool:
    """True for words that accept, if anything does."""
    return phrase.kind is SignalKind.ACCEPTANCE and phrase.certain


def spoiling_reason(spoken: Iterable[tuple[Phrase, Span]]) -> str:
    """Return the first thing that takes an acceptance's certainty, or the empty string."""
    return _spoilt(tuple(spoken))


def names_the_term(statement: Statement) -> bool:
    """True when the words say what they are about: the term, the service, the charge."""
    return any(phrase.kind is None and phrase.reason == OBJECT for phrase, _span in statement.spoken)


def _answers_something_else(statement: Statement, lexicon: Lexicon) -> bool:
    """A bare "de acordo" answers what the support said last; that must have been about the term."""
    asked = statement.context.last_agent_text
    if asked is None:
        return False
    found = lexicon.spoken(lexicon.search.find(normalise(asked[:8_000])))
    return not any(phrase.kind is None and phrase.reason == OBJECT for phrase, _span in found)


def _spoilt(spoken: tuple[tuple[Phrase, Span], ...]) -> str:
    benign = [span for phrase, span in spoken if phrase.kind is None and phrase.reason == BENIGN]
    for phrase, span in spoken:
        if phrase.kind is not None or phrase.reason in (BENIGN, OBJECT):
            continue
        if not any(within.start <= span.start and span.end <= within.end for within in benign):
            return phrase.reason
    return ""


def _spoilt_signature(reply: Reply, lexicon: Lexicon) -> str:
    """A condition may hide below the closing; legal footers are full of such words and are not searched."""
    text = "\n".join(span.of(reply.text) for span in reply.signed if span.end - span.start <= 80)
    found = lexicon.search.find(normalise(text)) if text else []
    return _spoilt(tuple(lexicon.spoken(found)))


def _asks(statement: Statement) -> bool:
    benign = [span for phrase, span in statement.spoken if phrase.kind is None and phrase.reason == BENIGN]
    marks = [place for place, char in enumerate(statement.own) if char in "?¿"]
    return any(not any(span.start <= place < span.end for span in benign) for place in marks)


def _hides_something(statement: Statement) -> bool:
    if INVISIBLE not in statement.normal:
        return False
    return any(
        mark == INVISIBLE and ord(char) not in _JOINERS for char, mark in zip(statement.own, statement.normal, strict=True)
    )


def _is_known(statement: Statement, known: frozenset[str]) -> bool:
    """True when every word and sign is in a benign template, a name, an identifier, or the closed vocabulary."""
    own = statement.own
    covered = bytearray(len(own))
    spans = [span for phrase, span in statement.spoken if phrase.kind is None and phrase.reason == BENIGN]
    spans += [Span(*match.span("name")) for pattern in (_GREETED, _WITH) for match in pattern.finditer(own)]
    spans += [Span(*match.span()) for match in _FIELD.finditer(own)]
    spans += [identifier.span for identifier in statement.identifiers if identifier.valid]
    spans += [Span(*match.span()) for match in _SHAPES.finditer(own)] if statement.identifiers else []
    for span in spans:
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    for match in _WORD.finditer(own):
        if all(covered[match.start() : match.end()]) or match.group().replace(SELECTOR, "") in _HARMLESS:
            continue
        if unicodedata.normalize("NFC", match.group()).lower().replace(SELECTOR, "") not in known:
            return False
    return True
