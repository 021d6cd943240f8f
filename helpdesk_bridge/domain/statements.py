"""Monthly statements: which charges close with a month, for whom, and everything they rest on. What cannot close rolls over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from helpdesk_bridge.domain import gone
from helpdesk_bridge.domain.calendar import Calendar
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.ledger import Charge, TimeEntry
from helpdesk_bridge.domain.lifecycle import ChargeState
from helpdesk_bridge.domain.tax_ids import tax_id
from helpdesk_bridge.domain.values import CommentId, DeskId, ModalityCode, Organization, TicketId, TicketStatus

ZERO = Decimal("0.00")
CLOSABLE = (ChargeState.CHARGEABLE, ChargeState.WAIVED, ChargeState.PASSED_THROUGH)
GONE = "ticket_gone"
"""Why a ticket that was deleted at the desk does not close; finance is told once and settles it."""
_ENDED = (TicketStatus.SOLVED, TicketStatus.CLOSED)
_SHAPE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month that is stated as a whole."""

    year: int
    month: int

    @classmethod
    def of(cls, text: str) -> Period:
        """Read ``2026-10``. Raises: ValueError."""
        found = _SHAPE.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is no month such as 2026-10")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def before(cls, day: date) -> Period:
        """Return the month before the one of ``day``."""
        last = day.replace(day=1) - timedelta(days=1)
        return cls(last.year, last.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first_day(self) -> date:
        """First day of the month."""
        return date(self.year, self.month, 1)

    @property
    def next_month(self) -> date:
        """First day after the month."""
        return (self.first_day + timedelta(days=31)).replace(day=1)

    def end(self, calendar: Calendar) -> datetime:
        """Return the first instant after the month, in the calendar's zone."""
        return calendar.day(self.next_month).start


def closing_day(period: Period, business_day: int, calendar: Calendar) -> date:
    """Return the day a month closes on: the nth business day after it."""
    days = calendar.days_from(calendar.day(period.next_month).start)
    business_days = (day for day in days if calendar.is_business_day(day))
    for _ in range(business_day - 1):
        next(business_days)
    return next(business_days)


class StatementKind(StrEnum):
    """Who bears what a statement lists."""

    CUSTOMER = "customer"
    PASS_THROUGH = "pass_through"  # noqa: S105 (no password)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedEntry:
    """A TimeEntry as it is stated, traceable to the comment or desk field it was logged in."""

    number: int
    kind: str
    start: datetime
    end: datetime
    consultant: str
    logged_at: datetime
    source: str
    """``comment:<id>``, ``time:<id>`` or ``order:<id>``."""
    seconds: int
    """The billable part."""
    excluded: tuple[tuple[str, int], ...] = ()
    """Why other seconds are not billable (stable codes)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One engagement: a service term, the consent to it, the work under it and what it costs."""

    desk: DeskId
    ticket: TicketId
    term: int
    reference: str
    modality: ModalityCode
    version: str
    accepted_at: datetime
    accepted_by: str
    """Actor, without personal data."""
    consent_comment: CommentId
    ended_at: datetime
    interrupted: bool
    entries: tuple[StatedEntry, ...]
    seconds: int
    """Billable time as worked."""
    charged_seconds: int
    """After the policy's minimum and rounding."""
    rate: str
    hourly: Decimal
    charge: ChargeState
    gross: Decimal
    due: Decimal
    reason: str = ""
    """Why it is waived (a stable code)."""
    unit: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    """What finance asked for about a unit that bears the cost."""

    @property
    def waived(self) -> Decimal:
        """What is not due."""
        return self.gross - self.due

    @property
    def key(self) -> tuple[DeskId, TicketId, int]:
        """The one engagement it states."""
        return self.desk, self.ticket, self.term


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one month costs one payer: a tax number and an organization, in one currency."""

    period: str
    kind: StatementKind
    tax_id: str
    organization: str
    """Name of the organization, or of the unit that bears the cost."""
    currency: str
    lines: tuple[StatementLine, ...]
    tax_percent: Decimal = Decimal(0)
    """Taxes that the amounts hold already; 0: taxes are named, not computed."""

    @property
    def seconds(self) -> int:
        """Time charged."""
        return sum(line.charged_seconds for line in self.lines)

    @property
    def gross(self) -> Decimal:
        """All work, waived work included."""
        return sum((line.gross for line in self.lines), ZERO)

    @property
    def waived(self) -> Decimal:
        """What is not due."""
        return self.gross - self.due

    @property
    def due(self) -> Decimal:
        """What is to be invoiced: the sum of amounts that were each rounded once."""
        return sum((line.due for line in self.lines), ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A ticket that may have something to state, as it stands at the closing."""

    engagement: Engagement
    status: TicketStatus | None
    """None: nobody knows; the desk could not be asked."""
    organization: Organization | None
    is_settled: bool = True
    """False while something about the ticket waits to be decided."""
    is_reported: bool = False
    """True when an earlier closing told finance already that the ticket is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledOver:
    """An engagement that does not close with the month, and why (a stable code)."""

    desk: DeskId
    ticket: TicketId
    term: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What one month comes to."""

    period: Period
    statements: tuple[Statement, ...]
    rolled: tuple[RolledOver, ...]


def close(period: Period, candidates: Iterable[Candidate], calendar: Calendar, tax_percent: Decimal = Decimal(0)) -> Closing:
    """State every charge that can close with ``period``, one statement per payer; everything else rolls over with its reason."""
    end = period.end(calendar)
    grouped: dict[tuple[StatementKind, str, str, str], list[StatementLine]] = {}
    rolled = []
    for candidate in candidates:
        orphaned = gone.unsettled(candidate.engagement)
        if orphaned:
            rolled += [] if candidate.is_reported else [_rolled(candidate.engagement, term, GONE) for term in orphaned]
            continue
        for term, charge in _charges(candidate.engagement):
            payer = _payer(candidate, term)
            reason = _reason_to_wait(candidate, term, payer, end)
            if reason is not None or payer is None:
                rolled.append(_rolled(candidate.engagement, term, reason or "no_tax_id"))
                continue
            line = _line(candidate.engagement, term, charge)
            grouped.setdefault((*payer, term.currency), []).append(line)
    return Closing(
        period=period,
        statements=tuple(
            Statement(
                period=str(period),
                kind=kind,
                tax_id=number,
                organization=organization,
                currency=currency,
                lines=tuple(sorted(lines, key=lambda line: line.key)),
                tax_percent=tax_percent,
            )
            for (kind, number, organization, currency), lines in sorted(grouped.items())
        ),
        rolled=tuple(rolled),
    )


def has_charges(engagement: Engagement) -> bool:
    """True when something of a ticket could be stated."""
    return any(True for _ in _charges(engagement)) or bool(gone.unsettled(engagement))


def _charges(engagement: Engagement) -> Iterator[tuple[ServiceTerm, Charge]]:
    return ((term, term.charged) for term in engagement.terms if term.charge in CLOSABLE and term.charged is not None)


def _reason_to_wait(
    candidate: Candidate, term: ServiceTerm, payer: tuple[StatementKind, str, str] | None, end: datetime
) -> str | None:
    """Return why an engagement rolls over, or None."""
    if _ended_at(term) >= end:
        return "later_month"
    if not candidate.is_settled:
        return "events_waiting"
    if candidate.engagement.gone_at is None and candidate.status not in _ENDED:
        return f"ticket_{candidate.status.value}" if candidate.status is not None else "ticket_unknown"
    return "no_tax_id" if payer is None else None


def _rolled(engagement: Engagement, term: ServiceTerm, reason: str) -> RolledOver:
    return RolledOver(desk=engagement.desk, ticket=engagement.ticket, term=term.number, reason=reason)


def _payer(candidate: Candidate, term: ServiceTerm) -> tuple[StatementKind, str, str] | None:
    """Return who pays: the unit a cost is passed to, the number somebody named, else the organization's own."""
    organization = candidate.organization
    name = (organization.name or organization.id) if organization is not None else ""
    if term.pass_through is not None:
        number = _known(term.pass_through.tax_id)
        return (StatementKind.PASS_THROUGH, number, term.pass_through.unit) if number is not None else None
    number = _known(candidate.engagement.tax_id) or _known(organization.tax_id if organization is not None else None)
    return (StatementKind.CUSTOMER, number, name) if number is not None else None


def _known(text: str | None) -> str | None:
    known = tax_id(text) if text else None
    return known.key if known is not None else None


def _ended_at(term: ServiceTerm) -> datetime:
    ended = term.concluded_at or term.cut_off or term.retracted_at
    assert ended is not None, "a settled charge has an end"
    return ended


def _line(engagement: Engagement, term: ServiceTerm, charge: Charge) -> StatementLine:
    assert term.accepted_at is not None
    assert term.consent_comment is not None
    seconds = {line.entry: line.seconds for line in charge.lines}
    passed = term.pass_through
    return StatementLine(
        desk=engagement.desk,
        ticket=engagement.ticket,
        term=term.number,
        reference=term.reference,
        modality=term.modality,
        version=term.version,
        accepted_at=term.accepted_at,
        accepted_by=term.accepted_by or "",
        consent_comment=term.consent_comment,
        ended_at=_ended_at(term),
        interrupted=term.concluded_at is None,
        entries=tuple(_stated(entry, seconds.get(entry.number, 0), charge) for entry in term.standing),
        seconds=charge.seconds,
        charged_seconds=charge.charged_seconds,
        rate=term.rate,
        hourly=term.hourly_rate,
        charge=charge.state,
        gross=charge.gross,
        due=charge.due,
        reason=charge.reason,
        unit=passed.unit if passed is not None else "",
        fields=passed.fields if passed is not None else (),
    )


def _stated(entry: TimeEntry, seconds: int, charge: Charge) -> StatedEntry:
    return StatedEntry(
        number=entry.number,
        kind=entry.kind,
        start=entry.start,
        end=entry.end,
        consultant=entry.consultant,
        logged_at=entry.logged_at,
        source=entry.source,
        seconds=seconds,
        excluded=tuple((one.reason, one.seconds) for one in charge.exclusions if one.entry == entry.number),
    )


class StatementState(StrEnum):
    """What became of a statement."""

    CLOSED = "closed"
    INVOICED = "invoiced"
    REINVOICED = "reinvoiced"
    CANCELLED = "cancelled"


class StatementMove(StrEnum):
    """What can happen to a statement; each is told to every ticket it lists."""

    INVOICE = "invoiced"
    REINVOICE = "reinvoiced"
    CANCEL = "cancelled"
    RELEASE = "released"


STATEMENT: dict[tuple[StatementState, StatementMove], StatementState] = {
    (StatementState.CLOSED, StatementMove.INVOICE): StatementState.INVOICED,
    (StatementState.INVOICED, StatementMove.REINVOICE): StatementState.REINVOICED,
    (StatementState.REINVOICED, StatementMove.REINVOICE): StatementState.REINVOICED,
    (StatementState.CLOSED, StatementMove.CANCEL): StatementState.CANCELLED,
    (StatementState.INVOICED, StatementMove.CANCEL): StatementState.CANCELLED,
    (StatementState.REINVOICED, StatementMove.CANCEL): StatementState.CANCELLED,
    (StatementState.CLOSED, StatementMove.RELEASE): StatementState.CANCELLED,
    (StatementState.INVOICED, StatementMove.RELEASE): StatementState.CANCELLED,
    (StatementState.REINVOICED, StatementMove.RELEASE): StatementState.CANCELLED,
}
"""A statement is cancelled in two ways: its engagements are never charged, or released for the next closing."""


WITHOUT_INVOICE = (StatementMove.CANCEL, StatementMove.RELEASE)
"""Moves that need a reason and no invoice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """Something that finance did with a statement."""

    move: StatementMove
    operator: str
    at: datetime
    invoice: str = ""
    issued_on: date | None = None
    tax_id: str = ""
    reason: str = ""


def state_of(billings: Iterable[Billing]) -> StatementState:
    """Return where a statement stands after everything that finance did with it."""
    state = StatementState.CLOSED
    for billing in billings:
        state = STATEMENT[state, billing.move]
    return state


def refusal(statement: Statement, billings: tuple[Billing, ...], asked: Billing, today: date) -> str | None:
    """Return why finance cannot do this with a statement, as a sentence, or None."""
    state = state_of(billings)
    if (state, asked.move) not in STATEMENT:
        return f"it is {state.value} already" if billings else "it has no invoice yet"
    if asked.move in WITHOUT_INVOICE:
        return None if asked.reason else "a cancellation needs a reason"
    if statement.due == 0:
        return "nothing is due"
    if not asked.invoice.strip():
        return "an invoice has a number"
    if asked.issued_on is None or not Period.of(statement.period).first_day <= asked.issued_on <= today:
        return f"an invoice is issued between {statement.period} and today"
    if tax_id(asked.tax_id) is None:
        return f"{asked.tax_id!r} is no valid tax number"
    earlier = [billing.issued_on for billing in billings if billing.issued_on is not None]
    if earlier and asked.issued_on < max(earlier):
        return f"the invoice it replaces was issued on {max(earlier)}"
    return None
