"""Single words about time in Portuguese, Spanish and English: days, hours, parts of a day, and whose clock they are read from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.cover import Cover

_WEEKDAYS = (
    "segunda-feira segunda lunes monday mon",
    "terca-feira terca martes tuesday tue",
    "quarta-feira quarta miercoles wednesday wed",
    "quinta-feira quinta jueves thursday thu",
    "sexta-feira sexta viernes friday fri",
    "sabado saturday",
    "domingo sunday",
)
_MONTHS = (
    "janeiro jan enero ene january",
    "fevereiro fev febrero feb february",
    "marco mar marzo march",
    "abril abr april apr",
    "maio mai mayo may",
    "junho jun junio june",
    "julho jul julio july",
    "agosto ago august aug",
    "setembro set septiembre setiembre sep september sept",
    "outubro out octubre oct october",
    "novembro nov noviembre november",
    "dezembro dez diciembre dic december dec",
)
_NUMBERS = (
    "zero cero",
    "uma una one",
    "duas dos two",
    "tres three",
    "quatro cuatro four",
    "cinco five",
    "seis six",
    "sete siete seven",
    "oito ocho eight",
    "nove nueve nine",
    "dez diez ten",
    "onze once eleven",
    "doze doce twelve",
    "treze trece",
    "quatorze catorze catorce",
    "quinze quince",
    "dezesseis dieciseis",
    "dezessete diecisiete",
    "dezoito dieciocho",
)
_ZONES = {
    "America/Sao_Paulo": "brasilia|sao paulo|brasil|brazil|brt",
    "America/Manaus": "manaus|amazonas",
    "America/Cuiaba": "cuiaba|mato grosso",
    "America/Campo_Grande": "campo grande",
    "America/Rio_Branco": "rio branco|acre",
    "America/Noronha": "noronha",
    "America/Argentina/Buenos_Aires": "buenos aires|argentina|rosario|cordoba",
    "America/Santiago": "santiago|chile",
    "America/Lima": "lima|peru",
    "America/Bogota": "bogota|colombia",
    "America/Guayaquil": "quito|guayaquil|ecuador|equador",
    "America/Mexico_City": "mexico|ciudad de mexico|cdmx|monterrey|guadalajara",
    "America/Montevideo": "montevideo|montevideu|uruguay|uruguai",
    "America/Asuncion": "asuncion|assuncao|paraguay|paraguai",
    "America/La_Paz": "la paz|bolivia",
    "America/Caracas": "caracas|venezuela",
    "America/Panama": "panama",
    "America/New_York": "new york|eastern|est|edt|et",
    "America/Chicago": "chicago|central|cst|cdt",
    "America/Denver": "denver|mountain",
    "America/Los_Angeles": "los angeles|pacific|pst|pdt",
    "Europe/Lisbon": "lisboa|lisbon|portugal",
    "Europe/Madrid": "madrid|espana|spain",
    "Europe/London": "london|londres",
    "Africa/Luanda": "luanda|angola",
    "Africa/Maputo": "maputo|mocambique",
    "UTC": "utc|gmt",
}


READ = "\x01"
"""Stands for words that have been read."""


def _named(lists: tuple[str, ...]) -> dict[str, int]:
    return {word: number for number, listed in enumerate(lists) for word in listed.split()}


def _any(words: Mapping[str, object]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_DAY_OF, _MONTH_OF, _NUMBER_OF = _named(_WEEKDAYS), _named(_MONTHS), _named(_NUMBERS)
_ZONE_OF = {name: zone for zone, listed in _ZONES.items() for name in listed.split("|")}
_OFFSETS = {
    r"depois de amanha|pasado manana|(?:the )?day after tomorrow": "2",
    r"amanha|tomorrow|(?<!la )manana": "1",
    r"hoje|hj|hoy|today": "0",
}
_WEEKS = {
    r"(?:na )?semana que vem|(?:na |da )?proxima semana|semana que viene|next week": "1",
    r"(?:n|d)?est?[sa]a? semana|this week": "0",
}
_PARTS = {
    r"cedinho|primeira hora|primera hora|(?:de|pela|na parte da|da|na|a) manha|(?:por|en|de|a) la manana|(?:in the )?morning": "morning",
    r"(?:a|de|pela|na parte da|da|na) tarde|(?:por|en|de|a) la tarde|(?:in the )?afternoon|apos o almoco|depois do almoco": "afternoon",
    r"(?:a|de|pela|da|na) noite|(?:por|en|de|a) la noche|(?:in the )?evening": "evening",
}
_LETTERS, _DIGIT = re.compile("[a-z]+"), re.compile(r"\d")
_SAID_OF_TIME = """
    meio mediodia noon midday amanha tomorrow manana hoje hj hoy today semana week cedinho hora manha morning tarde afternoon almoco
    noite noche evening utc gmt brt pst pdt est edt cst cdt
"""
_NAMED_TIMES = (*_DAY_OF, *_NUMBER_OF, *(name.split()[-1] for name in _ZONE_OF))
_TELLING = frozenset(_LETTERS.findall(" ".join((_SAID_OF_TIME, *_NAMED_TIMES))))
"""Without a digit or one of these a text says nothing about time."""
_HOUR = (
    r"(?:meio[- ]dia(?: e meia)?|mediodia|noon|midday"
    r"|(?:2[0-3]|[01]?\d)(?::[0-5]\d|[.][0-5]\d(?=\s?h)|\s?h(?:s|rs|oras?)?(?:\s?[0-5]\d(?:\s?min)?)?(?![a-z]))?(?:\s?(?:am|pm|a[.]m[.]|p[.]m[.]|hs|hrs|horas?|h)(?![a-z]))?"
    rf"|(?:{_any(_NUMBER_OF)})(?: e meia| y media)?(?: horas?)?)(?: (?:da|de la|in the) (?:manha|manana|morning|tarde|afternoon|noite|noche|evening))?"
)
_AFTER = r"a partir d[aeo]s?(?: las)?|desde(?: as| las)?|depois d[aeo]s?|despues de las?|apos(?: as)?|from|after|pasadas? las"
_BEFORE = r"antes d[aeo]s?(?: las)?|before|by|ate(?: as| a)?|hasta las?|until|till"
_AT = r"as|a las?|at|pelas|por volta das|tipo|around|about|para as|pras|s"
_HOURS = re.compile(
    rf"(?<![\w/.:$-])(?:(?P<after>{_AFTER})\s+|(?P<before>{_BEFORE})\s+|(?P<at>{_AT})\s+)?(?P<hour>{_HOUR})(?![\w/%])(?![.,:]\d)"
)
_RANGE = re.compile(
    rf"(?<![\w/.:$-])(?:(?P<lead>das|de|entre(?: as| las?)?|from|between|desde las?|de las?)\s+)?(?P<from>{_HOUR})"
    rf"\s*(?P<join>-|\bas|\ba|\bate(?: as)?|\be|\be as|\by|\by las?|\band|\bto|\ba las?|\bhasta las?|\buntil)\s*(?P<to>{_HOUR})(?![\w/%])(?![.,:]\d)"
)
_ISO = re.compile(r"(?<![\w/-])(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w-])")
_SLASHED = re.compile(
    r"(?<![\w/.-])(?P<day>[0-3]?\d)(?:/(?P<month>[01]?\d|[0-3]\d)(?:/(?P<year>20\d\d|\d\d))?|(?P<mark>[.-])(?P<other>[01]?\d)(?P=mark)(?P<full>20\d\d))"
    r"(?![\w/-])"
)
_SPELT = re.compile(
    rf"(?<![\w/.-])(?:(?P<day>[0-3]?\d)(?:[o\u00ba]|st|nd|rd|th)?(?: de| of)? (?P<month>{_any(_MONTH_OF)})"
    rf"|(?P<first>{_any(_MONTH_OF)}) (?P<then>[0-3]?\d)(?:st|nd|rd|th)?(?![:h\d]))\b(?:,? (?:de |del )?(?P<year>20\d\d))?"
)
_DAY_NUMBER = re.compile(
    rf"(?:\bdia |\bday |(?P<weekday>\b(?:{_any(_DAY_OF)})),? (?:dia |the )?)(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\w:/%])(?! ?(?:h|am|pm|hs)\b)"
    r"|\b(?:the )?(?P<nth>[0-3]?\d)(?:st|nd|rd|th)\b"
)
_WEEKDAY = re.compile(rf"\b(?P<day>{_any(_DAY_OF)})\b(?! (?:via|opcao|parcela|vez|etapa|sessao|linha|fase|coluna|opcion)\b)")
_CLOCK_WORD = re.compile(r"hora|horario|hr|fuso|huso|time")
_ZONE = re.compile(
    rf"\b(?:(?:hora|horario|hr|fuso|huso|time)(?: (?:de|da|do|del|oficial|local|in|padrao))*|de|do|da|em|en|in|[(]) ?(?P<told>{_any(_ZONE_OF)})\b"
    rf"|\b(?P<clock>{_any(_ZONE_OF)})(?: time\b|(?=\)))|\b(?P<short>utc|gmt|brt|pst|pdt|est|edt|cst|cdt)\b"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A word about time and what it adds to an option."""

    start: int
    end: int
    data: Mapping[str, str]


def mentions(normal: str) -> list[Mention]:
    """Return everything a normalised text says about time, by place; what one reading took is not read again."""
    if _DIGIT.search(normal) is None and _TELLING.isdisjoint(_LETTERS.findall(normal)):
        return []
    found: list[Mention] = []
    text = normal
    for read in _READERS:
        mine = [mention for mention in read(text) if mention.data]
        if mine:
            text = _without(text, mine)
            found += mine
    return sorted(found, key=lambda mention: mention.start)


def _without(text: str, mentions: Iterable[Mention]) -> str:
    """Blot out what has been read."""
    pieces, end = [], 0
    for start, last in sorted((mention.start, mention.end) for mention in mentions):
        if last > end:
            start = max(start, end)
            pieces += [text[end:start], READ * (last - start)]
            end = last
    return "".join((*pieces, text[end:]))


def number_of(word: str) -> int | None:
    """Return a small number written in digits or as a word."""
    return int(word) if word.isdigit() else _NUMBER_OF.get(word)


def _dates(text: str) -> Iterator[Mention]:
    for match in _ISO.finditer(text):
        yield _dated(match, match["year"], match["month"], match["day"])
    for match in _SLASHED.finditer(text):
        month, year = match["month"] or match["other"], match["full"] or match["year"]
        day = match["day"]
        if int(month) > 12 >= int(day):
            day, month = month, day
        yield _dated(match, year, month, day)
    for match in _SPELT.finditer(text):
        month = _MONTH_OF[match["month"] or match["first"]] + 1
        yield _dated(match, match["year"], str(month), match["day"] or match["then"])


def _dated(match: re.Match[str], year: str | None, month: str, day: str) -> Mention:
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return Mention(match.start(), match.end(), {})
    full = f"20{year[-2:]}" if year else "-"
    return Mention(match.start(), match.end(), {"date": f"{full}-{int(month):02}-{int(day):02}"})


def _day_numbers(text: str) -> Iterator[Mention]:
    for match in _DAY_NUMBER.finditer(text):
        day = int(match["day"] or match["nth"])
        if 1 <= day <= 31:
            weekday = {"weekday": str(_DAY_OF[match["weekday"]])} if match["weekday"] else {}
            yield Mention(match.start(), match.end(), {**weekday, "date": f"---{day:02}"})


def _weekdays(text: str) -> Iterator[Mention]:
    return (Mention(match.start(), match.end(), {"weekday": str(_DAY_OF[match["day"]])}) for match in _WEEKDAY.finditer(text))


def _zones(text: str) -> Iterator[Mention]:
    for match in _ZONE.finditer(text):
        after_an_hour = text[: match.start()].rstrip(" (,").endswith(READ)
        if after_an_hour or not match["told"] or _CLOCK_WORD.match(match.group()):
            name = match["told"] or match["clock"] or match["short"]
            yield Mention(match.start(), match.end(), {"zone": _ZONE_OF[name]})


def _listed(key: str, forms: Mapping[str, str]) -> Callable[[str], Iterator[Mention]]:
    compiled = [(re.compile(rf"\b(?:{pattern})\b"), value) for pattern, value in forms.items()]

    def read(text: str) -> Iterator[Mention]:
        taken: list[Span] = []
        for pattern, value in compiled:
            before = Cover(taken) if taken else None
            for match in pattern.finditer(text):
                if before is None or not before.touches(*match.span()):
                    taken.append(Span(*match.span()))
                    yield Mention(match.start(), match.end(), {key: value})

    return read


def _ranges(text: str) -> Iterator[Mention]:
    for match in _RANGE.finditer(text):
        first, last = match["from"], match["to"]
        marked = _is_marked(first) or (_is_marked(last) and (match["lead"] or match["join"] == "-"))
        if not marked and match["lead"] in ("de", None):
            continue
        end = _clock(last)
        afternoon = _clock(f"{first}pm") if last.endswith("pm") and first.isdigit() else ""
        start = afternoon if afternoon and afternoon < end else _clock(first)
        if start < end:
            yield Mention(match.start(), match.end(), {"time": start, "time_to": end})


def _hours(text: str) -> Iterator[Mention]:
    for match in _HOURS.finditer(text):
        hour, led = match["hour"], match["after"] or match["before"] or match["at"]
        if not _is_marked(hour) and not led:
            continue
        if _LASTS.fullmatch(hour) and not led:
            continue
        if not _is_marked(hour) and match["at"] is None and not _LEADS_TO_AN_HOUR.search(led):
            continue
        if hour in _NUMBER_OF and match["at"] not in ("as", "a las", "at"):
            continue
        key = "after" if match["after"] else "before" if match["before"] else "time"
        yield Mention(match.start(), match.end(), {key: _clock(hour)})


_LASTS = re.compile(r"[0-5]\s?h(?:s|rs|oras?)?|(?:\d+|[a-z]+) horas?")
"""Alone it is how long something takes."""
_LEADS_TO_AN_HOUR = re.compile(r"s$|from|after|before|by|until|till")


def _is_marked(hour: str) -> bool:
    return not hour.isdigit() and hour not in _NUMBER_OF


def _clock(hour: str) -> str:
    """Return 24-hour ``HH:MM``."""
    if hour.startswith(("meio", "mediodia", "noon", "midday")):
        return "12:30" if "meia" in hour else "12:00"
    word = hour.split(" ")[0]
    if word in _NUMBER_OF:
        number, minute = _NUMBER_OF[word], 30 if "meia" in hour or "media" in hour else 0
    else:
        digits = [int(each) for each in re.findall(r"\d+", hour)]
        number, minute = digits[0], digits[1] if len(digits) > 1 else 0
    late = re.search(r"p[.]?m|tarde|afternoon|noite|noche|evening", hour)
    early = re.search(r"a[.]?m\b|a[.]m", hour)
    if late and number < 12:
        number += 12
    if early and number == 12:
        number = 0
    return f"{number:02}:{minute:02}"


_READERS: tuple[Callable[[str], Iterator[Mention]], ...] = (
    _dates,
    _day_numbers,
    _ranges,
    _hours,
    _listed("day_offset", _OFFSETS),
    _listed("week_offset", _WEEKS),
    _weekdays,
    _listed("part", _PARTS),
    _zones,
)
