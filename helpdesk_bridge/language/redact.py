"""Words without the people in them: names, addresses and numbers give way to invented ones of the same shape."""

from __future__ import annotations

import re
from collections.abc import Iterable

from helpdesk_bridge.language.identifiers import identifiers

NAME, MAIL, CNPJ = "Fulano", "pessoa@cliente.example", "12.ABC.345/01DE-35"
"""What stands for a person, an address, and a Brazilian tax number (the official test value)."""
LEAST = 3
"""Letters below which a part of a name is left: it would be found in every other word."""

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_LINK = re.compile(r"https?://[^\s<>\"')]{1,2000}")
_CNPJ = re.compile(r"(?<![\w.])(?:[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/[0-9A-Z]{4}-?\d{2}|\d{14})(?![\w])")
_CPF = re.compile(r"(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)")
_PHONE = re.compile(r"(?<![\w./-])(?:\+?\d{2,3}[ .-]?)?(?:\(\d{2,3}\)|\d{2})[ .-]?\d{4,5}[ .-]?\d{4}(?![\w/-])")


def redacted(text: str, people: Iterable[str] = ()) -> str:
    """Return ``text`` without the named people, without addresses, links, tax numbers and telephone numbers.

    Names that nobody gave are not found: look before you pass it on.
    """
    for number in sorted(identifiers(text), key=lambda each: -each.span.start):
        shape = CNPJ if number.name == "cnpj" else _zeroed(number.span.of(text))
        text = text[: number.span.start] + shape + text[number.span.end :]
    text = _LINK.sub("https://cliente.example", _MAIL.sub(MAIL, text))
    text = _CNPJ.sub(CNPJ, text)
    text = _CPF.sub("000.000.000-00", text)
    text = _PHONE.sub(lambda found: _zeroed(found.group()), text)
    for name in _names(people):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", NAME, text)
    return re.sub(rf"{NAME}(?:[ \t]+{NAME})+", NAME, text)


def _zeroed(text: str) -> str:
    return re.sub(r"\d", "0", text)


def _names(people: Iterable[str]) -> list[str]:
    """Whole names first, then their parts, as they are written and in capitals."""
    whole = {name.strip() for name in people if name.strip() and "@" not in name}
    parts = {part for name in whole for part in name.split() if len(part) >= LEAST and part[:1].isupper()}
    listed = whole | parts
    return sorted({*listed, *(name.upper() for name in listed)}, key=lambda name: (-len(name), name))
