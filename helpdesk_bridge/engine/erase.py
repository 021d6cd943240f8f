"""Erasing people from one ticket: the words and every copy of them go, the chain and the money facts stay."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.erasure import erasable, erased_entry, still_needed
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.values import DeskId, TicketId
from helpdesk_bridge.engine.audit import audit_ticket
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.store import LeaseLost, Transaction, encode_engagement


class ErasureRefused(BridgeError):
    """The ticket cannot be erased now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was emptied; nothing at all when it had been before."""

    records: tuple[int, ...]
    deliveries: int
    updates: int

    @property
    def is_nothing(self) -> bool:
        """True when there was nothing left to empty."""
        return not (self.records or self.deliveries or self.updates)


def erase(
    bridge: Bridge,
    desk: DeskId,
    ticket: TicketId,
    *,
    reason: str,
    operator: str,
    person: str | None = None,
    force: bool = False,
) -> Erased:
    """Erase what is recorded about people in a ticket, or about one ``person`` (an id, name or e-mail address).

    Copies, the bytes of deliveries and the words of updates, go whole in either case. Raises: ErasureRefused when the chain does not
    verify, something about the ticket waits, or (unless ``force``) the words are still needed to charge what was worked.
    """
    _refuse(bridge, desk, ticket, reason)
    try:
        with bridge.store.erase() as tx:
            _refuse_waiting(tx, desk, ticket)
            records = tx.journal.records(desk, ticket)
            engagement = fold(Engagement(desk=desk, ticket=ticket), records)
            needed = still_needed(engagement)
            if needed and not force:
                raise ErasureRefused(f"the words are still needed: {'; '.join(needed)}; --force erases them all the same")
            done = Erased(
                records=erasable(records, person),
                deliveries=tx.inbox.erase(desk, ticket),
                updates=tx.outbox.erase(desk, ticket),
            )
            if not done.is_nothing:
                _record(
                    bridge, tx, engagement, records[-1].seq, done, reason=reason, operator=operator, of_person=person is not None
                )
    except LeaseLost as error:
        raise ErasureRefused(f"something was recorded about {desk}/{ticket} in the meantime: try again") from error
    return done


def _refuse(bridge: Bridge, desk: DeskId, ticket: TicketId, reason: str) -> None:
    if not reason.strip():
        raise ErasureRefused("an erasure has a reason")
    finding = audit_ticket(bridge.store, desk, ticket)
    if finding.is_about_nothing:
        raise ErasureRefused(f"nothing is recorded about {desk}/{ticket}")
    if finding.problems:  # an erasure must not cover up a change
        raise ErasureRefused(f"{desk}/{ticket} does not verify: {finding.problems[0]}")


def _refuse_waiting(tx: Transaction, desk: DeskId, ticket: TicketId) -> None:
    """What waits holds words, and would write new ones."""
    if not (tx.inbox.is_settled(desk, ticket) and tx.outbox.is_settled(desk, ticket)):
        raise ErasureRefused(f"something about {desk}/{ticket} waits: let the workers finish it, or settle its parked rows")


def _record(
    bridge: Bridge,
    tx: Transaction,
    engagement: Engagement,
    seq: int,
    done: Erased,
    *,
    reason: str,
    operator: str,
    of_person: bool,
) -> None:
    """Empty the records and write down behind record ``seq`` that it was done; the journal adds up to what it did before."""
    desk, ticket, now = engagement.desk, engagement.ticket, bridge.now()
    entry = erased_entry(
        done.records,
        at=now,
        operator=operator,
        reason=reason.strip(),
        of_person=of_person,
        deliveries=done.deliveries,
        updates=done.updates,
    )
    last = tx.journal.append(desk, ticket, [entry], expected_seq=seq)[-1]
    for number in done.records:
        tx.journal.erase(desk, ticket, number)
    after = fold(Engagement(desk=desk, ticket=ticket), tx.journal.records(desk, ticket))
    if after != engagement:
        raise ErasureRefused(f"{desk}/{ticket} would not add up to the same any more; nothing was erased")
    tx.engagements.save(desk, ticket, encode_engagement(after), seq=last.seq, head=last.hash, now=now)
