"""``audit export``: one signed file, which strangers verify by the script in docs/evidence.md, and which survives no change."""

from __future__ import annotations

import io
import json
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from helpdesk_bridge.domain.events import CommentAdded
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.values import Language, Organization, Person, Role
from helpdesk_bridge.engine.dossier import packed
from helpdesk_bridge.engine.signing import Signer
from tests.cli.clock import Clock
from tests.cli.evidence_script import the_script, verdict
from tests.cli.site import CommandSite
from tests.domain.builders import Story, a_comment, a_reading, a_ticket, at

HOSTILE = (
    "</pre><script>alert('oi')</script> De acordo com o termo & com o valor.\n\n<img src=x onerror=alert(1)> \u2713 \U0001f44d"
)
ANA = Person(id="ana@cliente.example", role=Role.REQUESTER, name='Ana "<b>" Souza', email="ana@cliente.example")


def a_story() -> Story:
    """Accepted in hostile words, an hour and a quarter of work of which a quarter came too early, concluded."""
    story = Story(ticket=a_ticket(requester=ANA, organization=Organization(id="9", name="Aurora", tax_id="11.222.333/0001-81")))
    story.term_sent_and_posted()
    comment = a_comment(3, HOSTILE, author=ANA, channel="email")
    story._grow(comment)
    reading = a_reading(HOSTILE, SignalKind.ACCEPTANCE)
    story.tell(CommentAdded(ticket=story.ticket, comment=comment, reading=reading, delivery="d" * 64))
    story.commands(100, "/tempo remoto 09:30-10:30", "/tempo remoto 08:48-09:18")
    story.commands(120, "/concluir")
    return story


@pytest.fixture
def key(site: CommandSite, monkeypatch: pytest.MonkeyPatch) -> str:
    """A key of the site's own; returns its public half."""
    answer = site.run("audit", "key", "new", str(site.folder / "key.pem"))
    assert answer.exit_code == 0, answer.output
    monkeypatch.setenv("BRIDGE_EVIDENCE_SIGNING_KEY_FILE", str(site.folder / "key.pem"))
    return answer.output.split()[-1]


def exported(site: CommandSite, *options: str) -> Path:
    """Record the story, seal it, and export it."""
    site.tell(a_story())
    site.run("audit", "seal")
    return export(site, *options)


def export(site: CommandSite, *options: str) -> Path:
    file = site.folder / "evidence.zip"
    answer = site.run("audit", "export", "desk/7", "--out", str(file), *options)
    assert answer.exit_code == 0, answer.output
    return file


def content(file: Path, name: str = "evidence.jsonl") -> bytes:
    return zipfile.ZipFile(io.BytesIO(file.read_bytes())).read(name)


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content(file).splitlines()]


def test_a_stranger_verifies_the_file_by_the_documents_script(site: CommandSite, clock: Clock, key: str) -> None:
    file = exported(site)
    (site.folder / "verify.py").write_text(the_script(), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-I", "verify.py", file, key], cwd=site.folder, capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert file.stat().st_mode & 0o777 == 0o600
    assert run.stdout == f"valid: {len(site.kinds())} records, 0 erased, 1 seals; ticket desk/7\n"


def test_the_script_is_short() -> None:
    assert len([line for line in the_script().splitlines() if line.strip()]) <= 40


def test_no_flipped_bit_goes_unnoticed(site: CommandSite, clock: Clock, key: str) -> None:
    file = exported(site)
    data = file.read_bytes()
    chance = random.Random(7)
    edges = [0, 4, 10, len(data) - 1, len(data) - 64, len(data) - 65, len(data) - 66]
    for place in [*edges, *chance.sample(range(len(data)), 120)]:
        for bit in (1, 0x20, 0x80):
            changed = bytearray(data)
            changed[place] ^= bit
            file.write_bytes(changed)
            assert verdict(file, key).startswith("NOT VALID: the signature"), f"bit {bit} of byte {place}"
    for shorter_or_longer in (data[:-1], data[1:], data + b"\0", b"\0" + data):
        file.write_bytes(shorter_or_longer)
        assert verdict(file, key).startswith("NOT VALID: the signature")
    file.write_bytes(data)
    assert verdict(file, key).startswith("valid: ")


def test_another_key_is_refused(site: CommandSite, clock: Clock, key: str) -> None:
    assert verdict(exported(site), Signer.new().public).startswith("NOT VALID: the signature")


Change = Callable[[list[dict[str, Any]]], None]


def _record(found: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(line for line in found if line.get("kind") == kind)


def _drop_last(found: list[dict[str, Any]]) -> None:
    found.remove([line for line in found if line["type"] == "record"][-1])


def _drop_last_and_say_so(found: list[dict[str, Any]]) -> None:
    _drop_last(found)
    records = [line for line in found if line["type"] == "record"]
    found[0] |= {"records": len(records), "head": records[-1]["hash"]}
    for seal in [line for line in found if line["type"] == "seal"]:
        seal["seq"] = len(records)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda found: _record(found, "words")["personal"].update(text="Aceito tudo"), "the words of record"),
        (lambda found: _record(found, "time_logged")["plain"].update(end="2026-11-24T23:00:00+00:00"), "the body of record"),
        (lambda found: _record(found, "words").update(personal=None, salt=None), "the words of record"),
        (lambda found: _record(found, "consent").update(at="2026-11-24T11:00:00.000000+00:00"), "the hash of record"),
        (lambda found: _record(found, "consent").update(actor="requester:eve"), "the hash of record"),
        (lambda found: found[0].update(ticket="8"), "record 1 does not follow"),
        (_drop_last, "records are missing"),
        (_drop_last_and_say_so, "seal 1"),
        (lambda found: found[-1].update(at="2026-11-01T11:00:00.000000+00:00"), "seal 1"),
    ],
)
def test_not_even_the_key_makes_a_false_file_true(site: CommandSite, clock: Clock, key: str, change: Change, reason: str) -> None:
    file = exported(site)
    found = lines(file)
    change(found)
    forged = "".join(f"{json.dumps(line)}\n" for line in found).encode()
    signer = Signer.of((site.folder / "key.pem").read_text(encoding="utf-8"))
    file.write_bytes(packed({"evidence.jsonl": forged}, at(0), signer))

    assert verdict(file, key).startswith(f"NOT VALID: {reason}")


def test_a_chain_made_anew_by_the_keys_owner_has_no_seal_that_was_published(site: CommandSite, clock: Clock, key: str) -> None:
    file = exported(site)
    published = lines(file)[-1]["hash"]

    assert verdict(file, key, published).startswith("valid: ")
    assert verdict(file, key, "0" * 64) == "NOT VALID: no seal has the published hash"


def test_the_lines_hold_everything_the_charge_rests_on(site: CommandSite, clock: Clock, key: str) -> None:
    found = lines(exported(site))
    header, engagement, seal = found[0], found[-2], found[-1]
    consent, words, sent = (_record(found, kind) for kind in ("consent", "words", "term_sent"))

    assert (header["format"], header["public_key"], header["sealed_up_to"]) == (
        "helpdesk-bridge evidence 1",
        key,
        len(site.kinds()),
    )
    assert header["policies"] == ["p" * 64]
    assert (words["personal"]["text"], words["personal"]["name"], words["personal"]["email"]) == (HOSTILE, ANA.name, ANA.email)
    assert consent["plain"]["term_digest"] == sent["plain"]["text_digest"] == engagement["sent"]["text_digest"]
    assert (engagement["consent"]["record"], engagement["consent"]["words_record"]) == (consent["seq"], words["seq"])
    assert engagement["charge"] | {"lines": 0} == {
        "standing": "chargeable",
        "state": "chargeable",
        "seconds": 4500,
        "charged_seconds": 4500,
        "gross": "442.50",
        "due": "442.50",
        "reason": "",
        "lines": 0,
        "exclusions": [{"entry": 2, "seconds": 900, "reason": "before_acceptance"}],
    }
    assert (seal["type"], seal["number"], seal["seq"]) == ("seal", 1, len(site.kinds()))


TAGS = frozenset(
    "html head meta title style body header h1 h2 h3 p dl dt dd figure figcaption pre table thead tbody tr th td em".split()  # noqa: SIM905
)


class Tags(HTMLParser):
    """Collects every tag and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not [name for name, _value in attrs if name.startswith("on") or name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", list(Language))
def test_the_page_shows_what_anybody_wrote_and_runs_none_of_it(
    site: CommandSite, clock: Clock, key: str, language: Language
) -> None:
    page = content(exported(site, "--language", language.value), "evidence.html").decode()
    found = Tags()
    found.feed(page)

    assert found.tags <= TAGS
    assert (HOSTILE in found.text, ANA.name in found.text) == (True, True)
    assert "442" in found.text


def test_the_paper_shows_it_too_and_names_the_signs_it_cannot_draw(site: CommandSite, clock: Clock, key: str) -> None:
    paper = PdfReader(io.BytesIO(content(exported(site), "evidence.pdf")))
    text = "\n".join(page.extract_text() for page in paper.pages)

    for said in ("Consultoria do Suporte", "De acordo com o termo", "[U+2713] [U+1F44D]", "R$ 442,50", "antes do aceite", key):
        assert said in text
    assert paper.metadata is not None
    assert paper.metadata.title == "Evidências: Ticket 7 do helpdesk desk"


def test_the_same_evidence_gives_the_same_file(site: CommandSite, clock: Clock, key: str) -> None:
    first = exported(site).read_bytes()

    assert export(site).read_bytes() == first


def test_records_under_no_seal_yet_are_told(site: CommandSite, clock: Clock, key: str) -> None:
    site.tell(a_story())
    answer = site.run("audit", "export", "7", "--out", str(site.folder / "evidence.zip"))

    assert "records after 0 are under no seal yet: `audit seal` makes one now" in answer.output
    assert verdict(site.folder / "evidence.zip", key).startswith("valid: ")


def test_without_a_key_nothing_is_written_unless_that_is_asked_for(site: CommandSite, clock: Clock) -> None:
    site.tell(a_story())
    file = site.folder / "evidence.zip"
    answer = site.run("audit", "export", "7", "--out", str(file))

    assert (answer.exit_code, file.exists()) == (1, False)
    assert "there is no key to sign with: make one by `audit key new FILE`" in answer.output
    assert site.run("audit", "export", "7", "--out", str(file), "--unsigned").output.endswith("\nnot signed\n")
    assert "este arquivo não está assinado" in content(file, "evidence.html").decode()
    assert verdict(file, Signer.new().public).startswith("NOT VALID: the signature")


def test_what_does_not_verify_is_not_exported(site: CommandSite, clock: Clock, key: str) -> None:
    site.tell(a_story())
    with site.store.write() as tx:
        tx.journal._connection.exec_driver_sql("UPDATE journal SET actor = 'x' WHERE seq = 2")
    file = site.folder / "evidence.zip"

    with site.store.write() as tx:
        tx.journal._connection.exec_driver_sql("UPDATE engagements SET ticket = '8'")
    for ticket, reason in (
        ("7", "desk/7 does not verify: record 2: its content gives the hash"),
        ("8", "desk/8 does not verify: the engagement names record"),
        ("404", "nothing is recorded"),
    ):
        answer = site.run("audit", "export", ticket, "--out", str(file))
        assert (answer.exit_code, reason in answer.output, file.exists()) == (1, True, False), answer.output


def test_a_key_is_made_for_its_owner_alone_and_never_overwritten(site: CommandSite) -> None:
    file = site.folder / "key.pem"
    made = site.run("audit", "key", "new", str(file))
    before = file.read_bytes()
    again = site.run("audit", "key", "new", str(file))

    assert (made.exit_code, file.stat().st_mode & 0o777, again.exit_code, file.read_bytes()) == (0, 0o600, 1, before)
    assert re.fullmatch(r"public key [0-9a-f]{64}", made.output.splitlines()[-1])
    assert Signer.of(before.decode()).public == made.output.split()[-1]


def test_the_public_half_of_the_configured_key_is_shown(site: CommandSite, key: str) -> None:
    assert site.run("audit", "key", "show").output == f"public key {key}\n"


@pytest.mark.parametrize("pem", ["no key", "-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----"])
def test_what_is_no_key_is_refused_and_not_shown(site: CommandSite, pem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIDGE_EVIDENCE_SIGNING_KEY", pem)
    answer = site.run("audit", "key", "show")

    assert (answer.exit_code, pem in answer.output) == (1, False)
    assert "evidence.signing_key: is no Ed25519 private key in PEM" in answer.output
