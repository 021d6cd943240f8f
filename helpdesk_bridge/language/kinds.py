"""Kinds of clauses that may stand beside an acceptance: each a closed list of what it must have and of what else may stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from helpdesk_bridge.language.text import normalise

_NUMBER = re.compile(r"[A-Za-z]{0,3}-?[\d(][\d./()-]*(?:-?[A-Z]{2,3})?")
"""A number, with the letters that such as cost centres and zones have: 7710-IT, UTC-5."""
_CODE = re.compile(
    r"[A-Za-z]+_[A-Za-z_]+|[A-Za-z]{1,8}[_-]?\d[\w./-]*|\d[\d.]*[A-Za-z][\w./-]*|[A-Z]{2,}[\w/-]*|\d+(?:\.\d+){2,}"
)
"""Names of routines, tables, releases and messages: letters with digits, capitals, or a number of many parts."""
_MARKS = frozenset(".!'’\"/+()-@&")
_LEADS = """
    o a os as à às do da de dos das com ao pelo pela para pra no na em e sr sra dr dra ing eng lic
    ingeniero ingeniera licenciado licenciada señor señora don doña colega compañero compañera usuario usuaria operador operadora
    el la los las del al con en y the of with to for at from and in por invoice bill
"""
_BEFORE_A_NAME = frozenset(_LEADS.split())
"""A name nobody listed stands after one of these, written small: a text of capitals shows no names."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a sign of a clause."""

    text: str
    word: str
    """Normalised, but the verb *é* is kept apart from *e*."""
    explained: bool
    """A benign template, a name or an identifier covers it."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of clause."""

    id: str
    needs: frozenset[str]
    """A clause has one of these words…"""
    also: frozenset[str]
    """…and one of these, when there are any; a number or a colon behind the clause will do as well."""
    words: frozenset[str]
    """Everything that may stand in it, the needed words included."""
    first: frozenset[str] = frozenset()
    """It begins with one of these, when there are any."""
    despite: frozenset[str] = frozenset()
    """Spoiling words without force in it."""
    names: bool = False
    numbers: bool = False
    codes: bool = False
    """Things may stand in it, and the names of routines and tables."""
    listing: bool = False
    """It goes on over commas: "ramal 33, setor fiscal"; other kinds go on over "e" only."""
    assents: bool = False
    """The clause itself accepts, and names what."""
    approvers: tuple[str, ...] = field(default=(), repr=False)
    """Beginnings of words that are never taken for a name."""

    def begins(self, pieces: tuple[Piece, ...], *, heading: bool) -> bool:
        """True when a clause has all that makes it of this kind, and nothing that is foreign to it."""
        spoken = {piece.word for piece in pieces}
        if not spoken & self.needs or (self.first and pieces[0].word not in self.first):
            return False
        told = not self.also or heading or spoken & self.also or (self.numbers and any(map(_has_digit, spoken)))
        return bool(told) and self.holds(pieces)

    def goes_on(self, pieces: tuple[Piece, ...]) -> bool:
        """True when a clause goes on with this kind: in a listing it may be a name alone."""
        return self.holds(pieces, "" if self.listing and any(char.islower() for piece in pieces for char in piece.text) else ".")

    def holds(self, pieces: tuple[Piece, ...], before: str = ".") -> bool:
        """True when every word of a clause may stand in this kind."""
        for piece in pieces:
            if not (
                piece.explained
                or piece.word in self.words
                or piece.text in _MARKS
                or (self.codes and is_a_code(piece.text))
                or (self.numbers and _NUMBER.fullmatch(piece.text))
                or (self.names and self._is_name(piece, before))
            ):
                return False
            before = "" if self.names and self._is_name(piece, before) else piece.text
        return True

    def _is_name(self, piece: Piece, before: str) -> bool:
        """True for a capital letter where a name stands: after a preposition, or after another name."""
        return (
            piece.text[:1].isupper()
            and piece.text.replace("-", "").replace("'", "").replace("’", "").isalpha()
            and (not before or before in _BEFORE_A_NAME)
            and not piece.word.startswith(self.approvers)
        )


def read_kinds(
    documents: Mapping[str, Any], known: Iterable[str], never: tuple[str, ...], things: frozenset[str]
) -> tuple[Kind, ...]:
    """Read the ``clauses`` sections of the language documents (file name → parsed YAML)."""
    found: list[Kind] = []
    for document in documents.values():
        given = (document or {}).get("clauses") or {}
        everywhere, persons = _words(given.get("small")), _words(given.get("persons"))
        approvers = (*sorted(_words(given.get("approvers"))), *never)
        for entry in given.get("kinds") or ():
            needs, also = _words(entry["needs"]), _words(entry.get("also"))
            if entry.get("things", False):
                also |= things
            assents = bool(entry.get("assents", False))
            words = everywhere | _words(entry.get("words")) | _words(entry.get("first")) | needs | also
            found.append(
                Kind(
                    id=str(entry["id"]),
                    needs=needs,
                    also=also,
                    words=words | frozenset(known) if assents else words | persons,
                    first=_words(entry.get("first")),
                    despite=_words(entry.get("despite")),
                    names=bool(entry.get("names", False)),
                    numbers=bool(entry.get("numbers", False)),
                    codes=bool(entry.get("things", False)),
                    listing=bool(entry.get("listing", False)),
                    assents=assents,
                    approvers=approvers,
                )
            )
    return tuple(found)


def is_a_code(piece: str) -> bool:
    """True for the name of a routine, a table, a release or a message."""
    return _CODE.fullmatch(piece) is not None


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _words(listed: Any) -> frozenset[str]:
    return frozenset(_each(listed))


def _each(listed: Any) -> Iterator[str]:
    for text in [listed] if isinstance(listed, str) else listed or ():
        for word in str(text).split():
            yield "é" if word == "é" else normalise(word)
