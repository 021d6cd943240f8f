"""A comment without its history: the author's own new words, where they stand, and what casts doubt on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk_bridge.domain.values import Comment, Span
from helpdesk_bridge.language import quotes
from helpdesk_bridge.language.markup import QUOTED, STRUCK, read_page
from helpdesk_bridge.language.signature import signature_lines
from helpdesk_bridge.language.text import normalise

LONGEST_COMMENT = 32_768
"""Characters that are read; what is longer is flagged ``truncated`` and never accepts anything."""

_AUTOMATIC = re.compile(
    r"\s*(?:\[?(?:resposta automatica|respuesta automatica|automatic reply|auto[- ]?reply|out of office|fora d[oe] escritorio|"
    r"fuera de (?:la )?oficina|ausencia temporaria|ausencia\b.{0,20}automatic|mensagem automatica|"
    r"mensaje automatico|lembrete automatico|"
    r"undeliver|undelivered|mail delivery|delivery status|nao foi possivel entregar|no se pudo entregar|"
    r"your message (?:could not|wasn'?t)|esta e uma (?:mensagem|resposta) automatica|este es un (?:mensaje|correo) automatico|"
    r"this is an automat)|(?:aceit[oa]|accepted|aceptad[oa]|recusad[oa]|declined|provisorio|tentative): )"
)
_AUTOMATIC_ANYWHERE = re.compile(
    r"this is an automated (?:message|reply|response)|resposta automatica|respuesta automatica|(?:estou|"
    r"estarei) (?:em|de) ferias ate|"
    r"estare de vacaciones hasta|(?:i am|i'm|i will be) (?:currently )?out of (?:the )?office|"
    r"mensagem (?:foi )?(?:enviada|gerada) automaticamente|"
    r"(?:aceitou|recusou) (?:este|o) convite|has (?:accepted|declined) this invitation|begin:vcalendar"
)
_HINTS = ("automat", "ferias", "vacaciones", "office", "convite", "invitation", "vcalendar")
"""One of these stands in everything the pattern above finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The parts of one comment."""

    text: str
    """The visible text that all spans point into."""
    kept: tuple[Span, ...]
    """The author's own new words, in order."""
    signed: tuple[Span, ...]
    """Signatures and footers: not read as statements, but nothing in them may spoil an acceptance either."""
    flags: frozenset[str]
    """``quoted, inline, forwarded, automatic, hidden, truncated``; struck-out words count as hidden."""


@dataclass(slots=True)
class _Line:
    """One line of the visible text."""

    start: int
    end: int
    text: str
    normal: str
    quoted: bool
    own: bool = True

    @property
    def blank(self) -> bool:
        return not self.normal.strip(" \t\u200b")


def visible_text(comment: Comment) -> str:
    """Return what the author's desk shows: the text that spans point to."""
    return _visible(comment)[0]


def reply_of(comment: Comment) -> Reply:
    """Cut quotes, signatures and footers off a comment, keeping bottom and inline answers; linear, total."""
    text, marks, flags = _visible(comment)
    lines = [_line(text, marks, start, end) for start, end in _line_bounds(text)]
    flags |= quotes.cut(lines)
    _cut_struck(lines, marks, flags)
    own = [line for line in lines if line.own]
    signed = [own[index] for index in sorted(signature_lines([line.text for line in own], [line.normal for line in own]))]
    for line in signed:
        line.own = False
    kept = tuple(_join(text, lines))
    words = normalise("\n".join(span.of(text) for span in kept))
    if _AUTOMATIC.match(words) or _is_machine_written(words[:2000]):
        flags.add("automatic")
    return Reply(text=text, kept=kept, signed=tuple(Span(line.start, line.end) for line in signed), flags=frozenset(flags))


def _is_machine_written(words: str) -> bool:
    return any(hint in words for hint in _HINTS) and bool(_AUTOMATIC_ANYWHERE.search(words))


def _visible(comment: Comment) -> tuple[str, bytes | None, set[str]]:
    flags: set[str] = set()
    html = comment.html if comment.html and comment.html.strip() else None
    source = html if html is not None else comment.text
    if len(source) > LONGEST_COMMENT:
        flags.add("truncated")
        source = source[:LONGEST_COMMENT]
    if html is None:
        return source, None, flags
    page = read_page(source)
    if page.hidden:
        flags.add("hidden")
    return page.text, page.marks, flags


def _line_bounds(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _line(text: str, marks: bytes | None, start: int, end: int) -> _Line:
    line = text[start:end]
    quoted = marks is not None and any(marks[start:end]) and _all_quoted(line, marks[start:end])
    return _Line(start, end, line, normalise(line), quoted)


def _all_quoted(line: str, marks: bytes) -> bool:
    return all(mark & QUOTED for mark, character in zip(marks, line, strict=True) if not character.isspace())


def _cut_struck(lines: list[_Line], marks: bytes | None, flags: set[str]) -> None:
    """A line with struck words is not kept: what is left of it may mean the opposite."""
    for line in lines:
        struck = marks is not None and any(mark & STRUCK for mark in marks[line.start : line.end])
        if line.own and (struck or "~~" in line.text):
            flags.add("hidden")
            line.own = not struck


def _join(text: str, lines: list[_Line]) -> Iterator[Span]:
    """One span for each run of kept lines, without blanks at its ends."""
    start = end = -1
    for line in [*lines, None]:
        if line is not None and line.own:
            start, end = (line.start if start < 0 else start), line.end
        elif start >= 0:
            piece = text[start:end]
            if piece.strip():
                first = start + len(piece) - len(piece.lstrip())
                yield Span(first, first + len(piece.strip()))
            start = -1
