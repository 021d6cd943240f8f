"""Patterns written by administrators: phrases compiled to one linear-time matcher.

A pattern is a phrase of normalised words (accents and case never matter) on RE2's syntax, with a few short forms:

- a blank stands for any white space, a comma or mark-up between two words;
- ``simul*`` is any word that begins so;
- ``..`` is a gap of up to four words inside the sentence, ``..2`` of up to two, ``...`` of some more, over the sentence's end;
- ``<name>`` is one of the phrases listed under that name in ``words``.

So ``nao (foi )?<reproduced> ..3 (base|ambiente)`` needs no regular expressions to be read. A pattern that
begins or ends with a word matches whole words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import re2  # type: ignore[import-untyped]

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.language.text import normalise, squeeze

MODEST, GENEROUS = 1 << 17, 1 << 21
"""Bytes a pattern may use, its cache of states included: hundreds of them are loaded, so only those that need more get it."""

LexiconProblem = tuple[str, str, str]
"""File, path inside the document (``cues.pt.3.pattern``) and reason."""

_BLANK = r"""(?:[\s,*_"']+)"""
_SPACING = r"""(?:[\s,:()"'*_/-]+)"""
_GAP_WORD = r"[^\s.!?;]+(?:\.[^\s.!?;]+)*"
_DEFAULT_GAP = 4
_LONGEST_GAP = 12
_REFERENCE = re.compile(r"<([\w-]+)>")
_FAR_WORDS = 25
_TOKEN = re.compile(
    r"(?P<escape>\\.)"
    r"|(?P<class>\[\^?(?:\\.|[^\]\\])+\])"
    r"|(?P<far>[ ]*\.\.\.[ ]*)"
    r"|(?P<gap>[ ]*\.\.(?P<n>\d*)[ ]*)"
    r"|(?P<ref><(?P<name>[\w-]+)>)"
    r"|(?P<blank>[ ]+)"
    r"|(?P<stem>(?<=\w)\*)"
    r"|(?P<open>\((?!\?))"
)


class InvalidLexicon(BridgeError):
    """The lexicon cannot be used; ``problems`` holds every (file, path, reason) at once."""

    def __init__(self, problems: Iterable[LexiconProblem]) -> None:
        self.problems: tuple[LexiconProblem, ...] = tuple(problems)
        super().__init__("\n".join(f"{file}: {path}: {reason}" for file, path, reason in self.problems))


class InvalidPattern(BridgeError):
    """Some patterns cannot be compiled; ``reasons`` holds (id, reason) of each."""

    def __init__(self, *reasons: tuple[str, str]) -> None:
        self.reasons = reasons
        super().__init__("\n".join(f"{identity}: {reason}" for identity, reason in reasons))


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found in a text."""

    id: str
    span: Span


class PatternSet:
    """Many patterns searched together: the literal words each one needs decide which are tried at all."""

    __slots__ = ("_compiled", "_filter", "_ids")

    def __init__(self, patterns: Iterable[tuple[str, str]], words: Mapping[str, Iterable[str]] | None = None) -> None:
        """Compile (id, pattern) pairs; ids may repeat. Raises: InvalidPattern, for all of them at once."""
        expanded = expand_words(words or {})
        self._ids: list[str] = []
        self._compiled: list[Any] = []
        self._filter = re2.Filter()
        reasons = []
        for identity, pattern in patterns:
            try:
                self._add(identity, _translate(pattern, expanded))
            except ValueError as error:
                reasons.append((identity, str(error)))
        if reasons:
            raise InvalidPattern(*reasons)
        if self._ids:
            self._filter.Compile()

    def __len__(self) -> int:
        return len(self._ids)

    def find(self, normalised: str) -> list[Match]:
        """Return every match in a normalised text, by place; overlapping patterns all count."""
        if not self._ids:
            return []
        text, offsets = squeeze(normalised)
        found = []
        for index in self._filter.Match(text, True) or ():
            for match in self._compiled[index].finditer(text):
                start, end = match.span()
                span = Span(start, end) if offsets is None else Span(offsets[start], offsets[end - 1] + 1)
                found.append(Match(self._ids[index], span))
        found.sort(key=lambda match: (match.span.start, -match.span.end, match.id))
        return found

    def matches(self, normalised: str) -> bool:
        """True when any pattern occurs."""
        return bool(self.find(normalised))

    def _add(self, identity: str, source: str) -> None:
        """Compile once, inside the filter that owns the pattern. Raises: ValueError."""
        try:
            place = self._filter.Add(source, _options(MODEST))
        except re2.error:
            try:
                place = self._filter.Add(source, _options(GENEROUS))
            except re2.error:
                raise ValueError(_reason(source)) from None
        compiled = self._filter.re(place)
        if compiled.search("") or compiled.fullmatch("qzx"):
            raise ValueError("the pattern matches anything")
        self._compiled.append(compiled)
        self._ids.append(identity)


def expand_words(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Turn named word lists, which may name each other, into alternations. Raises: InvalidPattern."""
    lists = {name: tuple(map(str, phrases)) for name, phrases in words.items()}
    expanded: dict[str, str] = {}
    reasons = []
    for name in lists:
        try:
            _expand(name, lists, expanded, ())
        except ValueError as error:
            reasons.append((name, str(error)))
    if reasons:
        raise InvalidPattern(*reasons)
    return expanded


def _expand(name: str, lists: Mapping[str, tuple[str, ...]], expanded: dict[str, str], above: tuple[str, ...]) -> None:
    if name in expanded:
        return
    if name in above:
        raise ValueError(f"the word list <{name}> contains itself")
    for phrase in lists[name]:
        for inner in _REFERENCE.findall(phrase):
            if inner in lists:
                _expand(inner, lists, expanded, (*above, name))
    expanded[name] = "(?:" + "|".join(_body(phrase, expanded) for phrase in lists[name]) + ")"


def _translate(pattern: str, expanded: Mapping[str, str]) -> str:
    phrase = pattern.strip()
    if not phrase:
        raise ValueError("the pattern is empty")
    first = r"\b" if phrase[0].isalnum() or phrase[0] in "(<" else ""
    last = r"\b" if phrase[-1].isalnum() or phrase[-1] in ")>*" else ""
    return f"{first}(?:{_body(phrase, expanded)}){last}"


def _reason(source: str) -> str:
    """Say why RE2 refuses a pattern; the filter itself does not tell."""
    try:
        re2.compile(source, _options(GENEROUS))
    except re2.error as error:
        reason = error.args[0]
        return str(reason.decode() if isinstance(reason, bytes) else reason).partition(": ")[0]
    return "not a valid pattern"


def _body(pattern: str, expanded: Mapping[str, str]) -> str:
    phrase = pattern.strip()
    parts = []
    position = 0
    for token in _TOKEN.finditer(phrase):
        parts.append(normalise(phrase[position : token.start()]))
        parts.append(_token(token, expanded))
        position = token.end()
    parts.append(normalise(phrase[position:]))
    return "".join(parts)


def _token(token: re.Match[str], expanded: Mapping[str, str]) -> str:
    match token.lastgroup:
        case "far":
            return rf"[^\w\s]*(?:\s+\S+){{0,{_FAR_WORDS}}}\s+[^\w\s]*"
        case "gap":
            longest = int(token["n"] or _DEFAULT_GAP)
            if longest > _LONGEST_GAP:
                raise ValueError(f"a gap of {longest} words is too long ({_LONGEST_GAP} at most)")
            return f"(?:{_SPACING}{_GAP_WORD}){{0,{longest}}}{_SPACING}"
        case "ref":
            if token["name"] not in expanded:
                raise ValueError(f"no word list is called <{token['name']}>")
            return expanded[token["name"]]
        case "blank":
            return _BLANK
        case "stem":
            return r"\w*"
        case "open":
            return "(?:"
        case "class":
            return token.group() if "\\" in token.group() else normalise(token.group())
        case _:
            return token.group()


def _options(memory: int) -> Any:
    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    return options
