"""A statement as CSV for a spreadsheet: one row for each engagement, and below it one for each time entry.

Amounts stand in engagement rows only and minutes of entries in a column of their own, so that adding up a column is right.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from helpdesk_bridge.domain.statements import StatedEntry, StatementLine
from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.papers.account import Account

COLUMNS = (
    "row",
    "statement",
    "period",
    "tax_id",
    "organization",
    "ticket",
    "reference",
    "modality",
    "accepted_at",
    "accepted_by",
    "consent_comment",
    "ended_at",
    "outcome",
    "entry",
    "kind",
    "start",
    "end",
    "consultant",
    "source",
    "entry_minutes",
    "not_charged",
    "minutes",
    "currency",
    "hourly",
    "gross",
    "waived",
    "due",
    "charge",
    "reason",
    "unit",
)
"""Behind them stands what finance asked for about units that bear a cost (policy: ``pass_through_fields``)."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(account: Account) -> bytes:
    """Write a statement as CSV: for Portuguese and Spanish with ``;`` and decimal commas, as their spreadsheets read it."""
    english = account.language is Language.EN
    written = io.StringIO(newline="")
    rows = csv.DictWriter(written, (*COLUMNS, *_fields(account)), delimiter="," if english else ";", lineterminator="\r\n")
    rows.writeheader()
    for line in account.statement.lines:
        rows.writerow(_cells(_engagement(account, line), english=english))
        for entry in line.entries:
            rows.writerow(_cells(_entry(account, line, entry), english=english))
    return written.getvalue().encode("utf-8-sig", "replace")


def _fields(account: Account) -> tuple[str, ...]:
    given = (name for line in account.statement.lines for name, _value in line.fields)
    return tuple(dict.fromkeys((*account.rules.billing.pass_through_fields, *given)))


def _cells(row: dict[str, object], *, english: bool) -> dict[str, str]:
    return {name: _cell(value, english=english) for name, value in row.items()}


def _cell(value: object, *, english: bool) -> str:
    """Write one cell; text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if isinstance(value, Decimal):
        return str(value) if english else str(value).replace(".", ",")
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _common(account: Account, line: StatementLine) -> Iterator[tuple[str, object]]:
    payer = account.payer
    yield "statement", account.number or ""
    yield "period", account.statement.period
    yield "tax_id", payer.written if payer is not None else account.statement.tax_id
    yield "organization", account.statement.organization
    yield "ticket", f"{line.desk}/{line.ticket}"
    yield "reference", line.reference
    yield "modality", account.modality(line)


def _engagement(account: Account, line: StatementLine) -> dict[str, object]:
    return {
        "row": "engagement",
        **dict(_common(account, line)),
        "accepted_at": account.local(line.accepted_at).isoformat(),
        "accepted_by": account.person(line),
        "consent_comment": line.consent_comment,
        "ended_at": account.local(line.ended_at).isoformat(),
        "outcome": "interrupted" if line.interrupted else "concluded",
        "minutes": _minutes(line.charged_seconds),
        "currency": account.statement.currency,
        "hourly": line.hourly,
        "gross": line.gross,
        "waived": line.waived,
        "due": line.due,
        "charge": line.charge.value,
        "reason": account.reason(line.reason) if line.reason else "",
        "unit": line.unit,
        **dict(line.fields),
    }


def _entry(account: Account, line: StatementLine, entry: StatedEntry) -> dict[str, object]:
    return {
        "row": "entry",
        **dict(_common(account, line)),
        "entry": entry.number,
        "kind": account.kind(entry.kind),
        "start": account.local(entry.start).isoformat(),
        "end": account.local(entry.end).isoformat(),
        "consultant": entry.consultant,
        "source": entry.source,
        "entry_minutes": _minutes(entry.seconds),
        "not_charged": "; ".join(f"{account.duration(seconds)} {account.reason(reason)}" for reason, seconds in entry.excluded),
    }


def _minutes(seconds: int) -> Decimal:
    return (Decimal(seconds) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
