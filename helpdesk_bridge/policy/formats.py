"""How amounts, moments and days are written in each language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from helpdesk_bridge.domain.values import Language

SYMBOLS = {
    "BRL": "R$",
    "USD": "US$",
    "EUR": "€",
    "ARS": "AR$",
    "CLP": "CLP$",
    "COP": "COL$",
    "MXN": "MX$",
    "PEN": "S/",
    "UYU": "UY$",
}
"""What stands before an amount; a currency without a symbol shows its code."""

_WITHOUT_CENTS = frozenset({"CLP", "PYG"})

_DAYS: dict[Language, tuple[str, ...]] = {
    Language.PT: ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
    Language.ES: ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_AND = {Language.PT: "e", Language.ES: "y", Language.EN: "and"}
_TO = {Language.PT: "a", Language.ES: "a", Language.EN: "to"}
_FROM_TO = {Language.PT: ("das", "às"), Language.ES: ("de", "a"), Language.EN: ("from", "to")}
_ACCENTED = {"Sao Paulo": "São Paulo", "Bogota": "Bogotá", "Asuncion": "Asunción", "Cuiaba": "Cuiabá", "Belem": "Belém"}
"""Cities whose accents the time zone database leaves out."""
_AT = {Language.PT: "às", Language.ES: "a las", Language.EN: "at"}


def money(amount: Decimal | str, currency: str, language: Language) -> str:
    """Write an amount rounded half-up to the currency's smallest unit: ``R$ 1.234,50``."""
    places = 0 if currency in _WITHOUT_CENTS else 2
    rounded = Decimal(amount).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{SYMBOLS.get(currency, currency)} {_grouped(f'{rounded:,}', language)}"


def unit_price(amount: Decimal | str, currency: str, language: Language) -> str:
    """Write a price per minute with up to four decimals, so that rounding never hides part of it: ``R$ 6,6667``."""
    exact = Decimal(amount).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    whole, decimals = f"{exact:,}".split(".")
    decimals = decimals.rstrip("0").ljust(0 if currency in _WITHOUT_CENTS else 2, "0")
    return f"{SYMBOLS.get(currency, currency)} {_grouped(f'{whole}.{decimals}'.rstrip('.'), language)}"


def number(text: str, language: Language) -> str:
    """Write a plain number with the language's decimal mark: ``4,5``."""
    return _grouped(text, language)


def _grouped(number: str, language: Language) -> str:
    return number if language is Language.EN else number.translate(str.maketrans(",.", ".,"))


def instant(moment: datetime | str, zone: str, language: Language) -> str:
    """Write a moment in local time to the second, with its UTC offset: ``24/11/2026 às 14:05:09 (UTC-03:00)``."""
    known = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    local = known.astimezone(ZoneInfo(zone))
    offset = local.strftime("%z")
    return f"{day(local.date(), language)} {_AT[language]} {local:%H:%M:%S} (UTC{offset[:3]}:{offset[3:]})"


def minute(moment: datetime, zone: str, language: Language) -> str:
    """Write a moment in local time to the minute, with its clock: ``24/11/2026 às 14:05 (São Paulo, UTC-03:00)``."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{day(local.date(), language)} {_AT[language]} {local:%H:%M} ({_clock(local, zone, language)})"


def session(start: datetime, end: datetime, zone: str, language: Language) -> str:
    """Write when a session is: ``quinta-feira, 26/11/2026, das 14:00 às 15:30 (São Paulo, UTC-03:00)``."""
    begins, ends = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    if begins.date() != ends.date():
        return f"{minute(start, zone, language)} – {minute(end, zone, language)}"
    hours = windows([(f"{begins:%H:%M}", f"{ends:%H:%M}")], language)
    name = _DAYS[language][begins.weekday()]
    return f"{name}, {day(begins.date(), language)}, {hours} ({_clock(begins, zone, language)})"


def _clock(local: datetime, zone: str, language: Language) -> str:
    offset = local.strftime("%z")
    return f"{city(zone, language)}, UTC{offset[:3]}:{offset[3:]}"


def day(value: date | str, language: Language) -> str:
    """Write a date: ``24/11/2026``, in English ``2026-11-24``, which nobody misreads."""
    known = date.fromisoformat(value) if isinstance(value, str) else value
    return known.isoformat() if language is Language.EN else f"{known:%d/%m/%Y}"


def duration(seconds: int, _language: Language) -> str:
    """Write a time worked: ``1 h 22 min``, ``42 min 51 s``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{value} {unit}" for value, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if value]
    return " ".join(parts) or "0 min"


def span(value: Sequence[datetime], zone: str, language: Language) -> str:
    """Write when something was or will be, in local time: ``24/11/2026, das 14:00 às 15:30``."""
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in value)
    before, between = _FROM_TO[language]
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{day(end.date(), language)} {end:%H:%M}"
    return f"{day(start.date(), language)}, {before} {start:%H:%M} {between} {until}"


def windows(value: Iterable[Sequence[str]], language: Language) -> str:
    """Write service windows: ``das 08:00 às 12:00 e das 13:30 às 17:30``."""
    before, between = _FROM_TO[language]
    return listed([f"{before} {start} {between} {end}" for start, end in value], language)


def city(zone: str, _language: Language) -> str:
    """Write what a time zone is known by: ``São Paulo``."""
    name = zone.rpartition("/")[2].replace("_", " ")
    return _ACCENTED.get(name, name)


def weekdays(value: Sequence[int], language: Language) -> str:
    """Write weekdays (Monday is 0): ``segunda-feira a sexta-feira``, or one by one when they do not follow each other."""
    names = _DAYS[language]
    days = sorted(set(value))
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{names[days[0]]} {_TO[language]} {names[days[-1]]}"
    return listed([names[number] for number in days], language)


def listed(values: Sequence[str], language: Language) -> str:
    """Write a list: ``a, b e c``."""
    *first, last = values
    return f"{', '.join(first)} {_AND[language]} {last}" if first else last
