"""The closed-world gate: an acceptance stands by itself only when all other words are known to be harmless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from helpdesk_bridge.domain.reading import Context, Pending, SignalKind
from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.asides import Marks, asides
from helpdesk_bridge.language.cover import Cover
from helpdesk_bridge.language.forms import filled_in
from helpdesk_bridge.language.identifiers import Identifier
from helpdesk_bridge.language.mistyped import is_nearly
from helpdesk_bridge.language.people import names, telephones
from helpdesk_bridge.language.phrases import BENIGN, DETAIL, HEDGE, HINT, OBJECT, RETREAT, TELLING, Lexicon, Phrase
from helpdesk_bridge.language.reply import Reply
from helpdesk_bridge.language.signed import closing_lines, says_something, signed_text
from helpdesk_bridge.language.text import INVISIBLE, normalise

SPOILING_FLAGS = frozenset({"forwarded", "inline", "automatic", "hidden", "truncated", "flooded"})
LEAST_LIKENESS = 0.02
"""Below this likeness to labelled acceptances, one that looks certain goes to a person."""
LONGEST = 4_000
"""Characters of the author's own words that are weighed; whoever writes more does not only accept."""
SHORT = 3
"""Words up to which likeness says nothing."""

_BOLD = re.compile(r"(?<![^\s(])\*(?=\S)[^*\n]{1,80}(?<=\S)\*(?![^\s.,;:!)])")
"""How chats write bold."""
_MESSAGE = re.compile(
    r"\b(?:mensage[mn]s?|erro|aviso|alerta|help|mensaje|error|message|warning|rejei[cç][aã]o)[^\n\"“”'«»]{0,20}[\"“'«](?P<said>[^\n\"“”«»]{2,80})[\"”'»]",
    re.IGNORECASE,
)
"""What a program says is no word of its user."""
_RATE = re.compile(
    r"(?:\b(?:com|pel[oa]s?) )?(?:\b(?:os|o|a|as) )?(?:\b(?:valor|tarifa|preco) de )?(?P<sign>r\$\s?)?(?P<amount>\d[\d.]*(?:,\d\d)?)(?:\s?(?:/|por |o |a |la )\s?(?P<unit>minuto|min|hora|h)\b)?(?: ?(?:mais|\+) impostos)?"
)
_SHAPES = re.compile(r"\S+@[\w.-]+\.\w+")
_BESIDE = frozenset(
    {
        SignalKind.ACCEPTANCE,
        SignalKind.SLOT_CONFIRMATION,
        SignalKind.SLOT_COUNTER_PROPOSAL,
        SignalKind.BILLING_INFO,
        SignalKind.UNCLEAR,
        SignalKind.RESUME,
        SignalKind.PREREQUISITES,
    }
)
"""What may be said beside an acceptance."""
_ANSWERS = {
    SignalKind.CONDITIONAL_ACCEPTANCE: "condition",
    SignalKind.QUESTION: "question",
    SignalKind.REFUSAL: "negation",
}
"""What another answer beside an acceptance is called."""
_NO_DOUBT = frozenset({BENIGN, OBJECT, TELLING, DETAIL, HEDGE, RETREAT, HINT})
SELECTOR = "\ufe0f"
_WORD = re.compile(r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f'’-]+[^\W_]*)*|[^\w\s]|_+")
_HARMLESS = frozenset(".,;!:-–—()'/👍🙏😊🤝✅🙂😀👏🚀💪🏻🏼🏽🏾🏿❤💙💚💛🧡👌🌼🌻🌷😅😄😃🙌🤗💐🌹☕😉😁\ufe0f¡")
_REFUSED_MARKS = re.compile(r"\.\.\.|…|__|~~|\[|\(\s*+(?:[xX]\s*+)?\)|[“”\"«»❌👎*<>=|]")
_ASKING = re.compile("[?¿]")
_QUOTES = frozenset('“”"«»')
_JOINERS = frozenset({0xFE0F, *range(0x1F3FB, 0x1F400), *range(0x300, 0x304), 0x308, 0x327})
"""Emoji variation marks and common combining accents; any other invisible character may hide something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The author's words as the gate weighs them."""

    reply: Reply
    own: str
    """The kept text, at the original's places, with everything else before its last word blotted out."""
    normal: str
    spoken: tuple[tuple[Phrase, Span], ...]
    """Every phrase, spoiler and benign template found."""
    identifiers: tuple[Identifier, ...]
    context: Context
    likeness: float
    """To labelled acceptances."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Explained:
    """What templates and asides explain of a statement."""

    covered: bytearray
    """One for each explained character."""
    spans: tuple[Span, ...]
    """Templates; a spoiler inside one does not count."""


def doubt(statement: Statement, lexicon: Lexicon) -> str:
    """Return why an acceptance does not stand by itself, as a stable code; the empty string when it does."""
    if statement.context.pending is not Pending.TERM_PENDING:
        return "no_pending_term"
    if SPOILING_FLAGS & statement.reply.flags:
        return "not_plain_text"
    if sum(span.end - span.start for span in statement.reply.kept) > LONGEST:
        return _spoilt(statement.spoken) or "not_certain"
    explained = _explained(statement, lexicon)
    spoilt = _spoilt(statement.spoken, explained.spans) or _spoilt_signature(statement.reply, lexicon)
    if spoilt:
        return spoilt
    if _asks(statement, explained.spans):
        return "question"
    if not any(is_performative(phrase) for phrase, _span in statement.spoken):
        return "not_certain"
    if not names_the_term(statement) and _answers_something_else(statement, lexicon):
        return "not_certain"
    if _is_marked(statement, explained.spans) or _hides_something(statement):
        return "unknown_words"
    if not _is_known(statement, explained.covered, lexicon.known):
        return "unknown_words"
    if len(statement.own.split()) <= SHORT or statement.likeness >= LEAST_LIKENESS or not lexicon.likeness.labels:
        return ""
    return "not_certain"


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
    found = lexicon.spoken(lexicon.heard(normalise(asked[:8_000]))[0])
    return not any(phrase.kind is None and phrase.reason == OBJECT for phrase, _span in found)


def _spoilt(spoken: tuple[tuple[Phrase, Span], ...], explained: Iterable[Span] = ()) -> str:
    """Return why an acceptance among these phrases is in doubt: a spoiler, or another answer, that no template explains."""
    within = Cover((*explained, *_spans(spoken, BENIGN)))
    for phrase, span in spoken:
        if phrase.kind in _BESIDE or (phrase.kind is None and phrase.reason in _NO_DOUBT):
            continue
        if phrase.pending and Pending.TERM_PENDING not in phrase.pending:
            continue
        if not within.holds(span):
            return phrase.reason or _ANSWERS.get(phrase.kind or SignalKind.NONE, "not_certain")
    return ""


def _spans(spoken: Iterable[tuple[Phrase, Span]], *reasons: str) -> list[Span]:
    return [span for phrase, span in spoken if phrase.kind is None and phrase.reason in reasons]


def _spoilt_signature(reply: Reply, lexicon: Lexicon) -> str:
    """A condition may hide below the closing, where names and posts belong."""
    normal = normalise(signed_text(reply))
    matches, flooded = lexicon.heard(normal) if normal else ([], False)
    spoken = tuple(lexicon.spoken(matches))
    if flooded or any(phrase.reason in (HEDGE, RETREAT) for phrase, _span in spoken):
        return "not_certain"
    if says_something(signed_text(reply), spoken, lexicon.asides):
        return "unknown_words"
    return _spoilt(spoken)


def _asks(statement: Statement, explained: tuple[Span, ...]) -> bool:
    marks = [match.start() for match in _ASKING.finditer(statement.own)]
    return bool(marks) and not all(map(Cover(explained).at, marks))


def _is_marked(statement: Statement, explained: tuple[Span, ...]) -> bool:
    """True when signs stand that draw, strike or leave open; a template may put a clause's letter between quotes."""
    found = list(_REFUSED_MARKS.finditer(statement.own))
    bold = {place for match in _BOLD.finditer(statement.own) for place in (match.start(), match.end() - 1)}
    found = [match for match in found if match.start() not in bold]
    if any(match.group() not in _QUOTES for match in found):
        return True
    inside = Cover(Span(span.start + 1, span.end) for span in explained if span.end > span.start + 1)
    return not all(inside.at(match.start()) for match in found)


def _hides_something(statement: Statement) -> bool:
    if INVISIBLE not in statement.normal:
        return False
    return any(
        mark == INVISIBLE and ord(char) not in _JOINERS for char, mark in zip(statement.own, statement.normal, strict=True)
    )


def _is_known(statement: Statement, covered: bytearray, known: frozenset[str]) -> bool:
    """True when every word and sign is explained or of the closed vocabulary."""
    for match in _WORD.finditer(statement.own):
        if all(covered[match.start() : match.end()]) or match.group().replace(SELECTOR, "") in _HARMLESS:
            continue
        if not is_nearly(unicodedata.normalize("NFC", match.group()).lower().replace(SELECTOR, ""), known):
            return False
    return True


def _explained(statement: Statement, lexicon: Lexicon) -> _Explained:
    """Find what is explained by more than single words: benign templates, names, identifiers, filled-in fields and asides."""
    own, spoken = statement.own, statement.spoken
    marks = Marks(**{name: bytearray(len(own)) for name in ("covered", "detailed", "told", "deal", "named", "assents")})
    covered = bytearray(len(own))
    for phrase, span in spoken:
        if phrase.kind is not None or phrase.reason == OBJECT:
            _mark(marks.deal, span, 1)
        if phrase.kind is None and phrase.reason == OBJECT:
            _mark(marks.named, span, 1)
        if is_performative(phrase):
            _mark(covered, span, 1)
            _mark(marks.assents, span, 1)
    benign, rates = _spans(spoken, BENIGN), _rates(statement)
    messages = _messages(statement)
    for span in (*benign, *rates, *messages, *_known_shapes(statement, lexicon)):
        _mark(covered, span, 1)
        _mark(marks.deal, span, 0)
    marks.covered[:] = marks.detailed[:] = covered
    tellings, details = _spans(spoken, TELLING), _spans(spoken, DETAIL)
    for span in (*tellings, *details):
        _mark(marks.detailed, span, 1)
        _mark(marks.deal, span, 0)
        _mark(marks.named, span, 0)
    for span in tellings:
        _mark(marks.told, span, 1)
    beside = list(asides(own, statement.normal, lexicon.asides, marks))
    for aside in beside:
        _mark(covered, aside.span, 1)
    of_asides = filter(Cover(aside.span for aside in beside).holds, (*tellings, *details))
    excused = [span for aside in beside for span in aside.excused]
    return _Explained(covered=covered, spans=(*benign, *of_asides, *excused, *rates, *messages))


def _known_shapes(statement: Statement, lexicon: Lexicon) -> Iterable[Span]:
    """Names, identifiers, addresses and filled-in fields."""
    yield from names(statement.own, lexicon.asides.names)
    yield from closing_lines(statement.own, lexicon.asides)
    yield from filled_in(statement.own)
    yield from telephones(statement.own)
    yield from (identifier.span for identifier in statement.identifiers if identifier.valid)
    yield from (Span(*match.span()) for match in _SHAPES.finditer(statement.own))
    for match in _BOLD.finditer(statement.own):
        yield Span(match.start(), match.start() + 1)
        yield Span(match.end() - 1, match.end())


def _messages(statement: Statement) -> list[Span]:
    """Return the quoted messages of programs; one that speaks of the deal is none."""
    heard = [span for phrase, span in statement.spoken if phrase.kind is not None or phrase.reason == OBJECT]
    spans = [Span(match.start("said") - 2, match.end("said") + 1) for match in _MESSAGE.finditer(statement.own)]
    return [span for span in spans if not any(span.start < each.end and each.start < span.end for each in heard)]


def _rates(statement: Statement) -> list[Span]:
    """Amounts that the term or the support's last comment names as well: repeating the price is no bargain."""
    asked = normalise((statement.context.last_agent_text or "")[:8_000]).replace(" ", "")
    return [
        Span(*match.span())
        for match in _RATE.finditer(statement.normal)
        if (match["sign"] and _is_named(f"r${match['amount']}", asked)) or _is_the_rate(match, statement.context.hourly)
    ]


def _is_named(amount: str, asked: str) -> bool:
    return amount in asked and not asked[asked.index(amount) + len(amount) :][:1].isdigit()


def _is_the_rate(match: re.Match[str], hourly: Decimal | None) -> bool:
    """True for the term's own rate by the hour or by the minute."""
    if not hourly or not match["unit"]:
        return False
    rate = hourly if match["unit"].startswith("h") else (hourly / 60).quantize(Decimal("0.01"))
    return Decimal(match["amount"].rstrip(".").replace(".", "").replace(",", ".")) == rate


def _mark(places: bytearray, span: Span, mark: int) -> None:
    places[span.start : span.end] = bytes([mark]) * (span.end - span.start)
