"""What of a statement is explained by more than single words: templates, names, identifiers, forms, prices named before, asides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from helpdesk_bridge.domain.reading import Context, Pending, SignalKind
from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.asides import Marks, asides
from helpdesk_bridge.language.cover import Cover
from helpdesk_bridge.language.forms import filled_in
from helpdesk_bridge.language.identifiers import Identifier
from helpdesk_bridge.language.people import names, telephones
from helpdesk_bridge.language.phrases import BENIGN, DETAIL, OBJECT, TELLING, Heard, Lexicon, Phrase
from helpdesk_bridge.language.reply import Reply
from helpdesk_bridge.language.signed import closing_lines, closing_sentence
from helpdesk_bridge.language.text import normalise

BOLD = re.compile(r"(?<![^\s(])\*(?=\S)[^*\n]{1,80}(?<=\S)\*(?![^\s.,;:!)])")
"""How chats write bold."""
_MESSAGE = re.compile(
    r"\b(?:mensage[mn]s?|erro|aviso|alerta|help|mensaje|error|message|warning|rejei[cç][aã]o)[^\n\"“”'«»]{0,20}[\"“'«](?P<said>[^\n\"“”«»]{2,80})[\"”'»]",
    re.IGNORECASE,
)
"""What a program says is no word of its user."""
_RATE = re.compile(
    r"(?:\b(?:com|pel[oa]s?) )?(?:\b(?:os|o|a|as) )?(?:\b(?:valor|tarifa|preco) de )?(?P<sign>r\$\s?)?(?P<amount>\d[\d.]*(?:,\d\d)?)(?:\s?(?:/|por |o |a |la )\s?(?P<unit>minuto|min|hora|h)\b)?(?: ?(?:mais|\+) impostos)?"
)
_TICKET = re.compile(
    r"\b(?:chamad[oa]s?|tickets?|casos?|cases?|protocolos?|incidentes?|solicita[cç][aã]o)\b\W{0,3}(?:n[ºo°]?\b|n[uú]m(?:ero|\.)?)?\W{0,3}(?P<number>\d{3,12})\b",
    re.IGNORECASE,
)
"""A ticket named by its number."""
_SAYS_MORE = re.compile(r"[\d\"”'»]")
"""A price, or what a program said."""
_SHAPES = re.compile(r"\S+@[\w.-]+\.\w+")
_SIR = re.compile(r"(?<!\w)[sS]ô(?!\w)")
"""How people of Minas address somebody: no "só"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The author's words as the gate weighs them."""

    reply: Reply
    own: str
    """The kept text, at the original's places, with everything else before its last word blotted out."""
    normal: str
    heard: Heard
    identifiers: tuple[Identifier, ...]
    context: Context
    likeness: float
    """To labelled acceptances."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What templates and asides explain of a statement."""

    covered: bytearray
    """One for each explained character."""
    spans: tuple[Span, ...]
    """Templates; a spoiler inside one does not count."""


def _tells_of_trouble(phrase: Phrase) -> bool:
    """True for what sounds like an answer to work in progress and is none: beside a pending term it is part of a story."""
    return phrase.kind is SignalKind.NONE and bool(phrase.pending) and Pending.TERM_PENDING not in phrase.pending


def is_performative(phrase: Phrase) -> bool:
    """True for words that accept, if anything does."""
    return phrase.kind is SignalKind.ACCEPTANCE and phrase.certain


def by_templates(statement: Statement) -> Explained:
    """Find what benign templates and words that accept explain alone: most acceptances say nothing else."""
    covered = bytearray(len(statement.own))
    benign = spans_of(statement.heard.templates, BENIGN)
    for span in (*benign, *(span for phrase, span in statement.heard.spoken if is_performative(phrase))):
        _mark(covered, span, 1)
    return Explained(covered=covered, spans=tuple(benign))


def may_explain(statement: Statement, spoiler: Span, lexicon: Lexicon) -> bool:
    """True when more than benign templates may explain a spoiler.

    Asides excuse single words, or several that all have no force in one kind, and some templates hold beside them.
    """
    if not any(char.isspace() for char in spoiler.of(statement.own)) or _SAYS_MORE.search(statement.own) is not None:
        return True
    words = spoiler.of(statement.own).split()
    if all(word[:1].isupper() or normalise(word).strip(".,;:!") in lexicon.asides.free for word in words):
        return True
    return Cover(span for _phrase, span in statement.heard.templates).holds(spoiler)


def explained(statement: Statement, lexicon: Lexicon) -> Explained:
    """Find what is explained by more than single words: benign templates, names, identifiers, filled-in fields and asides."""
    own, templates = statement.own, statement.heard.templates
    marks = Marks(**{name: bytearray(len(own)) for name in ("covered", "detailed", "told", "deal", "named", "assents")})
    covered = bytearray(len(own))
    for phrase, span in statement.heard.spoken:
        if (phrase.kind is not None and not _tells_of_trouble(phrase)) or phrase.reason == OBJECT:
            _mark(marks.deal, span, 1)
        if phrase.kind is None and phrase.reason == OBJECT:
            _mark(marks.named, span, 1)
        if is_performative(phrase):
            _mark(covered, span, 1)
            _mark(marks.assents, span, 1)
    benign, rates = spans_of(templates, BENIGN), _rates(statement)
    benign += [Span(*match.span()) for match in _SIR.finditer(own)]
    messages = _messages(statement)
    for span in (*benign, *rates, *messages, *_known_shapes(statement, lexicon)):
        _mark(covered, span, 1)
        _mark(marks.deal, span, 0)
    marks.covered[:] = marks.detailed[:] = covered
    tellings, details = spans_of(templates, TELLING), spans_of(templates, DETAIL)
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
    return Explained(covered=covered, spans=(*benign, *of_asides, *excused, *rates, *messages))


def _known_shapes(statement: Statement, lexicon: Lexicon) -> Iterable[Span]:
    """Names, identifiers, addresses and filled-in fields."""
    yield from names(statement.own, lexicon.asides.names)
    yield from closing_lines(statement.own, lexicon.asides)
    yield from closing_sentence(statement.own, lexicon.asides)
    yield from filled_in(statement.own)
    yield from telephones(statement.own)
    yield from (Span(*match.span()) for match in _TICKET.finditer(statement.own) if match["number"] == statement.context.ticket)
    yield from (identifier.span for identifier in statement.identifiers if identifier.valid)
    yield from (Span(*match.span()) for match in _SHAPES.finditer(statement.own))
    for match in BOLD.finditer(statement.own):
        yield Span(match.start(), match.start() + 1)
        yield Span(match.end() - 1, match.end())


def names_another_ticket(statement: Statement) -> bool:
    """True when a ticket is named by a number that is not this one's."""
    ticket = statement.context.ticket
    return ticket is not None and any(match["number"] != ticket for match in _TICKET.finditer(statement.own))


def _messages(statement: Statement) -> list[Span]:
    """Return the quoted messages of programs; one that speaks of the deal is none."""
    heard = [span for phrase, span in statement.heard.spoken if phrase.kind is not None or phrase.reason == OBJECT]
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


def spans_of(spoken: Iterable[tuple[Phrase, Span]], *reasons: str) -> list[Span]:
    """Return where entries of these sections are spoken."""
    return [span for phrase, span in spoken if phrase.kind is None and phrase.reason in reasons]
