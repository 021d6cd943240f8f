"""Which language a text is written in: a vote of small words, enough to choose the language of an answer."""

from __future__ import annotations

import re

from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.language.text import normalise, squeeze

_LONGEST = 4_000
_WORD = re.compile(r"[a-z]+")
_PT = """
    a ao aos as com como da das de do dos e ela ele eles em essa esse esta estao estamos este eu foi isso ja la mais mas
    me meu minha na nao nas no nos nossa nosso num numa o os ou para pela pelo pode podem por pra que quem se sem ser
    seu sim sua tambem tem temos um uma vai vamos voce voces vcs vc obrigado obrigada bom boa dia tarde prezados ola
    aceito termo cobranca horario aguardo nao ate quando depois agora ainda apenas mesmo favor
"""
_ES = """
    al con como de del el ella ellos en es esa ese esta estamos este esto y fue ha hay la las le les lo los mas me mi
    muy nos nuestra nuestro o para pero por que quien se sin ser si su sus tambien tenemos un una usted ustedes ya yo
    hola buenas buenos gracias dias tardes acepto termino cobro horario quedo hasta cuando despues ahora aun solo mismo
    favor pueden puede el los unos nosotros queremos hemos porque donde servicio
"""
_EN = """
    a am an and any are as at be been but by can could do for from go has have he i if in is it its just my no not of on
    or our please she so thank thanks that the their them then there they this to us was we were what when which will
    with would yes you your hello hi dear accept terms agree charge after before only until still okay fine kind regards
"""
_LISTED = {Language.PT: frozenset(_PT.split()), Language.ES: frozenset(_ES.split()), Language.EN: frozenset(_EN.split())}
_OWNERS = {
    word: tuple(language for language, listed in _LISTED.items() if word in listed)
    for word in frozenset().union(*_LISTED.values())
}
"""Word → the languages it votes for."""
SMALL_WORDS = frozenset(_OWNERS)
"""Words that stand in most texts."""


def detect_language(text: str, default: Language) -> Language:
    """Return the language most of the small words belong to, or ``default``; words of two languages vote less."""
    words = _WORD.findall(squeeze(normalise(text[:_LONGEST]))[0])
    votes = dict.fromkeys(_LISTED, 0.0)
    for owners in filter(None, map(_OWNERS.get, words)):
        for language in owners:
            votes[language] += 1 / len(owners) ** 2
    best = max(votes.values())
    if best == 0 or votes[default] >= best * 0.95:
        return default
    return max(votes, key=lambda language: votes[language])
