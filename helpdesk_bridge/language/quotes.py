"""Where the history of a mail begins, and which of its lines are the author's all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from helpdesk_bridge.language import headers
from helpdesk_bridge.language.attribution import VERB_HINTS, Attribution, attribution, bare, closing, inner_attributions, opens
from helpdesk_bridge.language.text import INVISIBLE


class Line(Protocol):
    """A line of a comment; ``own`` is cleared for everything that is quoted."""

    text: str
    normal: str
    quoted: bool
    own: bool
    blank: bool
    """Without any visible character."""


_MARKED = re.compile(r"\s{0,3}>")
_MENU = re.compile(r"\s*>\s*[^<>\s][^<>\n]*\s>\s?[^<>\s]")
_ANSWER = re.compile(r"\s*\[[^\]\d]{2,40}\]\s+\w")
_LONGEST_LINE = 600
"""Characters of a line that are looked at for a delimiter."""
_MOST_LINES = 4
"""Lines an attribution may be wrapped over."""
_GAP = 12
"""Blank lines that may stand between a delimiter and what it introduces."""
_SHORTEST_MARKER, _SHORTEST_ATTRIBUTION = 12, 4
"""Characters below which a line cannot be one: thousands of tiny lines cost nothing."""


_SIGNS = (">", ":", INVISIBLE, *headers.REPLY_HINTS, *headers.MARKER_HINTS, *VERB_HINTS)


class _Page:
    """The lines of a comment, and what each of them says."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.said = [_said(line) if line.text else ("", "") for line in lines]
        self.labels = [headers.label(normal) if ":" in normal else None for _text, normal in self.said]
        self.blanks = [not normal for _text, normal in self.said]
        normals = [normal for _text, normal in self.said]
        everything = "\n".join(normals)
        self.asks = headers.may_ask(everything)
        """Some line may be the one above which a desk wants its answers."""
        self.closes = closing(normals, everything)


def may_quote(normal: str) -> bool:
    """True when a normalised text holds any of the signs and words without which nothing is quoted; most short ones hold none."""
    return any(sign in normal for sign in _SIGNS)


def breaks(text: str, normal: str) -> list[int]:
    """Return where a delimiter begins inside a line: some desks drop the line breaks of a mail."""
    return sorted({*inner_attributions(text, normal), *headers.inner_headers(text, normal)})


def cut(lines: Sequence[Line]) -> set[str]:
    """Clear ``own`` on every quoted line and return the flags: ``quoted``, ``inline``, ``forwarded``."""
    flags: set[str] = set()
    _cut_marked(lines)
    page = _Page(lines)
    index = 0
    while index < len(lines):
        length = _delimiter(page, index, flags)
        if length:
            flags.add("quoted")
            index = _cut_history(lines, index, length)
        else:
            index += 1
    if any(not line.own for line in lines):
        flags.add("quoted")
    if _is_inline(lines, flags):
        flags.add("inline")
    return flags


def _said(line: Line) -> tuple[str, str]:
    """Return a line's words, original and normalised, without quote marks and invisible characters."""
    text, normal = line.text[:_LONGEST_LINE], line.normal[:_LONGEST_LINE]
    if INVISIBLE in normal:
        text = "".join(character for character, mark in zip(text, normal, strict=True) if mark != INVISIBLE)
        normal = normal.replace(INVISIBLE, "")
    words = bare(normal)
    return text[len(normal) - len(words) :].rstrip(), words.rstrip()


def _cut_marked(lines: Sequence[Line]) -> None:
    marked = [bool(_MARKED.match(line.text)) for line in lines]
    menus = [marked[index] and bool(_MENU.match(line.text)) for index, line in enumerate(lines)]
    for index, line in enumerate(lines):
        if menus[index]:  # a menu path, unless it stands in a quote
            around = [other for other in (index - 1, index + 1) if 0 <= other < len(lines)]
            line.own = not line.quoted and not any(marked[other] and not menus[other] for other in around)
        elif line.quoted or marked[index]:
            line.own = False
    for before, line in pairwise(lines):  # a quoted line that the mail client wrapped
        if line.own and not line.blank and not before.own and _MARKED.match(before.text):
            wrapped = len(before.text) > 68 and line.text[:1].islower() and len(line.text.split()) <= 3
            line.own = not wrapped


def _delimiter(page: _Page, index: int, flags: set[str]) -> int:
    """Return how many lines the delimiter at ``index`` takes, 0: there is none."""
    normal = page.said[index][1]
    if len(normal) >= _SHORTEST_MARKER:
        if headers.is_forward(normal):
            if not any(not other.own for other in page.lines[:index]):
                flags.add("forwarded")
            return 1
        if headers.is_original(normal):
            return 1
        length = _reply_line(page, index) if page.asks else 0
        if length:
            return length
    opening = _attribution(page, index) if len(normal) >= _SHORTEST_ATTRIBUTION else 0
    return opening or headers.header_block(page.labels, page.blanks, index)


def _reply_line(page: _Page, index: int) -> int:
    """A reply line may be wrapped once."""
    normal = page.said[index][1]
    if headers.is_reply_line(normal):
        return 1
    following = page.said[index + 1][1] if index + 1 < len(page.said) else ""
    if not following or not normal.startswith(("#", "-", "=", "*", "~", "+")):
        return 0
    return 2 if headers.is_reply_line(f"{normal} {following}") and not headers.is_reply_line(following) else 0


def _attribution(page: _Page, index: int) -> int:
    text, normal = page.said[index]
    if not any(page.closes[index : index + _MOST_LINES]) and not normal.endswith(">>>"):
        return 0
    length = 1
    while True:
        if length == 1 or page.closes[index + length - 1]:
            sure = attribution(text, normal)
            if sure is Attribution.CERTAIN or (sure is Attribution.LIKELY and _is_followed(page.lines, index + length)):
                return length
        if length == _MOST_LINES or index + length == len(page.said) or (length == 1 and not opens(normal)):
            return 0
        more, words = page.said[index + length]
        if not words:
            return 0
        text, normal, length = f"{text} {more}", f"{normal} {words}", length + 1


def _following(lines: Sequence[Line], index: int) -> Iterator[Line]:
    return (line for line in lines[index : index + _GAP] if not line.blank)


def _is_followed(lines: Sequence[Line], index: int) -> bool:
    """True when the next words are quoted ones."""
    line = next(_following(lines, index), None)
    return line is not None and not line.own


def _cut_history(lines: Sequence[Line], index: int, length: int) -> int:
    """Cut from a delimiter on: only the marked lines when there are some, else everything to the end."""
    end = index + length if _is_followed(lines, index + length) else len(lines)
    start = index
    while start and (lines[start - 1].blank or headers.is_rule(lines[start - 1].normal.strip())):
        start -= 1
    for line in lines[start:end]:
        line.own = False
    return end


def _is_inline(lines: Sequence[Line], flags: set[str]) -> bool:
    """True when own words stand between quoted ones, answer hand-picked quotes, or are marked inside a plain quote."""
    blocks: list[bool] = []
    introduced = False
    for line in lines:
        if line.blank:
            continue
        if not blocks or blocks[-1] != line.own:
            blocks.append(line.own)
        introduced = introduced or (not line.own and not _MARKED.match(line.text) and not line.quoted)
        if not line.own and not line.quoted and "quoted" in flags and _ANSWER.match(line.text):
            return True
    owned, quoted = blocks.count(True), blocks.count(False)
    if (owned and quoted >= 2) or owned >= 2:
        return True
    return blocks == [False, True] and not introduced and not any(line.quoted for line in lines)
