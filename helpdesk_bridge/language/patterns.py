"""Patterns written by administrators, searched together in linear time: see ``syntax`` for what they may say."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, chain, islice
from typing import Any

import re2  # type: ignore[import-untyped]

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.language.shapes import ANY, SHORTEST, SHORTEST_END, SIGNS, Choice, weight
from helpdesk_bridge.language.syntax import InvalidPattern, Translation, signs_of, translate, word_lists
from helpdesk_bridge.language.text import squeeze

__all__ = ["InvalidLexicon", "InvalidPattern", "LexiconProblem", "Match", "PatternSet", "forget_examples"]

MODEST, GENEROUS = 1 << 17, 1 << 21
"""Bytes a pattern may use, its cache of states included: hundreds of them are loaded, so only those that need more get it."""

MOST_COMPILED = 1300
"""Patterns that are kept ready; a text holds the words of some forty, and the same few hundred come back."""

MOST_TRIED = 900
"""Patterns that are looked for in one comment; long ones hold the words of a hundred and fifty."""

LexiconProblem = tuple[str, str, str]
"""File, path inside the document (``cues.pt.3.pattern``) and reason."""

_Known = tuple[tuple[int, ...], tuple[int, ...]]
"""The choices that a word meets, and the patterns it is the rarest choice of."""

_NOTHING: _Known = ((), ())
MOST_SEEN = 5_000
"""Words that a set of patterns remembers."""

_LETTERS = bytes(code if chr(code).isalpha() and code < 128 else 32 for code in range(256))
_SIGNS = tuple(sign.encode() for sign in SIGNS)
_DIGIT = re.compile(rb"[0-9]")
_BEYOND = re.compile("[^\x00-\x7f]")


class InvalidLexicon(BridgeError):
    """The lexicon cannot be used; ``problems`` holds every (file, path, reason) at once."""

    def __init__(self, problems: Iterable[LexiconProblem]) -> None:
        self.problems: tuple[LexiconProblem, ...] = tuple(problems)
        super().__init__("\n".join(f"{file}: {path}: {reason}" for file, path, reason in self.problems))


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found in a text."""

    id: str
    span: Span


class PatternSet:
    """Many patterns searched together: the words each one needs decide which are tried at all, and only those are compiled."""

    __slots__ = ("_always", "_beginnings", "_endings", "_longest", "_needs", "_patterns", "_seen", "_words")

    def __init__(self, patterns: Iterable[tuple[str, str]], words: Mapping[str, Iterable[str]] | None = None) -> None:
        """Take (id, pattern) pairs; ids may repeat. Raises: InvalidPattern, for all of them at once."""
        lists = word_lists(words or {})
        signs = signs_of(lists)
        self._patterns: list[tuple[str, str]] = []
        needed: list[tuple[Choice, ...]] = []
        reasons = []
        for identity, pattern in patterns:
            try:
                translation = translate(pattern, lists, signs)
                _check(translation)
            except ValueError as error:
                reasons.append((identity, str(error)))
                continue
            self._patterns.append((identity, translation.source))
            needed.append(translation.needs)
        if reasons:
            raise InvalidPattern(*reasons)
        self._index(needed)

    def __len__(self) -> int:
        return len(self._patterns)

    def find(self, normalised: str) -> list[Match]:
        """Return every match in a normalised text, by place; overlapping patterns all count."""
        return self._find(normalised, 0, None)[0]

    def listen(self, normalised: str, most: int, work: int) -> tuple[list[Match], bool]:
        """Return the matches of a normalised text, each pattern's first ``most``; True when more of them may stand there.

        A text that holds the words of so many patterns that they would look at more than ``work`` characters in all is read up to
        there, and no more than ``MOST_TRIED`` of them are compiled: reading costs no more, whatever anybody writes.
        """
        return self._find(normalised, work, most)

    def _find(self, normalised: str, work: int, most: int | None) -> tuple[list[Match], bool]:
        text, offsets = squeeze(normalised)
        encoded = text.encode()
        tried = self._tried(encoded)
        is_cut = most is not None and (len(tried) > MOST_TRIED or len(tried) * len(text) > work)
        if is_cut:
            tried = sorted(tried)[:MOST_TRIED]
            text = text[: work // len(tried)]
            encoded = text.encode()
        found: list[tuple[int, int, str]] = []
        for identity, source in map(self._patterns.__getitem__, tried):
            before = len(found)
            for match in islice(_matcher(source).finditer(encoded), most):
                start, end = match.span()
                if start < end:
                    found.append((start, -end, identity))
            is_cut = is_cut or len(found) - before == most
        if len(encoded) != len(text):
            place = _characters(text)
            found = [(place(start), -place(-end), identity) for start, end, identity in found]
        if offsets is not None:
            found = [(offsets[start], -(offsets[-end - 1] + 1), identity) for start, end, identity in found]
        found.sort()
        return [Match(identity, Span(start, -end)) for start, end, identity in found], is_cut

    def occurring(self, normalised: str, ids: Set[str]) -> set[str]:
        """Return which of these patterns occur in a normalised text, without looking for the others."""
        text = squeeze(normalised)[0].encode()
        found: set[str] = set()
        for identity, source in map(self._patterns.__getitem__, self._tried(text)):
            if identity in ids and identity not in found and _tried_out(source).search(text):
                found.add(identity)
        return found

    def _tried(self, text: bytes) -> list[int]:
        """Return the patterns whose every choice has a word in the text."""
        held: set[int] = set()
        near = set(self._always)
        words = set(text.translate(_LETTERS).split())
        words.update(sign for sign in _SIGNS if sign in text)
        if _DIGIT.search(text):
            words.add(b"0")
        for word in words:
            known = self._seen.get(word) or self._met(word)
            held.update(known[0])
            near.update(known[1])
        needs, has = self._needs, held.issuperset
        return [number for number in near if has(needs[number])]

    def _met(self, word: bytes) -> _Known:
        """Return what a word of a text meets; the words that people use are remembered."""
        longest = min(len(word), self._longest) + 1
        parts = [self._words.get(word)]
        parts += [self._beginnings.get(word[:letters]) for letters in range(SHORTEST, longest)]
        parts += [self._endings.get(word[-letters:]) for letters in range(SHORTEST_END, longest)]
        found = [part for part in parts if part is not None]
        if len(found) < 2:
            known = found[0] if found else _NOTHING
        else:
            known = tuple(chain(*(part[0] for part in found))), tuple(chain(*(part[1] for part in found)))
        if found:
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            self._seen[word] = known
        return known

    def _index(self, needed: list[tuple[Choice, ...]]) -> None:
        """Note for each word the choices it meets, and the patterns it is the rarest choice of."""
        numbers = {choice: number for number, choice in enumerate({choice: None for needs in needed for choice in needs})}
        self._needs = [tuple(numbers[choice] for choice in needs) for needs in needed]
        self._always = tuple(number for number, needs in enumerate(needed) if not needs)
        anchored: dict[Choice, list[int]] = defaultdict(list)
        for number, needs in enumerate(needed):
            if needs:
                anchored[min(needs, key=weight)].append(number)
        met: dict[str, list[int]] = defaultdict(list)
        near: dict[str, list[int]] = defaultdict(list)
        for choice, number in numbers.items():
            for word in choice:
                met[word].append(number)
                near[word] += anchored.get(choice, ())
        shared: dict[_Known, _Known] = {}
        self._words: dict[bytes, _Known] = {}
        self._beginnings: dict[bytes, _Known] = {}
        self._endings: dict[bytes, _Known] = {}
        self._seen: dict[bytes, _Known] = {}
        self._longest = max(map(len, met), default=0)
        for word, choices in met.items():
            known = (tuple(choices), tuple(near[word]))
            where = self._beginnings if word.endswith(ANY) else self._endings if word.startswith(ANY) else self._words
            where[word.strip(ANY).encode()] = shared.setdefault(known, known)


def _check(translation: Translation) -> None:
    """Raises: ValueError for what cannot be compiled, or is found in every text."""
    anywhere = all(not choice.isdisjoint(("qzx", f"qzx{ANY}")) for choice in translation.needs)
    if translation.is_sure and not anywhere:
        return
    matcher = _compiled(translation.source)
    if anywhere and (matcher.search("") or matcher.fullmatch("qzx")):
        raise ValueError("the pattern matches anything")


@lru_cache(maxsize=MOST_COMPILED)
def _matcher(source: str) -> Any:
    """Return a pattern's matcher, compiled again when others were of more use meanwhile."""
    return _compiled(source)


def forget_examples() -> None:
    """Let go of the matchers that proved the examples of a policy."""
    _tried_out.cache_clear()
    re2.purge()


@lru_cache(maxsize=64)
def _tried_out(source: str) -> Any:
    """Return a matcher that proves examples: most of them find nothing else for hours, and are not kept."""
    return _compiled(source)


def _compiled(source: str) -> Any:
    """Raises: ValueError."""
    for memory in (MODEST, GENEROUS):
        try:
            return re2.compile(source, _options(memory))
        except re2.error as error:
            reason = error.args[0]
    raise ValueError(str(reason.decode() if isinstance(reason, bytes) else reason).partition(": ")[0])


def _characters(text: str) -> Callable[[int], int]:
    """Return what tells the character of a byte's place, in a text that has longer ones."""
    beyond = [(match.start(), len(match.group().encode()) - 1) for match in _BEYOND.finditer(text)]
    more = list(accumulate(longer for _place, longer in beyond))
    ends = [place + total + 1 for (place, _longer), total in zip(beyond, more, strict=True)]
    """The byte behind each longer character."""

    def place(byte: int) -> int:
        before = bisect_right(ends, byte)
        return byte - more[before - 1] if before else byte

    return place


@cache
def _options(memory: int) -> Any:
    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    return options
