"""A statement as JSON: for machines, so amounts and times are plain and nothing is translated."""

from __future__ import annotations

import json
from typing import Any

from helpdesk_bridge.domain.statements import Billing, StatedEntry, StatementLine
from helpdesk_bridge.papers.account import Account


def as_json(account: Account) -> bytes:
    """Write a statement as JSON."""
    return (json.dumps(as_data(account), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def as_data(account: Account) -> dict[str, Any]:
    """Return a statement as plain data: amounts as text with a dot, instants in ISO 8601 with the site's offset."""
    statement = account.statement
    return {
        "number": account.number,
        "period": statement.period,
        "kind": statement.kind.value,
        "tax_id": statement.tax_id,
        "organization": statement.organization,
        "currency": statement.currency,
        "closed_at": account.local(account.closed_at).isoformat() if account.closed_at is not None else None,
        "digest": account.digest,
        "tax_percent": str(statement.tax_percent),
        "totals": {
            "seconds": statement.seconds,
            "gross": str(statement.gross),
            "waived": str(statement.waived),
            "due": str(statement.due),
        },
        "engagements": [_line(account, line) for line in statement.lines],
        "billings": [_billing(account, billing) for billing in account.billings],
    }


def _line(account: Account, line: StatementLine) -> dict[str, Any]:
    return {
        "desk": line.desk,
        "ticket": line.ticket,
        "term": line.term,
        "reference": line.reference,
        "modality": line.modality,
        "version": line.version,
        "consent": {
            "comment": line.consent_comment,
            "at": account.local(line.accepted_at).isoformat(),
            "by": line.accepted_by,
            "name": account.people.get(line.key),
        },
        "ended_at": account.local(line.ended_at).isoformat(),
        "interrupted": line.interrupted,
        "entries": [_entry(account, entry) for entry in line.entries],
        "seconds": line.seconds,
        "charged_seconds": line.charged_seconds,
        "rate": line.rate,
        "hourly": str(line.hourly),
        "charge": line.charge.value,
        "reason": line.reason,
        "gross": str(line.gross),
        "waived": str(line.waived),
        "due": str(line.due),
        "unit": line.unit or None,
        "fields": dict(line.fields),
    }


def _entry(account: Account, entry: StatedEntry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "kind": entry.kind,
        "start": account.local(entry.start).isoformat(),
        "end": account.local(entry.end).isoformat(),
        "consultant": entry.consultant,
        "logged_at": account.local(entry.logged_at).isoformat(),
        "source": entry.source,
        "seconds": entry.seconds,
        "excluded": [{"reason": reason, "seconds": seconds} for reason, seconds in entry.excluded],
    }


def _billing(account: Account, billing: Billing) -> dict[str, Any]:
    return {
        "move": billing.move.value,
        "at": account.local(billing.at).isoformat(),
        "operator": billing.operator,
        "invoice": billing.invoice or None,
        "issued_on": billing.issued_on.isoformat() if billing.issued_on is not None else None,
        "tax_id": billing.tax_id or None,
        "reason": billing.reason or None,
    }
