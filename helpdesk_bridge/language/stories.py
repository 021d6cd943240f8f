"""Clauses that tell of trouble, of work done or of who is at hand: what makes one, and which spoiling words only belong to its story.

A clause tells something when it has a finished act, what a program did, or a trouble or a state with one of the finite verbs
listed for that, names nothing of the deal, and every word is listed, or is a noun after an article beside them.
Fragments tell nothing: "a título de teste" and "com parcimônia" have no verb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.kinds import Piece, is_a_code
from helpdesk_bridge.language.listed import Asides, words_of
from helpdesk_bridge.language.mended import goes_wrong, is_mended, is_order, names_a_party
from helpdesk_bridge.language.settled import undoes

_NUMBER = re.compile(r"\d[\d./-]*")
_SERIAL = re.compile(r"\d{3,9}")
"""The number of a customer, a product or a document."""
_NOT_A_NOUN = re.compile(
    r".*(?:mente|ndo|mos|rei|ria|riam|ram|rem|sse|ssem|ou|rao|ar|er|ir|ado|ada|ados|adas|ido|ida|idos|idas|ing|ly|ed)"
)
_QUALITY = re.compile(r".*(?:[ctv]ic[oa]s?|[aeu]is|[dntrv]al|ari[oa]s?|iv[oa]s?|os[oa]s?|[aei]vel|ense)")
"""How adjectives end that finite verbs do not share."""
_ARTICLES = """
    o a os as um uma uns umas do da dos das no na nos nas meu minha meus minhas nosso nossa nossos nossas este esta esse essa deste desta
    el la los las un una del al mi mis nuestro nuestra nuestros nuestras the our my this an
"""
_PREPOSITIONS = "de em ao para pelo pela en con com al in at of with from"
_LEADS = words_of(f"{_ARTICLES} {_PREPOSITIONS}")
"""A noun that nobody listed stands after one of these."""
_NOT = frozenset({"nao", "n", "nem", "no", "not", "tampouco", "tampoco"})
_DENIES = frozenset({"nao", "n", "no", "not"})
_BETWEEN = words_of("se me nos le é era esta estao estava estou ta tao foi sao mais e does do did is are")
"""Small words between a negation and its verb."""
_ABLE = words_of("consegue conseguem conseguimos consigo conseguiu puede podemos pude can could")
_STILL = frozenset({"ainda", "todavia", "aun", "still"})
_WHEN = frozenset({"quando", "qdo", "cuando", "when"})
_AFTER = frozenset({"apos", "depois", "antes", "despues", "after", "tras"})
_ONLY = frozenset({"so", "somente", "apenas", "solo", "only"})
_OPENINGS = words_of(
    "desde no na nos nas em ao apos depois hoje ontem com durante agora la aqui en ayer hoy al on in since after at"
)
_HEADLINE = 5
"""Words up to which a clause without a verb is a headline."""
_REJECTS = words_of("rechaza rechazan rechazo rechazado rechazada rechazados rechazadas rejects rejected")
_AUTHORITIES = words_of(
    "hacienda sat sunat dian afip arca sii dgi dgii sri sefaz pac validador sistema portal webservice rutina pantalla modulo interfaz lector "
    "system server gateway scanner validator interface routine screen importer"
)
"""Who rejects documents every day, and no acceptance."""
_MORROW = frozenset({"manana", "tomorrow"})
_DUE = words_of("vence vencen cierra cierran cerramos zarpa embarca due closes close ships ship")
_BELOW_ZERO = frozenset({"negativo", "negativos", "negativa", "negativas", "negative"})
_BUT = frozenset({"mas", "porem", "pero", "but"})
_TIMES = words_of(
    "dia dias semana semanas mes meses ano anos hora horas minuto minutos day days week weeks month months hour hours"
)
"""A number beside one of these is a time or a limit."""
_I_MYSELF = words_of("eu estou to estamos tamo fico ficamos gente yo estoy i am")
"""What these are doing is no trouble of a program."""
_LATER = words_of(
    "segunda terca quarta quinta sexta sabado domingo janeiro fevereiro marco abril maio junho julho agosto setembro "
    "outubro novembro dezembro semana mes ano amanha lunes martes miercoles jueves viernes enero febrero marzo mayo junio "
    "julio diciembre manana monday tuesday wednesday thursday friday january february march april june july august tomorrow "
    "week month year"
)
_HAVE_A_SAY = words_of(
    "chefe chefes chefia patrao patroa dono dona socio socia socios contador contadora diretor diretora diretoria gerente gerencia gestor "
    "gestora marido esposa matriz compras financeiro financeira juridico cliente clientes fornecedor fornecedores ele ela eles elas "
    "empresa empresas firma firmas company sociedad comprador compradora advogado advogada sindico prefeito tesoureiro auditor fiscal vai vao vem quem jefe jefa dueno duena gerencia finanzas boss manager owner director he she they who"
)
_OTHERS = words_of("outro outra outros outras otro otra otros otras other another")
_IS = words_of("é esta estao ta tao fica ficam tem estava estavam tava vive continua continuam")
_EXAMPLES = words_of("teste testes test exemplo exemplos copia treinamento curso example")
_YOU = words_of("voces vcs voce vc ustedes usted you your seu sua seus suas totvs fabricante fornecedor suporte soporte support")
_DISTURBING = _HAVE_A_SAY | _LATER | _YOU | _OTHERS
"""Beside these nothing is said plainly of things."""
_PURPOSES = words_of("ao para pra de a sem por em al sin to")
_DEED = re.compile(r".*(?:mente|mos|[aei]rei|[aei]ria|[aei]riam|[aei]sse|[aei]ssem|ou|[aei]rao|ei|aste|este)")
"""How words end that tell what somebody did, would do or will do."""
_PERSON = re.compile(r".*(?:eir[oa]s?|or|ora|ores|oras|istas?|antes?|entes?|arios?|an[oa]s?)")
"""How words end that may be somebody."""
_INFINITIVE = re.compile(r".*(?:[aei]r|[aei]rem|[aei]rmos)")
"""After "quando" these speak of what is to come."""


def tells(pieces: Sequence[Piece], listed: Asides, *, told: bool, after_a_story: bool, follow: Sequence[str] = ()) -> bool:
    """True when a clause tells a story, or goes on with one.

    ``told``: a template in it tells something. ``follow``: what its sentence says after it.
    """
    spoken = {piece.word for piece in pieces}
    words = [piece.word for piece in pieces]
    if undoes(words) or (is_mended(words, listed) and not goes_wrong(follow, listed)) or names_a_party(words, listed):
        return False
    ordered = _is_ordered(pieces, listed)
    does = spoken & listed.machines and spoken & listed.things and not ordered
    troubles = {word for word in spoken & listed.troubles if not (word.endswith("ndo") and spoken & _I_MYSELF)}
    if not (
        (told and not ordered)
        or ((spoken & listed.acts) - (listed.machines if ordered else frozenset()))
        or (does and not spoken & listed.people)
        or ((does or spoken & listed.verbs) and (troubles or spoken & listed.states))
        or (after_a_story and spoken & listed.verbs and spoken & listed.things and not spoken & (listed.people | _LATER))
        or (after_a_story and _lists_things(pieces, listed))
    ):
        return False
    if _all_listed(pieces, listed):
        return True
    return not spoken & (listed.people | _YOU) and _is_mostly_about_things(pieces, listed)


def is_undone(pieces: Sequence[Piece], listed: Asides) -> bool:
    """True when a clause says that nothing is wrong any more, or takes back what stands beside it."""
    words = [piece.word for piece in pieces]
    return undoes(words) or is_mended(words, listed)


def forbids(pieces: Sequence[Piece], listed: Asides) -> bool:
    """True for an order not to do something, which is no story and stands beside no acceptance."""
    return bool(_DENIES.intersection(piece.word for piece in pieces)) and _is_ordered(pieces, listed)


def _is_ordered(pieces: Sequence[Piece], listed: Asides) -> bool:
    """True when somebody, and no program, may do what a machine's verb says."""
    words = [piece.word for piece in pieces]
    codes = [is_a_code(text) for text in _as_written(pieces)]
    return bool(words) and (words[0] in listed.machines or is_order(words, codes, listed))


def describes(pieces: Sequence[Piece], listed: Asides) -> bool:
    """True for what is said plainly of things, of no time to come, nobody who has a say and nothing else: "o servidor é lento"."""
    words = [piece.word for piece in pieces]
    said = next((place for place, word in enumerate(words) if word in _IS), 0)
    return (
        any(word in listed.things or word in listed.troubles for word in words[:said] if word not in _EXAMPLES)
        and _DISTURBING.isdisjoint(words)
        and not is_undone(pieces, listed)
        and all(
            piece.explained or piece.word in listed.listed or piece.word == "é" or text in _MARKS or is_a_code(text)
            for piece, text in zip(pieces, _as_written(pieces), strict=True)
        )
    )


def _lists_things(pieces: Sequence[Piece], listed: Asides) -> bool:
    """True for more of what a story was about: "… e o log do appserver"."""
    nouns = [piece for piece in pieces if not (piece.explained or piece.word in _LEADS or piece.text in _MARKS)]
    return any(piece.word in listed.things for piece in nouns) and all(
        (piece.word in listed.things and piece.word not in listed.people)
        or is_a_code(piece.text)
        or _SERIAL.fullmatch(piece.text)
        for piece in nouns
    )


def _is_mostly_about_things(pieces: Sequence[Piece], listed: Asides) -> bool:
    """True when the words nobody listed are fewer than the listed things, and none of them can be somebody's act or a word of the deal."""
    strange, before = 0, ""
    for piece, text in zip(pieces, _as_written(pieces), strict=True):
        if not (piece.explained or piece.word in listed.listed or text in _MARKS or is_a_code(text)):
            if not _may_be_a_thing(piece, before, listed):
                return False
            strange += 1
        before = piece.word
    return strange <= sum(piece.word in listed.things and piece.word not in listed.astray for piece in pieces)


def _may_be_a_thing(piece: Piece, before: str, listed: Asides) -> bool:
    if not piece.word.isalpha() or piece.word.startswith(listed.never) or _DEED.fullmatch(piece.word):
        return False
    return before in _PURPOSES or _INFINITIVE.fullmatch(piece.word) is None


def is_headline(pieces: Sequence[Piece], listed: Asides) -> bool:
    """True for what stands still, without a verb: "NOTAS PARADAS"."""
    spoken = {piece.word for piece in pieces}
    return (
        2 <= len(pieces) <= _HEADLINE
        and bool(spoken & listed.standing)
        and not spoken & listed.people
        and not is_undone(pieces, listed)
        and _all_listed(pieces, listed)
    )


def opens(pieces: Sequence[Piece], listed: Asides) -> bool:
    """True for what may stand before a story and belongs to it: "desde a virada para a 12.1.2410,"."""
    spoken = {piece.word for piece in pieces}
    things = spoken & listed.verbs and spoken & listed.things and not spoken & (listed.people | _LATER | _YOU)
    begins = bool(pieces) and bool(pieces[0].word in _OPENINGS or things) and not spoken & _OTHERS
    return begins and not is_undone(pieces, listed) and _all_listed(pieces, listed)


def _all_listed(pieces: Sequence[Piece], listed: Asides) -> bool:
    before, noun = "", False
    for piece, text in zip(pieces, _as_written(pieces), strict=True):
        known = piece.explained or piece.word in listed.listed or text in _MARKS
        if not known and not _is_some_noun(text, piece.word, before, listed, noun=noun):
            return False
        noun = not known or piece.word in listed.words or piece.word in listed.things
        before = piece.word
    return True


def excused(pieces: Sequence[Piece], listed: Asides, *, after_a_story: bool) -> Iterator[Span]:
    """Return the spoiling words that only belong to a telling clause: it is about things, and nobody is named in it."""
    words = [piece.word for piece in pieces]
    if not listed.things.intersection(words) or (listed.people | _YOU).intersection(words):
        return
    if any(_is_somebody(piece, listed) for piece in _outside_quotes(pieces[1:])):
        return
    for place, piece in enumerate(pieces):
        if _belongs(place, words, listed, after_a_story=after_a_story) or (place == 0 and after_a_story and piece.word in _BUT):
            yield Span(piece.start, piece.end)


def _is_somebody(piece: Piece, listed: Asides) -> bool:
    """True for a name, and for a word nobody listed that ends like what people are called."""
    if piece.explained:
        return piece.text[:1].isupper() and not is_a_code(piece.text)
    return piece.word not in listed.listed and _PERSON.fullmatch(piece.word) is not None


def _outside_quotes(pieces: Sequence[Piece]) -> Iterator[Piece]:
    inside = False
    for piece in pieces:
        if piece.text in _QUOTES:
            inside = not inside
        elif not inside:
            yield piece


def _belongs(place: int, words: Sequence[str], listed: Asides, *, after_a_story: bool) -> bool:
    word, follow = words[place], words[place + 1 :]
    told = after_a_story or bool(listed.machines.intersection(words[:place]))
    if word in _NOT or word in _STILL:
        verb, after = (*(each for each in follow if each not in _BETWEEN), "", "")[:2]
        able = verb in _ABLE and _INFINITIVE.fullmatch(after) is not None
        return able or verb in listed.machines or verb in listed.states or verb in listed.troubles
    if word in _WHEN:
        return (
            told and bool((listed.machines | listed.verbs).intersection(follow)) and not any(map(_INFINITIVE.fullmatch, follow))
        )
    if word in _AFTER:
        if follow[:1] == ["que"]:
            return told and bool(listed.machines.intersection(follow)) and not any(map(_INFINITIVE.fullmatch, follow))
        noun = next((each for each in follow if each not in _LEADS), "")
        return noun in listed.words | listed.things | listed.states and not _INFINITIVE.fullmatch(noun)
    if word in _REJECTS:
        return not _AUTHORITIES.isdisjoint(words)
    if word in _MORROW:
        return not _DUE.isdisjoint(words[:place])
    if word in _BELOW_ZERO:
        return told
    return word in _ONLY and bool(follow) and (follow[0] in listed.machines or (told and follow[0] in _LEADS))


_QUOTES = frozenset("\"“”'«»")
_MARKS = frozenset(".!'’\"/()")


def _as_written(pieces: Sequence[Piece]) -> list[str]:
    """Return the pieces' texts; where everything is shouted, capitals make no code."""
    shouted = not any(char.islower() for piece in pieces for char in piece.text)
    return [piece.text.lower() if shouted else piece.text for piece in pieces]


def _is_some_noun(piece: str, word: str, before: str, listed: Asides, *, noun: bool) -> bool:
    """True for a word nobody listed that may only be the name of a thing or of somebody, and of nothing in the deal.

    ``noun``: a noun stands before it, so that it may be a quality or a number of that noun.
    """
    if is_a_code(piece) or (noun and before not in _TIMES and _NUMBER.fullmatch(piece)):
        return True
    if any(word.startswith(stem) for stem in listed.never) or not word.isalpha() or len(word) < 4:
        return False
    if piece[0].isupper() and (before in listed.names or before in _LEADS):
        return True
    if noun and _QUALITY.fullmatch(word):
        return True
    leads = before in _LEADS or before in listed.troubles
    bare = before in listed.acts and word.endswith("s")
    return (leads or bare) and not _NOT_A_NOUN.fullmatch(word)
