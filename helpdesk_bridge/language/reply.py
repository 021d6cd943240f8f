"""A comment without its history: the author's own new words, where they stand, and what casts doubt on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk_bridge.domain.values import Comment, Span
from helpdesk_bridge.language import quotes
from helpdesk_bridge.language.markup import QUOTED, SIGNED, STRUCK, read_page
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
_NEWLINE = re.compile("\n")
_TILDES = re.compile(r"~~(?=\S)[^~\n]+~~")
_STROKES = "\u0335\u0336\u0337\u0338"
_OVERLAID = re.compile(f"[^{_STROKES}\n]?[{_STROKES}]+")
_UNSTRUCK = re.compile(rb"\0+")
_ONLY_STRUCK = bytes(mark & STRUCK for mark in range(256))
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
    """``quoted, inline, forwarded, automatic, hidden, truncated``; struck-out words count as hidden, and so do those that only
    their place makes a signature."""


@dataclass(slots=True)
class _Line:
    """One line of the visible text."""

    start: int
    end: int
    text: str
    normal: str
    blank: bool
    """Without any visible character."""
    quoted: bool
    signed: bool = False
    """A mail client marked it as a signature."""
    own: bool = True


def visible_text(comment: Comment) -> str:
    """Return what the author's desk shows: the text that spans point to."""
    return _visible(comment)[0]


def reply_of(comment: Comment) -> Reply:
    """Cut quotes, signatures and footers off a comment, keeping bottom and inline answers; linear, total."""
    text, marks, flags = _visible(comment)
    normal = normalise(text)
    may_quote = quotes.may_quote(normal) or (marks is not None and any(mark & QUOTED for mark in set(marks)))
    breaks = quotes.breaks(text, normal) if may_quote else []
    lines = [_line(text, normal, marks, start, end) for start, end in _line_bounds(text, breaks)]
    if may_quote:
        flags |= quotes.cut(lines)
    struck = _struck(text, marks)
    if "~~" in text or struck.count(0) < len(struck):
        flags |= {"hidden" for line in lines if line.own and (any(struck[line.start : line.end]) or "~~" in line.text)}
    signed = _cut_signature(lines, flags)
    kept = tuple(_join(text, lines, struck))
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


def _line_bounds(text: str, breaks: list[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for end in sorted({*breaks, *(match.start() for match in _NEWLINE.finditer(text)), len(text)}):
        if start < end or text[end : end + 1] == "\n":
            yield start, end
        start = end + (text[end : end + 1] == "\n")


def _line(text: str, normal: str, marks: bytes | None, start: int, end: int) -> _Line:
    line, words = text[start:end], normal[start:end]
    blank = not words.strip(" \t\u200b")
    if marks is None or marks.count(0, start, end) == end - start:
        return _Line(start, end, line, words, blank, False)
    here = marks[start:end]
    return _Line(start, end, line, words, blank, _all(QUOTED, line, here), _all(SIGNED, line, here))


def _all(bit: int, line: str, marks: bytes) -> bool:
    """True when every visible character of a line, and at least one, carries this mark."""
    marked = {mark & bit for mark in set(marks)}
    if bit not in marked:
        return False
    if len(marked) == 1:
        return not line.isspace()
    return all(mark & bit or character.isspace() for mark, character in zip(marks, line, strict=True)) and any(
        mark & bit and not character.isspace() for mark, character in zip(marks, line, strict=True)
    )


def _cut_signature(lines: list[_Line], flags: set[str]) -> list[_Line]:
    """Clear ``own`` on signatures and footers, and return them."""
    own = [line for line in lines if line.own]
    marked = {index for index, line in enumerate(own) if line.signed}
    if all(line.blank or line.signed for line in own):  # whoever writes into the signature says something
        marked = set()
    gone, doubtful = signature_lines([line.text for line in own], [line.normal for line in own], marked)
    if doubtful:
        flags.add("hidden")
    signed = [own[index] for index in sorted(gone)]
    for line in signed:
        line.own = False
    return signed


def _struck(text: str, marks: bytes | None) -> bytes:
    """One byte for each character, not zero: it is crossed out, by the page, by tildes or by strokes over the letters."""
    struck = bytearray(marks.translate(_ONLY_STRUCK)) if marks is not None else bytearray(len(text))
    for signs, pattern in (("~~",), _TILDES), (_STROKES, _OVERLAID):
        for match in pattern.finditer(text) if any(sign in text for sign in signs) else ():
            struck[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return bytes(struck)


def _join(text: str, lines: list[_Line], struck: bytes) -> Iterator[Span]:
    """One span for each run of kept characters, without blanks at its ends."""
    start = end = -1
    for line in [*lines, None]:
        if line is not None and line.own:
            start, end = (line.start if start < 0 else start), line.end
        elif start >= 0:
            for piece in _UNSTRUCK.finditer(struck, start, end):
                yield from _trimmed(text, *piece.span())
            start = -1


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    if piece.strip():
        first = start + len(piece) - len(piece.lstrip())
        yield Span(first, first + len(piece.strip()))
