"""Anchors of a pattern: words of which a text must hold some before the pattern can match there at all.

A pattern is read as a row of words. Each place of the row is a set of words: runs of letters, some signs, ``0`` for digits, ``~``
for anything.
``(aceit[oa]|acat*) o`` is the row ``{aceito, aceita, acat~} {o}``. A text without any word of a place cannot match: such a set is
a *choice*. The reading errs on the safe side: what it cannot read needs nothing, and such a pattern is always tried.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from helpdesk_bridge.language.shapes import (
    BLANK,
    DIGITS,
    EMPTY,
    END,
    FIRST_LIST,
    GAP,
    NOTHING,
    SIGN_SHAPES,
    SIGNS,
    UNKNOWN,
    WORDS,
    Choice,
    Shape,
    choices_of,
    closed_behind,
    counted,
    either,
    ended_word,
    held,
    is_closed,
    joined,
    phrases,
    shape_of,
)

_PLAIN = re.compile(f"[a-zA-Z|{BLANK}]+(?=[)]|\\Z)")
_WORD = re.compile(f"({BLANK}?)([a-zA-Z]+)(?=[|)]|\\Z)")
_ATOM = re.compile(
    rf"(?P<word>[a-zA-Z]+)(?![*+?{{])|(?P<blank>{BLANK})|(?P<gap>{GAP})|(?P<list>[{chr(FIRST_LIST)}-\uf8ff])"
    r"|(?P<literal>[^\\()\[\]{}|.^$*+?])|(?P<escape>\\[!-/:-@\[-^`{-~]|\\[dwWsSbBAz])"
    r"|(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<any>\.)|(?P<edge>[\^$])|(?P<open>\((?:\?:|(?!\?)))"
)
_COUNT = re.compile(r"(?:(?P<sign>[*+?])|\{(?P<least>\d+)(?P<comma>,(?P<most>\d*))?\})\??")
_COUNTS = ("*", "+", "?", "{")
_SIGNS: Mapping[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}
_OPEN = "(?:"
_BRACKET = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]")
_TOP = re.compile(rf"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|{BLANK}{GAP}]")
_WIDE = re.compile(r"^\^|\\[^dsW\W]|.-.|\[:|[^\x00-\x7f]")
"""Signs of a class that is no short list of characters."""
_SURE_CLASS = re.compile(r"""\[\^?(?:a-z|0-9|[a-z0-9 .,;:!?/"'()*_%$#@&+=<>|]|\\[dswW./-])+-?\]""")
"""Classes that the matcher surely takes."""
_BLANK_SIZE, _CLASS_SIZE, _MOST_REPEATED = 8, 40, 900
_MOST_REMEMBERED = 500
"""Brackets that are remembered: the same come back in the readings of one pattern, and in its neighbours."""
_SIZES = {"word": 1, "list": 1, "blank": _BLANK_SIZE, "gap": 1200, "open": 2}


@dataclass(frozen=True, slots=True)
class Outline:
    """What was read of a part of a pattern."""

    shape: Shape
    size: float
    """Instructions of the matcher's program, at most; infinite where the matcher must be asked whether it is a pattern at all."""


class Signs:
    """What the sign of each word list stands for, and the brackets that were read with them: patterns share most of theirs."""

    __slots__ = ("groups", "lists")

    def __init__(self) -> None:
        self.lists: dict[str, Outline] = {}
        self.groups: dict[str, Outline] = {}


class _Unreadable(ValueError):
    """The pattern uses syntax that is left to the matcher."""


def outline_of(source: str, signs: Signs, before: Shape = EMPTY, after: Shape = EMPTY) -> Outline:
    """Read a part of a pattern between ``before`` and ``after``; ``signs`` tells what each character from FIRST_LIST on stands for."""
    reading = _Reading(source, signs)
    try:
        shape = reading.alternatives(before, after)
    except (_Unreadable, RecursionError):
        return Outline(UNKNOWN, math.inf)
    return Outline(shape, reading.size) if reading.position == len(source) else Outline(UNKNOWN, math.inf)


def unwrapped(source: str) -> str:
    """Drop brackets around the whole: what stands before and behind them stands before and behind each alternative."""
    while source.startswith(_OPEN):
        depth = 0
        for sign in _BRACKET.finditer(source):
            depth += (sign.group() == "(") - (sign.group() == ")")
            if depth == 0:
                break
        if sign.end() < len(source) or depth:
            return source
        source = source[len(_OPEN) : -1]
    return source


def first_words(source: str) -> str:
    """Return a pattern up to the first blank or gap that stands in no bracket; all of it, where several may begin it there."""
    depth, end = 0, len(source)
    for sign in _TOP.finditer(source):
        match sign.group():
            case "(":
                depth += 1
            case ")":
                depth -= 1
            case "|" if depth == 0:
                return source
            case each if depth == 0 and each in (BLANK, GAP) and source[sign.end() : sign.end() + 1] not in _COUNTS:
                end = min(end, sign.start())
    return source[:end]


def needs(*outlines: Outline) -> tuple[Choice, ...]:
    """Return what a text must hold before a pattern, read in one way or in several, can match there; empty when nothing is known."""
    choices = dict.fromkeys(choice for each in outlines for choice in each.shape.choices + choices_of(each.shape.rows.values()))
    return tuple(choice for choice in choices if not any(other < choice for other in choices))


class _Reading:
    """A cursor over a pattern."""

    __slots__ = ("closing", "position", "signs", "size", "source")

    def __init__(self, source: str, signs: Signs) -> None:
        self.source, self.signs, self.position = source, signs, 0
        self.size: float = 0
        self.closing = _closing(source) if "(" in source else {}

    def alternatives(self, before: Shape, after: Shape) -> Shape:
        """Read up to the end or to the bracket that closes."""
        plain = _PLAIN.match(self.source, self.position)
        if plain is not None and before is after is EMPTY:
            self.position = plain.end()
            self.size += _BLANK_SIZE * len(plain.group())
            return phrases(plain.group())
        if before is after is EMPTY:
            return self._inside()
        read = [self._sequence(before, after)]
        while self.source.startswith("|", self.position):
            self.position += 1
            read.append(self._sequence(before, after))
        return read[0] if len(read) == 1 else either(read)

    def _inside(self) -> Shape:
        """Read alternatives with nothing around them: most of them are one word, with a blank before it or without."""
        read = []
        while True:
            word = _WORD.match(self.source, self.position)
            if word is None:
                read.append(self._sequence(EMPTY, EMPTY))
            else:
                self.position = word.end()
                self.size += 1 + len(word[2]) + _BLANK_SIZE * len(word[1])
                only = frozenset([word[2]])
                read.append(shape_of(NOTHING, only) if word[1] else shape_of(only))
            if not self.source.startswith("|", self.position):
                return read[0] if len(read) == 1 else either(read)
            self.position += 1

    def _sequence(self, before: Shape, after: Shape) -> Shape:
        parts = [before, *self._parts(), after]
        shape = before
        closed = closed_behind(parts)
        ended = before is END
        """Whether a word has surely ended before the part."""
        for number, part in enumerate(parts[1:-1], start=1):
            if part is END:
                shape, ended = ended_word(shape), True
                continue
            if part.closed is not None and ended and closed[number]:
                part = Shape(part.rows, (*part.choices, part.closed))
            else:
                kept = held(part, ended, closed[number])
                if kept:
                    part = Shape(part.rows, (*part.choices, *kept))
            shape = joined(shape, part)
            ended = is_closed(part, -1, ended)
        return ended_word(shape) if after is END else joined(shape, after)

    def _parts(self) -> Iterator[Shape]:
        source = self.source
        while self.position < len(source) and source[self.position] not in "|)":
            atom = _ATOM.match(source, self.position)
            if atom is None:
                raise _Unreadable
            self.position = atom.end()
            before = self.size
            part = self._part(atom)
            if source[self.position : self.position + 1] in _COUNTS:
                if part is EMPTY or (part is END and atom.lastgroup != "blank"):
                    self.size = math.inf
                part = self._counted(part, self.size - before)
            yield part

    def _counted(self, part: Shape, size: float) -> Shape:
        count = _COUNT.match(self.source, self.position)
        if count is None or part is WORDS:  # only the end of a gap would be counted
            raise _Unreadable
        self.position = count.end()
        if count["sign"]:
            return counted(part, *_SIGNS[count["sign"]])
        least = int(count["least"])
        most = least if not count["comma"] else int(count["most"]) if count["most"] else None
        times = max(least, most or 0)
        self.size += size * times if size * times < _MOST_REPEATED and (most is None or least <= most) else math.inf
        return counted(part, least, most)

    def _part(self, atom: re.Match[str]) -> Shape:
        self.size += _SIZES.get(atom.lastgroup or "", _CLASS_SIZE)
        match atom.lastgroup:
            case "word":
                self.size += len(atom.group())
                return shape_of(frozenset([atom.group()]))
            case "blank" | "edge":
                return END
            case "open":
                return self._group()
            case "gap":
                return WORDS
            case "list":
                named = self.signs.lists[atom.group()]
                self.size += named.size
                return named.shape
            case "literal":
                return _characters(atom.group())
            case "escape":
                return _escape(atom.group()[1])
            case "class":
                if not _SURE_CLASS.fullmatch(atom.group()):
                    self.size = math.inf
                return _class(atom.group()[1:-1])
            case _:
                return UNKNOWN

    def _group(self) -> Shape:
        start, end = self.position, self.closing.get(self.position)
        if end is None:
            raise _Unreadable
        inside = self.source[start:end]
        known = self.signs.groups.get(inside)
        if known is None:
            before, self.size = self.size, 0
            shape = self.alternatives(EMPTY, EMPTY)
            if self.position != end:
                raise _Unreadable
            if len(self.signs.groups) >= _MOST_REMEMBERED:
                self.signs.groups.clear()
            known = self.signs.groups[inside] = Outline(shape, self.size)
            self.size = before
        self.position = end + 1
        self.size += known.size
        return known.shape


def _closing(source: str) -> dict[int, int]:
    """Return where each bracket ends, by the place behind its beginning."""
    closing: dict[int, int] = {}
    opened = []
    for sign in _BRACKET.finditer(source):
        if sign.group() == "(":
            opened.append(sign.end() + 2 * source.startswith("?:", sign.end()))
        elif sign.group() == ")" and opened:
            closing[opened.pop()] = sign.start()
    return closing


def _escape(char: str) -> Shape:
    if char == "d":
        return DIGITS
    if char in "sWbAz":
        return END
    if char in "wS":
        return UNKNOWN
    return EMPTY if char == "B" else _characters(char)


def _class(inside: str) -> Shape:
    if _WIDE.search(inside):
        return UNKNOWN
    return _characters(inside.replace("\\d", "0").replace("\\s", " ").replace("\\W", " ").replace("\\", ""))


def _characters(listed: str) -> Shape:
    """One of these characters: letters stand for themselves, digits and some signs are a word, the rest, underscores too, ends one."""
    if listed in SIGNS:
        return SIGN_SHAPES[listed]
    letters = frozenset(char for char in listed if char.isascii() and char.isalpha())
    parts = [shape_of(letters)] if letters else []
    if len(letters) < len(listed):
        digits = all(char.isascii() and char.isdigit() for char in listed if char not in letters)
        parts.append(DIGITS if digits else END)
    return either(parts) if len(parts) > 1 else parts[0]
