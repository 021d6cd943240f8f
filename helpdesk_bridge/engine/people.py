"""Who accepted what, by name: looked up in the journal when a paper is written, so that an erased name is on no new paper."""

from __future__ import annotations

from helpdesk_bridge.domain.statements import Statement
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.store import Store


def people_of(store: Store, statement: Statement) -> dict[tuple[DeskId, TicketId, int], str]:
    """Return the name behind each engagement's consent, as far as the journal still knows it."""
    found = {}
    with store.read() as tx:
        for line in statement.lines:
            for record in tx.journal.records(line.desk, line.ticket):
                body = record.body or {}
                if record.kind == "words" and body.get("comment") == line.consent_comment:
                    name = body.get("name") or body.get("email")
                    if name:
                        found[line.key] = str(name)
    return found
