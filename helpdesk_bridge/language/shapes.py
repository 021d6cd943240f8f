"""Rows of words that a part of a pattern may match, and what every text of them holds: how rows are joined, repeated and chosen from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

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
_MOST_WORDS = 400
_MOST_PLACES = 6
NOTHING, ANYTHING = frozenset([""]), frozenset([ANY])
_RAREST = 6
_RARITY = {letters: 4.0**-letters for letters in range(-1, _RAREST + 1)}
"""How often a word of so many letters stands in a text."""
_MANY = re.compile(f"{ANY}{{2,}}")
BLANK, GAP, FIRST_LIST = "\ue000", "\ue001", 0xE002
"""Characters that stand for the short forms of a pattern; those from ``FIRST_LIST`` on stand for its word lists."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a part of a pattern may match: rows by their length, and choices that hold for all of them."""

    rows: Mapping[int, Row]
    choices: tuple[Choice, ...] = ()
    closed: Choice | None = None
    """A choice that holds as well where a word ends before and behind: of each alternative its rarest word."""


def shape_of(*places: Choice) -> Shape:
    """Return the shape of one row."""
    return Shape({len(places): places})


EMPTY, END, UNKNOWN = shape_of(NOTHING), shape_of(NOTHING, NOTHING), shape_of(ANYTHING)
DIGITS, WORDS = shape_of(NOTHING, frozenset(["0"]), NOTHING), shape_of(NOTHING, ANYTHING, NOTHING)
SIGN_SHAPES = {sign: shape_of(NOTHING, frozenset([sign]), NOTHING) for sign in SIGNS}
BEFORE, AFTER = shape_of(NOTHING, ANYTHING), shape_of(ANYTHING, NOTHING)
"""What stands around a pattern that may begin, or end, inside a word."""


def phrases(plain: str) -> Shape:
    """Read alternatives that are nothing but words and blanks."""
    rows: dict[int, Row] = {}
    rarest = set()
    for phrase in plain.split("|"):
        words = phrase.split(BLANK)
        _add(rows, _short(tuple(frozenset([word]) for word in words)))
        rarest.add(min(words, key=_frequency))
    return Shape(rows, (), frozenset(rarest) if "" not in rarest else None)


def is_closed(shape: Shape, side: int, beyond: bool) -> bool:
    """True when a word ends at this side of a shape, or, where the shape may be nothing, beyond it."""
    for row in shape.rows.values():
        if row[side] != NOTHING:
            return False
    return beyond or 1 not in shape.rows


def closed_behind(parts: list[Shape]) -> list[bool]:
    """Say of each part whether a word surely ends behind it."""
    closed = [False]
    for following in reversed(parts[1:]):
        closed.append(is_closed(following, 0, closed[-1]))
    return closed[::-1]


def held(part: Shape, ended: bool, closed: bool) -> tuple[Choice, ...]:
    """Return what a part between others needs: its first word may be the end of a longer one, its last word the beginning."""
    single = part.rows.get(1)
    if not (ended or closed) or (single is not None and (len(single[0]) == 1 or "" in single[0])):
        return ()
    rows = []
    for row in part.rows.values():
        first, *rest = row
        row = (first if ended else _glued(ANYTHING, first), *rest)
        *rest, last = row
        rows.append((NOTHING, *rest, last if closed else _glued(last, ANYTHING), NOTHING))
    return choices_of(rows)[:1]


def _glued(ones: Choice, others: Choice) -> Choice:
    return frozenset(_MANY.sub(ANY, one + other) for one in ones for other in others)


def _add(rows: dict[int, Row], row: Row) -> None:
    length = len(row)
    rows[length] = tuple(map(frozenset.union, rows[length], row)) if length in rows else row


def counted(part: Shape, least: int, most: int | None) -> Shape:
    """Return the part, ``least`` to ``most`` times (None: any number)."""
    if most == 1:
        return part if least else optional(part)
    if part is END or part is DIGITS:
        return part if least else optional(part)
    return joined(part, _repeated(part)) if least else _repeated(part)


def optional(part: Shape) -> Shape:
    """Return the part, or nothing."""
    return either([EMPTY, part])


def _repeated(part: Shape) -> Shape:
    """The part any number of times, or not at all: only how it begins and ends is kept."""
    if 1 in part.rows:
        return UNKNOWN
    firsts = frozenset[str]().union(*(row[0] for row in part.rows.values()))
    lasts = frozenset[str]().union(*(row[-1] for row in part.rows.values()))
    return Shape({1: (NOTHING,), 3: (_few(firsts), ANYTHING, _few(lasts))})


def either(parts: list[Shape]) -> Shape:
    """Return what any of the parts may match."""
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
        if part is EMPTY:
            return None
        rows = [(NOTHING, *row, NOTHING) for row in part.rows.values()] if closed else part.rows.values()
        own = (part.closed,) if closed and part.closed else ()
        best = min((*own, *part.choices, *choices_of(rows)), key=weight, default=None)
        if best is None:
            return None
        chosen |= best
    return frozenset(chosen)


def joined(left: Shape, right: Shape) -> Shape:
    """Return the one part and then the other."""
    if left is EMPTY:
        return right
    if right is EMPTY and not _has_ended(left):
        return Shape(left.rows, left.choices)
    rows: dict[int, Row] = {}
    word = right.rows.get(1)
    if word is not None and len(right.rows) == 1 and word[0] is not NOTHING:
        rows = {length: (*row[:-1], _product(row[-1], word[0])) for length, row in left.rows.items()}
        return Shape(rows, left.choices + right.choices)
    ended = True
    for one in left.rows.values():
        for other in right.rows.values():
            row = (*one[:-1], _product(one[-1], other[0]), *other[1:])
            ended = ended and len(row) > 1 and row[-1] == NOTHING
            _add(rows, row if len(row) <= _MOST_PLACES else _short(row))
    shape = Shape(rows, left.choices + right.choices)
    return _settled(shape) if ended else shape


def _has_ended(shape: Shape) -> bool:
    return all(len(row) > 1 and row[-1] == NOTHING for row in shape.rows.values())


def ended_word(left: Shape) -> Shape:
    """Return the part with the end of a word behind it."""
    return _settled(Shape({length + 1: (*row, NOTHING) for length, row in left.rows.items()}, left.choices))


def _settled(shape: Shape) -> Shape:
    """Every row has come to the end of a word: the places before become choices, and only the first may still grow."""
    if max(shape.rows) == 2:
        return shape
    choices = choices_of(shape.rows.values())
    firsts = [row[0] for row in shape.rows.values()]
    return Shape({3: (_few(firsts[0].union(*firsts[1:])), ANYTHING, NOTHING)}, shape.choices + choices)


def _short(row: Row) -> Row:
    if len(row) <= _MOST_PLACES:
        return row
    return (row[0], row[1], min(row[2:-2], key=weight), row[-2], row[-1])


def _product(ones: Choice, others: Choice) -> Choice:
    if others is NOTHING or others == NOTHING:
        return ones
    if ones is NOTHING or ones == NOTHING:
        return others
    if len(ones) * len(others) > _MOST_WORDS:
        return frozenset(_MANY.sub(ANY, ANY + other) for other in others) if len(others) <= _MOST_WORDS else ANYTHING
    return frozenset(_MANY.sub(ANY, one + other) for one in ones for other in others)


def _few(words: Choice) -> Choice:
    return words if len(words) <= _MOST_WORDS else ANYTHING


def choices_of(rows: Iterable[Row]) -> tuple[Choice, ...]:
    """Return what every text of these rows holds: for each row some place, the rarest words first."""
    ranked = []
    for row in rows:
        places = [place for place in map(_looked_for, row[1:-1]) if place]
        if not places:
            return ()
        if len(places) > 1:
            places.sort(key=weight)
        ranked.append(places)
    if len(ranked) == 1:
        return tuple(ranked[0])
    most = max(map(len, ranked), default=0)
    return tuple(frozenset[str]().union(*(places[min(number, len(places) - 1)] for places in ranked)) for number in range(most))


def beginnings_of(shape: Shape) -> Choice | None:
    """Return the words one of which every text of a shape begins with; None: it may begin with something else."""
    firsts = frozenset[str]().union(*(row[0] for row in shape.rows.values()))
    return _looked_for(firsts) if all(word[:1].isalpha() for word in firsts) else None


def _looked_for(place: Choice) -> Choice | None:
    """Return the words of a place as they are looked for; None when one of them may be anything."""
    if "" in place or ANY in place:
        return None
    return _least(place) if any(ANY in word for word in place) else place


@lru_cache(maxsize=512)
def _least(place: Choice) -> Choice | None:
    """Leave out what another word of a place stands for already."""
    beginnings = {word.partition(ANY)[0] for word in place if ANY in word[1:]}
    endings = {word[1:] for word in place if word.startswith(ANY) and ANY not in word[1:]}
    if any(len(each) < SHORTEST for each in beginnings) or any(len(each) < SHORTEST_END for each in endings):
        return None
    least: list[str] = []
    for each in sorted(beginnings):
        if not least or not each.startswith(least[-1]):
            least.append(each)
    whole = (
        word for word in place if ANY not in word and not word.startswith(tuple(least)) and not word.endswith(tuple(endings))
    )
    return frozenset((*(each + ANY for each in least), *(ANY + each for each in endings), *whole))


@lru_cache(maxsize=512)
def weight(choice: Choice) -> float:
    """Return roughly how often a text holds one of these."""
    return sum(map(_frequency, choice))


def _frequency(word: str) -> float:
    letters = 1 if word in SMALL_WORDS else len(word) - 2 * (ANY in word)
    return _RARITY[letters] if letters < _RAREST else _RARITY[_RAREST]
