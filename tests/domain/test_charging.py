"""Pauses, interruption, findings, waivers, pass-through, tax ids and invoices: what the charge of a term becomes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from helpdesk_bridge.domain.effects import Update
from helpdesk_bridge.domain.lifecycle import ChargeState, WorkState
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.values import Organization, TicketStatus
from tests.domain.builders import AGENT, COLLEAGUE, REQUESTER, Story, a_ticket, at, kinds, notes

CNPJ, OTHER = "12ABC34501DE35", "31775501000173"


def worked(alias: str = "consultoria-suporte") -> Story:
    """Half an hour was worked under an accepted term."""
    story = Story()
    story.term_sent_and_posted(alias=alias)
    story.says(3, SignalKind.ACCEPTANCE)
    story.commands(60, "/tempo 30min remoto")
    return story


def due(story: Story) -> tuple[ChargeState, Decimal]:
    assert story.term.charged is not None
    assert story.term.charged.state is story.term.charge
    return story.term.charge, story.term.charged.due


def test_a_customers_pause_is_confirmed_and_ends_with_their_certain_word():
    story = worked()

    assert notes(story.says(70, SignalKind.PAUSE)) == [("pause_confirmed", "public"), ("pause_recorded", "internal")]
    assert kinds(story.says(80, SignalKind.RESUME, certain=False)) == ["questioned"]
    assert kinds(story.says(90, SignalKind.RESUME)) == ["resumed"]
    assert [(pause.start, pause.end) for pause in story.term.pauses] == [(at(70), at(90))]


def test_asking_twice_to_pause_pauses_once():
    story = worked()
    story.says(70, SignalKind.PAUSE)

    assert kinds(story.says(80, SignalKind.PAUSE)) == []


def test_a_pause_that_is_not_certain_only_asks_a_person():
    story = worked()

    assert notes(story.says(70, SignalKind.PAUSE, certain=False)) == [("pause_unclear", "internal")]
    assert (story.term.work, story.term.pauses) == (WorkState.IN_PROGRESS, ())
    assert story.term.suspected_pause is not None


def test_a_pause_that_a_person_understood_counts_from_the_customers_comment_and_names_it():
    story = worked()
    story.says(70, SignalKind.PAUSE, certain=False)
    comment = story.term.suspected_pause.comment

    assert kinds(story.commands(80, "/pausar o cliente confirmou por telefone")) == ["paused"]
    assert [(pause.start, pause.end, pause.comment) for pause in story.term.pauses] == [(at(70), None, comment)]
    assert story.term.open_question is None


@pytest.mark.parametrize(
    "dismiss", [lambda story: story.says(80, SignalKind.RESUME), lambda story: story.commands(80, "/retomar não era pausa")]
)
def test_a_suspected_pause_that_was_none_is_dismissed_and_never_was(dismiss):
    story = worked()
    story.says(70, SignalKind.PAUSE, certain=False)

    assert kinds(dismiss(story)) == ["pause_dismissed"]
    assert (story.term.pauses, story.term.open_question) == ((), None)


def test_the_status_names_the_comments_that_paused_and_resumed():
    story = worked()
    story.says(70, SignalKind.PAUSE)
    story.says(80, SignalKind.RESUME)
    (pause,) = story.term.pauses

    (note,) = (effect for effect in story.commands(90, "/status").effects if isinstance(effect, Update))
    assert dict(note.variables)["term"]["pauses"] == [
        {
            "start": at(70),
            "end": at(80),
            "comment": pause.comment,
            "person": REQUESTER.label,
            "end_comment": pause.end_comment,
            "end_person": REQUESTER.label,
        }
    ]
    assert None not in (pause.comment, pause.end_comment)


def test_a_resumption_that_is_not_certain_leaves_the_pause_and_asks():
    story = worked()
    story.says(70, SignalKind.PAUSE)

    assert notes(story.says(80, SignalKind.RESUME, certain=False)) == [("pause_unclear", "internal")]
    assert story.term.is_paused
    assert kinds(story.commands(90, "/retomar o cliente confirmou")) == ["resumed"]
    assert story.term.open_question is None


def test_an_agents_pause_and_resumption_need_a_reason():
    story = worked()
    story.commands(70, "/pausar")
    assert story.refusal == "reason_missing"
    assert kinds(story.commands(71, "/pausar férias do cliente")) == ["paused"]
    assert kinds(story.commands(72, "/retomar cliente ligou")) == ["resumed"]
    story.commands(73, "/retomar de novo")
    assert story.refusal == "not_paused"


def test_a_provisional_cut_off_is_cleared_by_the_customers_word_or_by_a_reasoned_command():
    for clear in (lambda story: story.says(80, SignalKind.RESUME), lambda story: story.commands(80, "/retomar era engano")):
        story = worked()
        story.says(70, SignalKind.INTERRUPTION, certain=False)
        assert story.term.cut_off == at(70)
        assert "cut_off_cleared" in kinds(clear(story))
        assert (story.term.cut_off, story.term.is_running) == (None, True)


def test_an_interruption_ordered_after_a_suspicion_counts_from_the_suspicion():
    story = worked()
    story.says(70, SignalKind.INTERRUPTION, certain=False)
    story.commands(80, "/interromper cliente confirmou por telefone")

    assert (story.term.cut_off, story.term.cut_off_is_provisional, story.term.work) == (at(70), False, WorkState.INTERRUPTED)


def test_the_customer_reads_the_cut_off_that_is_recorded():
    story = worked()
    story.says(70, SignalKind.INTERRUPTION, certain=False)
    decision = story.says(80, SignalKind.INTERRUPTION)
    told = [dict(effect.variables)["cut_off"] for effect in decision.effects if isinstance(effect, Update) and effect.template]

    assert told == [story.term.cut_off, story.term.cut_off] == [at(70), at(70)]


def test_a_withdrawn_acceptance_after_work_is_an_interruption():
    story = worked()

    assert kinds(story.says(70, SignalKind.RETRACTION)) == ["interrupted", "charged"]
    assert due(story) == (ChargeState.CHARGEABLE, Decimal("177.00"))


def test_a_solved_ticket_concludes_the_work_and_computes_the_charge():
    story = worked()
    decision = story.seen(90, status=TicketStatus.SOLVED)

    assert kinds(decision) == ["concluded", "charged"]
    assert notes(decision) == [("work_concluded", "internal")]
    assert due(story) == (ChargeState.CHARGEABLE, Decimal("177.00"))


def test_nothing_worked_is_nothing_charged():
    story = Story().accepted()
    story.commands(60, "/concluir")

    assert due(story) == (ChargeState.NO_CHARGE, Decimal("0.00"))


def test_a_product_inconsistency_whose_issue_is_not_available_waives_support_consulting():
    story = worked()
    story.commands(70, "/constatacao produto ABC-123")
    story.commands(71, "/concluir")

    assert due(story) == (ChargeState.WAIVED, Decimal("0.00"))
    assert story.term.charged.gross == Decimal("177.00")


def test_an_available_issue_waives_nothing():
    story = worked()
    story.commands(70, "/constatacao produto ABC-123 disponivel")
    story.commands(71, "/concluir")

    assert due(story) == (ChargeState.CHARGEABLE, Decimal("177.00"))


def test_a_finding_after_the_interruption_still_waives():
    story = worked()
    story.says(70, SignalKind.INTERRUPTION)

    assert kinds(story.commands(80, "/constatacao produto ABC-123")) == ["finding", "charged"]
    assert due(story) == (ChargeState.WAIVED, Decimal("0.00"))


def test_technical_consulting_is_never_waived():
    story = worked("consultoria-tecnica")
    story.commands(70, "/constatacao produto ABC-123")
    story.commands(71, "/abonar management cliente antigo")
    assert story.refusal == "never_waived"
    story.commands(72, "/concluir")

    assert due(story) == (ChargeState.CHARGEABLE, Decimal("177.00"))


def test_a_person_waives_with_a_motive_and_a_reason():
    story = worked()
    story.commands(70, "/abonar gestão acordo comercial")
    story.commands(71, "/concluir")

    assert due(story) == (ChargeState.WAIVED, Decimal("0.00"))


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ("/constatacao azar", "finding_unknown"),
        ("/constatacao produto", "issue_invalid"),
        ("/constatacao produto 123", "issue_invalid"),
        ("/abonar simpatia porque sim", "motive_unknown"),
        ("/abonar management", "reason_missing"),
        ("/repasse", "unit_or_tax_id_missing"),
        ("/repasse Serra Norte 11.111.111/1111-12", "unit_or_tax_id_missing"),
        ("/cnpj 11.111.111/1111-12", "tax_id_invalid"),
        ("/interromper", "reason_missing"),
    ],
)
def test_a_command_that_says_too_little_or_too_much_changes_nothing(line, refusal):
    story = worked()

    assert kinds(story.commands(70, line)) == []
    assert story.refusal == refusal


def test_a_unit_bears_the_cost_with_what_finance_needs():
    story = worked()
    story.commands(70, "/repasse Serra Norte 26.801.493/0001-52 cost_centre=12")
    story.commands(71, "/concluir")

    assert due(story) == (ChargeState.PASSED_THROUGH, Decimal("177.00"))
    assert story.term.pass_through.unit == "Serra Norte"


def test_a_consultants_billing_data_name_the_unit_that_bears_the_cost():
    requester = REQUESTER.__class__(id="k", role=REQUESTER.role, name="Kelly", flags=frozenset({"consultant"}))
    story = Story(ticket=a_ticket(requester=requester)).term_sent_and_posted()
    story.says(3, SignalKind.ACCEPTANCE, data=(("cnpj", OTHER), ("unit", "Serra Norte")))

    assert (story.term.pass_through.unit, story.term.pass_through.tax_id) == ("Serra Norte", OTHER)


def test_finance_moves_lock_the_charge():
    story = worked()
    story.commands(71, "/concluir")
    assert kinds(story.bills("stated")) == ["stated"]
    assert kinds(story.bills("stated")) == []
    story.commands(72, "/constatacao produto ABC-123")
    assert story.refusal == "charge_locked"
    invoice = {"invoice": "NF-1", "tax_id": OTHER, "issued_on": date(2026, 12, 2)}
    assert kinds(story.bills("invoiced", minutes=1000, **invoice)) == ["invoiced"]
    assert kinds(story.bills("reinvoiced", minutes=1001, **invoice)) == ["reinvoiced"]
    assert kinds(story.bills("cancelled", minutes=1002)) == ["cancelled"]
    assert kinds(story.bills("invoiced", minutes=1003, **invoice)) == []


def test_an_open_charge_cannot_be_stated():
    assert kinds(worked().bills("stated")) == []


@pytest.mark.parametrize(
    ("issued", "verdict", "stands"),
    [(None, "before", OTHER), (date(2026, 11, 24), "same_month", OTHER), (date(2026, 10, 30), "later", None)],
)
def test_a_changed_tax_id_is_judged_against_the_month_of_the_invoice(issued, verdict, stands):
    story = worked()
    story.commands(71, "/concluir")
    if issued is not None:
        story.bills("stated")
        story.bills("invoiced", minutes=1000, invoice="NF-1", tax_id=CNPJ, issued_on=issued)
    decision = story.says(80, SignalKind.BILLING_INFO, data=(("cnpj", OTHER),))

    assert [entry.body["verdict"] for entry in decision.entries if entry.kind == "tax_id_changed"] == [verdict]
    assert story.engagement.tax_id == stands
    assert (("tax_id_answered", "public") in notes(decision)) is (stands is None)


def test_a_tax_id_that_holds_already_is_no_news():
    story = Story(ticket=a_ticket(organization=Organization(id="1", tax_id="12.ABC.345/01DE-35"))).term_sent_and_posted()

    assert kinds(story.says(3, SignalKind.ACCEPTANCE, data=(("cnpj", CNPJ),))) == ["consent"]
    story.commands(4, f"/cnpj {CNPJ}")
    assert story.refusal == "tax_id_same"


def test_a_withdrawn_term_cannot_be_accepted_any_more():
    story = Story().term_sent_and_posted()

    assert kinds(story.commands(3, "/termo retirar enviado por engano")) == ["withdrawn"]
    assert notes(story.last) == [("term_withdrawn", "public")]
    assert kinds(story.says(4, SignalKind.ACCEPTANCE)) == []


def test_once_the_work_is_over_the_customers_words_undo_nothing():
    story = worked()
    story.commands(71, "/concluir")

    assert kinds(story.says(80, SignalKind.INTERRUPTION)) == []
    assert kinds(story.says(81, SignalKind.RETRACTION, author=COLLEAGUE)) == []
    assert kinds(story.says(82, SignalKind.DISPUTE)) == ["questioned"]


def test_orders_from_the_command_line_are_obeyed_like_notes():
    from helpdesk_bridge.domain.events import Ordered
    from helpdesk_bridge.domain.reading import Command

    story = Story().accepted()
    command = Command(name="tempo", argument="30min remoto @caio", line="/tempo 30min remoto @caio")
    story.tell(Ordered(command=command, operator="root", at=at(60), identity="order:1", ticket=story.ticket))

    assert [(entry.consultant, entry.source) for entry in story.term.entries] == [("caio", "order:1")]
    assert AGENT.name not in {entry.consultant for entry in story.term.entries}
