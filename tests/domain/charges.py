"""Builders of engagements with a settled charge, as a closing finds them: say only what a test is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from helpdesk_bridge.domain.billing import charge_of
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.ledger import PassThrough, TimeEntry, Waiver
from helpdesk_bridge.domain.lifecycle import TermState, WorkState
from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.domain.statements import Candidate
from helpdesk_bridge.domain.values import CommentId, DeskId, Language, ModalityCode, Organization, TicketId, TicketStatus
from tests.domain.builders import some_rules

RULES = some_rules()

ACCEPTED = datetime(2026, 10, 6, 12, 0, tzinfo=UTC)
ENDED = datetime(2026, 10, 8, 18, 0, tzinfo=UTC)
CNPJ = "11222333000181"
UNIT_CNPJ = "12ABC34501DE35"
ORGANIZATION = Organization(id="9", name="Metalúrgica Aurora", tax_id="11.222.333/0001-81")


def an_entry(number: int, minutes: float, *, start: datetime | None = None, **changes: Any) -> TimeEntry:
    """Build work of so many minutes, each entry an hour after the one before."""
    begin = start or ACCEPTED + timedelta(hours=2 * number)
    entry = TimeEntry(
        number=number,
        kind="remote",
        start=begin,
        end=begin + timedelta(minutes=minutes),
        consultant="caio",
        logged_at=begin + timedelta(minutes=minutes),
        source=f"comment:{700 + number}",
    )
    return replace(entry, **changes)


def a_term(*minutes: float, number: int = 1, **changes: Any) -> ServiceTerm:
    """Build a concluded term with one entry for each number of minutes, its charge settled."""
    term = ServiceTerm(
        number=number,
        modality=ModalityCode("support_consulting"),
        version="2026-01",
        language=Language.PT,
        text_digest="0" * 64,
        rate="brl-2026-support",
        hourly="354.00",
        currency="BRL",
        reference=f"HB-AAAAA{number}",
        sent_at=ACCEPTED - timedelta(hours=1),
        posted_at=ACCEPTED - timedelta(hours=1),
        comment=CommentId("500"),
        state=TermState.ACCEPTED,
        accepted_at=ACCEPTED,
        accepted_by="requester:17",
        consent_comment=CommentId("501"),
        waivable=True,
        work=WorkState.CONCLUDED,
        concluded_at=ENDED,
        entries=tuple(an_entry(position, length) for position, length in enumerate(minutes, start=1)),
    )
    return settled(replace(term, **changes))


def settled(term: ServiceTerm, rules: Rules | None = None) -> ServiceTerm:
    """Settle a term's charge as its ledger says."""
    charge = charge_of(term, rules or RULES)
    return replace(term, charge=charge.state, charged=charge)


def waived(*minutes: float, **changes: Any) -> ServiceTerm:
    """Build a term whose charge a person waived."""
    return a_term(*minutes, waiver=Waiver(motive="management", by="agent:3", at=ENDED), **changes)


def passed_through(*minutes: float, tax_id: str | None = UNIT_CNPJ, **changes: Any) -> ServiceTerm:
    """Build a term whose cost a unit bears."""
    unit = PassThrough(unit="Serra Norte", tax_id=tax_id, fields=(("authorisation", "A-17"), ("cost_centre", "4410")))
    return a_term(*minutes, pass_through=unit, **changes)


def engagement(*terms: ServiceTerm, ticket: str = "7", **changes: Any) -> Engagement:
    """Build an engagement with these terms."""
    return replace(Engagement(desk=DeskId("desk"), ticket=TicketId(ticket), opened_at=ACCEPTED, terms=terms), **changes)


def candidate(*terms: ServiceTerm, ticket: str = "7", **changes: Any) -> Candidate:
    """Build a ticket that is solved and has an organization with a tax number."""
    built = Candidate(engagement=engagement(*terms, ticket=ticket), status=TicketStatus.SOLVED, organization=ORGANIZATION)
    return replace(built, **changes)


def due(minutes: float) -> Decimal:
    """Price minutes at R$ 5.90."""
    return (Decimal(str(minutes)) * Decimal("5.90")).quantize(Decimal("0.01"))
