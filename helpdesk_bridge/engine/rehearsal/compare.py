"""Where a rehearsed lifecycle differs from what its script expects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from helpdesk_bridge.engine.rehearsal.script import Thread

SEQUENCES = ("accepted_by_seq", "interrupted_by_seq", "retracted_by_seq")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One thing that came out otherwise than expected."""

    id: str
    seq: int | None
    what: str
    expected: Any
    actual: Any

    def to_json(self) -> dict[str, Any]:
        """Return the documented object."""
        return {"id": self.id, "seq": self.seq, "what": self.what, "expected": self.expected, "actual": self.actual}


def failures_of(thread: Thread, outcome: Mapping[str, Any]) -> Iterator[Failure]:
    """Compare everything the script says something about."""
    for what, seq, expected, actual in _differences(thread.expected, outcome):
        if expected != actual:
            yield Failure(id=thread.id, seq=seq, what=what, expected=_shown(expected), actual=_shown(actual))


_Difference = tuple[str, int | None, Any, Any]


def _differences(expected: Mapping[str, Any], outcome: Mapping[str, Any]) -> Iterator[_Difference]:
    for each in expected["states"]:
        yield "state", each["after_seq"], each["state"], outcome["states"].get(each["after_seq"])
    yield from _deadlines(expected["confirmation_deadlines"], outcome["confirmation_deadlines"])
    for each in expected["engagements"]:
        yield from _engagement(each, outcome["engagements"].get(each["engagement"]))
    if "total_due_brl" in expected:
        yield "total_due_brl", None, _money(expected["total_due_brl"]), _money(outcome["total_due_brl"])
    if "invoice_cnpj" in expected:
        yield "invoice_cnpj", None, _compact(expected["invoice_cnpj"]), _compact(outcome["invoice_cnpj"])
    if "pass_through" in expected:
        yield "pass_through", None, _unit(expected["pass_through"]), _unit(outcome["pass_through"])
    yield "refused", None, expected["refused"], outcome["refused"]


def _deadlines(expected: list[Mapping[str, Any]], actual: Mapping[int, datetime]) -> Iterator[_Difference]:
    wanted = {each["proposed_at_seq"]: datetime.fromisoformat(each["plain_24h"]) for each in expected}
    for seq in sorted({*wanted, *actual}):
        yield "confirmation_deadline", seq, wanted.get(seq), actual.get(seq)


def _engagement(expected: Mapping[str, Any], actual: Mapping[str, Any] | None) -> Iterator[_Difference]:
    letter = expected["engagement"]
    if actual is None:
        yield f"engagement {letter}", None, expected["modality"], None
        return
    for name in SEQUENCES:
        yield f"{letter}.{name}", expected.get(name), expected.get(name), actual[name]
    for name in ("modality", "waived"):
        if name in expected:
            yield f"{letter}.{name}", None, expected[name], actual[name]
    if "billable_minutes" in expected:
        yield f"{letter}.billable_minutes", None, _minutes(expected["billable_minutes"]), _minutes(actual["billable_minutes"])
    for name in ("gross_amount_brl", "amount_due_brl"):
        if name in expected:
            yield f"{letter}.{name}", None, _money(expected[name]), _money(actual[name])
    if "billable_entry_seqs" in expected:
        yield (
            f"{letter}.billable_entry_seqs",
            None,
            sorted(expected["billable_entry_seqs"]),
            sorted(actual["billable_entry_seqs"]),
        )
    if "non_billable" in expected:
        wanted = _excluded(expected["non_billable"])
        found = _excluded(actual["non_billable"])
        yield f"{letter}.non_billable", None, wanted, found


def _excluded(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ordered = sorted(lines, key=lambda line: (line["seq"] or 0, line["reason"]))
    return [{"seq": line["seq"], "minutes": _minutes(line["minutes"]), "reason": line["reason"]} for line in ordered]


def _minutes(minutes: float | Fraction) -> float:
    """The file gives minutes to two decimals: a second is 0.02."""
    return round(float(minutes), 2)


def _money(amount: float | Decimal) -> Decimal:
    return Decimal(str(amount)).quantize(Decimal("0.01"))


def _compact(tax_id: str | None) -> str | None:
    return re.sub(r"[^0-9A-Z]", "", tax_id.upper()) if tax_id else None


def _unit(unit: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {"unit": unit["unit"], "cnpj": _compact(unit["cnpj"])} if unit else None


def _shown(value: Any) -> Any:
    """Turn a value into what JSON can say."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, datetime) else value
