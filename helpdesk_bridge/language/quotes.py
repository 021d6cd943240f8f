"""Where the history of a mail begins: the marks that mail clients and desks put above what they quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol


class Line(Protocol):
    """A line of a comment; ``own`` is cleared for everything that is quoted."""

    text: str
    normal: str
    quoted: bool
    own: bool

    @property
    def blank(self) -> bool:
        """True without any visible character."""
        ...


_ATTRIBUTION = re.compile(
    r"[\s>*]*(?:(?:em|no dia|na|el|on|le|a la|quoting|citando)\b.{0,300}?\d.{0,300}?\b(?:escreveu|escribio|wrote|"
    r"a ecrit|escreve)\s?(?:-{2,})?\s?:?"
    r"|.{0,120}\d{1,2}[:h]\d\d.{0,160}\b(?:escreveu|escribio|wrote)\s?:\s*$"
    r"|\d{4}-\d\d-\d\d.{0,60}<[^>]{3,80}>\s?:\s*$)"
)
_ATTRIBUTION_START = re.compile(r"[\s>*]*(?:em|no dia|el|on)\b.{0,200}?(?:\d{4}|\d{1,2}[/.]\d{1,2}|\d{1,2}:\d\d)")
_ATTRIBUTION_END = re.compile(r".{0,200}\b(?:escreveu|escribio|wrote)\s?:")
_ORIGINAL = re.compile(
    r"[\s>*]*(?:[-_]{2,}\s*(?:mensagem original|mensaje original|original message|original appointment|"
    r"messaggio originale)\s*[-_]*"
    r"|-{4,}\s*(?:em|el|on)\b.*(?:escreveu|escribio|wrote)\s*-*)"
)
_FORWARD = re.compile(
    r"[\s>*]*(?:-{2,}\s*(?:forwarded message|mensagem encaminhada|mensaje reenviado|mensagem reencaminhada|"
    r"forwarded by|encaminhad[oa] por|"
    r"reenviado por)|(?:inicio da mensagem (?:re)?encaminhada|begin forwarded message|inicio del mensaje reenviado)\s?:?)"
)
_DESK = re.compile(
    r"[\s>]*(?:#{2,}\s*-.{0,120}-\s*#{2,}|.{0,40}(?:responda acima desta linha|escreva sua resposta acima desta linha|"
    r"reply above this line|type your reply above|responda por encima de esta linea|"
    r"escriba su respuesta (?:encima|por encima)))"
)
_HEADER = re.compile(
    r"[\s>*]*\*?(?P<name>de|from|desde|enviado|enviada|enviados|enviadas|enviado em|enviada em|enviado el|sent|"
    r"date|data|fecha|para|to|cc|cco|bcc|"
    r"assunto|subject|asunto|responder a|reply-to|importancia|importance|prioridade)\s?:\*?\s*(?P<value>.*)"
)
_FIRST_HEADER = frozenset(
    {"de", "from", "desde", "para", "to", "assunto", "subject", "enviado", "enviada em", "sent", "date", "data"}
)
_RULE = re.compile(r"\s*_{10,}\s*$")
_MARKED = re.compile(r"\s{0,3}>")
_MENU = re.compile(r"\s*>[^>\n]+>")
_ANSWER = re.compile(r"\s*\[[^\]\d]{2,40}\]\s+\w")
_REACH = 6
"""Lines a header block may stretch over."""


def cut(lines: Sequence[Line]) -> set[str]:
    """Clear ``own`` on every quoted line and return the flags: ``quoted``, ``inline``, ``forwarded``."""
    flags: set[str] = set()
    _cut_marked(lines)
    index = 0
    while index < len(lines):
        length = _delimiter(lines, index, flags)
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


def _cut_marked(lines: Sequence[Line]) -> None:
    for line in lines:
        if line.quoted or (_MARKED.match(line.text) and not _MENU.match(line.text)):
            line.own = False
    for before, line in pairwise(lines):  # a quoted line that the mail client wrapped
        if line.own and not line.blank and not before.own and _MARKED.match(before.text):
            wrapped = len(before.text) > 68 and line.text[:1].islower() and len(line.text.split()) <= 3
            line.own = not wrapped


def _delimiter(lines: Sequence[Line], index: int, flags: set[str]) -> int:
    """Return how many lines the delimiter at ``index`` takes, 0: there is none."""
    line = lines[index]
    if line.blank:
        return 0
    if _FORWARD.match(line.normal):
        if not any(not other.own for other in lines[:index]):
            flags.add("forwarded")
        return 1
    if _ORIGINAL.match(line.normal) or _DESK.match(line.normal):
        return 1
    if _RULE.match(line.normal) and any(_HEADER.match(other.normal) for other in lines[index + 1 : index + 3]):
        return 1
    return _attribution(lines, index) or _header_block(lines, index)


def _attribution(lines: Sequence[Line], index: int) -> int:
    if _ATTRIBUTION.match(lines[index].normal):
        return 1
    if _ATTRIBUTION_START.match(lines[index].normal):
        for length in (2, 3):
            last = lines[index + length - 1 : index + length]
            if last and not last[0].blank and _ATTRIBUTION_END.match(last[0].normal.lstrip("> ")):
                return length
    return 0


def _header_block(lines: Sequence[Line], index: int) -> int:
    first = _HEADER.match(lines[index].normal)
    if first is None or first["name"] not in _FIRST_HEADER:
        return 0
    names = {first["name"]}
    length = 1
    for offset, line in enumerate(lines[index + 1 : index + 1 + _REACH], start=1):
        header = _HEADER.match(line.normal)
        if header is not None:
            names.add(header["name"])
            length = offset + 1
        elif line.blank:
            break
    return length if len(names) >= 3 else 0


def _cut_history(lines: Sequence[Line], index: int, length: int) -> int:
    """Cut from a delimiter on: only the marked lines when there are some, else everything to the end."""
    following = [line for line in lines[index + length : index + length + 3] if not line.blank]
    marked = any(not line.own for line in following[:1])
    end = index + length if marked else len(lines)
    for line in lines[index:end]:
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
