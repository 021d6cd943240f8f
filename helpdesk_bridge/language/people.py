"""Names of people and firms in a mail: where one may stand, so that a capital letter alone proves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.text import normalise

_WORD = r"[A-ZÀ-ÖØ-Ý][\w'’-]*"
_LINK = r"(?:[ \t]+(?:d[aeo]s?|de[ \t]+la|del|e|y|&))?"
_NAME = rf"{_WORD}(?:{_LINK}[ \t]+{_WORD}){{0,3}}"
_TITLE = (
    r"(?:(?:[Ss]rs?|[Ss]ras?|[Dd]rs?|[Dd]ras?|[Dd]r|[Ee]ng[ªaº]?|[Ii]ng|[Mm]r|[Mm]rs|[Mm]s|[Ll]ic|[Ss]eu|[Dd]ona|[Dd]oña|[Dd]on|"
    r"[Dd]outora?|[Ss]enhora?|[Ss]eñora?)\.?[ \t]+)?"
)
_GREETED = re.compile(
    rf"\b(?i:ol[áa]|oi|bom dia|boa tarde|boa noite|prezad[oa]s?|car[oa]s?|hola|buen d[ií]a|buenos d[ií]as|buenas tardes|"
    rf"buenas noches|buenas|estimad[oa]s?|hi|hello|dear|good morning|good afternoon|obrigad[oa]|grat[oa]|gracias|thanks|"
    rf"thank you|abra[cç]os?|abs|att|sds|saludos|regards|bjs|beijos|paci[êe]ncia|aten[cç][ãa]o|moço|moça),?[ \t]+"
    rf"{_TITLE}(?P<name>{_NAME})(?=[ \t]*(?:[.,;:!?)\n—–-]|$))"
)
"""Somebody addressed or signing: the name ends the phrase."""
_FIRM = re.compile(
    rf"\b(?i:(?:aceite|aceita[çc][ãa]o|anu[êe]ncia|concord[âa]ncia|ades[ãa]o|de acordo)(?: formal| da empresa)? d[aeo]s?|acceptance (?:by|from|of)|aceptaci[óo]n (?:de|por)|em nome d[aeo]s?|en nombre de|de parte de|por parte d[aeo]s?|on behalf of|pelo lado d[aeo]s?|da parte d[aeo]|"
    rf"(?:d?(?:a|o|el|la) )?(?:empresa|unidade|filial|matriz|loja|franquia|grupo|sucursal|unidad|planta|company|branch)(?: d[eo]|a)?|"
    rf"(?:(?:a|da|pela|na|la|de la|por la) )?(?:cooperativa|construtora|usina|fundação|associação|indústria|holding|escola|borracharia|confecções|"
    rf"prefeitura|metalúrgica|cerâmica|distribuidora|transportadora|clínica|rede|têxtil|padaria|oficina|"
    rf"farmácia|fazenda|universidade|constructora|agropecuária|siderúrgica|mineradora|tecelagem|"
    rf"panificadora|gráfica|editora|madeireira|marmoraria|cervejaria|vinícola|importadora|agroindústria|comercial|câmara|secretaria|autarquia|"
    rf"indústria de|comércio de|fábrica|companhia|cia|usinas?|granja|rede de|faculdade|santa casa|concessionária|locadora|"
    rf"empresa|comercializadora|fábrica de|ferretería|minera|textiles)|(?:(?:o|do|pelo|no|el|del) )?(?:hospital|colégio|"
    rf"supermercado|frigorífico|laboratório|laticínio|atacado|atacadão|armazém|hotel|restaurante|centro|grêmio|tribunal|município|moinho|instituto|sindicato|grupo|mercado|condomínio|posto|clube|"
    rf"consórcio|laboratorio|colegio|supermercado))[ \t]+(?P<name>{_NAME})"
)
_TITLED = re.compile(
    r"\b(?:[Ss]rs?\.?|[Ss]ras?\.?|[Dd]ra?\.|[Ss]enhora?|[Ss]eñora?|[Ss]eu|[Dd]ona|[Ee]ng\.|[Ii]ng\.|[Ll]ic\.|Mr\.?|Mrs\.?|Ms\.?)[ \t]+"
    rf"(?P<name>{_NAME})"
)
_LETTERED = re.compile(
    rf"(?P<name>{_NAME}[ \t]+(?:S/A|S\.A\.?|SA|Ltda\.?|LTDA|ME|EIRELI|SpA|S\.?R\.?L\.?|Inc\.?|Foods|Ibéria|Iberia|y C[íi]a))\b"
)
_ACCEPT = (
    "aceita", "concorda", "autoriza", "aprova", "manifesta", "formaliza", "ratifica", "confirma", "declara", "adere", "contrata", "registra",
    "consente", "subscreve", "expressa", "acata", "endossa", "diz", "dá", "confirms", "suscribe", "acepta", "aprueba", "manifiesta",
    "accepts", "agrees", "approves", "authorises", "authorizes",
)  # fmt: skip
_AGREED = ("de acordo", "de acuerdo", "conforme", "ciente e de acordo", "in agreement")
_SUBJECT = re.compile(
    rf"(?:^|(?<=[.,;:!?\n][ \t])|(?<=[.!?\n,;:])|(?<=que )|(?<=that ))(?i:(?:a|o|la|el|the|nós da|nós do)[ \t]+)?(?P<name>{_NAME}),?[ \t]+(?:j[áa][ \t]+|ya[ \t]+|hereby[ \t]+)?"
    rf"(?=(?:{'|'.join(_ACCEPT)})\b|(?:est[áa]|fica|queda|is)[ \t]+(?:{'|'.join(_AGREED)}))"
)
"""A firm that accepts."""
_I = re.compile(rf"\b(?i:eu|yo|i|o abaixo assinado|el suscrito|la suscrita),[ \t]+(?P<name>{_NAME}),")
_WITH_NUMBER = re.compile(
    rf"(?P<name>{_NAME})(?=[ \t]*[,:(–-]?[ \t]*(?i:ramal |tel[.:]? |fone |cel[.:]? |ext[.:]? |whats |no ramal )?[(+]?\d[\d() -]{{2,18}}\d)"
)
"""A name with its telephone."""
_CALLED = re.compile(rf"(?<![\w-])@?(?P<name>{_WORD})(?=(?P<more>(?:{_LINK}[ \t]+{_WORD}){{0,3}}))")

_TELEPHONE = re.compile(r"(?<![\w$€£.,/-])(?<![$€£] )[+(]?\d[\d() -]{6,20}\d(?![\w/]|[.,]\d)")
_A_DATE = re.compile(r"\d{1,2}[ -]\d{1,2}[ -]20\d\d.*")

_ACCEPTS = re.compile(
    r"[ \t]+(?:j[áa][ \t]+|ya[ \t]+)?(?i:aceita|concorda|autoriza|aprova|acepta|aprueba|accepts|agrees|approves|authori[sz]es|assina|firma|signs|decide|decides|paga|pays)\b"
)
"""Somebody's acceptance that another one tells."""
_FOR_SOMEBODY = re.compile(
    r"\b(?i:em nome d[eo]|por parte d[eo]|da parte d[eo]|en nombre de|de parte de|on behalf of"
    r"|(?:aceit\w+|accept\w*|acept\w+|autoriz\w+|acordo|termos?)[ \t]+(?:pel[oa]|por|by|for)"
    r"|(?:termos?|consultoria|servi[çc]o|t[ée]rmino|term|consulting)[ \t]+(?:com|con|with)(?:[ \t]+(?:o|a|el|la))?(?:[ \t]+(?:consultora?|analista|analyst))?"
    r"|(?:termos?|t[ée]rminos?|terms?|consultoria|consulting)[ \t]+(?:d[aeo]|del|of|for)"
    r"|(?:aceite|aceita[çc][ãa]o|concord[âa]ncia|anu[êe]ncia|aval|aceptaci[óo]n|conformidad|acceptance)[ \t]+(?:d[aeo]|del|of)"
    r"|(?:cobr|fatur|factur|debit|bill|charg)\w*[ \t]+(?:d[eoa]|ao?|al?|to|para o|para a|pr[oa])?)[ \t]+"
    rf"{_TITLE}(?P<name>{_WORD})"
)
"""An answer, or a bill, that is somebody else's."""
_SOMEBODY_ACCEPTS = re.compile(
    rf"(?:(?:^|[.,;:!?\n])[ \t]*(?:(?i:o|a|el|la|seu|dona)[ \t]+)?|\b(?i:o|a|el|la|seu|dona)[ \t]+)(?P<name>{_WORD})(?:[ \t]+{_WORD})?[ \t]+(?i:j[áa][ \t]+|ya[ \t]+)?"
    r"(?i:(?:t[áa]|est[áa]|ficou|is|est[áa] tudo)[ \t]+(?:de acordo|de acuerdo|conforme|ok|in agreement)"
    r"|aceita|concorda|autoriza|aprova|topa|contrata|assina|acata|fecha|disse sim|diz sim|diz que sim|acepta|aprueba|accepts|agrees|approves|is (?:fine|ok|okay|happy|good) with)\b",
    re.MULTILINE,
)
"""A person of whom somebody else says it."""
_AT_THE_END = re.compile(rf"(?<=\d)[ \t,-]+(?P<name>{_NAME})(?=\s*$)")
"""Who signs behind a telephone."""

_CAPITAL = re.compile(r"[ \t][A-ZÀ-ÖØ-Ý]")
_DIGIT = re.compile(r"\d")
_NOBODY = frozenset({"voces", "vcs", "voce", "ustedes", "usted", "you"})

_SMALL = re.compile("[a-z]")


def telephones(own: str) -> Iterator[Span]:
    """Return numbers that only a telephone has: eight to fourteen digits in groups, no money and no date."""
    for match in _TELEPHONE.finditer(own):
        if 8 <= sum(map(str.isdigit, match.group())) <= 14 and not _A_DATE.fullmatch(match.group()):
            yield Span(*match.span())


def speaks_for_somebody(own: str, known: frozenset[str]) -> bool:
    """True when somebody answers, or is billed, for a person named, or tells that another accepts; ``known`` holds first names, normalised."""
    return any(normalise(match["name"]) in known for said in (_FOR_SOMEBODY, _SOMEBODY_ACCEPTS) for match in said.finditer(own))


def names(own: str, known: frozenset[str]) -> Iterator[Span]:
    """Return where people and firms are named; ``known`` holds first names, normalised.

    A text without small letters shows no names: there only listed first names count.
    """
    shouted = _SMALL.search(own) is None and not any(char.islower() for char in own)
    for pattern in _looked_for(own) if not shouted else ():
        for match in pattern.finditer(own):
            name = normalise(match["name"])
            if name not in _NOBODY and not (pattern is _SUBJECT and name in known):
                yield Span(*match.span(0 if pattern is _TITLED else "name"))
    for match in _CALLED.finditer(own):
        if normalise(match["name"]) in known and not _ACCEPTS.match(own, match.end()):
            yield Span(*match.span("name")) if shouted else Span(match.start(), match.end("more"))


def _looked_for(own: str) -> Iterator[re.Pattern[str]]:
    """Yield the patterns that may find a name: each costs more than asking for the signs without which it finds none."""
    if _CAPITAL.search(own) is not None:
        yield from (_GREETED, _FIRM, _TITLED, _LETTERED)
    if any(words in own for words in (*_ACCEPT, *_AGREED)):
        yield _SUBJECT
    if "," in own:
        yield _I
    if _DIGIT.search(own) is not None:
        yield from (_WITH_NUMBER, _AT_THE_END)
