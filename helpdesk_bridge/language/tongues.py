"""Words that are a doubt in one language and a small word in another: "se" is an if in Portuguese only, "no" a refusal in all but Portuguese.

All languages are searched at once, since people mix them. A doubtful word counts unless nothing of the text is of its language,
or the words beside it show what it is.
"""

from __future__ import annotations

import re

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.listed import words_of
from helpdesk_bridge.language.phrases import Phrase, Spoken

_PORTUGUESE = words_of(
    "nao um uma os ao aos dos das em na nas pelo pela voces voce vcs vc isso isto esse essa ele eles ela tem temos meu minha nosso nossa "
    "seu sim obrigado obrigada bom boa tambem foi sao servico cobranca aceito aceita concordo concordamos quando depois ate preco precos "
    "fica ficar vai vou quem sem pra pro tiver for puder quiser houver forem cair baixar aceite voltar chamado preciso"
)
"""Words that no Spanish text has."""
_SPANISH = words_of(
    "el la los las y del con acepto aceptamos aprobamos autorizamos termino terminos servicio cobro ustedes esta estamos buenas buenos "
    "gracias tenemos nuestra nuestro en al condiciones damos doy conforme conformidad acuerdo consultoria muy"
)
_ENGLISH = words_of(
    "the we i our and is are to of accept accepted agree agreed approve approved term terms please with it this that you"
)
_NOT_ENGLISH = (_PORTUGUESE | words_of("que o e de se com eu mas por para")) - words_of("for um em")
_MISHEARD = frozenset({"se", "caso", "mas", "so"})
_SPANISH_CASE = re.compile(r"(?<!en )\b(?:el|este|ese|del|al|su|un|nuestro|mi|dicho|cada) $")
_SPANISH_BUT = re.compile(r" ?(?:no|ni|sin|solo|que|si|con|cuando|hasta|bien|[^a-z0-9 ])")
_PORTUGUESE_IF = re.compile(r" (?:[oa]s?|nao|isso|esse|for|tiver|houver|puder|der|[a-z]*[aei](?:r|rem|rmos|sse|ssem))\b")
_PORTUGUESE_IN_THE = re.compile(
    r"no (?:termo|documento|chamado|ticket|sistema|ambiente|servidor|anexo|corpo|texto|momento|dia|mes|prazo|valor|endereco|telefone|ramal|"
    r"cnpj|nome|e-mail|email|portal|setor|financeiro|escritorio|fiscal|estoque|nosso|meu|seu|atendimento|modulo|caixa|faturamento|fechamento|"
    r"comentario|contrato|cadastro|celular|whatsapp|periodo|horario|aguardo|dicionario|banco|item|campo|cliente)\b"
)
_YES = re.compile(
    r"si (?:senor|senora|senorita|claro|gracias|dale)\b"
    r"|si, (?:de acuerdo|estamos de acuerdo|estoy de acuerdo|conforme|damos|doy|procedan|adelante|acept|autoriz|aprob|aprueb|confirm)"
)
_FIRM = "es.acceptance.firm"
_LINKS = words_of("de del la las los el y e &")
_FIRM_ACCEPTS = words_of("acepta aprueba autoriza suscribe ratifica contrata manifiesta da presta otorga")
_BEGINS = re.compile(r"(?:^|[.!\n;] ?)$")
_BEGUN = 3
_EVEN = ("even if", "even when", "even though")
_CONCESSIVE = frozenset({"en.condition", "en.conditional"})


def rightly_heard(own: str, normal: str, spoken: Spoken) -> Spoken:
    """Leave out what another language's ears heard. ``normal`` is ``own``, normalised."""
    doubtful = [(phrase, span) for phrase, span in spoken if _may_be_misheard(phrase, span, normal)]
    if not doubtful:
        return spoken
    words = frozenset(re.findall("[a-z]+", normal))
    gone = {(phrase.id, span) for phrase, span in doubtful if _is_misheard(phrase.id, span, own, normal, words)}
    return tuple(each for each in spoken if (each[0].id, each[1]) not in gone) if gone else spoken


def _may_be_misheard(phrase: Phrase, span: Span, normal: str) -> bool:
    if phrase.id.startswith("pt."):
        if phrase.id == "pt.conditional":
            return normal.startswith("caso ", span.start)
        return phrase.kind is None and normal[span.start : span.end] in _MISHEARD
    return (
        phrase.id in _CONCESSIVE
        or phrase.id == _FIRM
        or (phrase.id.startswith("es.") and normal[span.start : span.start + 2] in ("no", "si"))
    )


def _is_misheard(identity: str, span: Span, own: str, normal: str, words: frozenset[str]) -> bool:
    if identity == _FIRM:
        return not _names_a_firm(own[span.start : span.end])
    if identity in _CONCESSIVE:
        return normal[: span.end].endswith(_EVEN)
    before, after = normal[: span.start], normal[span.end : span.end + 16]
    if identity.startswith("es."):
        if _PORTUGUESE_IN_THE.match(normal, span.start):
            return True
        return _YES.match(normal, span.start) is not None and _BEGINS.search(before[-_BEGUN:]) is not None
    word = "caso" if identity == "pt.conditional" else normal[span.start : span.end]
    if word == "so":
        return own[span.start : span.end].lower() == "so" and len(words & _ENGLISH) > 1 and not words & _NOT_ENGLISH
    if not words & _SPANISH or words & _PORTUGUESE:
        return False
    if word == "caso":
        return _SPANISH_CASE.search(before) is not None
    if word == "se":
        return _PORTUGUESE_IF.match(after) is None
    return own[span.start : span.end].lower() == "más" or _SPANISH_BUT.match(after) is None


def _names_a_firm(said: str) -> bool:
    """True when all that stands between a firm and its verb is a name."""
    name = said.split()[1:]
    verb = next((place for place, word in enumerate(name) if word.lower() in _FIRM_ACCEPTS), len(name))
    return all(word[:1].isupper() or word in _LINKS for word in name[:verb])
