"""Attributions: the words that mail clients and desks put above what they quote ("On …, … wrote:"), told apart from prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import islice

LONGEST_ATTRIBUTION = 400
"""Characters an attribution may take, over all its lines."""
_MOST_INNER = 40
"""Attributions looked for inside lines: a desk that drops line breaks leaves a handful."""


class Attribution(IntEnum):
    """How surely words introduce a quote."""

    NONE = 0
    LIKELY = 1
    """Only when quoted lines follow: people write such words too."""
    CERTAIN = 2


_MONTH = r"(?:jan|feb|fev|mar|mrz|abr|apr|avr|mai|may|maj|jun|jui|jul|ago|aug|aou|set|sep|okt|oct|out|ott|nov|dez|dec|dic)[a-z]{0,8}\.?"
_DAY = r"(?:seg|ter|qua|qui|sex|sab|dom|lun|mar|mie|jue|vie|mon|tue|wed|thu|fri|sat|sun|mer|jeu|ven|sam|dim|mo|di|mi|do|fr|sa|so|gio)"
_WEEKDAY = rf"{_DAY}[a-z]{{0,8}}(?:-feira)?[.,]*"
_DATE = (
    rf"(?:\d{{4}}[-/.]\d\d?[-/.]\d\d?|\d\d?[/.-]\d\d?[/.-](?:\d{{4}}|\d\d)\b|\d\d?(?:er|st|nd|rd|th|[\u00ba\u00b0.])?[ -](?:de )?{_MONTH}(?![a-z])"
    rf"|{_MONTH} ?\d\d?(?:st|nd|rd|th)?\b|\d\d?/\d\d?\b)"
)
_ON = r"(?:(?:em|no dia|na|dia|el dia|el|on|le|am|il giorno|il|op|den|ativado|activado|as of) +)"
_OPENING = re.compile(rf"(?:-{{2,}} *)?{_ON}?(?:{_WEEKDAY} +(?:dia |den |the )?)?{_DATE}")
_INNER_OPENING = re.compile(rf"(?<![a-z0-9]){_ON}(?:{_WEEKDAY} +(?:dia |den |the )?)?{_DATE}")
_HAS_DATE = re.compile(_DATE)
_TIME = re.compile(r"\b\d{1,2}(?:[:h]\d\d|\.\d\d(?= ?(?:uhr|h|,)))|\b\d{1,2} ?[ap]\.? ?m\b")
_YEAR = re.compile(r"\b20\d\d\b")
_ADDRESS = re.compile(r"<[^<>]{3,120}>|[\w.+-]{1,64}@[\w-]{1,64}\.\w|\[mailto:")
_VERB = re.compile(
    r"\b(?:escreveu|escreve|escribio|escribe|wrote|writes|a ecrit|schrieb|schreef|ha scritto|napsal)\b|"
    r"\b(?:respondeu|comentou|comento|respondio|commented|replied)(?= *:? *$)"
)
VERB_HINTS = (
    "escrev", "escrib", "wrote", "writes", "a ecrit", "schr", "ha scritto", "napsal", "respond", "coment", "commented", "replied",
)  # fmt: skip
"""Everything the pattern above finds begins with one of these."""
_ENDS = re.compile(r"[ -]*:?[ -]*$")
_COLON_END = re.compile(r": *$")
_QUOTING = re.compile(r"(?:quoting|citando|citado por|mensagem de|zitat von) .{2,120}: *$")
_GROUPWISE = re.compile(r".{2,120}\d{1,2}[:h]\d\d.{0,12}>>>\s*$")
_DECORATION = re.compile(r"[\s>*|_]+")
_WORD = re.compile(r"[^\W\d_]+(?:['.-][^\W\d_]+)*")
_PLAIN_WORDS = """
    a al alle as at ate da das de del di do dos e el em en et gmt h hora horas hs il la las le los of on op o ore p pm am um uhr und
    utc van via von y à às s bst brt cet cest edt est pst the horario
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())
"""Small words of attributions: they neither make a sender nor spoil one."""
_PEOPLE_WORDS = """
    i he she they we you our my his her their your eu ele ela eles elas nos nosso nossa meu minha seu sua vocês voces você voce yo
    ella ellos nosotros nuestro nuestra mi mis su sus usted ustedes someone somebody alguém alguem alguien ich wir er sie unser
"""
_PEOPLE = frozenset(_PEOPLE_WORDS.split())
"""Whoever is called so stands in a sentence, not in a mail header."""
_CALENDAR = re.compile(rf"(?:{_MONTH}|{_WEEKDAY}|feira)$")


def bare(text: str) -> str:
    """Drop what decorates the start of a line: quote marks, stars, bars."""
    decoration = _DECORATION.match(text)
    return text[decoration.end() :] if decoration else text


def opens(normal: str) -> bool:
    """True when an attribution may begin with this (bare, normalised) line and go on in the next."""
    return bool(_OPENING.match(normal)) or (len(normal) < 120 and (normal.endswith("<") or bool(_ADDRESS.search(normal))))


def closing(lines: Sequence[str], text: str) -> list[bool]:
    """Say of each (bare, normalised) line of ``text`` whether an attribution may end with it."""
    hints = [hint for hint in VERB_HINTS if hint in text]
    return [line.endswith(":") or (any(hint in line for hint in hints) and _VERB.search(line) is not None) for line in lines]


def attribution(text: str, normal: str) -> Attribution:
    """Say how surely these words, original and normalised, are an attribution and nothing else."""
    text, normal = text[:LONGEST_ATTRIBUTION], normal[:LONGEST_ATTRIBUTION]
    verb = _VERB.search(normal)
    if verb is None:
        return _without_verb(normal) if normal.endswith((":", ">>>")) else Attribution.NONE
    head, tail = normal[: verb.start()], normal[verb.end() :]
    dated = bool(_OPENING.match(normal))
    if _ENDS.match(tail):
        return _judged(text[: verb.start()], head, dated)
    if _COLON_END.search(tail) and len(tail) <= 160 and _is_evidence(tail):  # "schrieb Ana <a@x>:", "wrote on May 3:"
        return _judged(text[: verb.start()] + text[verb.end() :], head + tail, dated or bool(_ADDRESS.search(head)))
    return _one_line(text[: verb.start()], head, tail) if dated else Attribution.NONE


def _without_verb(normal: str) -> Attribution:
    if _QUOTING.match(normal):
        return Attribution.CERTAIN if _ADDRESS.search(normal) else Attribution.LIKELY
    if _GROUPWISE.match(normal):
        return Attribution.CERTAIN
    addressed = len(normal) < 160 and _OPENING.match(normal) and _COLON_END.search(normal) and _ADDRESS.search(normal)
    return Attribution.CERTAIN if addressed else Attribution.NONE


def inner_attributions(text: str, normal: str) -> Iterator[int]:
    """Yield where an attribution begins in the middle of a line; only those that nobody writes by hand."""
    for verb in islice(_verbs(normal), _MOST_INNER):
        line = normal.rfind("\n", max(0, verb.start() - 240), verb.start()) + 1 or max(0, verb.start() - 240)
        opening = _INNER_OPENING.search(normal, line, verb.start())
        if opening is None or not text[line : opening.start()].strip(" \t\r>*"):
            continue
        head, said = normal[opening.start() : verb.start()], text[opening.start() : verb.start()]
        if (
            _COLON_END.match(normal[verb.end() :].lstrip()[:1])
            and _ADDRESS.search(head)
            and _TIME.search(head)
            and _sender(said, True)
        ):
            yield opening.start()


def _verbs(normal: str) -> Iterator[re.Match[str]]:
    """Yield the verbs of attributions in a text, in order; most texts hold no word that begins like one."""
    places = sorted(place for hint in VERB_HINTS if hint in normal for place in _places(normal, hint))
    return filter(None, (_VERB.match(normal, place) for place in places))


def _places(text: str, hint: str) -> Iterator[int]:
    place = text.find(hint)
    while place >= 0:
        yield place
        place = text.find(hint, place + 1)


def _is_evidence(words: str) -> bool:
    return bool(_ADDRESS.search(words) or (_HAS_DATE.search(words) and _TIME.search(words)))


def _judged(said: str, head: str, dated: bool) -> Attribution:
    """Weigh date, time, address and sender of an attribution that ends its line."""
    date, address = bool(_HAS_DATE.search(head)), bool(_ADDRESS.search(head))
    time = bool(_TIME.search(head))
    if not _sender(said, address):
        return Attribution.NONE
    if (dated and (time or (address and _YEAR.search(head)))) or (date and address):
        return Attribution.CERTAIN
    return Attribution.LIKELY if len(head) <= 120 else Attribution.NONE


def _one_line(said: str, head: str, tail: str) -> Attribution:
    """Some desks and phones put the quote behind the attribution: only a full header is believed then."""
    if not tail.lstrip().startswith(":") or not _TIME.search(head):
        return Attribution.NONE
    address, gap = bool(_ADDRESS.search(head)), tail.lstrip().startswith(":   ")
    return Attribution.CERTAIN if (address or gap) and _sender(said, address) else Attribution.NONE


def _sender(said: str, address: bool) -> bool:
    """True when the words beside date and address are a name: capitals, or next to an address a few words."""
    plain = _ADDRESS.sub(" ", said)
    words = [word for word in _WORD.findall(plain) if word.lower() not in _PLAIN]
    words = [word for word in words if not _CALENDAR.match(word.lower())]
    if _PEOPLE.intersection(word.lower() for word in words) or len(words) > 12:
        return False
    low = [word for word in words if word.islower() and len(word) > 1]
    if address:
        return len(low) <= 4
    return bool(words) and (not low or (len(words) == 1 and len(_WORD.findall(plain.rpartition(",")[2])) == 1))
