"""An index as the Banco Central do Brasil publishes it (SGS): one percentage a month, as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from itertools import pairwise
from typing import Any

from helpdesk_bridge.domain.rates import accumulated
from helpdesk_bridge.errors import ConfigurationError, Problem

_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_Row = tuple[int, str, str]
"""Line, date and value as they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The months of an index, oldest first and without a hole."""

    months: tuple[tuple[date, Decimal], ...]
    """The month's first day, and its variation in per cent."""
    digest: str
    """SHA-256 of the bytes they were read from."""

    @property
    def percent(self) -> Decimal:
        """All months together, in per cent to four decimals."""
        return accumulated(value for _month, value in self.months)

    @property
    def span(self) -> str:
        """First and last month: ``2026-01/2026-12``."""
        return f"{self.months[0][0]:%Y-%m}/{self.months[-1][0]:%Y-%m}"

    def between(self, first: date | None, last: date | None) -> Series:
        """Keep the months from ``first`` to ``last``, inclusive."""
        kept = tuple(row for row in self.months if (first is None or row[0] >= first) and (last is None or row[0] <= last))
        return Series(months=kept, digest=self.digest)


def read_series(raw: bytes, name: str) -> Series:
    """Read a series; ``name`` is the file as people know it. Raises: ConfigurationError with the line of what is wrong."""
    text = _decoded(raw)
    rows = _json_rows(text, name) if text.lstrip().startswith("[") else _csv_rows(text)
    months = []
    for line, day, value in rows:
        months.append((_month(day, name, line), _value(value, name, line)))
    if not months:
        raise _wrong(name, None, "holds no month")
    months.sort()
    for (earlier, _), (later, _) in pairwise(months):
        if earlier == later:
            raise _wrong(name, None, f"{later:%m/%Y} stands there twice")
        if (later.year - earlier.year) * 12 + later.month - earlier.month != 1:
            raise _wrong(name, None, f"there is a hole between {earlier:%m/%Y} and {later:%m/%Y}")
    return Series(months=tuple(months), digest=sha256(raw).hexdigest())


def live_series(code: int, first: date, last: date) -> Series:
    """Read a series from the Banco Central's service. Raises: ConfigurationError, also when it does not answer."""
    name = f"BCB SGS {code}"
    try:
        from bcb import sgs  # the optional extra brings pandas with it
    except ModuleNotFoundError:
        raise _wrong(name, None, "reading it live needs python-bcb: pip install 'helpdesk-bridge[bcb]'") from None
    try:
        text = sgs.get(code, start=first, end=last, output="text")
    except Exception as error:
        raise _wrong(name, None, f"cannot be read: {error}") from error
    return read_series(str(text).encode(), name)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _json_rows(text: str, name: str) -> Iterator[_Row]:
    try:
        data: Any = json.loads(text, parse_float=str, parse_int=str)
    except ValueError as error:
        raise _wrong(name, None, f"is no JSON: {error}") from None
    for number, row in enumerate(data, start=1):
        if not isinstance(row, dict) or not {"data", "valor"} <= row.keys():
            raise _wrong(name, None, f"row {number} has no data and valor")
        yield number, str(row["data"]), str(row["valor"])


def _csv_rows(text: str) -> Iterator[_Row]:
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=";"), start=1):
        cells = [cell.strip() for cell in row]
        if any(cells) and cells[0].lower() != "data":
            yield number, cells[0], cells[1] if len(cells) > 1 else ""


def _month(text: str, name: str, line: int) -> date:
    found = _DAY.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        day, month, year = map(int, found.groups())
        return date(year, month, day).replace(day=1)
    except ValueError:
        raise _wrong(name, line, f"{text[:40]!r} is no date such as 01/12/2026") from None


def _value(text: str, name: str, line: int) -> Decimal:
    written = text.strip().replace(".", "").replace(",", ".") if "," in text else text.strip()
    try:
        value = Decimal(written)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not -100 < value < 1000:
        raise _wrong(name, line, f"{text[:40]!r} is no percentage such as 0,42")
    return value


def _wrong(name: str, line: int | None, reason: str) -> ConfigurationError:
    return ConfigurationError((Problem(name, line, "", reason),))
