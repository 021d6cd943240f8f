"""Patterns as administrators write them, and the same in the matcher's syntax.

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

from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.language import anchors, shapes
from helpdesk_bridge.language.text import normalise

_BLANK = r"""(?:[\s,*_"']+)"""
_SPACING = r"""(?:[\s,:()"'*_/-]+)"""
_OPEN = "(?:"
_GAP_WORD = r"[^\s.!?;]+(?:\.[^\s.!?;]+)*"
_DEFAULT_GAP = 4
_LONGEST_GAP = 12
_REFERENCE = re.compile(r"<([\w-]+)>")
_FAR_WORDS = 25
_SURELY_SMALL = 18_000
"""Instructions that fit into what the matcher may use."""
_STAND_INS = re.compile(r"[\ue000-\uf8ff]")
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


class InvalidPattern(BridgeError):
    """Some patterns cannot be compiled; ``reasons`` holds (id, reason) of each."""

    def __init__(self, *reasons: tuple[str, str]) -> None:
        self.reasons = reasons
        super().__init__("\n".join(f"{identity}: {reason}" for identity, reason in reasons))


@dataclass(frozen=True, slots=True)
class WordList:
    """A named word list, ready to stand in a pattern."""

    source: str
    """In the matcher's syntax."""
    sign: str
    """What stands for it in an outline."""


class WordLists(dict[str, WordList]):
    """Named word lists, with what their signs stand for."""

    def __init__(self) -> None:
        self.signs = anchors.Signs()


def word_lists(words: Mapping[str, Iterable[str]]) -> WordLists:
    """Read named word lists, which may name each other. Raises: InvalidPattern."""
    given = {name: tuple(map(str, phrases)) for name, phrases in words.items()}
    lists = WordLists()
    reasons = []
    for name in given:
        try:
            _expand(name, given, lists, ())
        except ValueError as error:
            reasons.append((name, str(error)))
    if reasons:
        raise InvalidPattern(*reasons)
    return lists


def _expand(name: str, given: Mapping[str, tuple[str, ...]], lists: WordLists, above: tuple[str, ...]) -> None:
    if name in lists:
        return
    if name in above:
        raise ValueError(f"the word list <{name}> contains itself")
    for phrase in given[name]:
        for inner in _REFERENCE.findall(phrase):
            if inner in given:
                _expand(inner, given, lists, (*above, name))
    sources, outlines = zip(*(_body(phrase, lists) for phrase in given[name]), strict=True) if given[name] else ((), ())
    sign = chr(shapes.FIRST_LIST + len(lists))
    lists.signs.lists[sign] = anchors.outline_of("|".join(outlines), lists.signs)
    lists[name] = WordList("(?:" + "|".join(sources) + ")", sign)


@dataclass(frozen=True, slots=True)
class Translation:
    """A pattern in the matcher's syntax."""

    source: str
    needs: tuple[shapes.Choice, ...]
    """What a text holds before it can match."""
    begins: shapes.Choice | None
    """Words one of which it matches from; None: it may begin elsewhere."""
    is_sure: bool
    """The matcher will take it."""


def translate(pattern: str, lists: WordLists) -> Translation:
    """Raises: ValueError."""
    phrase = pattern.strip()
    if not phrase:
        raise ValueError("the pattern is empty")
    first = r"\b" if phrase[0].isalnum() or phrase[0] in "(<" else ""
    last = r"\b" if phrase[-1].isalnum() or phrase[-1] in ")>*" else ""
    source, outline = _body(phrase, lists)
    around = (shapes.END if first else shapes.BEFORE, shapes.END if last else shapes.AFTER)
    inner = anchors.unwrapped(outline)
    signs = lists.signs
    read = anchors.outline_of(outline, signs, *around)
    needs = anchors.needs(read, anchors.outline_of(inner, signs, *around)) if inner != outline else anchors.needs(read)
    begins = _begins(outline, signs, around[1]) if first else None
    return Translation(f"{first}(?:{source}){last}", needs, begins, read.size < _SURELY_SMALL)


def _begins(outline: str, signs: anchors.Signs, after: shapes.Shape) -> shapes.Choice | None:
    """Return the words a pattern begins with: mostly those before its first blank say it."""
    words = anchors.first_words(outline)
    if len(words) < len(outline):
        begins = shapes.beginnings_of(anchors.outline_of(words, signs, after=shapes.END).shape)
        if begins is not None:
            return begins
    return shapes.beginnings_of(anchors.outline_of(outline, signs, after=after).shape)


def _body(pattern: str, lists: Mapping[str, WordList]) -> tuple[str, str]:
    """Return a pattern in the matcher's syntax, and its outline: the same with one character for each short form."""
    phrase = pattern.strip()
    sources, outlines = [], []
    position = 0
    for token in _TOKEN.finditer(phrase):
        if token.start() > position:
            plain = normalise(phrase[position : token.start()])
            sources.append(plain)
            outlines.append(_plain(plain))
        position = token.end()
        if token.lastgroup == "blank":
            sources.append(_BLANK)
            outlines.append(shapes.BLANK)
            continue
        source = _OPEN if token.lastgroup == "open" else _token(token, lists)
        sources.append(source)
        outlines.append(_outline(token, source, lists))
    rest = normalise(phrase[position:])
    return "".join((*sources, rest)), "".join((*outlines, _plain(rest)))


def _plain(words: str) -> str:
    """In an outline the characters that stand for something else mean that only."""
    return words if words.isascii() else _STAND_INS.sub(".", words)


def _outline(token: re.Match[str], source: str, lists: Mapping[str, WordList]) -> str:
    match token.lastgroup:
        case "far" | "gap":
            return shapes.GAP
        case "ref":
            return lists[token["name"]].sign
        case _:
            return source


def _token(token: re.Match[str], lists: Mapping[str, WordList]) -> str:
    match token.lastgroup:
        case "far":
            return rf"[^\w\s]*(?:\s+\S+){{0,{_FAR_WORDS}}}\s+[^\w\s]*"
        case "gap":
            longest = int(token["n"] or _DEFAULT_GAP)
            if longest > _LONGEST_GAP:
                raise ValueError(f"a gap of {longest} words is too long ({_LONGEST_GAP} at most)")
            return f"(?:{_SPACING}{_GAP_WORD}){{0,{longest}}}{_SPACING}"
        case "ref":
            if token["name"] not in lists:
                raise ValueError(f"no word list is called <{token['name']}>")
            return lists[token["name"]].source
        case "stem":
            return r"\w*"
        case "class":
            return token.group() if "\\" in token.group() else normalise(token.group())
        case _:
            return token.group()
