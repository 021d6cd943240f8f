"""Closing a month: charges become statements, and every ticket they come from is told through the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import structlog

from helpdesk_bridge.domain.events import Billed
from helpdesk_bridge.domain.statements import GONE, Candidate, Closing, Period, close, closing_day, has_charges
from helpdesk_bridge.domain.values import DeskId, Ticket, TicketId
from helpdesk_bridge.engine import crash
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.store import AlreadyRecorded, BookedStatement, NewRow, Transaction, decode_engagement

log = structlog.get_logger()

Key = tuple[DeskId, TicketId]


class ClosingRefused(BridgeError):
    """The month cannot be closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedBooks:
    """What a closing came to, and its statements under their numbers; none after a rehearsal."""

    closing: Closing
    booked: tuple[BookedStatement, ...] = ()


def close_month(bridge: Bridge, period: Period, *, operator: str, early: bool = False) -> ClosedBooks:
    """Close a month, once and for all. Raises: ClosingRefused when it is not over, not due yet (unless ``early``), or closed."""
    _refuse_before_time(bridge, period, early=early)
    with bridge.store.read() as tx:
        keys = _with_charges(tx)
        unseen = [key for key in keys if tx.inbox.last_seen(*key) is None]
    fetched = dict(_fetched(bridge, unseen))
    now = bridge.now()
    try:
        with bridge.store.write() as tx:
            tx.inbox.stand_still()
            _refuse_again(tx, period)
            closing = _closing(bridge, period, _candidates(tx, keys, fetched))
            booked = tx.statement_book.close(period, closing.statements, closing.rolled, by=operator, now=now)
            tx.inbox.add([row for one in booked for row in _told(one, operator)])
            crash.point("close.before_commit")
    except AlreadyRecorded as error:
        raise ClosingRefused(str(error)) from error
    crash.point("close.committed")
    bridge.bell.ring("inbox")
    log.info("closed", period=str(period), statements=len(booked), rolled=len(closing.rolled), operator=operator)
    return ClosedBooks(closing=closing, booked=booked)


def rehearse(bridge: Bridge, period: Period) -> ClosedBooks:
    """Show what closing a month now would come to; nothing is recorded. Raises: ClosingRefused when it is closed."""
    with bridge.store.read() as tx:
        _refuse_again(tx, period)
        keys = _with_charges(tx)
        unseen = [key for key in keys if tx.inbox.last_seen(*key) is None]
    fetched = dict(_fetched(bridge, unseen))
    with bridge.store.read() as tx:
        return ClosedBooks(closing=_closing(bridge, period, _candidates(tx, keys, fetched)))


def close_when_due(bridge: Bridge) -> bool:
    """Close the last month on its closing day, where the policy says so; True when this did it."""
    rules = bridge.policy.rules
    today = rules.calendar.local(bridge.now()).date()
    period = Period.before(today)
    if not rules.statements.automatic or today < closing_day(period, rules.statements.business_day, rules.calendar):
        return False
    with bridge.store.read() as tx:
        last = tx.statement_book.last_closed()
    if last is not None and last.period >= period:
        return False
    try:
        close_month(bridge, period, operator="bridge")
    except ClosingRefused:  # another machine was faster
        return False
    return True


def _refuse_before_time(bridge: Bridge, period: Period, *, early: bool) -> None:
    rules = bridge.policy.rules
    today = rules.calendar.local(bridge.now()).date()
    if today < period.next_month:
        raise ClosingRefused(f"{period} is not over yet")
    day = closing_day(period, rules.statements.business_day, rules.calendar)
    if today < day and not early:
        raise ClosingRefused(f"{period} closes on {day}, business day {rules.statements.business_day}; --early closes it before")


def _refuse_again(tx: Transaction, period: Period) -> None:
    last = tx.statement_book.last_closed()
    if last is None or last.period < period:
        return
    if last.period == period:
        raise ClosingRefused(f"{period} was closed on {last.closed_at:%Y-%m-%d} by {last.closed_by}; a month closes once")
    raise ClosingRefused(f"{last.period} is closed already, and what was open of {period} stands there")


def _with_charges(tx: Transaction) -> list[Key]:
    return [(row.desk, row.ticket) for row in tx.engagements.each() if has_charges(decode_engagement(row.state))]


def _fetched(bridge: Bridge, keys: Iterable[Key]) -> Iterator[tuple[Key, Ticket]]:
    """Read tickets of which no reading is left, such as after an erasure; a desk that does not answer leaves them unknown."""
    for desk, ticket in keys:
        try:
            yield (desk, ticket), bridge.desks[desk].fetch(ticket)
        except (BridgeError, KeyError) as error:
            log.warning("ticket_unknown", desk=desk, ticket=ticket, reason=str(error))


def _candidates(tx: Transaction, keys: Iterable[Key], fetched: Mapping[Key, Ticket]) -> Iterator[Candidate]:
    reported = tx.statement_book.rolled_for(GONE)
    for desk, number in keys:
        saved = tx.engagements.load(desk, number)
        if saved is None:
            continue
        ticket = tx.inbox.last_seen(desk, number) or fetched.get((desk, number))
        yield Candidate(
            engagement=decode_engagement(saved.state),
            status=ticket.status if ticket is not None else None,
            organization=ticket.organization if ticket is not None else None,
            is_settled=tx.inbox.is_settled(desk, number),
            is_reported=(desk, number) in reported,
        )


def _closing(bridge: Bridge, period: Period, candidates: Iterable[Candidate]) -> Closing:
    rules = bridge.policy.rules
    return close(period, candidates, rules.calendar, rules.billing.tax_percent)


def _told(booked: BookedStatement, operator: str) -> Iterator[NewRow]:
    for line in booked.statement.lines:
        event = Billed(
            kind="stated",
            number=line.term,
            statement=str(booked.number),
            operator=operator,
            at=booked.closed_at,
            identity=f"billed:{booked.number}:stated:{line.term}",
            tax_id=booked.statement.tax_id,
        )
        yield NewRow.internal(line.desk, line.ticket, event, now=booked.closed_at)
