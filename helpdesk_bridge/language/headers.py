"""Header blocks, markers and reply lines: what stands between an answer and the mail below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

_ORIGINAL = re.compile(
    r"[-_=]{2,}\s*(?:mensagem original|mensaje original|original message|original appointment|compromisso original|"
    r"messaggio originale|message d'origine|message original|ursprungliche nachricht|e-?mail original|original e-?mail|"
    r"resposta original|mensagem anterior|mensaje anterior|previous message)\b"
)
_FORWARD = re.compile(
    r"[-=]{2,}\s*(?:forwarded message|mensagem encaminhada|mensaje reenviado|mensagem reencaminhada|forwarded by|"
    r"encaminhad[oa] por|reenviado por|mensaje encaminado|weitergeleitete nachricht|message transfere)|"
    r"(?:inicio da mensagem (?:re)?encaminhada|begin forwarded message|inicio del mensaje reenviado)\s?:?"
)
_REPLY_WORD = (
    r"(?:repl(?:y|ies)|respond(?:a|er|e|ed|an)?|responda[- ]?(?:nos)?|answers?|respostas?|respuestas?|conteste|contestar|types?|write|"
    r"digit(?:e|ar)|escrev(?:a|er)|escrib(?:a|e|ir)|comment|coment(?:e|ario)|insir[ae]|inserir|introduz(?:a|ca)|introduzca|ingres[ea]|"
    r"enter|add|adicione)"
)
_ABOVE = r"(?:above|acima|arriba|encima|por encima|por cima|before|antes)"
_LINE = (
    r"(?:(?:dest[ae]|dess[ae]|d[ao]|d[ae] est[ae]|de la|del?|est[ae]|this|the|aquela) )?(?:dotted |pontilhada |punteada )?"
    r"(?:lin(?:e|ha|ea)|traco|marca(?:dor|cao)?|mark(?:er)?|divis\w+|separador|delimit\w+|texto?|mensage[mn]|message|mensaje|"
    r"correo|aviso|e-?mail|aqui|ponto|area)\b"
)
_DECORATED = re.compile(r"(?:[-#=*_~+\u2014.<>\[ ]{2,}|\[|\()")
_REPLY_LINE = re.compile(
    rf".{{0,60}}?\b{_REPLY_WORD}\b.{{0,60}}?\b{_ABOVE}\b.{{0,6}}{_LINE}|.{{0,30}}?\b{_ABOVE} {_LINE}.{{0,40}}?\b{_REPLY_WORD}\b"
)
_REPLY_ABOVE = re.compile(rf".{{0,60}}?\b{_REPLY_WORD}\b.{{0,60}}?\b{_ABOVE}\b")
_ASKING = re.compile(
    rf"(?:(?:please|por favor|favor|para responder|to reply|to respond|para contestar|to answer|you can|voce pode|puede|responding|"
    rf"(?:a|sua|su|your|tu|la) (?:resposta|respuesta|reply))\b|{_REPLY_WORD}\b|{_ABOVE} )"
)
_NOTHING_BELOW = re.compile(
    r"(?:please |por favor,? ?|favor )?(?:do not|don't|nao|no) (?:write|type|edit|reply|remove|delete|change|alter|escreva|responda|edite|"
    r"apague|altere|remova|digite|escriba|modifique|borre|elimine)\b.{0,40}\b(?:below|abaixo|debajo|abajo|(?:this|est[ae]|dest[ae]) lin(?:e|ha|ea))\b"
)
_HASHES = re.compile(r"#{2,}\s*[-=]*.{1,120}?[-=]*\s*#{2,}\s*$")
MARKER_HINTS = (
    "origin", "ursprung", "anterior", "previous", "forward", "encamin", "reenviad", "weitergeleitet", "transfere",
)  # fmt: skip
"""One of these stands in every marker above a mail that is answered or forwarded."""
REPLY_HINTS = (
    "above", "cima", "arriba", "before", "antes", "below", "abaixo", "debajo", "abajo", "line", "linha", "linea", "##",
)  # fmt: skip
"""One of these stands in every reply line."""
_INNER_DESK = re.compile(r"(?<!#)#{2,4} ?- ?[^#\n]{5,120}- ?##")
_NAMES = {
    "sender": "de|from|desde|von|da|remetente|remitente|sender",
    "date": r"enviad[oa]s?(?: em| el| a)?|sent(?: on)?|date|data|datum|fecha|gesendet|envoye|inviato|quando|when|cuando|data de envio|fecha de envio",
    "recipient": "para|to|an|destinatario|destinatarios|cc|cco|bcc|kopie",
    "subject": "assunto|subject|asunto|betreff|oggetto|objet",
    "other": "responder a|responder para|reply-to|importancia|importance|prioridade|prioridad|priority|anexos?|attachments?|adjuntos?",
}
_SUBJECTS = tuple(_NAMES["subject"].split("|"))
_LABEL = "|".join(f"(?P<{kind}>{names})" for kind, names in _NAMES.items())
_HEADER = re.compile(rf"(?:{_LABEL})\s?\*{{0,2}}\s?:\*{{0,2}}\s*(?P<value>.*)")
_EVERY_LABEL = re.compile(rf"(?<![\w-])\*{{0,2}}(?:{_LABEL})\s?\*{{0,2}}\s?:")
_SENDER_LABEL = re.compile(rf"(?<![\w-])\*{{0,2}}(?:{_NAMES['sender']})\s?\*{{0,2}}\s?:")
_SUBJECT_LABEL = re.compile(rf"(?<![\w-])\*{{0,2}}(?:{_NAMES['subject']})\s?\*{{0,2}}\s?:")
_ADDRESS = re.compile(r"[^\s@<>]@[\w-]|\[mailto:|<[^<>\s]{3,}>")
_MOMENT = re.compile(r"\d{1,2}[:h]\d\d")
_RULE = re.compile(r"[-_=*\u2500\u2014~]{5,}\s*$")
_REACH = 12
"""Lines a header block may stretch over, blank ones included."""
_LONGEST_LINE = 600
"""Characters of a line that are searched for headers that lost their line breaks."""
_MOST_INNER = 20


def is_rule(normal: str) -> bool:
    """True for a line that only draws a line."""
    return bool(_RULE.match(normal))


def is_forward(normal: str) -> bool:
    """True for the marker above a forwarded mail."""
    return bool(_FORWARD.match(normal))


def is_original(normal: str) -> bool:
    """True for the marker above the mail that is answered."""
    return bool(_ORIGINAL.match(normal))


def may_ask(normal: str) -> bool:
    """True when a (normalised) text holds any of the words that a reply line has."""
    return any(hint in normal for hint in REPLY_HINTS)


def is_reply_line(normal: str) -> bool:
    """True for the line a desk asks to answer above, whatever it is decorated with."""
    line = normal.strip()
    if len(line) > 160:
        return False
    decorated = _DECORATED.match(line)
    words = line[decorated.end() :].lstrip() if decorated else line
    if decorated is not None and (_REPLY_ABOVE.match(words) or _HASHES.match(line)) and line[:1] != " ":
        return _is_decorated(line)
    if _NOTHING_BELOW.match(words):
        return True
    return len(words) <= 110 and bool(_ASKING.match(words) and _REPLY_LINE.match(words))


def _is_decorated(line: str) -> bool:
    """A list item or a numbered log line is no decoration; dashes or hashes in a row are."""
    return line[0] in "[(" or (len(line) > 1 and line[1] in "-#=*_~+\u2014.<>[( " and line[:2] not in ("- ", "* ", "# "))


@dataclass(frozen=True, slots=True)
class Label:
    """The label of one line of a header block."""

    kind: str
    name: str
    line: str


def label(normal: str) -> Label | None:
    """Return the label that this (bare, normalised) line begins with, if any."""
    header = _HEADER.match(normal)
    kind = _kind(header) if header else ""
    return Label(kind, header[kind], normal) if header else None


def header_block(labels: Sequence[Label | None], blanks: Sequence[bool], index: int) -> int:
    """Return how many lines the header block that begins at ``index`` takes; 0: there is none."""
    first = labels[index]
    if first is None or first.kind == "other":
        return 0
    if _is_one_line(first.line):
        return 1
    found, length, blank = [], 0, False
    for offset in range(min(_REACH, len(labels) - index)):
        here = labels[index + offset]
        if here is not None:
            found.append(here)
            length, blank = offset + 1, False
        elif blanks[index + offset]:
            blank = True
        elif blank or offset - length >= 3:
            break
    return length if _is_plausible(found) else 0


def _kind(match: re.Match[str]) -> str:
    return next(kind for kind in _NAMES if match[kind])


def _is_plausible(found: Sequence[Label]) -> bool:
    kinds, names = {each.kind for each in found}, {each.name for each in found}
    if len(names) < 2 or not (len(names) >= 3 or {"sender", "date"} <= kinds):
        return False
    addressed = any(_ADDRESS.search(each.line) for each in found)
    if len(names) >= 3:
        return addressed or "subject" in kinds
    return addressed and any(_MOMENT.search(each.line) for each in found)


def _is_one_line(normal: str) -> bool:
    """True for a header block whose line breaks were lost."""
    line = normal[:_LONGEST_LINE]
    if not _SUBJECT_LABEL.search(line):
        return False
    kinds = {_kind(match) for match in _EVERY_LABEL.finditer(line)}
    return {"sender", "subject"} <= kinds and len(kinds) >= 3 and bool(_ADDRESS.search(line) or _MOMENT.search(line))


def inner_headers(text: str, normal: str) -> Iterator[int]:
    """Yield where a reply line or a header block begins in the middle of a line."""
    starts = [match.start() for match in islice(_INNER_DESK.finditer(normal), _MOST_INNER)] if "##" in normal else []
    subjects = _SUBJECT_LABEL.finditer(normal) if any(name in normal for name in _SUBJECTS) else iter(())
    for subject in islice(subjects, _MOST_INNER):
        reach = max(0, subject.start() - _LONGEST_LINE)
        line = normal.rfind("\n", reach, subject.start()) + 1 or reach
        for sender in islice(_SENDER_LABEL.finditer(normal, line, subject.start()), 3):
            if _is_one_line(normal[sender.start() : subject.end()]):
                starts.append(sender.start())
                break
    for start in starts:
        line = text.rfind("\n", 0, start) + 1
        if text[line:start].strip(" \t\r>*"):
            yield start
