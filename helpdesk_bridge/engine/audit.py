"""Proving that nothing was changed afterwards: every chain holds, and every engagement is the fold of its journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.journal import GENESIS, verify
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.store import Store, decode_engagement


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the audit says about one ticket; no problems means that it verifies."""

    desk: DeskId
    ticket: TicketId
    records: int
    problems: tuple[str, ...]


def audit(store: Store, desk: DeskId | None = None, ticket: TicketId | None = None) -> Iterator[Finding]:
    """Verify every journal, or those of one desk or ticket."""
    with store.read() as tx:
        known = tx.journal.tickets()
    for one in known:
        if (desk is None or one.desk == desk) and (ticket is None or one.ticket == ticket):
            yield audit_ticket(store, one.desk, one.ticket)


def audit_ticket(store: Store, desk: DeskId, ticket: TicketId) -> Finding:
    """Verify one ticket: hashes, order, and the cached engagement against the journal."""
    with store.read() as tx:
        records = tx.journal.records(desk, ticket)
        saved = tx.engagements.load(desk, ticket)
    problems = verify(records)
    last = records[-1] if records else None
    if saved is None:
        problems.append("there is no engagement beside the journal")
    else:
        if (saved.seq, saved.head) != ((last.seq, last.hash) if last else (0, GENESIS)):
            problems.append("the engagement does not name the journal's last record: records are missing")
        if fold(Engagement(desk=desk, ticket=ticket), records) != decode_engagement(saved.state):
            problems.append("the engagement is not what its journal adds up to")
    return Finding(desk=desk, ticket=ticket, records=len(records), problems=tuple(problems))
