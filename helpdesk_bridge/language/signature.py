"""Signatures and legal footers: recognised by their look, since a condition may stand where a job title would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

CLOSING = re.compile(
    r"\s*(?:att?|atte|atenciosamente|atentamente|abs|abracos?|abraco|cordialmente|respeitosamente|"
    r"saudacoes(?: cordiais)?|sds|grat[oa]s?|"
    r"obrigad[oa]|muito obrigad[oa]|desde ja(?:,)? (?:agradeco|obrigad[oa])|saludos(?: cordiales)?|un saludo|"
    r"gracias|muchas gracias|"
    r"(?:best |kind |warm )?regards|best|cheers|thanks|thank you|many thanks|sincerely|yours (?:sincerely|faithfully)|ass|bjs|"
    r"sem mais(?: para o momento)?|cumprimentos|com os melhores cumprimentos|un cordial saludo|"
    r"cordiales saludos)\s*[.,!:-]*\s*$"
)
_CLOSING_WITH_NAME = re.compile(
    r"\s*(?:att?|atte|atenciosamente|atentamente|abs|abracos?|cordialmente|sds|saludos|regards|"
    r"ass)\s*[.,:-]+\s+(?P<name>\S.{0,60})$"
)
_DASHES = re.compile(r"\s*(?:--|—|__+|-- )\s*$")
DEVICE = re.compile(
    r"[\s>*]*(?:(?:enviad[oa] (?:do|da|de|desde|a partir|via|pelo|por|com o|usando|con)(?! (?:engano|erro|equivoco|descuido|distracao|brincadeira|error|equivocacion))\b|sent (?:from|via|using)(?! (?:my pocket|error|mistake))\b|sent with (?:\w+ ?mail|spark|mailspring|shift|superhuman)|"
    r"(?:von|uber) mein\w* .{0,30}gesendet|gesendet (?:von|mit)\b|envoye (?:de|depuis)\b|inviato da\b|(?:obter|obtenha|obten|"
    r"obtener|get) (?:o |el )?(?:outlook|bluemail)|"
    r"(?:baixe|descargar?) o? ?outlook|mensagem enviada (?:do|pelo)|yahoo mail)).{0,90}$"
)
FOOTER = re.compile(
    r"[\s*_-]*(?:(?:aviso|atencao|atencion|importante|important|notice|nota|disclaimer)\s*[:!.–-]+\s*)?(?:aviso (?:legal|de confidencialidad|de privacidade)|confidencial(?:idade)?\b|"
    r"esta mensagem(?: e seus anexos|,| (?:pode|e|contem|foi))|"
    r"est[ea] (?:mensaje|correo|e-?mail)(?: y sus|,| (?:puede|es|e|pode|contiene|foi))|this (?:e-?mail|message|"
    r"communication)(?: and|,| (?:may|is|contains))|"
    r"as informacoes (?:contidas|deste)|la informacion contenida|the information (?:contained|in this)|"
    r"antes de imprimir|before printing|"
    r"pense no meio ambiente|livre de virus|virus[- ]free|libre de virus|de acordo com a (?:lgpd|lei (?:geral|n|"
    r"13))|disclaimer\b|"
    r"ao (?:receber|responder) (?:esta|este)|as opinioes (?:contidas|expressas)|las opiniones (?:contenidas|"
    r"expresadas)|the (?:views|opinions) expressed|confidentiality notice|nota de confidencialidad|"
    r"la presente comunicacion|si usted no es)"
)
_CONTACT = re.compile(
    r"@[\w.-]+\.\w|(?:\+?\d[\d ().-]{6,}\d)|\bwww\.|https?://|\b(?:tel|fone|cel|whats\w*|ramal|ext|phone|mobile)\b"
)
POST = re.compile(
    r"\b(?:gerent\w*|diretor\w*|director\w*|coordenador\w*|coordinador\w*|analist\w*|analyst|manager|head|"
    r"supervisor\w*|assistente|asistente|encarregad\w*|"
    r"controlador\w*|controller|financeir[oa]|finanzas|finance|compras|suprimentos|fiscal|contabil\w*|contador\w*|"
    r"ti|it|sistemas|systems|tecnologia|"
    r"departamento|setor|depto|area|jefe|jefa|responsable|responsavel|administrativ\w*|superintende\w*|"
    r"consultor\w*|engineer|coordinator|"
    r"purchasing|procurement|accounts|logistica|faturamento|tesouraria|tesoreria|cfo|cio|cto|ceo|presidente|vice|"
    r"s[.]?a[.]?|ltda|inc|llc|gmbh|"
    r"corp|limited|spa|srl|rh|dp|dra?|lic|ing|eng|cpa|gestor\w*|lider|chefe|secretari\w*|auxiliar|tecnic[oa]|"
    r"contas|custos|humanos|socio|socia|proprietari\w*|propietari\w*|fundador\w*|owner|comercial|"
    r"grupo|industria\w*|alimentos|cooperativa|transportes|hospital|construtora|usina|metalurgica|textil|"
    r"auditors?|infraestrutura|operac\w*)\b"
)
_LINKERS_WORDS = """
    de da do das dos e y del la las los of the and for to em a o von van di - – — | / & • · ,
"""
_LINKERS = frozenset(_LINKERS_WORDS.split())
_SPEECH_WORDS = """
    nao no not sem sin without so solo only se si if desde ate hasta until apenas mas pero but menos exceto salvo except
    aceito aceita aceitamos acepto aceptamos accept accepted aceite acordo acuerdo autorizo autorizado autorizamos aprovado
    aprovada aprobado aprobada approved nego negado recusado recusada recusamos rejeitado rechazado cancelar cancelado parar
    parem pode podem favor sim yes ok nunca jamais jamas never depois despues after antes before confirmo confirmado
    confirmamos confirmed concordo concordamos quando cuando when aguardem esperem espere wait nada ninguem nenhum nenhuma
    ninguna quem quiem qual como porem sujeito mediante caso ainda termo termino teto limite maximo valor hora horas minutos
    gratis abono desconto fica queda vamos quero queremos preciso precisamos negativo positivo ciente recebido discordo
    desisto interromper pausar pausa segue seguem hoje amanha quinta sexta segunda terca quarta lunes martes miercoles jueves
    viernes monday tuesday wednesday thursday friday stop cancel refuse reject decline declined pending pendente falta
"""
_SPEECH = frozenset(_SPEECH_WORDS.split())
_ODD = re.compile(r"[#$%<>\[\]_~=*+\"?!]|\(\s*\)|\d")
"""What no name, title or company holds."""
_WORD = re.compile(r"\w+")
_MOST_TOKENS = 8
_MAX_LINES = 9
_MOST_LINES = 20
"""Lines a signature may have below a mark."""
_SHORT = 80
"""Characters of a line in which a condition would still be looked for."""
_LONGEST = 70


def signature_lines(lines: Sequence[str], normals: Sequence[str], marked: Set[int] = frozenset()) -> tuple[set[int], bool]:
    """Return the indexes of lines that are a signature, a device line or a legal footer.

    ``marked`` are those that a mail client calls its signature. The second value is True when a line went for its place
    alone: nothing may be accepted then, since people also write there.
    """
    gone = {index for index, normal in enumerate(normals) if len(normal) <= 140 and DEVICE.match(normal)}
    end = _footer_start(normals)
    gone.update(range(end, len(lines)))
    placed = {index for index in marked - gone if len(normals[index]) <= _SHORT or not _speaks(normals[index])}
    filled = [index for index in range(end) if index not in gone | placed and not _is_blank(normals[index])]
    gone.update(_block(lines, normals, filled))
    placed.update(_below_dashes(lines, normals, [index for index in filled if index not in gone]))
    doubtful = any(not _is_signature(lines[index], normals[index]) for index in placed - gone if not _is_blank(normals[index]))
    return gone | placed, doubtful


def _is_blank(normal: str) -> bool:
    return not normal.strip(" \t\u200b")


def _speaks(normal: str) -> bool:
    return "?" in normal or not _SPEECH.isdisjoint(_WORD.findall(normal))


def _is_signature(line: str, normal: str) -> bool:
    """True for a line that would be taken for a part of a signature anywhere."""
    return bool(_looks_signed(line, normal) or CLOSING.match(normal) or _DASHES.match(line) or FOOTER.match(normal))


def _below_dashes(lines: Sequence[str], normals: Sequence[str], filled: list[int]) -> Iterator[int]:
    """Yield what stands below the signature mark of RFC 3676, or below two dashes that stand apart."""
    tail = filled[-_MOST_LINES - 1 :]
    for position, index in enumerate(tail):
        apart = not index or _is_blank(normals[index - 1])
        if not _DASHES.match(lines[index]) or position + 1 == len(tail):
            continue
        quiet = [each for each in tail[position + 1 :] if len(lines[each]) <= _SHORT and not _speaks(normals[each])]
        if lines[index].rstrip("\r") == "-- " or (apart and len(quiet) == len(tail) - position - 1):
            yield from (index, *quiet)
            return


def _footer_start(normals: Sequence[str]) -> int:
    for index, normal in enumerate(normals):
        if FOOTER.match(normal) and (index or len(normal) > 60):
            return index
    return len(normals)


def _block(lines: Sequence[str], normals: Sequence[str], filled: list[int]) -> Iterator[int]:
    """Walk upwards over lines that look like a signature, to a closing, two dashes or the words themselves."""
    tail = filled[-_MAX_LINES - 1 :]
    for position in range(len(tail)):
        index = tail[position]
        rest = tail[position + 1 :]
        if _DASHES.match(lines[index]) and rest and all(_looks_signed(lines[i], normals[i]) for i in rest):
            yield from tail[position:]
            return
        named = _CLOSING_WITH_NAME.match(normals[index])
        signed = CLOSING.match(normals[index]) or (named and _looks_signed(*_name(lines[index], normals[index], named)))
        if signed and all(_looks_signed(lines[i], normals[i]) or CLOSING.match(normals[i]) for i in rest):
            yield from tail[position:]
            return
    yield from _unannounced(lines, normals, tail)


def _unannounced(lines: Sequence[str], normals: Sequence[str], tail: list[int]) -> Iterator[int]:
    """A signature without a closing: after a blank line, name first, and nothing in it that speaks."""
    start = len(tail)
    while start > 1 and _looks_signed(lines[tail[start - 1]], normals[tail[start - 1]]):
        start -= 1
    while start < len(tail) and tail[start] - 1 in tail:  # must stand apart from the words above
        start += 1
    if start < len(tail):
        yield from tail[start:]


def _name(line: str, normal: str, named: re.Match[str]) -> tuple[str, str]:
    return line[named.start("name") :], normal[named.start("name") :]


def _looks_signed(line: str, normal: str) -> bool:
    stripped = line.strip().rstrip(".,")
    if not stripped or len(stripped) > _LONGEST or "?" in stripped:
        return False
    if not _SPEECH.isdisjoint(_WORD.findall(normal)):
        return False
    if _CONTACT.search(normal) and len(stripped.split()) <= _MOST_TOKENS:
        return True
    tokens = stripped.split()
    if len(tokens) > _MOST_TOKENS or not tokens[0][:1].isupper() or _ODD.search(stripped):
        return False
    named = [token for token in tokens if token[:1].isupper() or token.lower() in _LINKERS]
    return len(named) == len(tokens) or (bool(POST.search(normal)) and len(named) >= len(tokens) - 1)
