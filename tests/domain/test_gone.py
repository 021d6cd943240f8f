"""Tickets that are gone from their desk: noticed once, settled by finance, and never charged by accident."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.events import GoneSettled
from helpdesk_bridge.domain.lifecycle import ChargeState, WorkState
from helpdesk_bridge.domain.statements import Period, RolledOver, close
from helpdesk_bridge.domain.values import TicketStatus
from tests.domain.builders import DESK, TICKET, Story, at, kinds, notes
from tests.domain.charges import RULES, candidate

NOVEMBER, DECEMBER = Period.of("2026-11"), Period.of("2026-12")


def worked(*lines: str) -> Story:
    """An hour of work, and whatever else the agent typed."""
    story = Story().accepted()
    story.commands(100, "/tempo remoto 09:30-10:30", *lines)
    return story


def gone(*lines: str) -> Story:
    story = worked(*lines)
    story.seen(200, status=TicketStatus.GONE)
    return story


def settled(story: Story, verdict: str) -> Decision:
    return story.tell(GoneSettled(verdict=verdict, operator="root", reason="teste", at=at(300), identity=f"gone:{verdict}"))


def closed(story: Story, period: Period = NOVEMBER, **changes) -> tuple[list[Decimal], list[str]]:
    """What is due, and why the rest rolls over."""
    known = replace(candidate(), **{"engagement": story.engagement, "status": TicketStatus.GONE, **changes})
    closing = close(period, [known], RULES.calendar)
    return [one.due for one in closing.statements], [one.reason for one in closing.rolled]


def test_it_is_noticed_once_and_nothing_is_written_to_it():
    story = worked()

    assert kinds(story.seen(200, status=TicketStatus.GONE)) == ["ticket_gone"]
    assert notes(story.last) == []
    assert kinds(story.seen(201, status=TicketStatus.GONE)) == []


def test_a_ticket_that_comes_back_goes_on():
    story = gone("/concluir")

    assert kinds(story.seen(210, status=TicketStatus.SOLVED)) == ["ticket_returned"]
    assert closed(story, status=TicketStatus.SOLVED) == ([Decimal("354.00")], [])


@pytest.mark.parametrize("lines", [(), ("/concluir",)])
def test_finance_is_told_once_and_the_charge_does_not_close(lines):
    story = gone(*lines)

    assert closed(story) == ([], ["ticket_gone"])
    assert closed(story, DECEMBER, is_reported=True) == ([], [])


def test_what_finance_wants_charged_closes_with_the_work_ended():
    story = gone()

    assert kinds(settled(story, "charge")) == ["gone_settled", "concluded", "charged"]
    assert (story.term.work, closed(story)) == (WorkState.CONCLUDED, ([Decimal("354.00")], []))


def test_what_finance_never_wants_charged_is_cancelled_for_good():
    story = gone("/concluir")

    assert kinds(settled(story, "never")) == ["gone_settled", "cancelled"]
    assert (story.term.charge, closed(story)) == (ChargeState.CANCELLED, ([], []))
    assert kinds(settled(story, "charge")) == []


def test_a_ticket_that_is_there_cannot_be_settled():
    story = worked("/concluir")

    assert kinds(settled(story, "never")) == []


def test_a_ticket_without_work_or_without_charge_has_nothing_to_settle():
    story = Story().accepted()
    story.seen(200, status=TicketStatus.GONE)

    assert (kinds(settled(story, "never")), closed(story)) == ([], ([], []))


def test_a_charge_that_is_stated_already_is_finances_own_business():
    story = worked("/concluir")
    story.bills("stated")
    story.seen(1200, status=TicketStatus.GONE)

    assert (kinds(settled(story, "never")), story.term.charge) == ([], ChargeState.STATED)


def test_the_finding_names_the_engagement():
    known = replace(candidate(), engagement=gone().engagement, status=TicketStatus.GONE)

    assert close(NOVEMBER, [known], RULES.calendar).rolled == (
        RolledOver(desk=DESK, ticket=TICKET, term=1, reason="ticket_gone"),
    )
