"""What may stand beside an acceptance without touching it: clauses that tell of trouble, people and equipment.

A clause is such an aside when it tells something (a finished act, or a trouble or a state, with one of the finite verbs listed
for that), names nothing of the deal, and every word is listed, or is a noun after an article beside a listed word of trouble.
Fragments tell nothing and are never asides: "a título de teste" and "com parcimônia" have no verb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.text import normalise, sentences

_CUT = re.compile(r"[,;:()—–]|\s-\s|\s(?:e|y|and|porque|pois|porquanto|visto que|ja que|porque|pues|ya que|because|since)(?=\s)")
_PIECE = re.compile(r"[^\W_][\w'’-]*(?:[./][\w]+)*|[^\w\s]")
_CODE = re.compile(r"[A-Za-z]{1,8}[_-]?\d[\w./-]*|\d[\d.]*[A-Za-z][\w./-]*|[A-Z]{2,}[\w/-]*")
"""Names of routines, tables and messages: letters with digits, or capitals."""
_NOT_A_NOUN = re.compile(
    r".*(?:mente|ndo|mos|rei|ria|riam|ram|rem|sse|ssem|ou|rao|ar|er|ir|ado|ada|ados|adas|ido|ida|idos|idas|ing|ly|ed)"
)
_ARTICLES = """
    o a os as um uma uns umas do da dos das meu minha meus minhas nosso nossa nossos nossas este esta esse essa deste desta
    el la los las un una del mi mis nuestro nuestra nuestros nuestras the our my this an
"""
_PREPOSITIONS = "de em no na nos nas com ao para pelo pela en con al in at of with from"
_LEADS = frozenset(f"{_ARTICLES} {_PREPOSITIONS}".split())
"""A noun that nobody listed stands after one of these."""


@dataclass(frozen=True, slots=True)
class Asides:
    """Words a policy lists for asides, normalised."""

    acts: frozenset[str] = frozenset()
    """Finite verbs that tell of something done."""
    verbs: frozenset[str] = frozenset()
    """Finite verbs that tell of a trouble or a state."""
    troubles: frozenset[str] = frozenset()
    """Beside one of these a noun nobody listed may stand after an article."""
    states: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    never: tuple[str, ...] = ()
    """Beginnings of nouns that speak of the deal, so that they are never taken for any noun."""
    names: frozenset[str] = field(default=frozenset(), repr=False)
    """First names."""

    @property
    def listed(self) -> frozenset[str]:
        """Every word an aside may have."""
        return self.acts | self.verbs | self.troubles | self.states | self.words


def aside_spans(own: str, normal: str, asides: Asides, covered: bytearray, told: bytearray, deal: bytearray) -> Iterator[Span]:
    """Return the clauses of a text that are asides.

    ``covered`` marks what templates and names explain, ``told`` the templates that tell something, ``deal`` words about the
    deal that no template explains.
    """
    for clause in clauses(own, normal, told):
        if not any(deal[clause.start : clause.end]) and _tells(own, clause, asides, covered, told):
            yield clause


def clauses(own: str, normal: str, told: bytearray) -> Iterator[Span]:
    """Cut sentences at commas and at conjunctions that join or give a reason."""
    for sentence in sentences(own):
        start = sentence.start
        for cut in _CUT.finditer(normal, sentence.start, sentence.end):
            if told[cut.start()] and told[cut.end() - 1]:
                continue
            if cut.start() > start:
                yield Span(start, cut.start())
            start = cut.end()
        if start < sentence.end:
            yield Span(start, sentence.end)


def _tells(own: str, clause: Span, asides: Asides, covered: bytearray, told: bytearray) -> bool:
    pieces = [
        (match.group(), _word(match.group()), all(covered[match.start() : match.end()]))
        for match in _PIECE.finditer(own, clause.start, clause.end)
    ]
    spoken = {word for _piece, word, _explained in pieces}
    if not (
        any(told[clause.start : clause.end])
        or spoken & asides.acts
        or (spoken & asides.verbs and spoken & (asides.troubles | asides.states))
    ):
        return False
    befores = ["", *(word for _piece, word, _explained in pieces)]
    return all(
        explained or word in asides.listed or _is_mark(piece) or _is_some_noun(piece, word, before, asides)
        for (piece, word, explained), before in zip(pieces, befores, strict=False)
    )


def _word(piece: str) -> str:
    """Normalise, but keep the verb *é* apart from *e*."""
    return "é" if piece in ("é", "É") else normalise(piece)


def _is_mark(piece: str) -> bool:
    return piece in ".!'’\"/"


def _is_some_noun(piece: str, word: str, before: str, asides: Asides) -> bool:
    """True for a word nobody listed that may only be the name of a thing or of somebody, and of nothing in the deal."""
    if any(word.startswith(stem) for stem in asides.never):
        return False
    if _CODE.fullmatch(piece):
        return True
    if not word.isalpha() or len(word) < 4:
        return False
    if piece[0].isupper() and (before in asides.names or before in _LEADS):
        return True
    return (before in _LEADS or before in asides.troubles) and not _NOT_A_NOUN.fullmatch(word)
