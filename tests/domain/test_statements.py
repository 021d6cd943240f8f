"""Closing a month: what can be stated is stated once, to one payer, in one currency; the rest rolls over with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.domain.calendar import Calendar
from helpdesk_bridge.domain.lifecycle import ChargeState, WorkState
from helpdesk_bridge.domain.statements import (
    CLOSABLE,
    STATEMENT,
    Billing,
    Candidate,
    Period,
    StatementKind,
    StatementMove,
    StatementState,
    close,
    closing_day,
    refusal,
    state_of,
)
from helpdesk_bridge.domain.values import Organization, TicketStatus
from helpdesk_bridge.policy import load_policy
from tests.domain.charges import ACCEPTED, CNPJ, UNIT_CNPJ, a_term, an_entry, candidate, due, passed_through, settled, waived

OCTOBER = Period(2026, 10)
CALENDAR: Calendar = load_policy().rules.calendar
TODAY = date(2026, 11, 24)


def reasons(*candidates: Candidate) -> list[str]:
    return [rolled.reason for rolled in close(OCTOBER, candidates, CALENDAR).rolled]


@pytest.mark.parametrize(
    ("month", "business_day", "expected"),
    [
        ("2026-10", 2, "2026-11-04"),  # Sunday; the 2nd, a Monday, is All Souls' Day
        ("2026-12", 2, "2027-01-05"),  # New Year's Day, a weekend
        ("2027-01", 2, "2027-02-02"),
        ("2026-10", 1, "2026-11-03"),
        ("2026-10", 20, "2026-12-01"),  # 20 November is a holiday
    ],
)
def test_a_month_closes_on_the_nth_business_day_after_it(month: str, business_day: int, expected: str) -> None:
    assert date.fromisoformat(expected) == closing_day(Period.of(month), business_day, CALENDAR)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "10/2026", "2026", "", "2026-1", "2026-10-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no month such as 2026-10"):
        Period.of(text)


def test_a_month_ends_at_local_midnight() -> None:
    assert datetime(2026, 11, 1, 3, 0, tzinfo=UTC) == OCTOBER.end(CALENDAR)


def test_an_engagement_is_one_line_that_rests_on_its_consent_and_its_entries() -> None:
    (statement,) = close(OCTOBER, [candidate(a_term(35, 120.5))], CALENDAR).statements
    (line,) = statement.lines

    assert (statement.tax_id, statement.organization, statement.currency) == (CNPJ, "Metalúrgica Aurora", "BRL")
    assert (line.consent_comment, line.accepted_at, line.accepted_by) == ("501", ACCEPTED, "requester:17")
    assert [(entry.number, entry.source, entry.seconds) for entry in line.entries] == [
        (1, "comment:701", 2100),
        (2, "comment:702", 7230),
    ]
    assert (line.seconds, line.gross, line.due) == (9330, Decimal("917.45"), Decimal("917.45"))


def test_time_that_is_not_billable_is_stated_with_its_reason() -> None:
    early = an_entry(1, 30, start=ACCEPTED - timedelta(minutes=10))
    (statement,) = close(OCTOBER, [candidate(a_term(entries=(early,)))], CALENDAR).statements

    assert [(entry.seconds, entry.excluded) for entry in statement.lines[0].entries] == [(1200, (("before_acceptance", 600),))]


def test_a_waived_charge_is_stated_and_not_due() -> None:
    (statement,) = close(OCTOBER, [candidate(waived(88), a_term(60, number=2))], CALENDAR).statements

    assert (statement.gross, statement.waived, statement.due) == (due(148), due(88), due(60))
    assert [line.reason for line in statement.lines] == ["management", ""]


def test_an_interrupted_engagement_is_stated_up_to_its_cut_off() -> None:
    term = settled(
        replace(a_term(50), work=WorkState.INTERRUPTED, concluded_at=None, cut_off=ACCEPTED + timedelta(hours=2, minutes=43))
    )
    (statement,) = close(OCTOBER, [candidate(term)], CALENDAR).statements

    assert (statement.lines[0].interrupted, statement.due) == (True, due(43))


def test_a_cost_that_is_passed_on_goes_to_the_unit_with_what_finance_needs() -> None:
    closing = close(OCTOBER, [candidate(passed_through(165), a_term(10, number=2))], CALENDAR)

    assert [(one.kind, one.tax_id, one.organization, one.due) for one in closing.statements] == [
        (StatementKind.CUSTOMER, CNPJ, "Metalúrgica Aurora", due(10)),
        (StatementKind.PASS_THROUGH, UNIT_CNPJ, "Serra Norte", due(165)),
    ]
    assert closing.statements[1].lines[0].fields == (("authorisation", "A-17"), ("cost_centre", "4410"))


def test_a_tax_number_named_in_the_ticket_wins_over_the_organizations() -> None:
    named = candidate(a_term(10))
    named = replace(named, engagement=replace(named.engagement, tax_id="CL:760864285"))

    assert [one.tax_id for one in close(OCTOBER, [named], CALENDAR).statements] == ["CL:760864285"]


def test_two_currencies_are_two_statements() -> None:
    closing = close(OCTOBER, [candidate(a_term(10), a_term(10, number=2, currency="USD"))], CALENDAR)

    assert [one.currency for one in closing.statements] == ["BRL", "USD"]


def test_two_organizations_with_one_tax_number_are_two_statements() -> None:
    other = Organization(id="10", name="Aurora Filial", tax_id=CNPJ)
    closing = close(OCTOBER, [candidate(a_term(10)), candidate(a_term(10), ticket="8", organization=other)], CALENDAR)

    assert [(one.tax_id, one.organization) for one in closing.statements] == [
        (CNPJ, "Aurora Filial"),
        (CNPJ, "Metalúrgica Aurora"),
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": TicketStatus.OPEN}, "ticket_open"),
        ({"status": TicketStatus.GONE}, "ticket_gone"),
        ({"status": None}, "ticket_unknown"),
        ({"is_settled": False}, "events_waiting"),
        ({"organization": None}, "no_tax_id"),
        ({"organization": Organization(id="9", tax_id="11.222.333/0001-82")}, "no_tax_id"),
    ],
)
def test_what_cannot_close_rolls_over_with_its_reason(changes: dict[str, object], reason: str) -> None:
    assert reasons(candidate(a_term(10), **changes)) == [reason]


def test_a_unit_without_a_tax_number_rolls_over_and_never_falls_on_the_customer() -> None:
    assert reasons(candidate(passed_through(10, tax_id=None))) == ["no_tax_id"]


def test_work_that_ended_in_the_next_month_rolls_over_by_the_second() -> None:
    ends = [OCTOBER.end(CALENDAR) - timedelta(seconds=1), OCTOBER.end(CALENDAR)]
    found = [len(close(OCTOBER, [candidate(a_term(10, concluded_at=end))], CALENDAR).statements) for end in ends]

    assert found == [1, 0]
    assert reasons(candidate(a_term(10, concluded_at=ends[1]))) == ["later_month"]


@pytest.mark.parametrize("state", sorted(set(ChargeState) - set(CLOSABLE)))
def test_only_settled_charges_that_no_statement_holds_are_looked_at(state: ChargeState) -> None:
    closing = close(OCTOBER, [candidate(replace(a_term(10), charge=state))], CALENDAR)

    assert (closing.statements, closing.rolled) == ((), ())


terms = st.builds(
    lambda minutes, kind, currency, late: kind(
        *minutes, currency=currency, concluded_at=OCTOBER.end(CALENDAR) + timedelta(hours=1 if late else -1)
    ),
    st.lists(st.decimals(min_value="0.05", max_value=90, places=2).map(float), min_size=1, max_size=4),
    st.sampled_from([a_term, waived, passed_through]),
    st.sampled_from(["BRL", "USD"]),
    st.booleans(),
)
organizations = st.sampled_from(
    [
        None,
        Organization(id="9", name="A", tax_id=CNPJ),
        Organization(id="10", name="B", tax_id=CNPJ),
        Organization(id="11", name="C"),
    ]
)
tickets = st.builds(
    lambda found, status, organization, is_settled: (
        [replace(term, number=position) for position, term in enumerate(found, start=1)],
        {"status": status, "organization": organization, "is_settled": is_settled},
    ),
    st.lists(terms, max_size=3),
    st.sampled_from([*TicketStatus, None]),
    organizations,
    st.booleans(),
)


@given(st.lists(tickets, max_size=8))
def test_no_engagement_is_lost_or_stated_twice(found: list[tuple[list, dict]]) -> None:
    candidates = [candidate(*terms, ticket=str(number), **changes) for number, (terms, changes) in enumerate(found)]
    closing = close(OCTOBER, candidates, CALENDAR)

    stated = [line.key for statement in closing.statements for line in statement.lines]
    rolled = [(one.desk, one.ticket, one.term) for one in closing.rolled]
    expected = [
        (one.engagement.desk, one.engagement.ticket, term.number)
        for one in candidates
        for term in one.engagement.terms
        if term.charge in CLOSABLE
    ]
    assert sorted(stated + rolled) == sorted(expected)


@given(st.lists(tickets, max_size=8))
def test_lines_add_up_and_nothing_is_mixed(found: list[tuple[list, dict]]) -> None:
    candidates = [candidate(*terms, ticket=str(number), **changes) for number, (terms, changes) in enumerate(found)]
    known = {(one.engagement.ticket, term.number): term for one in candidates for term in one.engagement.terms}
    for statement in close(OCTOBER, candidates, CALENDAR).statements:
        of = [known[line.ticket, line.term] for line in statement.lines]
        assert {term.currency for term in of} == {statement.currency}
        assert {term.pass_through is not None for term in of} == {statement.kind is StatementKind.PASS_THROUGH}
        assert sum(term.charged.due for term in of if term.charged) == statement.due
        assert statement.gross == statement.due + statement.waived
        for line, term in zip(statement.lines, of, strict=True):
            assert sum(entry.seconds for entry in line.entries) == line.seconds
            assert line.gross == (line.charged_seconds * term.hourly_rate / 3600).quantize(Decimal("0.01"), "ROUND_HALF_UP")


@given(st.lists(tickets, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_tickets_changes_nothing(found: list[tuple[list, dict]], shuffler) -> None:
    candidates = [candidate(*terms, ticket=str(number), **changes) for number, (terms, changes) in enumerate(found)]
    shuffled = list(candidates)
    shuffler.shuffle(shuffled)
    one, other = (close(OCTOBER, given, CALENDAR) for given in (candidates, shuffled))

    assert one.statements == other.statements


def an_invoice(move: StatementMove = StatementMove.INVOICE, issued: date = date(2026, 11, 4), **changes: object) -> Billing:
    billing = Billing(move=move, operator="root", at=datetime(2026, 11, 4, 15, tzinfo=UTC), invoice="NF-1", issued_on=issued)
    return replace(billing, **{"tax_id": CNPJ, **changes})


@pytest.mark.parametrize(
    ("earlier", "asked", "expected"),
    [
        ([], an_invoice(), None),
        ([], an_invoice(StatementMove.REINVOICE), "it has no invoice yet"),
        ([an_invoice()], an_invoice(), "it is invoiced already"),
        ([an_invoice()], an_invoice(StatementMove.REINVOICE), None),
        (
            [an_invoice()],
            an_invoice(StatementMove.REINVOICE, date(2026, 11, 3)),
            "the invoice it replaces was issued on 2026-11-04",
        ),
        ([], an_invoice(invoice=" "), "an invoice has a number"),
        ([], an_invoice(issued=date(2026, 9, 30)), "an invoice is issued between 2026-10 and today"),
        ([], an_invoice(issued=date(2026, 11, 25)), "an invoice is issued between 2026-10 and today"),
        ([], an_invoice(tax_id="11222333000182"), "'11222333000182' is no valid tax number"),
        ([], an_invoice(StatementMove.CANCEL), "a cancellation needs a reason"),
        ([], an_invoice(StatementMove.CANCEL, reason="erro"), None),
        ([an_invoice(StatementMove.CANCEL, reason="erro")], an_invoice(), "it is cancelled already"),
    ],
)
def test_finance_does_what_a_statement_can_take(earlier: list[Billing], asked: Billing, expected: str | None) -> None:
    (statement,) = close(OCTOBER, [candidate(a_term(10))], CALENDAR).statements

    assert refusal(statement, tuple(earlier), asked, TODAY) == expected


def test_a_statement_on_which_nothing_is_due_has_no_invoice() -> None:
    (statement,) = close(OCTOBER, [candidate(waived(10))], CALENDAR).statements

    assert refusal(statement, (), an_invoice(), TODAY) == "nothing is due"


@given(st.lists(st.sampled_from(list(StatementMove)), max_size=6))
def test_a_cancelled_statement_stays_cancelled(moves: list[StatementMove]) -> None:
    taken: list[Billing] = []
    for move in moves:
        if (state_of(taken), move) in STATEMENT:
            taken.append(an_invoice(move))
    if any(each.move is StatementMove.CANCEL for each in taken):
        assert (state_of(taken), taken[-1].move) == (StatementState.CANCELLED, StatementMove.CANCEL)
