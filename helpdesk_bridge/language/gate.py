"""The closed-world gate: an acceptance stands by itself only when everything else in the author's words is known to be harmless."""

from __future__ import annotations

import re

from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.patterns import Match
from helpdesk_bridge.language.phrases import Lexicon, Phrase
from helpdesk_bridge.language.reply import Reply
from helpdesk_bridge.language.text import normalise

SPOILING_FLAGS = frozenset({"forwarded", "inline", "automatic", "hidden", "truncated"})

_NAME = r"[A-ZÀ-ÖØ-Ý][\w'’.-]*(?:[ \t]+(?:d[aeo]s?[ \t]+|de[ \t]+la[ \t]+|e[ \t]+)?[A-ZÀ-ÖØ-Ý][\w'’.-]*){0,3}"
_TITLE = r"(?:(?:[Ss]r|[Ss]ra|[Dd]r|[Dd]ra|[Ee]ng|[Ii]ng|[Mm]r|[Mm]rs|[Mm]s)\.?[ \t]+|[Ss]enhora?[ \t]+|[Ss]eñora?[ \t]+)?"
_GREETED = re.compile(
    rf"(?:\b(?i:ol[áa]|oi|bom dia|boa tarde|boa noite|prezad[oa]s?|car[oa]s?|hola|buen d[ií]a|buenos d[ií]as|buenas tardes|buenas|"
    rf"estimad[oa]s?|hi|hello|dear|good morning|good afternoon|obrigad[oa]|grat[oa]|gracias|thanks|thank you)),?[ \t]+{_TITLE}({_NAME})"
)
_DATE = re.compile(r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{1,2}h(?:\d{2})?\b|\b\d{1,2}:\d{2}\b")
_CNPJ = re.compile(r"(?i:\bcnpj\b)?[ \t:nº°]*\b[0-9A-Za-z]{2}\.?[0-9A-Za-z]{3}\.?[0-9A-Za-z]{3}/?[0-9A-Za-z]{4}-?\d{2}\b")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]|_+", re.UNICODE)
_HARMLESS = frozenset(".,;!:-–—()\"'’“”/&👍🙏😊🤝✅🏻🏼🏽🏾🏿\ufe0f")
_ALONE = re.compile(r"[\s.,;!:-]*")


def doubt(reply: Reply, own: str, lexicon: Lexicon, matches: list[Match]) -> str:
    """Return why the acceptance in ``own`` does not stand by itself, as a stable code; the empty string when it does."""
    if SPOILING_FLAGS & reply.flags:
        return "not_plain_text"
    spoken = [
        (lexicon.phrases[match.id.removeprefix("phrase:")], match.span) for match in matches if match.id.startswith("phrase:")
    ]
    spoilt = _spoilt(spoken) or _spoilt_signature(reply, lexicon)
    if spoilt:
        return spoilt
    if "?" in own or "¿" in own:
        return "question"
    if any(mark in own for mark in ("…", "...", "“", "”", '"', "«", "~~", "[", "]", "( )", "____", "❌", "👎", "*")):
        return "unknown_words"
    known = [span for phrase, span in spoken if phrase.reason == "benign" or _is_performative(phrase)]
    return "" if _is_known(own, known, lexicon.known) else "unknown_words"


def _is_performative(phrase: Phrase) -> bool:
    return phrase.kind is SignalKind.ACCEPTANCE and phrase.certain


def _spoilt(spoken: list[tuple[Phrase, Span]]) -> str:
    benign = [span for phrase, span in spoken if phrase.kind is None and phrase.reason == "benign"]
    for phrase, span in spoken:
        if (
            phrase.kind is None
            and phrase.reason != "benign"
            and not any(b.start <= span.start and span.end <= b.end for b in benign)
        ):
            return phrase.reason
    return ""


def _spoilt_signature(reply: Reply, lexicon: Lexicon) -> str:
    """A condition may hide below the closing: what spoils an acceptance there spoils it all the same."""
    text = "\n".join(span.of(reply.text) for span in reply.signed)
    found = lexicon.search.find(normalise(text)) if text else []
    return _spoilt(
        [(lexicon.phrases[each.id.removeprefix("phrase:")], each.span) for each in found if each.id.startswith("phrase:")]
    )


def _is_known(own: str, spans: list[Span], known: frozenset[str]) -> bool:
    """True when every word and sign outside ``spans`` is in the closed vocabulary, a greeted name, a date or a CNPJ."""
    covered = bytearray(len(own))
    for span in (*spans, *(Span(*match.span(1)) for match in _GREETED.finditer(own)), *_shapes(own)):
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    normal = normalise(own)
    for match in _WORD.finditer(own):
        if all(covered[match.start() : match.end()]):
            continue
        word = normal[match.start() : match.end()]
        if word not in known and match.group() not in _HARMLESS:
            return False
    return "\u200b" not in normal.replace("\ufe0f", "") or all(
        ord(char) in _JOINERS for char in own if normalise(char) == "\u200b"
    )


_JOINERS = frozenset({0xFE0F, *range(0x1F3FB, 0x1F400), *range(0x300, 0x328)})
"""Emoji variation marks and combining accents; any other invisible character may hide something."""


def _shapes(own: str) -> list[Span]:
    return [Span(*match.span()) for pattern in (_CNPJ, _DATE) for match in pattern.finditer(own)]
