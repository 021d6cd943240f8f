"""Tax numbers in prose: CNPJ (both formats) and the neighbours' RUT, CUIT, RFC, NIT, RUC and NIF, with their check digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stdnum.ar import cuit
from stdnum.br import cnpj
from stdnum.cl import rut
from stdnum.exceptions import ValidationError
from stdnum.mx import rfc
from stdnum.pe import ruc

from helpdesk_bridge.domain.values import Span

_CNPJ = re.compile(r"(?<![\w./-])[0-9A-Za-z]{2}\.?[0-9A-Za-z]{3}\.?[0-9A-Za-z]{3}/?[0-9A-Za-z]{4}-?\d{2}(?![\w/-])")
_CHECK_DIGITS = re.compile(r"\d\d(?![\w/-])")
_NAMED = re.compile(
    r"\b(?P<name>RUT|CUIT|RFC|RUC)\b[\s:#nNº°.]{0,8}(?P<number>[0-9A-Z&Ñ][0-9A-Z&Ñ.-]{6,18}[0-9A-Z])(?!\w)", re.IGNORECASE
)
_HINTS = ("rut", "cuit", "cu\u0131t", "cui\u0307t", "rfc", "ruc")
"""One of these stands, in lower case, in everything the pattern above finds."""
_COUNTRIES: dict[str, Callable[[str], str]] = {
    "rut": rut.validate,
    "cuit": cuit.validate,
    "rfc": rfc.validate,
    "ruc": ruc.validate,
}


@dataclass(frozen=True, slots=True)
class Identifier:
    """A tax number somebody wrote."""

    name: str
    """``cnpj``, ``rut``, ``cuit``, ``rfc`` or ``ruc``."""
    number: str
    """Without punctuation."""
    span: Span
    valid: bool
    """Whether the check digits fit."""


def identifiers(text: str) -> tuple[Identifier, ...]:
    """Return the tax numbers of a text in order; a number without punctuation must be a valid CNPJ to count as one."""
    return tuple(sorted((*_cnpjs(text), *_named(text)), key=lambda each: each.span.start))


def _cnpjs(text: str) -> Iterator[Identifier]:
    if _CHECK_DIGITS.search(text) is None:
        return
    for match in _CNPJ.finditer(text):
        number = cnpj.compact(match.group()).upper()
        if sum(char.isdigit() for char in number) < 4:
            continue
        valid = _is_valid(cnpj.validate, number)
        if valid or "/" in match.group():
            yield Identifier("cnpj", number, Span(*match.span()), valid)


def _named(text: str) -> Iterator[Identifier]:
    lowered = text.lower()
    if not any(hint in lowered for hint in _HINTS):
        return
    for match in _NAMED.finditer(text):
        name = match["name"].lower()
        yield Identifier(
            name,
            re.sub(r"[.-]", "", match["number"]).upper(),
            Span(*match.span("number")),
            _is_valid(_COUNTRIES[name], match["number"]),
        )


def _is_valid(validate: Callable[[str], str], number: str) -> bool:
    try:
        validate(number)
    except ValidationError:
        return False
    return True
