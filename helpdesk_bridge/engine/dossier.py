"""Evidence of one ticket as one file: a ZIP whose last 64 bytes, its comment, are the signature of everything before them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

from helpdesk_bridge._version import __version__
from helpdesk_bridge.domain.dossier import Dossier, SealedHead, proven
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.engine.audit import audit_ticket
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.signing import LENGTH, Signer
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.store import Transaction


class NoEvidence(BridgeError):
    """There is nothing to export, or it does not verify."""


def dossier_of(bridge: Bridge, desk: DeskId, ticket: TicketId, *, by: str, signer: Signer | None) -> Dossier:
    """Gather what is recorded about a ticket and the seals that cover it. Raises: NoEvidence."""
    finding = audit_ticket(bridge.store, desk, ticket)
    if finding.is_about_nothing:
        raise NoEvidence(f"nothing is recorded about {desk}/{ticket}")
    if finding.problems:
        raise NoEvidence(f"{desk}/{ticket} does not verify: {finding.problems[0]}")
    with bridge.store.read() as tx:
        records = tx.journal.records(desk, ticket)
        seals = _seals(tx, desk, ticket)
    return Dossier(
        desk=desk,
        ticket=ticket,
        records=records,
        engagement=fold(Engagement(desk=desk, ticket=ticket), records),
        seals=seals,
        made_at=bridge.now(),
        made_by=by,
        version=__version__,
        key=signer.public if signer is not None else None,
    )


def packed(files: Mapping[str, bytes], at: datetime, signer: Signer | None) -> bytes:
    """Pack files into one ZIP, signed as a whole: no byte of it can change unnoticed, and any ZIP program opens it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
        archive.comment = bytes(LENGTH) if signer is not None else b""
    content = buffer.getvalue()
    return content if signer is None else content[:-LENGTH] + signer.sign(content[:-LENGTH])


def _seals(tx: Transaction, desk: DeskId, ticket: TicketId) -> tuple[SealedHead, ...]:
    covered = []
    for number, head in tx.seals.of_ticket(desk, ticket):
        seal = tx.seals.get(number)
        if seal is not None:
            covered.append(proven(seal, tx.seals.heads(number), head))
    return tuple(covered)
