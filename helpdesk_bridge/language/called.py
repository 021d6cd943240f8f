"""Which patterns the words of a text call for, and from where each of them may match: one look at every word, however many patterns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import chain
from operator import or_

from helpdesk_bridge.language.shapes import ANY, SHORTEST, SHORTEST_END, SIGNS, Choice, weight

MOST_PLACES = 8
"""Places in a text from which a pattern is tried one by one; one whose first words stand more often is searched for."""
MOST_WORDS = 120
"""Words of a text up to which it is asked where patterns may begin."""
MOST_SEEN = 3_000
"""Words that are remembered with what they meet."""

Call = tuple[int, Sequence[int] | None]
"""A pattern's number, and the places from which it may match; None: it must be searched for."""
_Listed = tuple[tuple[int, ...], tuple[int, ...]]
"""The choices that a word meets, and the patterns it is the rarest choice of."""
_Known = tuple[int, tuple[int, ...]]
"""The same with a bit for each choice: what all words of a text meet is one number then."""

_LETTERS = bytes(code if chr(code).isalpha() and code < 128 else 32 for code in range(256))
_SIGNS = tuple(sign.encode() for sign in SIGNS)
_DIGIT = re.compile(rb"[0-9]")


class CallIndex:
    """What each word meets of the patterns' choices."""

    __slots__ = ("_always", "_beginnings", "_begins", "_endings", "_every", "_longest", "_needs", "_seen", "_words")

    def __init__(self, patterns: Iterable[tuple[tuple[Choice, ...], Choice | None]]) -> None:
        """Take of each pattern the choices it needs, and the one it begins with if that is known."""
        given = list(patterns)
        needed, begun = [needs for needs, _begins in given], [begins for _needs, begins in given]
        rarest = [min(needs, key=weight, default=None) for needs in needed]
        further = [[choice for choice in needs if choice != first] for needs, first in zip(needed, rarest, strict=True)]
        choices = dict.fromkeys(chain(filter(None, begun), *further))  # what patterns begin with has the low bits
        bits = {choice: 1 << number for number, choice in enumerate(choices)}
        self._every = (1 << len(bits)) - 1
        self._needs = [sum(map(bits.__getitem__, needs)) for needs in further]
        self._begins = [bits[begins] if begins else 0 for begins in begun]
        self._always = tuple(number for number, first in enumerate(rarest) if first is None)
        self._seen: dict[bytes, _Known] = {}
        self._words: dict[bytes, _Listed] = {}
        self._beginnings: dict[bytes, _Listed] = {}
        self._endings: dict[bytes, _Listed] = {}
        self._list(choices, rarest)

    def _list(self, choices: Iterable[Choice], rarest: Iterable[Choice | None]) -> None:
        """Note for each word the choices it meets, and the patterns it is the rarest choice of."""
        met: dict[str, list[int]] = defaultdict(list)
        near: dict[str, list[int]] = defaultdict(list)
        for number, choice in enumerate(choices):
            for word in choice:
                met[word].append(number)
        for number, first in enumerate(rarest):
            for word in first or ():
                near[word].append(number)
        self._longest = max(map(len, chain(met, near)), default=0)
        shared: dict[_Listed, _Listed] = {}
        for word in {**met, **near}:
            listed = (tuple(met.get(word, ())), tuple(near.get(word, ())))
            where = self._beginnings if word.endswith(ANY) else self._endings if word.startswith(ANY) else self._words
            where[word.strip(ANY).encode()] = shared.setdefault(listed, listed)

    def calls(self, text: bytes) -> list[Call]:
        """Return the patterns whose every choice has a word in the text."""
        letters = text.translate(_LETTERS)
        words = letters.split()
        known = {word: self._seen.get(word) or self._met(word) for word in set(words)}
        held, near = 0, set(self._always)
        for met, patterns in chain(known.values(), map(self._met, _signs(text))):
            held |= met
            near.update(patterns)
        needs, missing = self._needs, self._every ^ held
        called = [number for number in near if not needs[number] & missing]
        if not called or len(words) > MOST_WORDS:
            return [(number, None) for number in called]
        return self._placed(called, words, letters, known)

    def _placed(self, called: list[int], words: list[bytes], letters: bytes, known: Mapping[bytes, _Known]) -> list[Call]:
        """Add from where each pattern may match."""
        begins = [self._begins[number] for number in called]
        wanted = reduce(or_, begins)
        placed: dict[int, list[int]] = defaultdict(list)
        place = 0
        for word in words:
            place = letters.find(word, place)
            begun = known[word][0] & wanted
            while begun:
                lowest = begun & -begun
                placed[lowest].append(place)
                begun ^= lowest
            place += len(word)
        return [(number, _few(placed[bit]) if bit else None) for number, bit in zip(called, begins, strict=True)]

    def _met(self, word: bytes) -> _Known:
        """Return what a word of a text meets; the words that people use are remembered."""
        seen = self._seen.get(word)
        if seen is not None:
            return seen
        longest = min(len(word), self._longest) + 1
        parts = [self._words.get(word)]
        parts += [self._beginnings.get(word[:letters]) for letters in range(SHORTEST, longest)]
        parts += [self._endings.get(word[-letters:]) for letters in range(SHORTEST_END, longest)]
        found = [part for part in parts if part is not None]
        choices = {number for choices, _patterns in found for number in choices}
        known = sum(1 << number for number in choices), tuple(chain.from_iterable(patterns for _choices, patterns in found))
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen[word] = known
        return known


def _few(places: list[int]) -> list[int] | None:
    return places if len(places) <= MOST_PLACES else None


def _signs(text: bytes) -> list[bytes]:
    """Return the signs of a text that are words of their own, ``0`` for all digits."""
    found = [sign for sign in _SIGNS if sign in text]
    return [*found, b"0"] if _DIGIT.search(text) else found
