"""Evidence as JSON lines, for machines: a header, every record as it is hashed, what they add up to, and the seals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from helpdesk_bridge.domain.dossier import Dossier, SealedHead
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.journal import Record

FORMAT = "helpdesk-bridge evidence 1"


def as_lines(dossier: Dossier) -> bytes:
    """Write a dossier, one JSON object a line, in ASCII."""
    return "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in _lines(dossier)).encode()


def _lines(dossier: Dossier) -> Iterator[dict[str, Any]]:
    yield {
        "type": "header",
        "format": FORMAT,
        "version": dossier.version,
        "made_at": _at(dossier.made_at),
        "made_by": dossier.made_by,
        "desk": dossier.desk,
        "ticket": dossier.ticket,
        "records": len(dossier.records),
        "head": dossier.head,
        "sealed_up_to": dossier.sealed_up_to,
        "erased": sorted(dossier.erased),
        "policies": list(dossier.policies),
        "public_key": dossier.key,
    }
    yield from (_record(record) for record in dossier.records)
    for term in dossier.engagement.terms:
        yield _term(dossier, term)
    yield from (_seal(sealed) for sealed in dossier.seals)


def _record(record: Record) -> dict[str, Any]:
    return {"type": "record", **asdict(record), "at": _at(record.at)}


def _term(dossier: Dossier, term: ServiceTerm) -> dict[str, Any]:
    """Tell what the records of one engagement add up to; each part names the records it comes from where there is one."""
    sent, consent = dossier.sent(term), dossier.consent(term)
    words = dossier.words_behind(consent) if consent is not None else None
    charge = term.charged
    return {
        "type": "engagement",
        "term": term.number,
        "modality": term.modality,
        "version": term.version,
        "reference": term.reference,
        "state": term.state.value,
        "sent": {"record": sent.seq if sent is not None else None, "at": _at(term.sent_at), "text_digest": term.text_digest},
        "posted": {"at": _at(term.posted_at), "comment": term.comment},
        "rate": {"id": term.rate, "hourly": term.hourly, "currency": term.currency},
        "consent": {
            "record": consent.seq if consent is not None else None,
            "words_record": words.seq if words is not None else None,
            "at": _at(term.accepted_at),
            "by": term.accepted_by,
            "comment": term.consent_comment,
        },
        "work": term.work.value,
        "entries": [_plain(asdict(entry)) for entry in term.entries],
        "pauses": [_plain(asdict(pause)) for pause in term.pauses],
        "cut_off": _at(term.cut_off),
        "cut_off_is_provisional": term.cut_off_is_provisional,
        "concluded_at": _at(term.concluded_at),
        "finding": _plain(asdict(term.finding)) if term.finding is not None else None,
        "waiver": _plain(asdict(term.waiver)) if term.waiver is not None else None,
        "pass_through": _plain(asdict(term.pass_through)) if term.pass_through is not None else None,
        "charge": {"standing": term.charge.value, **(_plain(asdict(charge)) if charge is not None else {})},
        "statement": term.statement,
        "invoice": _plain(asdict(term.invoice)) if term.invoice is not None else None,
    }


def _seal(sealed: SealedHead) -> dict[str, Any]:
    """``seq`` is the ticket's head when the seal was made; ``proof`` leads from it to ``root``."""
    return {
        "type": "seal",
        **asdict(sealed.seal),
        "at": _at(sealed.seal.at),
        "seq": sealed.head.seq,
        "proof": [list(step) for step in sealed.proof],
    }


def _plain(value: Any) -> Any:
    """Return plain data; amounts stay the exact text they are."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return _at(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")
