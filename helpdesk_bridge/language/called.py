"""Which patterns the words of a text call for, and from where each of them may match: one look at every word, however many patterns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from helpdesk_bridge.language.shapes import ANY, SHORTEST, SHORTEST_END, SIGNS, Choice, weight

MOST_PLACES = 8
"""Places in a text from which a pattern is tried one by one; one whose first words stand more often is searched for."""
MOST_WORDS = 120
"""Words of a text up to which it is asked where patterns may begin."""
MOST_NEEDS = 4
"""Choices of a pattern that are asked for, the rarest ones: with more of them hardly any pattern less is tried."""
MOST_SEEN = 3_000
"""Words that are remembered with what they meet."""

Call = tuple[int, Sequence[int] | None]
"""A pattern's number, and the places from which it may match; None: it must be searched for."""
_Known = tuple[int, int]
"""What a word meets, a bit for each pattern: first needs, second needs and so on, one row of bits behind the other; and of which
patterns it may be the first word. What all words of a text meet is one number then."""

_LETTERS = bytes(code if chr(code).isalpha() and code < 128 else 32 for code in range(256))
_SIGNS = tuple(sign.encode() for sign in SIGNS)
_DIGIT = re.compile(rb"[0-9]")


class CallIndex:
    """What each word meets of the patterns' choices."""

    __slots__ = ("_anywhere", "_beginnings", "_choices", "_endings", "_filled", "_longest", "_patterns", "_seen", "_words")

    def __init__(self, patterns: Iterable[tuple[tuple[Choice, ...], Choice | None]]) -> None:
        """Take of each pattern the choices it needs, and the one it begins with if that is known."""
        given = list(patterns)
        self._patterns = len(given)
        bits: dict[Choice, list[int]] = defaultdict(list)
        filled: list[int] = []
        anywhere: list[int] = []
        for number, (needs, begins) in enumerate(given):
            rarest: list[Choice | None] = [*sorted(needs, key=weight)[:MOST_NEEDS], *[None] * MOST_NEEDS]
            for row, choice in enumerate(rarest[:MOST_NEEDS]):
                (bits[choice] if choice else filled).append(row * self._patterns + number)
            if begins:
                bits[begins].append(MOST_NEEDS * self._patterns + number)
            else:
                anywhere.append(number)
        self._filled, self._anywhere = _number(filled), _number(anywhere)
        self._choices = [tuple(each) for each in bits.values()]
        self._seen: dict[bytes, _Known] = {}
        self._words: dict[bytes, tuple[int, ...]] = {}
        self._beginnings: dict[bytes, tuple[int, ...]] = {}
        self._endings: dict[bytes, tuple[int, ...]] = {}
        self._list(bits)

    def _list(self, choices: Iterable[Choice]) -> None:
        """Note for each word the choices it meets."""
        met: dict[str, list[int]] = defaultdict(list)
        for number, choice in enumerate(choices):
            for word in choice:
                met[word].append(number)
        self._longest = max(map(len, met), default=0)
        shared: dict[tuple[int, ...], tuple[int, ...]] = {}
        for word, numbers in met.items():
            where = self._beginnings if word.endswith(ANY) else self._endings if word.startswith(ANY) else self._words
            listed = tuple(numbers)
            where[word.strip(ANY).encode()] = shared.setdefault(listed, listed)

    def calls(self, text: bytes) -> Calls:
        """Return the patterns whose every choice has a word in the text."""
        letters = text.translate(_LETTERS)
        words = letters.split()
        known = {word: self._seen.get(word) or self._met(word) for word in set(words)}
        held = self._filled
        for needs, _begins in chain(known.values(), map(self._met, _signs(text))):
            held |= needs
        called = (1 << self._patterns) - 1
        for row in range(MOST_NEEDS):
            called &= held >> (row * self._patterns)
        return Calls(called, self._anywhere, words, letters, known)

    def forget(self) -> None:
        """Let go of the words that were seen."""
        self._seen.clear()

    def _met(self, word: bytes) -> _Known:
        """Return what a word of a text meets; the words that people use are remembered."""
        seen = self._seen.get(word)
        if seen is not None:
            return seen
        longest = min(len(word), self._longest) + 1
        parts = [self._words.get(word, ())]
        parts += [self._beginnings.get(word[:letters], ()) for letters in range(SHORTEST, longest)]
        parts += [self._endings.get(word[-letters:], ()) for letters in range(SHORTEST_END, longest)]
        met = _number(bit for choice in chain.from_iterable(parts) for bit in self._choices[choice])
        begins = MOST_NEEDS * self._patterns
        known = met & ((1 << begins) - 1), met >> begins
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen[word] = known
        return known


class Calls:
    """The patterns that a text calls for, a bit for each."""

    __slots__ = ("_anywhere", "_called", "_known", "_letters", "_words")

    def __init__(self, called: int, anywhere: int, words: Sequence[bytes], letters: bytes, known: Mapping[bytes, _Known]) -> None:
        self._called, self._anywhere = called, anywhere
        self._words, self._letters, self._known = words, letters, known

    def __len__(self) -> int:
        return self._called.bit_count()

    def of(self, wanted: int) -> list[Call]:
        """Return those of the patterns ``wanted``, a bit for each, with their places."""
        called = self._called & wanted
        if not called:
            return []
        if len(self._words) > MOST_WORDS:
            return [(number, None) for number in _bits(called)]
        calls: list[Call] = [(number, None) for number in _bits(called & self._anywhere)]
        calls += _placed(called & ~self._anywhere, self._words, self._letters, self._known).items()
        return calls

    def repeatable(self, times: int, length: int) -> int:
        """Return those that may match so many times in a text of this length: one that begins with a word does so once a word."""
        if len(self._words) >= times:
            return self._called
        return self._called & self._anywhere if length >= times else 0


def _placed(called: int, words: Iterable[bytes], letters: bytes, known: Mapping[bytes, _Known]) -> dict[int, list[int] | None]:
    """Return from where each pattern may match that begins with a word of the text."""
    place = 0
    placed: dict[int, list[int] | None] = {}
    for word in words:
        place = letters.find(word, place)
        begun = known[word][1] & called
        while begun:
            lowest = begun & -begun
            begun ^= lowest
            number = lowest.bit_length() - 1
            places = placed.setdefault(number, [])
            if places is not None:
                if len(places) < MOST_PLACES:
                    places.append(place)
                else:
                    placed[number] = None
        place += len(word)
    return placed


def _number(bits: Iterable[int]) -> int:
    """Return the number that has these bits."""
    octets = bytearray()
    for bit in bits:
        octet = bit >> 3
        if octet >= len(octets):
            octets.extend(bytes(octet + 1 - len(octets)))
        octets[octet] |= 1 << (bit & 7)
    return int.from_bytes(octets, "little")


def _bits(number: int) -> Iterator[int]:
    """Yield the bits of a number, the lowest first."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _signs(text: bytes) -> list[bytes]:
    """Return the signs of a text that are words of their own, ``0`` for all digits."""
    found = [sign for sign in _SIGNS if sign in text]
    return [*found, b"0"] if _DIGIT.search(text) else found
