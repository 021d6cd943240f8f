"""``audit erase``: nothing about a person is left anywhere in the database, and everything still verifies."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.events import CommentAdded, Hint
from helpdesk_bridge.domain.reading import Command, SignalKind
from helpdesk_bridge.domain.values import CommentId, Organization, Person, Receipt, Role, TicketId, TicketStatus
from helpdesk_bridge.engine.erase import ErasureRefused, erase
from helpdesk_bridge.engine.signing import Signer
from helpdesk_bridge.store import NewRow
from helpdesk_bridge.store.tables import metadata
from tests.cli.clock import Clock
from tests.cli.evidence_script import verdict
from tests.cli.site import CommandSite
from tests.domain.builders import AGENT, DESK, Story, a_comment, a_reading, a_ticket

ANA = Person(id="ana@cliente.example", role=Role.REQUESTER, name="Ana Zuleica Prado", email="ana@cliente.example")
BIA = Person(id="77", role=Role.COLLEAGUE, name="Bia Quixote", email="bia@cliente.example")
SECRETS = ("Zuleica", "ana@cliente.example", "Quixote", "bia@cliente.example", "segredo de")
NOW = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)
ERASE = ("audit", "erase", "desk/7", "--reason", "pedido do titular")


def a_story(*, concluded: bool = True) -> Story:
    """Ana asks, Bia accepts, an hour is worked and waived for a reason that names Ana."""
    ticket = a_ticket(
        requester=ANA, organization=Organization(id="9", name="Aurora", tax_id="11.222.333/0001-81"), description="segredo de Ana"
    )
    story = Story(ticket=ticket).term_sent_and_posted()
    for number, author, kind in ((3, ANA, SignalKind.QUESTION), (5, BIA, SignalKind.ACCEPTANCE)):
        comment = a_comment(number, f"segredo de {author.name}", author=author)
        story._grow(comment)
        reading = a_reading(comment.text, kind)
        story.tell(CommentAdded(ticket=story.ticket, comment=comment, reading=reading, delivery="d" * 64))
    lines = ["/tempo remoto 09:30-10:30", "/abonar management segredo de Zuleica"]
    for number, line in enumerate((*lines, "/concluir") if concluded else lines[:1], start=100):
        name, _, argument = line.removeprefix("/").partition(" ")
        comment = a_comment(number, line, author=AGENT, public=False)
        story._grow(comment)
        command = Command(name=name, argument=argument, line=line)
        story.tell(CommentAdded(ticket=story.ticket, comment=comment, reading=a_reading(line), commands=(command,)))
    return story


def tell(site: CommandSite, story: Story, ticket: str = "7") -> None:
    """Record a story with a webhook's bytes, and with an update of ours that the desk answered."""
    site.tell(story, ticket)
    hint = Hint(desk=DESK, ticket=TicketId(ticket), identity=f"webhook:{ticket}", at=NOW, by_bridge=True)
    update = DeskUpdate(
        ticket=TicketId(ticket),
        key="receipt",
        reference="HB-AAAAAA",
        body="Aceito por Bia Quixote.",
        public=True,
        add_tags=("x",),
    )
    answer = Receipt(reference="HB-AAAAAA", comment=CommentId("9"), at=NOW, raw={"body": "Aceito por Bia Quixote."})
    with site.store.write() as tx:
        tx.inbox.add([NewRow.hinted(hint, raw=b'{"from": "ana@cliente.example"}', digest=None, received_at=NOW)])
        tx.outbox.add(DESK, [update], NOW)
        row = tx.outbox.claim(NOW, timedelta(minutes=1), f"{DESK}/{ticket}")
        assert row is not None
        tx.outbox.sent(row, answer, NOW)


def everything(site: CommandSite) -> str:
    """Whatever any column of any table holds, unpacked where we pack it."""
    found = []
    with site.store.read() as tx:
        for table in metadata.sorted_tables:
            for row in tx.journal._connection.execute(text(f"SELECT * FROM {table.name}")):
                found += [
                    bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value) for value in row
                ]
        found += [str(tx.inbox.snapshot(row.id)) for row in tx.inbox.of_ticket(DESK, TicketId("7"))]
    return "\n".join(found)


def files(site: CommandSite) -> bytes:
    """Every byte of SQLite's files; empty on PostgreSQL."""
    return b"".join(path.read_bytes() for path in site.folder.glob("bridge.sqlite3*"))


def left(site: CommandSite) -> list[str]:
    dump, raw = everything(site), files(site)
    return [secret for secret in SECRETS if secret in dump or secret.encode() in raw]


def test_nothing_about_anybody_is_left_in_any_table_or_file(site: CommandSite, clock: Clock) -> None:
    tell(site, a_story())
    assert left(site) == list(SECRETS)
    answer = site.run(*ERASE)

    assert (answer.exit_code, left(site)) == (0, []), answer.output
    assert "emptied 3 records (" in answer.output
    assert "1 updates; erase the ticket at the desk too, or the bridge reads it there again" in answer.output
    assert site.run("audit", "verify").exit_code == 0
    assert site.kinds()[-1] == "erased"


def test_who_accepted_what_when_and_what_it_costs_stay(site: CommandSite, clock: Clock) -> None:
    story = a_story()
    tell(site, story)
    site.run(*ERASE)
    shown = site.run("show", "7").output

    for fact in ("term 1", "rate 354.00 BRL/h", "(erased)", "consent", "time_logged", "charged"):
        assert fact in shown
    with site.opened() as running:
        from helpdesk_bridge.engine.advance import load

        assert load(running, DESK, TicketId("7"))[0] == story.engagement


def test_an_erasure_repeated_changes_nothing(site: CommandSite, clock: Clock) -> None:
    tell(site, a_story())
    site.run(*ERASE)
    before = site.kinds()
    answer = site.run(*ERASE)

    assert (answer.output, site.kinds()) == ("desk/7: nothing is left to erase\n", before)


def test_of_two_erasures_at_once_one_is_recorded(site: CommandSite, clock: Clock) -> None:
    tell(site, a_story())

    def attempt() -> str:
        with site.opened() as running:
            try:
                done = erase(running, DESK, TicketId("7"), reason="pedido do titular", operator="root")
            except ErasureRefused as error:
                return "try again" if "try again" in str(error) else str(error)
            return "nothing" if done.is_nothing else "erased"

    with ThreadPoolExecutor(2) as pool:
        done = sorted(each.result() for each in [pool.submit(attempt) for _ in range(2)])

    assert done in (["erased", "nothing"], ["erased", "try again"])
    assert (left(site), site.kinds().count("erased"), site.run("audit", "verify").exit_code) == ([], 1, 0)


def test_an_export_after_an_erasure_says_so_and_still_verifies(
    site: CommandSite, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = Signer.new()
    monkeypatch.setenv("BRIDGE_EVIDENCE_SIGNING_KEY", signer.pem.decode())
    tell(site, a_story())
    site.run("audit", "seal")
    site.run(*ERASE)
    site.run("audit", "seal")
    file = site.folder / "evidence.zip"
    site.run("audit", "export", "7", "--out", str(file))

    assert verdict(file, signer.public) == f"valid: {len(site.kinds())} records, 3 erased, 2 seals; ticket desk/7"
    assert [secret for secret in SECRETS if secret in _pages(file)] == []
    for said in ("As palavras foram apagadas", "Apagamentos", "pedido do titular", "words (apagado)"):
        assert said in _pages(file)


def _pages(file: Path) -> str:
    import io
    import zipfile

    archive = zipfile.ZipFile(io.BytesIO(file.read_bytes()))
    return "".join(archive.read(name).decode() for name in ("evidence.html", "evidence.jsonl"))


def test_one_person_goes_and_another_stays(site: CommandSite, clock: Clock) -> None:
    tell(site, a_story())
    answer = site.run(*ERASE, "--person", "ana@cliente.example")

    assert "emptied 2 records" in answer.output
    assert left(site) == ["Quixote", "bia@cliente.example", "segredo de"]


def test_words_that_are_still_needed_are_erased_by_force_only(site: CommandSite, clock: Clock) -> None:
    tell(site, a_story(concluded=False))
    refused = site.run(*ERASE)

    assert (refused.exit_code, left(site)) == (1, list(SECRETS))
    assert "the words are still needed: term 1 is not concluded; --force erases them all the same" in refused.output
    assert site.run(*ERASE, "--force").exit_code == 0
    assert left(site) == []


def test_what_waits_is_settled_first(site: CommandSite, clock: Clock) -> None:
    tell(site, a_story())
    with site.store.write() as tx:
        hint = Hint(desk=DESK, ticket=TicketId("7"), identity="webhook:late", at=NOW)
        tx.inbox.add([NewRow.hinted(hint, raw=b"segredo de Ana", digest=None, received_at=NOW)])
    answer = site.run(*ERASE)

    assert (answer.exit_code, "something about desk/7 waits: let the workers finish it" in answer.output) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("desk/404", "--reason", "x"), "nothing is recorded about desk/404"),
        (("desk/7", "--reason", " "), "an erasure has a reason"),
        (("desk/7",), "Missing option '--reason'"),
    ],
)
def test_what_cannot_be_erased_is_told(site: CommandSite, clock: Clock, arguments: tuple[str, ...], reason: str) -> None:
    tell(site, a_story())
    answer = site.run("audit", "erase", *arguments)

    assert (answer.exit_code != 0, reason in answer.output, left(site)) == (True, True, list(SECRETS)), answer.output


def test_an_erasure_covers_up_no_change(site: CommandSite, clock: Clock) -> None:
    tell(site, a_story())
    with site.store.write() as tx:
        tx.journal._connection.execute(
            text("UPDATE journal SET personal = replace(personal, 'segredo', 'sonho') WHERE kind = 'words'")
        )
    answer = site.run(*ERASE)

    assert (answer.exit_code, "desk/7 does not verify: record " in answer.output) == (1, True)


def test_another_ticket_is_left_alone(site: CommandSite, clock: Clock) -> None:
    tell(site, a_story())
    tell(site, a_story(), "8")
    site.run(*ERASE)

    assert left(site) == list(SECRETS)
    assert site.kinds("8")[-1] == "charged"


def test_a_ticket_goes_on_after_an_erasure(site: CommandSite, clock: Clock) -> None:
    story = a_story()
    tell(site, story)
    site.run(*ERASE)
    assert site.run("order", "7", "/status").exit_code == 0
    site.seen(replace(story.ticket, status=TicketStatus.SOLVED), NOW)

    assert site.run("statements", "close", "2026-11").exit_code == 0
    assert site.run("audit", "verify").exit_code == 0


def test_a_ratified_acceptance_loses_the_agents_reason_and_still_verifies(
    site: CommandSite, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = Signer.new()
    monkeypatch.setenv("BRIDGE_EVIDENCE_SIGNING_KEY", signer.pem.decode())
    story = Story(ticket=a_ticket(requester=ANA)).term_sent_and_posted()
    story.says(3, SignalKind.UNCLEAR, certain=False, author=ANA)
    story.commands(4, "/aceite confirmar segredo de Ana")
    story.commands(100, "/tempo remoto 09:30-10:30")
    story.commands(110, "/abonar management cortesia")
    story.commands(120, "/concluir")
    site.tell(story)
    assert "consent" in site.kinds()
    site.run(*ERASE)
    file = site.folder / "evidence.zip"
    site.run("audit", "export", "7", "--out", str(file))

    assert verdict(file, signer.public).startswith(f"valid: {len(site.kinds())} records, ")
    assert (left(site), site.run("audit", "verify").exit_code) == ([], 0)
    assert "Ratificado por uma pessoa" in _pages(file)
