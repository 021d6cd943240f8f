"""``statements``: a month closes once, every ticket hears of it, and finance records what it did."""

from __future__ import annotations

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from helpdesk_bridge.domain.events import Posted
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.statements import Period
from helpdesk_bridge.domain.values import Organization, TicketId, TicketStatus
from helpdesk_bridge.engine.close_month import close_when_due
from helpdesk_bridge.store import NewRow, decode_engagement, encode_engagement
from tests.cli.clock import Clock
from tests.cli.site import CommandSite
from tests.domain.builders import DESK, Story, a_ticket

ORGANIZATION = Organization(id="9", name="Metalúrgica Aurora", tax_id="11.222.333/0001-81")
CLOSE = ("statements", "close", "2026-11")
INVOICE = ("statements", "invoice", "1", "--number", "NF-123", "--issued", "2026-12-02")
SELLER = """\
seller: {name: Consultoria Exemplo Ltda., tax_id: 11.444.777/0001-61, address: ["Av. Braz Leme, 1000"]}
footer: {pt-BR: "Conferível no diário.", es: "Verificable en el diario.", en: "Checkable in the journal."}
"""


def a_story(*lines: str) -> Story:
    """Accepted at 09:03 on 24 November, an hour of work, and whatever else the agent typed; not concluded."""
    story = Story(ticket=a_ticket(organization=ORGANIZATION)).accepted()
    story.commands(100, "/tempo remoto 09:30-10:30", *lines)
    return story


def concluded(*lines: str) -> Story:
    story = a_story(*lines)
    story.commands(120, "/concluir")
    return story


def closed(site: CommandSite) -> None:
    """Close November with one engagement of R$ 354.00, and let its ticket hear of it."""
    site.tell(concluded())
    assert site.run(*CLOSE).exit_code == 0
    site.work()


def export(site: CommandSite, form: str, *options: str) -> bytes:
    target = site.folder / f"statement.{form}"
    answer = site.run("statements", "export", "1", "--format", form, "-o", str(target), *options)
    assert answer.exit_code == 0, answer.output
    return target.read_bytes()


def test_a_dry_run_shows_the_month_and_records_nothing(site: CommandSite, clock: Clock) -> None:
    site.tell(concluded())
    answer = site.run(*CLOSE, "--dry-run")

    assert "11222333000181" in answer.output
    assert "2026-11: 1 statements, 1 engagements, 0 roll over" in answer.output
    assert site.run("statements", "list").output == ""
    assert "stated" not in site.kinds()


def test_a_closed_month_is_in_the_book_and_in_every_ticket(site: CommandSite, clock: Clock) -> None:
    closed(site)

    assert site.kinds()[-1] == "stated"
    assert "BRL       354.00" in site.run("statements", "list", "--month", "2026-11", "--tax-id", "11222333000181").output
    assert "every chain holds and every engagement refolds" in site.run("audit", "verify").output


def test_a_month_closes_once(site: CommandSite, clock: Clock) -> None:
    closed(site)
    answer = site.run(*CLOSE)

    assert (answer.exit_code, "2026-11 was closed on 2026-12-02 by" in answer.output) == (1, True), answer.output
    assert "a month closes once" in site.run(*CLOSE, "--dry-run").output
    assert "2026-11 is closed already" in site.run("statements", "close", "2026-10").output
    assert site.kinds().count("stated") == 1


@pytest.mark.parametrize(
    ("now", "options", "reason"),
    [
        ("2026-11-30T23:59:59", (), "2026-11 is not over yet"),
        ("2026-11-30T23:59:59", ("--early",), "2026-11 is not over yet"),
        ("2026-12-01T09:00:00", (), "2026-11 closes on 2026-12-02, business day 2; --early closes it before"),
    ],
)
def test_a_month_closes_neither_before_its_end_nor_before_its_day(
    site: CommandSite, clock: Clock, now: str, options: tuple[str, ...], reason: str
) -> None:
    clock.set(now)

    assert reason in site.run(*CLOSE, *options).output


def test_a_month_may_close_early_once_it_is_over(site: CommandSite, clock: Clock) -> None:
    clock.set("2026-12-01T09:00:00")
    site.tell(concluded())

    assert site.run(*CLOSE, "--early").exit_code == 0


def test_what_is_no_month_is_told(site: CommandSite, clock: Clock) -> None:
    assert "'novembro' is no month such as 2026-10" in site.run("statements", "close", "novembro").output


def test_what_cannot_close_is_named_and_closes_with_the_next_month(site: CommandSite, clock: Clock) -> None:
    site.tell(concluded(), "7", TicketStatus.OPEN)
    site.tell(Story(ticket=a_ticket(organization=None)).accepted(), "8")  # still running: nothing to state yet
    first = site.run(*CLOSE)
    site.seen(replace(concluded().ticket, status=TicketStatus.CLOSED), datetime(2026, 12, 10, tzinfo=UTC))
    clock.set("2027-01-05T09:00:00")
    second = site.run("statements", "close", "2026-12")

    assert "rolls over: desk/7 term 1: the ticket is not solved" in first.output
    assert "2026-11: 0 statements, 0 engagements, 1 roll over" in first.output
    assert "2026-12: 1 statements, 1 engagements, 0 roll over" in second.output


def test_a_ticket_about_which_something_waits_rolls_over(site: CommandSite, clock: Clock) -> None:
    site.tell(concluded())
    waiting = Posted(reference="HB-AAAAAA", comment=None, at=clock.at)
    with site.store.write() as tx:
        tx.inbox.add([NewRow.internal(DESK, TicketId("7"), waiting, now=clock.at)])

    assert "something about the ticket waits to be decided" in site.run(*CLOSE).output


def test_two_machines_close_a_month_once(site: CommandSite, clock: Clock) -> None:
    site.tell(concluded())
    with site.opened() as one, site.opened() as other, ThreadPoolExecutor(2) as pool:
        done = list(pool.map(close_when_due, (one, other)))

    assert sorted(done) == [False, True]
    assert len(site.run("statements", "list").output.splitlines()) == 1


def test_the_workers_close_on_the_closing_day_and_not_again(site: CommandSite, clock: Clock) -> None:
    site.tell(concluded())
    with site.opened() as running:
        clock.set("2026-12-01T23:59:59")
        before = close_when_due(running)
        clock.set("2026-12-02T00:00:00")
        done = [close_when_due(running), close_when_due(running)]
        with running.store.read() as tx:
            month = tx.statement_book.closed(Period(2026, 11))

    assert (before, done) == (False, [True, False])
    assert month is not None
    assert month.closed_by == "bridge"


def test_a_site_may_close_its_months_by_hand(site: CommandSite, clock: Clock) -> None:
    (site.policy / "statements").mkdir()
    (site.policy / "statements" / "default.yaml").write_text("automatic: false\n", encoding="utf-8")
    with site.opened() as running:
        assert close_when_due(running) is False


def test_json_traces_every_entry_to_its_comment(site: CommandSite, clock: Clock) -> None:
    closed(site)
    data = json.loads(export(site, "json"))
    (line,) = data["engagements"]

    assert (data["number"], data["tax_id"], data["totals"]["due"]) == (1, "11222333000181", "354.00")
    assert line["consent"] == {
        "comment": "3",
        "at": "2026-11-24T09:03:00-03:00",
        "by": line["consent"]["by"],
        "name": "Ana",
    }
    assert [(entry["source"], entry["start"], entry["seconds"]) for entry in line["entries"]] == [
        ("comment:100", "2026-11-24T09:30:00-03:00", 3600)
    ]


def test_csv_adds_up_and_runs_no_formula(site: CommandSite, clock: Clock) -> None:
    story = Story(ticket=a_ticket(organization=replace(ORGANIZATION, name="=HYPERLINK(0)"))).accepted()
    story.commands(100, "/tempo remoto 09:30-10:30", "/concluir")
    site.tell(story)
    site.run(*CLOSE)
    portuguese = list(csv.DictReader(io.StringIO(export(site, "csv").decode("utf-8-sig")), delimiter=";"))
    english = list(csv.DictReader(io.StringIO(export(site, "csv", "--language", "en").decode("utf-8-sig"))))

    assert [(row["row"], row["due"], row["entry_minutes"]) for row in portuguese] == [
        ("engagement", "354,00", ""),
        ("entry", "", "60,00"),
    ]
    assert {row["organization"] for row in portuguese} == {"'=HYPERLINK(0)"}
    assert [row["due"] for row in english] == ["354.00", ""]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pt-BR", ("Demonstrativo de atendimentos", "nº 1", "Metalúrgica Aurora", "CNPJ 11.222.333/0001-81", "R$ 354,00", "11/2026", "Página 1 de 1", "Aceite de Ana em", "Conferível no diário.")),
        ("es", ("Detalle de atenciones", "n.º 1", "R$ 354,00", "Página 1 de 1", "Aceptación de Ana el", "Verificable en el diario.")),
        ("en", ("Statement of services", "No. 1", "R$ 354.00", "Page 1 of 1", "Accepted by Ana on", "Checkable in the journal.")),
    ],
)  # fmt: skip
def test_the_page_says_what_people_need(site: CommandSite, clock: Clock, language: str, words: tuple[str, ...]) -> None:
    (site.policy / "statements").mkdir()
    (site.policy / "statements" / "default.yaml").write_text(SELLER, encoding="utf-8")
    closed(site)
    page = export(site, "pdf", "--language", language)
    text = " ".join(" ".join(each.extract_text() for each in PdfReader(io.BytesIO(page)).pages).split())

    digest = json.loads(export(site, "json"))["digest"]
    assert [said for said in (*words, "Consultoria Exemplo Ltda.", digest) if said not in text] == [], text
    assert page == export(site, "pdf", "--language", language)


def test_a_unit_has_a_statement_of_its_own_with_what_finance_needs(site: CommandSite, clock: Clock) -> None:
    site.tell(concluded("/repasse Serra Norte 12.ABC.345/01DE-35 autorizacao=A-17"))
    assert "pass_through 12ABC34501DE35   Serra Norte" in site.run(*CLOSE).output
    rows = list(csv.DictReader(io.StringIO(export(site, "csv").decode("utf-8-sig")), delimiter=";"))
    page = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(export(site, "pdf"))).pages)

    assert (rows[0]["unit"], rows[0]["charge"], rows[0]["autorizacao"]) == ("Serra Norte", "passed_through", "A-17")
    assert all(words in page for words in ("Demonstrativo de repasse", "Repassado a Serra Norte", "A-17"))


def test_a_page_of_an_erased_name_names_nobody(site: CommandSite, clock: Clock) -> None:
    closed(site)
    with site.store.write() as tx:
        (words,) = [record for record in tx.journal.records(DESK, TicketId("7")) if record.kind == "words"]
        tx.journal.erase(DESK, TicketId("7"), words.seq)

    assert json.loads(export(site, "json"))["engagements"][0]["consent"]["name"] is None
    assert "Ana" not in " ".join(each.extract_text() for each in PdfReader(io.BytesIO(export(site, "pdf"))).pages)


def test_a_long_statement_goes_on_over_pages_with_its_column_names(site: CommandSite, clock: Clock) -> None:
    story = Story(ticket=a_ticket(organization=ORGANIZATION)).accepted()
    story.commands(
        700,
        *(
            f"/tempo remoto {9 + number // 6:02d}:{number % 6 * 10 + 4:02d}-{9 + number // 6:02d}:{number % 6 * 10 + 9:02d}"
            for number in range(60)
        ),
    )
    story.commands(720, "/concluir")
    site.tell(story)
    site.run(*CLOSE)
    pages = [each.extract_text() for each in PdfReader(io.BytesIO(export(site, "pdf"))).pages]

    assert len(pages) == 2
    assert all("Registro" in page and f"Página {number} de 2" in page for number, page in enumerate(pages, start=1))
    assert sum(page.count("comentário 700") for page in pages) == 60


def test_finance_records_an_invoice_in_the_book_and_in_the_ticket(site: CommandSite, clock: Clock) -> None:
    closed(site)
    answer = site.run(*INVOICE)
    site.work()

    assert "invoiced by NF-123 of 2026-12-02 to CNPJ 11.222.333/0001-81" in answer.output
    assert site.kinds()[-1] == "invoiced"
    assert "NF-123" in site.run("statements", "list").output
    assert "it is invoiced already" in site.run(*INVOICE).output


def test_a_statement_is_invoiced_only_when_its_tickets_know(site: CommandSite, clock: Clock) -> None:
    site.tell(concluded())
    site.run(*CLOSE)

    assert "not recorded yet in desk/7: are the workers running?" in site.run(*INVOICE).output


def test_a_number_named_before_the_invoice_is_the_one_that_is_invoiced(site: CommandSite, clock: Clock) -> None:
    closed(site)
    with site.store.write() as tx:
        saved = tx.engagements.load(DESK, TicketId("7"))
        assert saved is not None
        story = Story()
        story.engagement = decode_engagement(saved.state)
        entries = story.commands(5000, "/cnpj 12.ABC.345/01DE-35").entries
        last = tx.journal.append(DESK, TicketId("7"), entries, expected_seq=saved.seq)[-1]
        state = encode_engagement(story.engagement)
        tx.engagements.save(DESK, TicketId("7"), state, seq=last.seq, head=last.hash, now=clock.at)

    assert "to CNPJ 12.ABC.345/01DE-35" in site.run(*INVOICE).output


@pytest.mark.parametrize(
    ("now", "bearer"),
    [("2026-12-30T10:00:00", "nobody: same month"), ("2027-01-04T10:00:00", "the customer: another month")],
)
def test_invoicing_again_is_free_in_the_month_of_issue_only(site: CommandSite, clock: Clock, now: str, bearer: str) -> None:
    closed(site)
    site.run(*INVOICE)
    clock.set(now)
    answer = site.run(
        "statements", "reinvoice", "1", "--number", "NF-130", "--issued", now[:10], "--tax-id", "12.ABC.345/01DE-35"
    )
    site.work()

    assert (answer.exit_code, bearer in answer.output) == (0, True), answer.output
    assert site.kinds()[-2:] == ["invoiced", "reinvoiced"]
    assert "NF-130 of" in site.run("statements", "show", "1").output


def test_a_cancelled_statement_is_never_charged(site: CommandSite, clock: Clock) -> None:
    closed(site)
    site.run(*INVOICE)
    answer = site.run("statements", "cancel", "1", "--reason", "contrato encerrado")
    site.work()

    assert (answer.exit_code, site.kinds()[-1]) == (0, "cancelled"), answer.output
    assert "it is cancelled already" in site.run(*INVOICE).output
    clock.set("2027-01-05T09:00:00")
    assert "2026-12: 0 statements, 0 engagements, 0 roll over" in site.run("statements", "close", "2026-12").output


def test_a_statement_that_is_cancelled_to_be_reopened_closes_again_with_the_next_month(site: CommandSite, clock: Clock) -> None:
    closed(site)
    site.run(*INVOICE)
    site.work()
    answer = site.run("statements", "cancel", "1", "--reason", "tomador errado", "--reopen")
    site.work()
    clock.set("2027-01-05T09:00:00")
    again = site.run("statements", "close", "2026-12")
    site.work()

    assert "its engagements close with the next month" in answer.output
    assert "2026-12: 1 statements, 1 engagements, 0 roll over" in again.output
    assert site.kinds()[-5:] == ["stated", "invoiced", "released", "charged", "stated"]
    assert [line.split()[2] for line in site.run("statements", "list").output.splitlines()] == ["closed", "cancelled"]
    assert "it is cancelled already" in site.run("statements", "cancel", "1", "--reason", "de novo", "--reopen").output
    assert "every chain holds and every engagement refolds" in site.run("audit", "verify").output


def test_what_a_reopened_statement_let_go_may_be_waived_before_it_closes_again(site: CommandSite, clock: Clock) -> None:
    closed(site)
    site.run("statements", "cancel", "1", "--reason", "abono esquecido", "--reopen")
    site.work()
    site.goes_on("/abonar gestao combinado com o cliente")
    clock.set("2027-01-05T09:00:00")

    assert "BRL         0.00 (gross 354.00, waived 354.00)" in site.run("statements", "close", "2026-12").output


def test_a_ticket_that_is_gone_is_told_once_and_settled_by_an_order(site: CommandSite, clock: Clock) -> None:
    site.tell(concluded())
    site.goes(TicketStatus.GONE)
    first = site.run(*CLOSE)
    clock.set("2027-01-05T09:00:00")
    second = site.run("statements", "close", "2026-12")

    assert "rolls over: desk/7 term 1: the ticket is gone from the desk" in first.output
    assert "2026-12: 0 statements, 0 engagements, 0 roll over" in second.output
    assert "desk/7 term 1" in (listed := site.run("statements", "gone").output), listed
    assert "BRL 354.00" in listed
    assert "say --charge or --never" in site.run("statements", "settle", "7", "--reason", "x").output
    site.run("statements", "settle", "7", "--charge", "--reason", "o cliente confirmou")
    site.work()
    assert site.run("statements", "gone").output == ""
    clock.set("2027-02-02T09:00:00")
    assert "2027-01: 1 statements, 1 engagements, 0 roll over" in site.run("statements", "close", "2027-01").output


def test_a_ticket_that_is_gone_may_never_be_charged_and_its_journal_stays(site: CommandSite, clock: Clock) -> None:
    site.tell(concluded())
    site.goes(TicketStatus.GONE)
    site.run("statements", "settle", "7", "--never", "--reason", "ticket de teste")
    site.work()

    assert "2026-11: 0 statements, 0 engagements, 0 roll over" in site.run(*CLOSE).output
    assert site.kinds()[-3:] == ["ticket_gone", "gone_settled", "cancelled"]
    assert "every chain holds and every engagement refolds" in site.run("audit", "verify").output
    assert "nothing of desk/7 waits for finance" in site.run("statements", "settle", "7", "--charge", "--reason", "x").output


def test_only_a_ticket_that_is_gone_is_settled(site: CommandSite, clock: Clock) -> None:
    site.tell(concluded())

    assert "desk/7 is not gone from its desk" in site.run("statements", "settle", "7", "--never", "--reason", "x").output
    assert "desk/9 is not gone from its desk" in site.run("statements", "settle", "9", "--never", "--reason", "x").output


@pytest.mark.parametrize("command", [INVOICE, ("statements", "show", "1"), ("statements", "export", "1", "--format", "json")])
def test_a_statement_that_does_not_exist_is_told(site: CommandSite, clock: Clock, command: tuple[str, ...]) -> None:
    answer = site.run(*command)

    assert (answer.exit_code, "there is no statement 1" in answer.output) == (1, True)


def test_the_draft_of_an_invoice_fits_the_tax_authoritys_schema(site: CommandSite, clock: Clock) -> None:
    (site.policy / "statements").mkdir()
    invoice = 'service_invoice: {municipality: "3550308", service_code: "010701"}\n'
    (site.policy / "statements" / "default.yaml").write_text(SELLER + invoice, encoding="utf-8")
    closed(site)
    root = ET.fromstring(export(site, "dps"))
    found = {element.tag.rpartition("}")[2]: element.text for element in root.iter()}

    assert (found["vServ"], found["dCompet"], found["nDPS"]) == ("354.00", "2026-11-30", "1")
    assert [element.text for element in root.iter() if element.tag.endswith("}CNPJ")] == ["11444777000161", "11222333000181"]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("automatic: true\n", "the policy says nothing about service invoices"),
        (
            'service_invoice: {municipality: "3550308", service_code: "010701"}\n',
            "the seller (statements/: seller.tax_id) has no CNPJ",
        ),
        (
            'seller: {tax_id: 12.ABC.345/01DE-35}\nservice_invoice: {municipality: "3550308", service_code: "010701"}\n',
            "the schema that nfelib ships takes no CNPJ with letters yet",
        ),
    ],
)
def test_a_draft_that_lacks_something_says_what(site: CommandSite, clock: Clock, settings: str, reason: str) -> None:
    (site.policy / "statements").mkdir()
    (site.policy / "statements" / "default.yaml").write_text(settings, encoding="utf-8")
    closed(site)
    answer = site.run("statements", "export", "1", "--format", "dps")

    assert (answer.exit_code, reason in answer.output) == (1, True), answer.output


def test_a_retracted_or_unaccepted_term_is_nothing_to_state(site: CommandSite, clock: Clock) -> None:
    story = Story(ticket=a_ticket(organization=ORGANIZATION)).accepted()
    story.says(5, SignalKind.RETRACTION)
    site.tell(story)

    assert "2026-11: 0 statements, 0 engagements, 0 roll over" in site.run(*CLOSE).output
