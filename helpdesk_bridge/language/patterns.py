"""Patterns written by administrators, searched together in linear time: see ``syntax`` for what they may say."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any

import re2  # type: ignore[import-untyped]

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.language.called import Call, CallIndex
from helpdesk_bridge.language.shapes import ANY
from helpdesk_bridge.language.syntax import InvalidPattern, Translation, translate, word_lists
from helpdesk_bridge.language.text import squeeze

__all__ = [
    "EVERYTHING",
    "Hearing",
    "InvalidLexicon",
    "InvalidPattern",
    "LexiconProblem",
    "Match",
    "PatternSet",
    "forget_examples",
]

MODEST, GENEROUS = 1 << 17, 1 << 21
"""Bytes a pattern may use, its cache of states included: hundreds of them are loaded, so only those that need more get it."""

MOST_COMPILED = 2000
"""Patterns that are kept ready, some 17 kB each; a text holds the words of some twenty, and the same few hundred come back."""

MOST_TRIED = 900
"""Patterns that are looked for in one comment; long ones hold the words of a hundred and fifty."""

EVERYTHING = -1
"""Every bit: all patterns of a set."""

Place = tuple[int, int, str]
"""Where a match begins, where it ends as a negative number, so that the longest comes first, and its pattern's id."""

LexiconProblem = tuple[str, str, str]
"""File, path inside the document (``cues.pt.3.pattern``) and reason."""

_Matcher = Callable[[Any, bytes, int, int], list[tuple[int, int]]]
"""Takes where to match, a text, and between which bytes; gives the spans of all groups, the match's own first, -1 for none."""
_ANYWHERE, _HERE = re2._Anchor.UNANCHORED, re2._Anchor.ANCHOR_START  # noqa: SLF001 - see _Ready
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

    __slots__ = ("_index", "_matchers", "_patterns")

    def __init__(self, patterns: Iterable[tuple[str, str]], words: Mapping[str, Iterable[str]] | None = None) -> None:
        """Take (id, pattern) pairs; ids may repeat. Raises: InvalidPattern, for all of them at once."""
        lists = word_lists(words or {})
        self._patterns: list[tuple[str, str]] = []
        translations = []
        reasons = []
        for identity, pattern in patterns:
            try:
                translation = translate(pattern, lists)
                _check(translation)
            except ValueError as error:
                reasons.append((identity, str(error)))
                continue
            self._patterns.append((identity, translation.source))
            translations.append(translation)
        if reasons:
            raise InvalidPattern(*reasons)
        self._matchers = _Matchers(self._patterns)
        self._index = CallIndex((each.needs, each.begins) for each in translations)

    def __len__(self) -> int:
        return len(self._patterns)

    def find(self, normalised: str) -> list[Match]:
        """Return every match in a normalised text, by place; overlapping patterns all count."""
        found = Hearing(self._matchers, self._index, normalised).of(EVERYTHING)
        return [Match(identity, Span(start, -end)) for start, end, identity in found]

    def listen(self, normalised: str, most: int, work: int) -> Hearing:
        """Listen to a normalised text for each pattern's first ``most`` matches.

        A text that holds the words of so many patterns that they would look at more than ``work`` characters in all is read up to
        there, and no more than ``MOST_TRIED`` of them are compiled: reading costs no more, whatever anybody writes.
        """
        return Hearing(self._matchers, self._index, normalised, most, work)

    def parts(self) -> dict[str, int]:
        """Return the patterns of each id, a bit for each."""
        parts: dict[str, int] = {}
        for number, (identity, _source) in enumerate(self._patterns):
            parts[identity] = parts.get(identity, 0) | 1 << number
        return parts

    def forget(self) -> None:
        """Let go of the words of the texts searched so far."""
        self._index.forget()

    def occurring(self, normalised: str, ids: Set[str]) -> set[str]:
        """Return which of these patterns occur in a normalised text, without looking for the others."""
        text = squeeze(normalised)[0].encode()
        found: set[str] = set()
        for number, _places in self._index.calls(text).of(EVERYTHING):
            identity, source = self._patterns[number]
            if identity in ids and identity not in found and _tried_out(source).search(text):
                found.add(identity)
        return found


class Hearing:
    """A text as a set of patterns hears it: a part of them is looked for when somebody asks what it finds."""

    __slots__ = ("_calls", "_encoded", "_found", "_left", "_matchers", "_most", "_offsets", "_text", "flooded")

    def __init__(self, matchers: _Matchers, index: CallIndex, normalised: str, most: int | None = None, work: int = 0) -> None:
        self._matchers, self._most = matchers, most
        self._text, self._offsets = squeeze(normalised)
        self._encoded = self._text.encode()
        self._calls = index.calls(self._encoded)
        self._left = EVERYTHING
        self._found: list[tuple[int, list[Place]]] = []
        """What was looked for at once, and is not left: a pattern's bit, and its matches."""
        self.flooded = False
        """True when more may stand there than is heard."""
        if most is not None:
            self._bound(most, work)

    def of(self, part: int) -> list[Place]:
        """Return the matches of the patterns in ``part``, a bit for each, by place."""
        found = [place for bit, places in self._found if bit & part for place in places]
        for number, places in self._calls.of(part & self._left):
            self._look(number, places, found)
        if len(self._encoded) != len(self._text):
            place = _characters(self._text)
            found = [(place(start), -place(-end), identity) for start, end, identity in found]
        if self._offsets is not None:
            offsets = self._offsets
            found = [(offsets[start], -(offsets[-end - 1] + 1), identity) for start, end, identity in found]
        found.sort()
        return found

    def _bound(self, most: int, work: int) -> None:
        """Look at once for what may stand in the text too often, and for everything in one that calls for too much."""
        number = len(self._calls)
        self.flooded = number > MOST_TRIED or number * len(self._text) > work
        if self.flooded:
            self._left = 0
            calls: list[Call] = [(each, None) for each, _places in sorted(self._calls.of(EVERYTHING))[:MOST_TRIED]]
            self._text = self._text[: work // len(calls)]
            self._encoded = self._text.encode()
        else:
            repeatable = self._calls.repeatable(most, len(self._encoded))
            self._left = ~repeatable
            calls = self._calls.of(repeatable)
        for each, places in calls:
            found: list[Place] = []
            self._look(each, places, found)
            self._found.append((1 << each, found))
            self.flooded = self.flooded or len(found) == most

    def _look(self, number: int, places: Sequence[int] | None, found: list[Place]) -> None:
        """Add where a pattern stands in the text: from these places only, most of which are left after a few characters."""
        ready, text = self._matchers.ready(number), self._encoded
        identity, match = ready.identity, ready.match
        reached, last = 0, len(text)
        if places is None:
            found += ((start, -end, identity) for start, end in _searched(match, text, self._most))
            return
        for place in places:
            if place >= reached:
                end = match(_HERE, text, place, last)[0][1]
                if end >= 0:
                    reached = end
                    found.append((place, -end, identity))


def _searched(match: _Matcher, text: bytes, most: int | None) -> list[tuple[int, int]]:
    """Return where a pattern stands in a text, up to ``most`` times."""
    spans: list[tuple[int, int]] = []
    place, last = 0, len(text)
    while place < last and len(spans) != most:
        start, end = match(_ANYWHERE, text, place, last)[0]
        if end < 0:
            break
        if start < end:
            spans.append((start, end))
        place = max(end, place + 1)
    return spans


def _check(translation: Translation) -> None:
    """Raises: ValueError for what cannot be compiled, or is found in every text."""
    anywhere = all(not choice.isdisjoint(("qzx", f"qzx{ANY}")) for choice in translation.needs)
    if translation.is_sure and not anywhere:
        return
    matcher = _compiled(translation.source)
    if anywhere and (matcher.search("") or matcher.fullmatch("qzx")):
        raise ValueError("the pattern matches anything")


@dataclass(slots=True)
class _Ready:
    """A pattern's id, and what matches it: the engine's own method, since what the binding wraps around it costs more than a match."""

    identity: str
    match: _Matcher
    used: bool = True
    """Since the last time that room was needed."""


class _Matchers:
    """What matches the patterns of a set, compiled again when others were of more use meanwhile."""

    __slots__ = ("_patterns", "_ready")

    def __init__(self, patterns: Sequence[tuple[str, str]]) -> None:
        self._patterns = patterns
        self._ready: dict[int, _Ready] = {}

    def ready(self, number: int) -> _Ready:
        """Return what matches a pattern."""
        ready = self._ready.get(number)
        if ready is None:
            identity, source = self._patterns[number]
            match = _compiled(source)._regexp.Match  # noqa: SLF001 - a twentieth of the time that reading takes
            ready = self._ready[number] = _Ready(identity, match)
            _KEPT.append((self._ready, number))
            while len(_KEPT) > MOST_COMPILED:
                _make_room()
        ready.used = True
        return ready


_KEPT: deque[tuple[dict[int, _Ready], int]] = deque()
"""Matchers of all sets, the oldest first."""


def _make_room() -> None:
    """Let go of the oldest matcher, unless it was used since it was the oldest."""
    kept, number = _KEPT.popleft()
    ready = kept.get(number)
    if ready is not None and ready.used:
        ready.used = False
        _KEPT.append((kept, number))
    else:
        kept.pop(number, None)


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
