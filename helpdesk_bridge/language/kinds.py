"""Kinds of clauses that may stand beside an acceptance: each a closed list of what it must have and of what else may stand in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from helpdesk_bridge.language.text import normalise

_NUMBER = re.compile(r"[A-Za-z]{0,3}-?[\d(][\d./()-]*(?:-?[A-Z]{2,3})?")
"""A number, with the letters that such as cost centres and zones have: 7710-IT, UTC-5."""
_CODE = re.compile(
    r"[A-Za-z]+_[A-Za-z_]+|[A-Za-z]{1,8}[_-]?\d[\w./-]*|\d[\d.]*[A-Za-z][\w./-]*|[A-Z]{2,}[\w/-]*|\d+(?:\.\d+){2,}"
)
"""Names of routines, tables, releases and messages: letters with digits, capitals, or a number of many parts."""
_SERIAL = re.compile(r"\d[\d./-]{4,}")
"""The number of an order, a cost centre or a contract: no price is written so, and no count of hours."""
_CLOCK = r"(?:\d{1,2}(?:[:h]\d{2}(?:min)?|h|hs|hrs)?(?: horas| hrs| hs)?|meio[ -]?dia|meia[ -]noite|almoco|expediente)"
HOURS = re.compile(
    rf"\b(?:(?:(?:so |somente |apenas )?(?:ate (?:as?|ao?) |a partir d[aeo]s? |depois d[aeo]s? |apos(?: as?| o)? |antes d[aeo]s? |desde as? "
    rf"|entre as? |as |pelas |la pelas |por volta d[aeo]s? ){_CLOCK}|ate (?:1\d|2[0-3])(?:h|hs|hrs|:)(?:\d\d)?)"
    rf"(?: ?(?:as|e|e as|ate|ate as|ate o) {_CLOCK})*|(?:d[aeo]s? )?{_CLOCK} ?(?:as?|ate|ate as|ate o|-) ?{_CLOCK})"
    r"(?: da (?:manha|tarde|noite)| em ponto| em diante)?(?!\s?(?:minuto|min|reais|%|r\$|[\dh]))"
)
"""When somebody is there, by the clock; never how long."""
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
    hour: bool = False
    """It tells the time of a day."""


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
    freely: bool = False
    """None of its words has force in it: all of them together could not touch an acceptance."""
    names: bool = False
    numbers: bool = False
    serials: bool = False
    """Long numbers may stand, of orders and cost centres."""
    codes: bool = False
    """Names of servers, users, routines and releases may stand."""
    hours: bool = False
    """Times of the day may stand, and none of them is a limit."""
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
        told = (
            not self.also
            or heading
            or spoken & self.also
            or (self.numbers and any(map(_has_digit, spoken)))
            or any((self.hours and piece.hour) or (self.codes and self._is_a_code(piece)) for piece in pieces)
        )
        return bool(told) and self.holds(pieces)

    def goes_on(self, pieces: tuple[Piece, ...]) -> bool:
        """True when a clause goes on with this kind: in a listing it may be a name alone."""
        return self.holds(pieces, "" if self.listing and any(char.islower() for piece in pieces for char in piece.text) else ".")

    def holds(self, pieces: tuple[Piece, ...], before: str = ".") -> bool:
        """True when every word of a clause may stand in this kind."""
        shouted = not any(char.islower() for piece in pieces for char in piece.text)
        for piece in pieces:
            if not (
                self.has(piece)
                or (self.numbers and _NUMBER.fullmatch(piece.text))
                or (self.serials and _SERIAL.fullmatch(piece.text))
                or (self.codes and not (shouted and piece.text.isalpha()) and self._is_a_code(piece))
                or (self.names and self._is_name(piece, before))
            ):
                return False
            before = "" if self.names and self._is_name(piece, before) else piece.text
        return True

    def has(self, piece: Piece) -> bool:
        """True for a word of this kind, and for what is understood wherever it stands."""
        if piece.word in self.words or piece.text in _MARKS or (self.hours and piece.hour):
            return True
        return self.is_plainly(piece) if self.freely or self.hours else piece.explained

    def is_plainly(self, piece: Piece) -> bool:
        """True for what is understood, and speaks neither of the deal nor of who decides it."""
        return piece.explained and not piece.word.startswith(self.approvers)

    def frees(self, piece: Piece) -> bool:
        """True for a word that has no force in this kind; a name between two of them takes nothing from that."""
        listed = piece.word in self.words or piece.text in _MARKS or (self.hours and piece.hour)
        return listed or (piece.text[:1].isupper() and self.is_plainly(piece))

    def _is_a_code(self, piece: Piece) -> bool:
        """True for the name of a thing; where a kind does not accept, capitals alone may not shout a word of the deal."""
        shouts = piece.text.isalpha() and piece.word.startswith(self.approvers)
        return is_a_code(piece.text) and (self.assents or not shouts)

    def _is_name(self, piece: Piece, before: str) -> bool:
        """True for a capital letter where a name stands: after a preposition, or after another name."""
        return (
            piece.text[:1].isupper()
            and piece.text.replace("-", "").replace("'", "").replace("’", "").isalpha()
            and (not before or before in _BEFORE_A_NAME)
            and not piece.word.startswith(self.approvers)
        )


_FLAGS = ("freely", "names", "numbers", "serials", "hours", "listing")


def read_kinds(
    documents: Mapping[str, Any], known: Iterable[str], never: tuple[str, ...], things: frozenset[str]
) -> tuple[Kind, ...]:
    """Read the ``clauses`` sections of the language documents (file name → parsed YAML)."""
    found: list[Kind] = []
    sections = [(document or {}).get("clauses") or {} for document in documents.values()]
    groups = {f"<{name}>": _words(words) for given in sections for name, words in (given.get("groups") or {}).items()}
    approve = frozenset[str]().union(*(_words(given.get("approvers")) for given in sections))
    approvers = (*sorted(approve), *never)
    for given in sections:
        everywhere, persons = _words(given.get("small")), _words(given.get("persons"))
        for entry in given.get("kinds") or ():
            needs, also, more = (_words(entry.get(name), groups) for name in ("needs", "also", "words"))
            if entry.get("things", False):
                also |= things
            assents = bool(entry.get("assents", False))
            words = everywhere | more | _words(entry.get("first")) | needs | also
            found.append(
                Kind(
                    id=str(entry["id"]),
                    needs=needs,
                    also=also,
                    words=words | frozenset(known) if assents else words | persons,
                    first=_words(entry.get("first")),
                    despite=_words(entry.get("despite")),
                    assents=assents,
                    codes=bool(entry.get("codes", entry.get("things", False))),
                    **{flag: bool(entry.get(flag, False)) for flag in _FLAGS},
                    approvers=approvers,
                )
            )
    return tuple(found)


def is_a_code(piece: str) -> bool:
    """True for the name of a routine, a table, a release or a message."""
    return _CODE.fullmatch(piece) is not None


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _words(listed: Any, groups: Mapping[str, frozenset[str]] | None = None) -> frozenset[str]:
    """Read listed words; ``<name>`` stands for the words of a group."""
    named = {word for text in _texts(listed) for word in text.split() if word in (groups or {})}
    return frozenset(_each(listed, named)).union(*((groups or {})[name] for name in named))


def _texts(listed: Any) -> list[str]:
    return [listed] if isinstance(listed, str) else [str(text) for text in listed or ()]


def _each(listed: Any, named: Collection[str]) -> Iterator[str]:
    for text in _texts(listed):
        for word in text.split():
            if word not in named:
                yield "é" if word == "é" else normalise(word)
