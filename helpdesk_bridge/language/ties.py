"""What a conditional acceptance is tied to, as data: a cap of time or money, a day, a purchase order, a defect of the product."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from helpdesk_bridge.language.moments import number_of
from helpdesk_bridge.language.slots import DAY, slot_options
from helpdesk_bridge.language.text import normalise, squeeze

_UNIT = r"(?P<unit>horas?|hrs?|hs|h|hours?|minutos?|minutes?|min|mins)"
_SPELT = (
    r"uma?|duas|dois|dos|tres|quatro|cuatro|cinco|seis|sete|siete|oito|ocho|nove|nueve|dez|diez|one|two|three|four|five|six|ten"
)
_DURATION = re.compile(
    rf"(?<![\w/.,$])(?:(?P<half>meia hora|media hora|half an hour)|(?P<number>\d{{1,4}}|{_SPELT}|an?)\s?(?:[(]\w+[)]\s?)?{_UNIT}"
    r"(?:(?:\s?e\s?|\s)?(?P<rest>meia|[0-5]\d)(?:\s?min(?:utos)?)?)?)\b"
)
_CLOCK = re.compile(r"\b(?:as|a las|at|das|depois das|a partir das|dentro de|em|en|in|within|r\$|por|a cada|per|an|cada)\s*$")
_MONEY = re.compile(
    r"(?:r\$|\bbrl)\s?(?P<digits>\d[\d.,]*)|(?<![\w.,])(?P<spoken>\d[\d.,]*)\s?(?:reais|real)\b|\b(?P<words>(?:\w+ )?mil|cem|duzentos|trezentos|quatrocentos|quinhentos|seiscentos|setecentos|oitocentos|novecentos)(?: e \w+)? reais\b"
)
_PER_UNIT = re.compile(r"\s*(?:/|por |a |per |la )\s*(?:min|hora|hour|h\b)")
_WORTH = {
    "cem": 100, "duzentos": 200, "trezentos": 300, "quatrocentos": 400, "quinhentos": 500, "seiscentos": 600,
    "setecentos": 700, "oitocentos": 800, "novecentos": 900, "mil": 1000,
}  # fmt: skip
_ORDER = re.compile(
    r"\b(?:po|oc|pedido de compra|pedido|ordem de compra|orden de compra|purchase order)\b(?: ?(?:n[ro]?[.o]?|numero|number|no[.]?|#|:|e|is|es))* ?#?(?P<number>\d[\d/.-]*\d)"
)
_PURCHASE = re.compile(r"\b(?:po|oc|pedido de compra|ordem de compra|orden de compra|purchase order)\b")
_FAULT = r"(?:erro|error|bug|defeito|defecto|falha|falla|fault|defect|inconsistencia|problema|issue)"
_PRODUCT = r"(?:produto|producto|product|sistema|system|totvs|fornecedor|padrao|voces|vcs|ustedes|yours?|vendor)"
_WHENEVER = r"(?:se|caso|quando|desde que|si|cuando|if|when|whenever|sempre que|siempre que|hipotese)"
_PRODUCT_ERROR = re.compile(
    rf"\b{_WHENEVER}\b[^.;!?\n]{{0,60}}\b(?:{_FAULT}\b[^.;!?\n]{{0,30}}\b{_PRODUCT}\b|{_PRODUCT}\b[^.;!?\n]{{0,30}}\b{_FAULT}\b)"
    rf"|\b(?:abon|isen|sem cobran|sem custo|nao cobr|no se cobr|waive|free|not charge)[a-z]*[^.;!?\n]{{0,60}}\b{_FAULT}\b"
    rf"|\b{_WHENEVER}\b[^.;!?\n]{{0,30}}\b(?:bug|defeito|defecto|inconsistencia|defect)\b"
)


def tie_data(text: str) -> tuple[tuple[str, str], ...]:
    """Return ``cap_minutes``, ``cap_amount``, ``po``, ``if_product_error`` and the first day, those that are named."""
    normal = squeeze(normalise(text))[0]
    days = [option.data for option in slot_options(text) if DAY & dict(option.data).keys()]
    found = (
        ("cap_minutes", _minutes(normal)),
        ("cap_amount", _amount(normal)),
        *(days[0] if days else ()),
        ("po", _order(normal)),
        ("if_product_error", "true" if _PRODUCT_ERROR.search(normal) else ""),
    )
    return tuple((key, value) for key, value in found if value)


def _minutes(normal: str) -> str:
    for match in _DURATION.finditer(normal):
        if _CLOCK.search(normal[max(0, match.start() - 16) : match.start()]):
            continue
        if match["half"]:
            return "30"
        number = 1 if match["number"] in ("a", "an", "um") else number_of({"dois": "duas"}.get(match["number"], match["number"]))
        if number is None:
            continue
        if not match["unit"].startswith("h"):
            return str(number)
        rest = 30 if match["rest"] == "meia" else int(match["rest"] or 0)
        return str(number * 60 + rest)
    return ""


def _amount(normal: str) -> str:
    for match in _MONEY.finditer(normal):
        if _PER_UNIT.match(normal, match.end()):
            continue
        if match["words"]:
            multiple, _, last = match["words"].rpartition(" ")
            return f"{_WORTH[last] * (number_of({'dois': 'duas'}.get(multiple, multiple)) or 1) if last in _WORTH else 0}.00"
        digits = (match["digits"] or match["spoken"]).rstrip(".,")
        whole, _mark, cents = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", digits).groups()  # type: ignore[union-attr]
        try:
            return str(Decimal(f"{re.sub('[.,]', '', whole)}.{cents or '0'}").quantize(Decimal("0.01")))
        except InvalidOperation:
            continue
    return ""


def _order(normal: str) -> str:
    numbered = _ORDER.search(normal)
    if numbered:
        return numbered["number"]
    return "pending" if _PURCHASE.search(normal) else ""
