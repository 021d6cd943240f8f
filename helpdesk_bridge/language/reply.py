"""The author's own new words in a comment: quotes, signatures and footers cut, bottom and inline replies kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from helpdesk_bridge.domain.values import Comment, Span
from helpdesk_bridge.language.html import Shown, show
from helpdesk_bridge.language.text import normalise

LONGEST = 32 * 1024
"""Characters that are read; a longer comment is cut, flagged, and never accepts anything."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A comment's visible text and what in it is the author's own."""

    text: str
    kept: tuple[Span, ...]
    signed: tuple[Span, ...]
    """Signatures and closings: not read as statements, but nothing in them may spoil an acceptance either."""
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    plain: str
    """Normalised, stripped."""


def visible_text(comment: Comment) -> str:
    """Return the text that spans of a reading point into."""
    return _shown(comment)[0].text


def reply_of(comment: Comment) -> Reply:
    """Cut a comment down to its author's new words. Linear in its length, total on any text."""
    shown, truncated = _shown(comment)
    lines = _lines(shown.text)
    marks = _mark(lines, shown)
    flags = {"truncated"} if truncated else set()
    flags |= {"hidden"} if shown.hidden else set()
    flags |= {"quoted"} if "quote" in marks else set()
    if any(_FORWARD.match(line.plain) for line in lines):
        flags.add("forwarded")
    if _is_inline(marks):
        flags.add("inline")
    signed = _signature(lines, marks)
    own = [line.span for line, mark in zip(lines, marks, strict=True) if mark == "own" and line.plain]
    if _is_automatic([line for line, mark in zip(lines, marks, strict=True) if mark != "quote" and line.plain]):
        flags.add("automatic")
    kept = tuple(_without(own, (*shown.quoted, *shown.signed, *shown.hidden, *signed), shown.text))
    return Reply(shown.text, kept, (*shown.signed, *signed), frozenset(flags))


def _shown(comment: Comment) -> tuple[Shown, bool]:
    source = comment.html if comment.html is not None and comment.html.strip() else None
    if source is None:
        return Shown(comment.text[:LONGEST]), len(comment.text) > LONGEST
    shown = show(source[: LONGEST * 2])
    cut = len(source) > LONGEST * 2 or len(shown.text) > LONGEST
    return (Shown(shown.text[:LONGEST], shown.quoted, shown.signed, shown.hidden) if cut else shown), cut


def _lines(text: str) -> list[_Line]:
    plain = normalise(text)
    return [
        _Line(Span(*match.span()), plain[match.start() : match.end()].replace("\u200b", "").strip())
        for match in re.finditer(r"[^\n]+|(?<=\n)(?=\n)", text)
    ]


_HEADER = re.compile(
    r"[*_]*(?P<name>de|from|para|to|a|cc|assunto|subject|asunto|enviad[oa](?: em| el)?|sent|data|date|fecha|responder a|reply-to)[*_]* ?:[*_]* ?\S"
)
_SENDER = re.compile(r"[*_]*(?:de|from)[*_]* ?:")
_ATTRIBUTION = re.compile(
    r"(?:em|on|el|no dia|le|a|at)\b.{4,220}(?:escreveu|wrote|escribio|a ecrit)(?: ?:|\s*$)|.{3,120}(?:escreveu|wrote|escribio) ?:$|"
    r".{3,100}@.{3,80}(?:escreveu|wrote|escribio):?$"
)
_ATTRIBUTION_START = re.compile(r"(?:em|on|el)\b.{0,30}\d")
_DIVIDER = re.compile(
    r"-{2,}.*(?:mensagem|message|mensaje|original|encaminhad|forwarded|reenviad).*-{2,}|"
    r"#{2}-.{4,120}-#{2}|.{0,40}(?:escreva|digite|responda|type|write|reply|escriba|ingrese).{0,40}(?:acima|above|por encima|arriba).{0,30}|"
    r"(?:sua|su|your) (?:solicitacao|solicitud|request|ticket|chamado) ?\(?#?\d+\)?.{0,80}(?:atualizad|actualizad|updated).*"
)
_FORWARD = re.compile(
    r"-{2,} ?(?:mensagem encaminhada|forwarded message|mensaje reenviado|inicio da mensagem encaminhada).*|"
    r"(?:inicio da mensagem encaminhada|begin forwarded message|encaminhado por|enc:|fwd?:|rv:).*"
)
_RULE = re.compile(r"[_=-]{10,}$")


def _mark(lines: list[_Line], shown: Shown) -> list[str]:
    """Say of every line whether it is ``own`` or ``quote``. An unmarked quotation runs to the end of the comment."""
    marks = []
    to_end = False
    marked_below = _marked_below(lines)
    for index, line in enumerate(lines):
        starts = not to_end and _starts_quote(lines, index)
        if starts and not marked_below[index + 1]:
            to_end = True
        quoted = to_end or starts or line.plain.startswith((">", "|")) or _inside(line.span, shown.quoted)
        marks.append("quote" if quoted else "own")
        if starts and marked_below[index + 1]:
            marks[-1] = "quote"
    return marks


def _marked_below(lines: list[_Line]) -> list[bool]:
    """For each place, whether the next line that says anything (attributions may wrap) is marked with ``>``."""
    below = [False] * (len(lines) + 1)
    for index in range(len(lines) - 1, -1, -1):
        plain = lines[index].plain
        below[index] = plain.startswith(">") if plain else below[index + 1]
        if plain and not plain.startswith(">") and (plain.endswith(("escreveu:", "wrote:", "escribio:"))):
            below[index] = below[index + 1]
    return below


def _starts_quote(lines: list[_Line], index: int) -> bool:
    plain = lines[index].plain
    if not plain or len(plain) > 400:
        return False
    if _DIVIDER.fullmatch(plain) or _FORWARD.fullmatch(plain) or _ATTRIBUTION.match(plain):
        return True
    following = [line.plain for line in lines[index + 1 : index + 5] if line.plain][:3]
    if _ATTRIBUTION_START.match(plain) and any(line.endswith(("escreveu:", "wrote:", "escribio:")) for line in following[:2]):
        return True
    if _RULE.match(plain):
        return bool(following) and bool(_SENDER.match(following[0]))
    return (bool(_SENDER.match(plain)) and sum(bool(_HEADER.match(line)) for line in (plain, *following)) >= 2) or bool(
        _HEADER_LINE.match(plain)
    )


_HEADER_LINE = re.compile(
    r"(?:de|from) ?: ?.{3,160}(?:enviado|sent|data|date|enviada em)(?: el)? ?:.{3,160}(?:para|to|assunto|subject|asunto) ?:.*"
)


def _inside(span: Span, ranges: Iterable[Span]) -> bool:
    return span.end > span.start and any(other.start <= span.start and span.end <= other.end for other in ranges)


def _is_inline(marks: list[str]) -> bool:
    """True when own lines stand between quoted ones: answers inside a quotation."""
    changes = [mark for index, mark in enumerate(marks) if index == 0 or marks[index - 1] != mark]
    return "".join(mark[0] for mark in changes).find("qoq") >= 0


_CLOSING = re.compile(
    r"(?:muito )?(?:att|atte|atenciosamente|abs|abracos?|cordialmente|saudacoes|grat[oa]|obrigad[oa]s?|obg|um abraco|"
    r"saludos(?: cordiales)?|atentamente|gracias|un saludo|regards|kind regards|best(?: regards| wishes)?|thanks|thank you|cheers|"
    r"sincerely|sds|at\.?te)[\s.,!;-]*$"
)
_MOBILE = re.compile(
    r"(?:enviad[oa] (?:do|de|da|desde|a partir)|sent from|get outlook|obter o outlook|obtener outlook|baixe o outlook|enviado pelo|"
    r"sent via|yahoo mail).{0,90}$"
)
_DASHES = re.compile(r"--\s*$|_{2,}$|-{3,}$")
_LEGAL = re.compile(
    r".*(?:confidencial|confidential|privilegiad|exclusivo do destinatario|intended solely|destinatario|opinioes contidas|"
    r"meio ambiente antes de imprimir|before printing|aviso legal|disclaimer|lgpd|protecao de dados|virus).*"
)
_STATEMENT = re.compile(
    r"\b(?:aceit\w*|acept\w*|accept\w*|autoriz\w*|authori\w*|nao|no|not|se|if|si|desde|mas|but|pero|ate|hasta|condic\w*|ratificad\w*|"
    r"sujeit\w*|pendente|aguard\w*|cancel\w*|interromp\w*|suspend\w*|parar|favor|please|gentileza|pod\w+|quer\w*|term\w*)\b"
)


def _signature(lines: list[_Line], marks: list[str]) -> list[Span]:
    """Find footers and the signature at the end of the author's words; what reads like a statement is never one."""
    own = [line for line, mark in zip(lines, marks, strict=True) if mark == "own" and line.plain]
    signed: list[Span] = []
    while own and (_MOBILE.match(own[-1].plain) or _LEGAL.fullmatch(own[-1].plain) or _DASHES.match(own[-1].plain)):
        signed.append(own.pop().span)
    for back in range(1, min(len(own), 8) + 1):
        line = own[-back]
        if _CLOSING.match(line.plain) or _DASHES.match(line.plain):
            if all(_is_signature_line(one.plain) for one in own[len(own) - back + 1 :]) and back < len(own) + 1:
                signed += [one.span for one in own[len(own) - back :]]
            break
        if not _is_signature_line(line.plain):
            break
    return signed


def _is_signature_line(plain: str) -> bool:
    return len(plain) <= 90 and not _STATEMENT.search(plain) and not plain.endswith(("?", "!"))


_AUTOMATIC = re.compile(
    r".*(?:resposta automatica|respuesta automatica|automatic reply|auto-?reply|out of (?:the )?office|fora do escritorio|"
    r"fuera de la oficina|ausencia temporaria|estou de ferias|estarei ausente|estou ausente|estarei fora|delivery (?:status|has failed|failure)|"
    r"undeliverable|nao foi entregue|mailer-daemon|mensagem automatica|mensaje automatico|automatically generated|nao responda|"
    r"aceitou o convite|accepted the invitation|convite aceito|aceptada:|(?:^|\s)accepted: |(?:^|\s)aceito: |tentative:).*"
)


def _is_automatic(own: list[_Line]) -> bool:
    return any(_AUTOMATIC.match(line.plain) for line in own[:12])


def _without(spans: Iterable[Span], removed: Iterable[Span], text: str) -> Iterator[Span]:
    """Take ranges out of ranges; what is left and says something is kept."""
    cuts = sorted(removed, key=lambda span: span.start)
    for span in spans:
        start = span.start
        for cut in cuts:
            if cut.end <= start or cut.start >= span.end:
                continue
            if cut.start > start and text[start : cut.start].strip():
                yield Span(start, cut.start)
            start = max(start, cut.end)
        if start < span.end and text[start : span.end].strip():
            yield Span(start, span.end)
