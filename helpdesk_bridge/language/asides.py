"""What may stand beside an acceptance without touching it: clauses of a listed kind, and those that tell of trouble.

A clause that neither tells a story nor goes on with one must be of a closed kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.cover import Cover
from helpdesk_bridge.language.kinds import HOURS, Kind, Piece
from helpdesk_bridge.language.listed import Asides, words_of
from helpdesk_bridge.language.stories import describes, excused, forbids, is_headline, is_undone, opens, tells
from helpdesk_bridge.language.text import sentences

_CUT = re.compile(
    r"[,;:()—–]|\s-\s|\s(?:e|y|and)(?: (?:que|that)(?=\s))?(?=\s)"
    r"|\s(?:porque|pq|pois|porquanto|visto que|ja que|uma vez que|pues|ya que|porque|because|since)(?=\s)"
    r"|\s(?:mas|porem|so que)(?=\s(?:mesmo assim |ainda assim |assim mesmo |eu |nos |a gente |ta |esta |o termo |sim |tudo bem |ok )*"
    r"(?:aceit|concord|autoriz|aprov|(?:estou |to |estamos |tamo )?de acordo))"
    r"|(?P<run_on>(?<=termo|ermos|rvico|toria|ranca|ceito|cordo|icoes)\s(?=(?:mandem?|manda|podem?|me|segue|obrigad[oa]|brigad[oa]|valeu|desculp[ae]|"
    r"to|tamo|estamos|estou|meu|agilizem?|agiliza|quem vai|qualquer coisa|ja|a gente|[oa] (?:sistema|erro|nota|programa|computador|pessoal|"
    r"maquina|impressora|caixa|rotina|boleto|pedido|folha|relatorio|tela|sped|servidor|estoque)|hoje|aqui) ))"
    r"|\sque(?=\saqui\s)"
    r"|(?P<purpose>\s)(?=(?:para|pra|a fim de) (?:a |o )?(?:analis|investig|correcao|corrig|verific|resol|solu|trat|depur|revis)[a-z]+ )"
    r"|\s(?=(?:sabendo|cientes?|certos|considerando|conforme|por favor|favor|e portanto) )"
)
_CONTRASTS = frozenset({"mas", "porem", "so que"})
"""Before an assent they take nothing from it, and what stands before them is a clause of its own."""
_IN_PARENTHESES = re.compile(r"\([A-Z0-9][A-Z0-9_./ -]{1,28}\)")
_SAID = re.compile(r":\s*[^\n]*")
"""What a colon announces: the rest of its line, or the next one."""
_WHEN = frozenset({"quando", "cuando", "when", "whenever"})
_AT_YOUR_EASE = words_of(
    "quiserem quiser puderem puder voces vcs voce vao vai vem virem iniciar iniciam iniciarem comecar comecam conectar "
    "conectarem estiverem tiverem houver gusten gustes puedan pueda puedas quieran inician you convenient suitable possible"
)
_ARTICLES = words_of("o a os as el la los las mi mis meu minha meus minhas nosso nossa nuestro nuestra")
_SUPPORT = words_of(
    "consultor consultora consultores analista analistas especialista equipe time suporte tecnico agenda sessao sesion reuniao"
)
_JOINED = re.compile(r"\s*(?:e|y|and)\s*")
_PIECE = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*(?:[./_-][\w]+)*|[^\w\s]|_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is known of a text's characters, one byte for each."""

    covered: bytearray
    """Templates and names explain it."""
    detailed: bytearray
    """So do templates that hold beside an acceptance only, not in it."""
    told: bytearray
    """Of a template that tells something."""
    deal: bytearray
    """Words about the deal that no template explains."""
    named: bytearray
    """What the deal is about: a story of it is no story of trouble, however often a template explains the word elsewhere."""
    assents: bytearray
    """Words that accept."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A clause that touches nothing, and the spoiling words that have no force in it."""

    span: Span
    excused: tuple[Span, ...] = ()


def asides(own: str, normal: str, listed: Asides, marks: Marks) -> Iterator[Aside]:
    """Return the clauses of a text that are asides."""
    hours = Cover(Span(*match.span()) for match in HOURS.finditer(normal))
    for sentence in sentences(own):
        kind: Kind | None = None
        story = False
        before = sentence.start
        opening: Aside | None = None
        for clause in _clauses(own, normal, sentence, marks, hours):
            accepts = any(marks.assents[clause.start : clause.end])
            pieces = _pieces(own, normal, clause, marks.covered if accepts else marks.detailed, hours)
            deal = any(marks.deal[clause.start : clause.end]) or any(marks.named[clause.start : clause.end])
            free = not (accepts or deal or _reports(normal, marks, clause))
            told = any(marks.told[clause.start : clause.end])
            rest = normal[clause.end : sentence.end].split() if free and not any(marks.assents[clause.end : sentence.end]) else ()
            if free and tells(pieces, listed, told=told, after_a_story=story, follow=rest):
                if opening is not None:
                    yield opening
                free_words = _free_words(pieces, listed.kinds)
                yield Aside(Span(before, clause.end), (*excused(pieces, listed, after_a_story=story), *free_words))
                before, story, opening = clause.end, True, None
                continue
            if free and is_headline(pieces, listed):
                yield Aside(clause)
                before = clause.end
                continue
            opens_one = free and (story or clause.start == sentence.start) and opens(pieces, listed)
            opening = Aside(clause, tuple(excused(pieces, listed, after_a_story=False))) if opens_one else None
            story = False
            if kind is not None and not kind.listing and not _JOINED.fullmatch(normal, before, clause.start):
                kind = None
            if kind is not None and not accepts and is_undone(pieces, listed):
                kind = None
            if kind is not None and kind.assents and not accepts:
                pieces = _pieces(own, normal, clause, marks.covered, hours)
            kind = _kind(pieces, listed.kinds, kind, accepts=accepts, heading=_heads(normal, pieces, clause))
            if kind is not None and not accepts and any(marks.told[clause.start : clause.end]) and forbids(pieces, listed):
                kind = None
            yield Aside(Span(before, clause.start))
            before = clause.end
            if kind is not None:
                yield Aside(clause, tuple(_without_force(pieces, kind)))
            elif free and describes(pieces, listed):
                yield Aside(clause)
                story = True


def _free_words(pieces: tuple[Piece, ...], kinds: tuple[Kind, ...]) -> Iterator[Span]:
    """Return the words without force where a story is of a kind as well: "estou no plantão até as 19h"."""
    kind = next((kind for kind in kinds if kind.freely and kind.begins(pieces, heading=False)), None)
    return _without_force(pieces, kind) if kind is not None else iter(())


def _without_force(pieces: tuple[Piece, ...], kind: Kind) -> Iterator[Span]:
    """Return the spoiling words that mean nothing in a kind: "quando" waits, unless it is for those who are asked."""
    if kind.freely:
        yield from (Span(run[0].start, run[-1].end) for holds, each in groupby(pieces, kind.frees) if holds and (run := [*each]))
        return
    words = [piece.word for piece in pieces]
    for place, piece in enumerate(pieces):
        if (kind.hours and piece.hour) or (
            piece.word in kind.despite and (piece.word not in _WHEN or _is_yours(words[place + 1 :]))
        ):
            yield Span(piece.start, piece.end)


def _is_yours(words: list[str]) -> bool:
    """True when nobody but the support is waited for: "quando puderem", but not "quando puder o cliente"."""
    others = (follow for word, follow in pairwise(words) if word in _ARTICLES)
    return bool(words) and words[0] in _AT_YOUR_EASE and all(each in _SUPPORT for each in others)


def _reports(normal: str, marks: Marks, clause: Span) -> bool:
    """True when an assent that follows is somebody else's words: "a tela mostra: aceito"."""
    if normal[clause.end : clause.end + 1] != ":":
        return False
    said = _SAID.match(normal, clause.end)
    return said is not None and any(marks.assents[said.start() : said.end()])


def _heads(normal: str, pieces: tuple[Piece, ...], clause: Span) -> bool:
    """True for the label of a form: a colon follows, or it is one word on a line of its own."""
    follows = normal[clause.end : clause.end + 1]
    return follows == ":" or (follows == "\n" and len(pieces) == 1)


def _clauses(own: str, normal: str, sentence: Span, marks: Marks, hours: Cover) -> Iterator[Span]:
    """Cut a sentence at commas and at conjunctions that join or give a reason, but never inside a template."""
    start, covered = sentence.start, marks.detailed
    for cut in _CUT.finditer(normal, sentence.start, sentence.end):
        if cut["run_on"] and not any(marks.assents[start : cut.start()]):
            continue
        if (
            (all(covered[cut.start() : cut.end()]) and not cut["purpose"] and cut.group().strip() not in _CONTRASTS)
            or _is_around_a_code(own, cut.start())
            or hours.at(cut.start())
            or own[cut.start() + 1 : cut.start() + 2] in ("é", "É")
        ):
            continue
        if cut.start() > start:
            yield Span(start, cut.start())
        start = cut.end()
    if start < sentence.end:
        yield Span(start, sentence.end)


def _is_around_a_code(own: str, place: int) -> bool:
    """True for a parenthesis around the name of a routine or a table."""
    if own[place] not in "()":
        return False
    start = place if own[place] == "(" else own.rfind("(", max(0, place - 30), place)
    return start >= 0 and _IN_PARENTHESES.match(own, start) is not None


def _pieces(own: str, normal: str, clause: Span, covered: bytearray, hours: Cover) -> tuple[Piece, ...]:
    return tuple(
        Piece(
            match.group(),
            _word(match.group(), normal[match.start() : match.end()]),
            all(covered[match.start() : match.end()]),
            match.start(),
            match.end(),
            hours.at(match.start()),
        )
        for match in _PIECE.finditer(own, clause.start, clause.end)
    )


def _kind(
    pieces: tuple[Piece, ...], kinds: tuple[Kind, ...], before: Kind | None, *, accepts: bool, heading: bool
) -> Kind | None:
    """Return the first kind a clause is of, or the kind of the clause before when it only goes on with it."""
    if not pieces:
        return before
    for kind in kinds:
        if kind.assents == accepts and kind.begins(pieces, heading=heading):
            return kind
    return before if before is not None and not accepts and before.goes_on(pieces) else None


def _word(piece: str, normal: str) -> str:
    """Return the normalised piece, but keep the verb *é* apart from *e*, and the Spanish *sí* with *si*."""
    return "é" if piece in ("é", "É") else normal.replace("í", "i")
