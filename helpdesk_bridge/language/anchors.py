"""Anchors of a pattern: words of which a text must hold some before the pattern can match there at all.

A pattern is read as a row of words. Each place of the row is a set of words: runs of letters, some signs, ``0`` for digits, ``~``
for anything.
``(aceit[oa]|acat*) o`` is the row ``{aceito, aceita, acat~} {o}``. A text without any word of a place cannot match: such a set is
a *choice*. The reading errs on the safe side: what it cannot read needs nothing, and such a pattern is always tried.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from helpdesk_bridge.language.detect import SMALL_WORDS

Choice = frozenset[str]
"""Words, beginnings that end in ``~`` and endings that begin with it; a text that matches holds one of them."""
Row = tuple[Choice, ...]
"""What stands between the ends of words; the first and the last place may go on outside. A place of ``~`` is any words, or none."""

ANY = "~"
SIGNS = ("?", "%", ":")
"""Signs that are words of their own."""
SHORTEST, SHORTEST_END = 3, 2
"""Letters of a beginning, and of an ending, that is looked for."""
BLANK, GAP, FIRST_LIST = "\ue000", "\ue001", 0xE002
"""Characters that stand for the short forms of a pattern; those from ``FIRST_LIST`` on stand for its word lists."""
_MOST_WORDS = 400
_MOST_PLACES = 6
_NOTHING, _ANYTHING = frozenset([""]), frozenset([ANY])
_PLAIN = re.compile(f"[a-zA-Z|{BLANK}]+(?=[)]|\\Z)")
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
_WIDE = re.compile(r"^\^|\\[^dsW\W]|.-.|\[:|[^\x00-\x7f]")
"""Signs of a class that is no short list of characters."""
_SURE_CLASS = re.compile(r"""\[\^?(?:a-z|0-9|[a-z0-9 .,;:!?/"'()*_%$#@&+=<>|]|\\[dswW./-])+-?\]""")
"""Classes that the matcher surely takes."""
_BLANK_SIZE, _CLASS_SIZE, _MOST_REPEATED = 8, 40, 900
_RAREST = 6
_RARITY = {letters: 4.0**-letters for letters in range(-1, _RAREST + 1)}
"""How often a word of so many letters stands in a text."""
_SIZES = {"word": 1, "list": 1, "blank": _BLANK_SIZE, "gap": 1200, "open": 2}
_MANY = re.compile(f"{ANY}{{2,}}")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a part of a pattern may match: rows by their length, and choices that hold for all of them."""

    rows: Mapping[int, Row]
    choices: tuple[Choice, ...] = ()
    closed: Choice | None = None
    """A choice that holds as well where a word ends before and behind: of each alternative its rarest word."""


def _shape(*places: Choice) -> Shape:
    return Shape({len(places): places})


EMPTY, END, UNKNOWN = _shape(_NOTHING), _shape(_NOTHING, _NOTHING), _shape(_ANYTHING)
_DIGITS, _WORDS = _shape(_NOTHING, frozenset(["0"]), _NOTHING), _shape(_NOTHING, _ANYTHING, _NOTHING)
_SIGN_SHAPES = {sign: _shape(_NOTHING, frozenset([sign]), _NOTHING) for sign in SIGNS}
BEFORE, AFTER = _shape(_NOTHING, _ANYTHING), _shape(_ANYTHING, _NOTHING)
"""What stands around a pattern that may begin, or end, inside a word."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What was read of a part of a pattern."""

    shape: Shape
    size: float
    """Instructions of the matcher's program, at most; infinite where the matcher must be asked whether it is a pattern at all."""


class _Unreadable(ValueError):
    """The pattern uses syntax that is left to the matcher."""


def outline_of(source: str, lists: Mapping[str, Outline], before: Shape = EMPTY, after: Shape = EMPTY) -> Outline:
    """Read a part of a pattern between ``before`` and ``after``; ``lists`` holds what each character from FIRST_LIST on stands for."""
    reading = _Reading(source, lists)
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


def needs(*outlines: Outline) -> tuple[Choice, ...]:
    """Return what a text must hold before a pattern, read in one way or in several, can match there; empty when nothing is known."""
    choices = dict.fromkeys(choice for each in outlines for choice in each.shape.choices + _choices(each.shape.rows.values()))
    return tuple(choice for choice in choices if not any(other < choice for other in choices))


class _Reading:
    """A cursor over a pattern."""

    __slots__ = ("lists", "position", "size", "source")

    def __init__(self, source: str, lists: Mapping[str, Outline]) -> None:
        self.source, self.lists, self.position = source, lists, 0
        self.size: float = 0

    def alternatives(self, before: Shape, after: Shape) -> Shape:
        """Read up to the end or to the bracket that closes."""
        plain = _PLAIN.match(self.source, self.position)
        if plain is not None and before is after is EMPTY:
            self.position = plain.end()
            self.size += _BLANK_SIZE * len(plain.group())
            return _phrases(plain.group())
        read = [self._sequence(before, after)]
        while self.source.startswith("|", self.position):
            self.position += 1
            read.append(self._sequence(before, after))
        return read[0] if len(read) == 1 else _either(read)

    def _sequence(self, before: Shape, after: Shape) -> Shape:
        parts = [before, *self._parts(), after]
        shape = before
        closed = _closed_behind(parts)
        ended = False
        """Whether a word has surely ended before the part."""
        for number, part in enumerate(parts[1:-1], start=1):
            ended = _is_closed(parts[number - 1], -1, ended)
            held = (part.closed,) if part.closed is not None and ended and closed[number] else _held(part, ended, closed[number])
            if held:
                part = Shape(part.rows, (*part.choices, *held))
            shape = _ended(shape) if part is END else _joined(shape, part)
        return _ended(shape) if after is END else _joined(shape, after)

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
        if count is None or part is _WORDS:  # only the end of a gap would be counted
            raise _Unreadable
        self.position = count.end()
        if count["sign"]:
            return _counted(part, *_SIGNS[count["sign"]])
        least = int(count["least"])
        most = least if not count["comma"] else int(count["most"]) if count["most"] else None
        times = max(least, most or 0)
        self.size += size * times if size * times < _MOST_REPEATED and (most is None or least <= most) else math.inf
        return _counted(part, least, most)

    def _part(self, atom: re.Match[str]) -> Shape:
        self.size += _SIZES.get(atom.lastgroup or "", _CLASS_SIZE)
        match atom.lastgroup:
            case "blank" | "edge":
                return END
            case "gap":
                return _WORDS
            case "word":
                self.size += len(atom.group())
                return _shape(frozenset([atom.group()]))
            case "list":
                named = self.lists[atom.group()]
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
            case "any":
                return UNKNOWN
        inner = self.alternatives(EMPTY, EMPTY)
        if not self.source.startswith(")", self.position):
            raise _Unreadable
        self.position += 1
        return inner


def _phrases(plain: str) -> Shape:
    """Read alternatives that are nothing but words and blanks."""
    rows: dict[int, Row] = {}
    rarest = set()
    for phrase in plain.split("|"):
        words = phrase.split(BLANK)
        _add(rows, _short(tuple(frozenset([word]) for word in words)))
        rarest.add(min(words, key=_frequency))
    return Shape(rows, (), frozenset(rarest) if "" not in rarest else None)


def _is_closed(shape: Shape, side: int, beyond: bool) -> bool:
    """True when a word ends at this side of a shape, or, where the shape may be nothing, beyond it."""
    return all(row[side] == _NOTHING and (beyond if len(row) == 1 else True) for row in shape.rows.values())


def _closed_behind(parts: list[Shape]) -> list[bool]:
    """Say of each part whether a word surely ends behind it."""
    closed = [False]
    for following in reversed(parts[1:]):
        closed.append(_is_closed(following, 0, closed[-1]))
    return closed[::-1]


def _held(part: Shape, ended: bool, closed: bool) -> tuple[Choice, ...]:
    """Return what a part between others needs: its first word may be the end of a longer one, its last word the beginning."""
    if not (ended or closed) or any(len(row) == 1 and (row[0] >= _NOTHING or len(row[0]) == 1) for row in part.rows.values()):
        return ()
    rows = []
    for row in part.rows.values():
        first, *rest = row
        row = (first if ended else _glued(_ANYTHING, first), *rest)
        *rest, last = row
        rows.append((_NOTHING, *rest, last if closed else _glued(last, _ANYTHING), _NOTHING))
    return _choices(rows)[:1]


def _glued(ones: Choice, others: Choice) -> Choice:
    return frozenset(_MANY.sub(ANY, one + other) for one in ones for other in others)


def _add(rows: dict[int, Row], row: Row) -> None:
    length = len(row)
    rows[length] = tuple(map(frozenset.union, rows[length], row)) if length in rows else row


def _escape(char: str) -> Shape:
    if char == "d":
        return _DIGITS
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
        return _SIGN_SHAPES[listed]
    letters = frozenset(char for char in listed if char.isascii() and char.isalpha())
    parts = [_shape(letters)] if letters else []
    if len(letters) < len(listed):
        digits = all(char.isascii() and char.isdigit() for char in listed if char not in letters)
        parts.append(_DIGITS if digits else END)
    return _either(parts) if len(parts) > 1 else parts[0]


def _counted(part: Shape, least: int, most: int | None) -> Shape:
    if most == 1:
        return part if least else _optional(part)
    if part is END or part is _DIGITS:
        return part if least else _optional(part)
    return _joined(part, _repeated(part)) if least else _repeated(part)


def _optional(part: Shape) -> Shape:
    return _either([EMPTY, part])


def _repeated(part: Shape) -> Shape:
    """The part any number of times, or not at all: only how it begins and ends is kept."""
    if 1 in part.rows:
        return UNKNOWN
    firsts = frozenset[str]().union(*(row[0] for row in part.rows.values()))
    lasts = frozenset[str]().union(*(row[-1] for row in part.rows.values()))
    return Shape({1: (_NOTHING,), 3: (_few(firsts), _ANYTHING, _few(lasts))})


def _either(parts: list[Shape]) -> Shape:
    rows: dict[int, Row] = {}
    for part in parts:
        for row in part.rows.values():
            _add(rows, row)
    choice = _of_each(parts, closed=False) if any(part.choices for part in parts) else None
    return Shape(rows, (choice,) if choice else (), _of_each(parts, closed=True))


def _of_each(parts: list[Shape], *, closed: bool) -> Choice | None:
    """Return what holds for all alternatives: the rarest words of each."""
    chosen: set[str] = set()
    for part in parts:
        rows = [(_NOTHING, *row, _NOTHING) for row in part.rows.values()] if closed else part.rows.values()
        own = (part.closed,) if closed and part.closed else ()
        best = min((*own, *part.choices, *_choices(rows)), key=weight, default=None)
        if best is None:
            return None
        chosen |= best
    return frozenset(chosen)


def _joined(left: Shape, right: Shape) -> Shape:
    if left is EMPTY:
        return right
    rows: dict[int, Row] = {}
    ended = True
    for one in left.rows.values():
        for other in right.rows.values():
            row = (*one[:-1], _product(one[-1], other[0]), *other[1:])
            ended = ended and len(row) > 1 and row[-1] == _NOTHING
            _add(rows, row if len(row) <= _MOST_PLACES else _short(row))
    shape = Shape(rows, left.choices + right.choices)
    return _settled(shape) if ended else shape


def _ended(left: Shape) -> Shape:
    return _settled(Shape({length + 1: (*row, _NOTHING) for length, row in left.rows.items()}, left.choices))


def _settled(shape: Shape) -> Shape:
    """Every row has come to the end of a word: the places before become choices, and only the first may still grow."""
    if max(shape.rows) == 2:
        return shape
    choices = _choices(shape.rows.values())
    firsts = frozenset[str]().union(*(row[0] for row in shape.rows.values()))
    return Shape({3: (_few(firsts), _ANYTHING, _NOTHING)}, shape.choices + choices)


def _short(row: Row) -> Row:
    if len(row) <= _MOST_PLACES:
        return row
    return (row[0], row[1], min(row[2:-2], key=weight), row[-2], row[-1])


def _product(ones: Choice, others: Choice) -> Choice:
    if others == _NOTHING:
        return ones
    if ones == _NOTHING:
        return others
    if len(ones) * len(others) > _MOST_WORDS:
        return frozenset(_MANY.sub(ANY, ANY + other) for other in others) if len(others) <= _MOST_WORDS else _ANYTHING
    return frozenset(_MANY.sub(ANY, one + other) for one in ones for other in others)


def _few(words: Choice) -> Choice:
    return words if len(words) <= _MOST_WORDS else _ANYTHING


def _choices(rows: Iterable[Row]) -> tuple[Choice, ...]:
    """Return what every text of these rows holds: for each row some place, the rarest words first."""
    ranked = []
    for row in rows:
        places = sorted(filter(None, map(_looked_for, row[1:-1])), key=weight)
        if not places:
            return ()
        ranked.append(places)
    most = max(map(len, ranked), default=0)
    return tuple(frozenset[str]().union(*(places[min(number, len(places) - 1)] for places in ranked)) for number in range(most))


def _looked_for(place: Choice) -> Choice | None:
    """Return the words of a place as they are looked for; None when one of them may be anything."""
    if not any(ANY in word for word in place):
        return None if "" in place else place
    beginnings = {word.partition(ANY)[0] for word in place if ANY in word[1:]}
    endings = {word[1:] for word in place if word.startswith(ANY) and ANY not in word[1:]}
    if "" in place or any(len(each) < SHORTEST for each in beginnings) or any(len(each) < SHORTEST_END for each in endings):
        return None
    least: list[str] = []
    for each in sorted(beginnings):
        if not least or not each.startswith(least[-1]):
            least.append(each)
    whole = (
        word for word in place if ANY not in word and not word.startswith(tuple(least)) and not word.endswith(tuple(endings))
    )
    return frozenset((*(each + ANY for each in least), *(ANY + each for each in endings), *whole))


def weight(choice: Iterable[str]) -> float:
    """Return roughly how often a text holds one of these."""
    return sum(map(_frequency, choice))


def _frequency(word: str) -> float:
    letters = 1 if word in SMALL_WORDS else len(word) - 2 * (ANY in word)
    return _RARITY[letters] if letters < _RAREST else _RARITY[_RAREST]
