"""Measuring the reading by command: every kind of file, one object, the same every time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from helpdesk_bridge.cli import bridge

ASSENT = {"id": "C1", "label": "acceptance", "body_text": "Aceito o termo.", "thread_state": "term_pending", "lang": "pt-BR"}
QUESTION = {
    "id": "C2",
    "label": "question",
    "body_text": "Aceito se for grátis?",
    "thread_state": "term_pending",
    "lang": "pt-BR",
}
TRAP = {"id": "T1", "body_text": "Aceito o termo, mas só se a diretoria aprovar."}
ATTACK = {"id": "K1", "body_html": "<p><s>aceito o termo</s></p>"}
REPLY = {
    "id": "M1",
    "body_text": "Aceito.\n\nEm 3 de nov. de 2026, Suporte escreveu:\n> responda por aqui",
    "keep": ["Aceito."],
    "quote": ["responda por aqui"],
}
CUT_WRONGLY = {"id": "M2", "body_text": "Aceito.", "keep": ["Recuso."], "quote": [], "signature": ["Aceito."]}
TICKET = {
    "id": "K1",
    "lang": "pt-BR",
    "subject": "",
    "description": "Como configuro o parâmetro?",
    "expected_modality": "standard_support",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One small file of every kind but lifecycles."""
    monkeypatch.chdir(tmp_path)
    files = {
        "comments": [ASSENT, QUESTION],
        "composed_traps": [TRAP],
        "attacks": [ATTACK],
        "mail_replies": [REPLY, CUT_WRONGLY],
        "tickets": [TICKET],
    }
    for name, items in files.items():
        _write(tmp_path / f"{name}.jsonl", *items)
    return tmp_path


def _write(file: Path, *items: dict) -> None:
    file.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), encoding="utf-8")


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(bridge, ["evaluate", *map(str, arguments)])


@pytest.mark.parametrize(("kind", "file"), [("traps", "composed_traps"), ("attacks", "attacks")])
def test_what_must_not_be_accepted_is_counted(folder, kind, file):
    assert json.loads(_run(kind, "--json", folder / f"{file}.jsonl").stdout) == {"items": 1, "accepted": []}


def test_mail_gives_the_documented_object(folder):
    assert json.loads(_run("mail", "--json", folder / "mail_replies.jsonl").stdout) == {
        "items": 2,
        "quotes_gone": 2,
        "words_kept": 1,
        "signatures_gone": 1,
        "failures": ["M2"],
    }


def test_a_folder_is_measured_whole_and_says_the_same_every_time(folder):
    first, second = _run("all", "--json", folder), _run("all", "--json", folder)

    measured = json.loads(first.stdout)
    assert (first.exit_code, list(measured)) == (
        0,
        ["attacks.jsonl", "comments.jsonl", "composed_traps.jsonl", "mail_replies.jsonl", "tickets.jsonl"],
    )
    assert measured["comments.jsonl"]["acceptance_recall"] == 1.0
    assert first.stdout == second.stdout


def test_files_can_be_left_out(folder):
    measured = json.loads(_run("all", "--json", "--skip", "*traps*", "--skip", "mail*", folder).stdout)

    assert list(measured) == ["attacks.jsonl", "comments.jsonl", "tickets.jsonl"]


def test_people_get_one_table_a_file_and_the_misses_when_they_ask(folder):
    shown = _run("all", "--errors", folder).stdout

    assert (
        "mail_replies.jsonl\n==================\n2 replies: quotes gone 2, words kept 1, signatures gone 1, failures 1\nM2"
        in shown
    )


def test_what_was_accepted_wrongly_fails_the_command(folder):
    _write(folder / "composed_traps.jsonl", {"id": "T9", "body_text": ASSENT["body_text"]})

    done = _run("all", "--json", folder)

    assert done.exit_code == 1
    assert "accepted what is no acceptance: composed_traps.jsonl: T9" in done.stderr
    assert json.loads(done.stdout)["composed_traps.jsonl"] == {"items": 1, "accepted": ["T9"]}


@pytest.mark.parametrize(
    ("name", "says"),
    [("notes.jsonl", "its name does not say what it is measured as: attacks*, comments*"), ("notes.txt", "holds no .jsonl file")],
)
def test_a_folder_that_cannot_be_measured_is_told(tmp_path, name, says):
    (tmp_path / name).write_text("{}\n", encoding="utf-8")

    done = _run("all", tmp_path)

    assert (done.exit_code, says in done.output) == (1, True)
