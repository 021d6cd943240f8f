"""What may stand beside an acceptance without touching it: clauses of a listed kind, and those that tell of trouble.

A clause tells something when it has a finished act, or a trouble or a state with one of the finite verbs listed for that, names
nothing of the deal, and every word is listed, or is a noun after an article beside a listed word of trouble.
Fragments tell nothing: "a título de teste" and "com parcimônia" have no verb. All other clauses must be of a closed kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.kinds import Kind, Piece
from helpdesk_bridge.language.text import normalise, sentences

_CUT = re.compile(
    r"[,;:()—–]|\s-\s|\s(?:e|y|and)(?: (?:que|that)(?=\s))?(?=\s)"
    r"|\s(?:porque|pq|pois|porquanto|visto que|ja que|uma vez que|pues|ya que|porque|because|since)(?=\s)"
    r"|\s(?=(?:sabendo|cientes?|certos|considerando|conforme|por favor|favor|e portanto) )"
)
_JOINED = re.compile(r"\s*(?:e|y|and)\s*")
_PIECE = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*(?:[./_-][\w]+)*|[^\w\s]|_")
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
    kinds: tuple[Kind, ...] = field(default=(), repr=False)
    listed: frozenset[str] = field(init=False, repr=False)
    """Every word a telling clause may have."""

    def __post_init__(self) -> None:
        """Gather the words once."""
        object.__setattr__(self, "listed", self.acts | self.verbs | self.troubles | self.states | self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is known of a text's characters, one byte for each."""

    covered: bytearray
    """Templates and names explain it."""
    detailed: bytearray
    """So do templates that hold beside an acceptance only, not in it."""
    told: bytearray
    """Of a template that tells something."""
    deal: bytearray
    """Words about the deal that no template explains."""
    assents: bytearray
    """Words that accept."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A clause that touches nothing, and the spoiling words that have no force in it."""

    span: Span
    excused: tuple[Span, ...] = ()


def asides(own: str, normal: str, listed: Asides, marks: Marks) -> Iterator[Aside]:
    """Return the clauses of a text that are asides."""
    every = listed.listed
    for sentence in sentences(own):
        kind: Kind | None = None
        before = sentence.start
        for clause in _clauses(own, normal, sentence, marks.detailed):
            accepts = any(marks.assents[clause.start : clause.end])
            pieces = _pieces(own, clause, marks.covered if accepts else marks.detailed)
            if not accepts and not any(marks.deal[clause.start : clause.end]) and _tells(pieces, clause, listed, every, marks):
                yield Aside(Span(before, clause.end))
                before = clause.end
                continue
            if kind is not None and not kind.listing and not _JOINED.fullmatch(normal, before, clause.start):
                kind = None
            if kind is not None and kind.assents and not accepts:
                pieces = _pieces(own, clause, marks.covered)
            kind = _kind(pieces, listed.kinds, kind, accepts=accepts, heading=_heads(normal, pieces, clause))
            yield Aside(Span(before, clause.start))
            before = clause.end
            if kind is not None:
                excused = tuple(Span(piece.start, piece.end) for piece in pieces if piece.word in kind.despite)
                yield Aside(clause, excused)


def _heads(normal: str, pieces: tuple[Piece, ...], clause: Span) -> bool:
    """True for the label of a form: a colon follows, or it is one word on a line of its own."""
    follows = normal[clause.end : clause.end + 1]
    return follows == ":" or (follows == "\n" and len(pieces) == 1)


def _clauses(own: str, normal: str, sentence: Span, covered: bytearray) -> Iterator[Span]:
    """Cut a sentence at commas and at conjunctions that join or give a reason, but never inside a template."""
    start = sentence.start
    for cut in _CUT.finditer(normal, sentence.start, sentence.end):
        if all(covered[cut.start() : cut.end()]) or own[cut.start() + 1 : cut.start() + 2] in ("é", "É"):
            continue
        if cut.start() > start:
            yield Span(start, cut.start())
        start = cut.end()
    if start < sentence.end:
        yield Span(start, sentence.end)


def _pieces(own: str, clause: Span, covered: bytearray) -> tuple[Piece, ...]:
    return tuple(
        Piece(match.group(), _word(match.group()), all(covered[match.start() : match.end()]), match.start(), match.end())
        for match in _PIECE.finditer(own, clause.start, clause.end)
    )


def _kind(
    pieces: tuple[Piece, ...], kinds: tuple[Kind, ...], before: Kind | None, *, accepts: bool, heading: bool
) -> Kind | None:
    """Return the first kind a clause is of, or the kind of the clause before when it only goes on with it."""
    if not pieces:
        return before
    for kind in kinds:
        if kind.assents == accepts and kind.begins(pieces, heading=heading):
            return kind
    return before if before is not None and not accepts and before.goes_on(pieces) else None


def _tells(pieces: tuple[Piece, ...], clause: Span, listed: Asides, every: frozenset[str], marks: Marks) -> bool:
    spoken = {piece.word for piece in pieces}
    shouted = not any(char.islower() for piece in pieces for char in piece.text)
    if not (
        any(marks.told[clause.start : clause.end])
        or spoken & listed.acts
        or (spoken & listed.verbs and spoken & (listed.troubles | listed.states))
    ):
        return False
    befores = ["", *(piece.word for piece in pieces)]
    return all(
        piece.explained
        or piece.word in every
        or _is_mark(piece.text)
        or _is_some_noun(piece.text.lower() if shouted else piece.text, piece.word, before, listed)
        for piece, before in zip(pieces, befores, strict=False)
    )


def _word(piece: str) -> str:
    """Normalise, but keep the verb *é* apart from *e*."""
    return "é" if piece in ("é", "É") else normalise(piece)


def _is_mark(piece: str) -> bool:
    return piece in ".!'’\"/"


def _is_some_noun(piece: str, word: str, before: str, listed: Asides) -> bool:
    """True for a word nobody listed that may only be the name of a thing or of somebody, and of nothing in the deal."""
    if any(word.startswith(stem) for stem in listed.never):
        return False
    if _CODE.fullmatch(piece):
        return True
    if not word.isalpha() or len(word) < 4:
        return False
    if piece[0].isupper() and (before in listed.names or before in _LEADS):
        return True
    return (before in _LEADS or before in listed.troubles) and not _NOT_A_NOUN.fullmatch(word)
