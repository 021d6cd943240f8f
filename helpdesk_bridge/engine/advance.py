"""Hop 2: claim the oldest inbox row of a lane, decide, and commit everything that follows in one transaction."""

from __future__ import annotations

import time
from dataclasses import replace

from helpdesk_bridge.domain.agenda import Agenda
from helpdesk_bridge.domain.decide import NOBODY_TAKEN, decide
from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.effects import DeskUpdate, Forget, Update, Wake, reference_of
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.events import Hint, Ordered, TimerFired
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.sessions import bookings
from helpdesk_bridge.domain.values import DeskId, Ticket, TicketId, TicketStatus
from helpdesk_bridge.engine import crash
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.perceive import settle
from helpdesk_bridge.engine.reconcile import POLL
from helpdesk_bridge.engine.telemetry import BACKFILLED, observe
from helpdesk_bridge.errors import Gone, Permanent, Refused, Retryable
from helpdesk_bridge.store import InboxRow, LeaseLost, Taken, Transaction, decode_engagement, encode_engagement

PATIENCE = 5
"""Attempts after which a row that fails in a way nobody foresaw is parked for a person."""

RACES = 5
"""How often a consultant may be taken by others between a decision and its commit before the row waits its turn again."""


def advance(bridge: Bridge) -> bool:
    """Advance one lane by one row; False when there is nothing to do now."""
    with bridge.store.read() as tx:
        if not tx.inbox.lanes_waiting(bridge.now(), limit=1):
            return False
    with bridge.store.write() as tx:
        row = tx.inbox.claim(bridge.now(), bridge.lease)
    if row is None:
        return False
    crash.point("advance.claimed")
    started = time.monotonic()
    try:
        outcome = _advance(bridge, row)
    except Retryable as error:
        with bridge.store.write() as tx:
            tx.inbox.postpone(row, bridge.backoff(row.attempt, error.after), str(error))
        outcome = "postponed"
    except (Permanent, Refused) as error:
        with bridge.store.write() as tx:
            tx.inbox.park(row, str(error))
        outcome = "parked"
    except LeaseLost:
        outcome = "lease_lost"
    except Exception as error:
        if row.attempt < PATIENCE:
            raise
        with bridge.store.write() as tx:
            tx.inbox.park(row, f"unforeseen: {type(error).__name__}: {error}"[:500])
        outcome = "failed"
    seconds = time.monotonic() - started
    named = {"identity": row.identity, "attempt": row.attempt}
    observe("advance", desk=row.desk, ticket=row.ticket, outcome=outcome, seconds=seconds, **named)
    return True


def _advance(bridge: Bridge, row: InboxRow) -> str:
    event, ticket = row.event, None
    assert event is not None
    assert row.ticket is not None
    if isinstance(event, Hint | Ordered | TimerFired):
        ticket = _fetched(bridge, event, row.desk, row.ticket)
        crash.point("advance.fetched")
    for _ in range(RACES):
        try:
            return _decided(bridge, row, ticket)
        except Taken:
            continue
    raise Retryable("other tickets kept taking the same consultant", after=1)


def _decided(bridge: Bridge, row: InboxRow, ticket: Ticket | None) -> str:
    """Decide by what stands now, and commit. Raises: Taken when what was decided on stands no more."""
    event = row.event
    assert event is not None
    assert row.ticket is not None
    engagement, seq = load(bridge, row.desk, row.ticket)
    agenda = _agenda(bridge) if engagement.terms else NOBODY_TAKEN
    if ticket is not None:
        last = event if isinstance(event, Ordered | TimerFired) else None
        digest = row.raw_digest or ""
        decision = settle(
            ticket, engagement, bridge.policy, at=bridge.now(), delivery=digest, last=last, agenda=agenda, reader=bridge.reader
        )
    else:
        assert not isinstance(event, Hint)
        decision = decide(event, engagement, bridge.policy.rules, agenda)
    updates = _updates(bridge, engagement, decision)
    with bridge.store.write() as tx:
        after = fold(engagement, decision.entries)
        if bookings(after) != bookings(engagement):
            tx.bookings.replace(row.desk, row.ticket, bookings(after))
        _commit(bridge, tx, row, ticket, after, seq, decision, updates)
        crash.point("advance.before_commit")
    crash.point("advance.committed")
    if isinstance(event, Hint) and event.kind == POLL and decision.entries:
        BACKFILLED.labels(row.desk).inc()
    if updates:
        bridge.bell.ring("outbox")
    if any(isinstance(effect, Wake) for effect in decision.effects):
        bridge.bell.ring("due")
    return "decided" if decision.entries or updates else "nothing_new"


def _fetched(bridge: Bridge, event: Hint | Ordered | TimerFired, desk: DeskId, ticket: TicketId) -> Ticket | None:
    """Read the ticket. A timer hears what was written before it, but fires even when the desk no longer has the ticket.

    A hint about a ticket that is gone tells just that, of one we know: it is read as it was, and gone.
    """
    try:
        return bridge.desks[desk].fetch(ticket)
    except Gone:
        if isinstance(event, TimerFired):
            return None
        with bridge.store.read() as tx:
            known = tx.inbox.last_seen(desk, ticket)
        if known is None or isinstance(event, Ordered):
            raise
        return replace(known, status=TicketStatus.GONE, raw_status="gone", time=None)
    except Permanent:
        if isinstance(event, TimerFired):
            return None
        raise


def _agenda(bridge: Bridge) -> Agenda:
    """Read who is taken: our own bookings, and the consultants' calendars."""
    with bridge.store.read() as tx:
        booked = tx.bookings.ahead(bridge.now())
    busy, unread = bridge.feeds.busy(bridge.now()) if bridge.feeds is not None else ((), ())
    return Agenda(busy=(*booked, *busy), unread=unread)


def load(bridge: Bridge, desk: DeskId, ticket: TicketId) -> tuple[Engagement, int]:
    """Return the engagement of a ticket and the length of its journal; without its cache it is folded again."""
    with bridge.store.read() as tx:
        saved = tx.engagements.load(desk, ticket)
        if saved is not None:
            return decode_engagement(saved.state), saved.seq
        records = tx.journal.records(desk, ticket)
    return fold(Engagement(desk=desk, ticket=ticket), records), len(records)


def _updates(bridge: Bridge, engagement: Engagement, decision: Decision) -> tuple[DeskUpdate, ...]:
    """Render updates to the exact words now, so that every attempt to post them says the same."""
    return tuple(_rendered(bridge, engagement, effect) for effect in decision.effects if isinstance(effect, Update))


def _rendered(bridge: Bridge, engagement: Engagement, update: Update) -> DeskUpdate:
    body, variables = None, dict(update.variables)
    if update.invitation is not None and bridge.invitations is not None:
        variables["invitation_url"] = bridge.invitations.url(update.invitation)
    if update.template is not None:
        body = bridge.policy.wording.comment(update.template, update.language, variables)
    return DeskUpdate(
        ticket=engagement.ticket,
        key=update.key,
        reference=reference_of(engagement.desk, engagement.ticket, update.key),
        body=body,
        public=update.public,
        add_tags=update.add_tags,
        remove_tags=update.remove_tags,
        fields=update.fields,
    )


def _commit(
    bridge: Bridge,
    tx: Transaction,
    row: InboxRow,
    ticket: Ticket | None,
    engagement: Engagement,
    seq: int,
    decision: Decision,
    updates: tuple[DeskUpdate, ...],
) -> None:
    now = bridge.now()
    tx.inbox.finish(row, ticket, now)
    if decision.entries:
        records = tx.journal.append(row.desk, engagement.ticket, decision.entries, expected_seq=seq)
        last = records[-1]
        tx.engagements.save(row.desk, engagement.ticket, encode_engagement(engagement), seq=last.seq, head=last.hash, now=now)
    tx.outbox.add(row.desk, updates, now)
    for effect in decision.effects:
        if isinstance(effect, Wake):
            tx.due.put(row.desk, engagement.ticket, effect, now)
        elif isinstance(effect, Forget):
            tx.due.forget(row.desk, engagement.ticket, effect.key)
