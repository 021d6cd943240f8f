"""What agents confirmed or corrected comes out as labelled text, without the people in it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.values import TicketStatus
from helpdesk_bridge.language.reply import reply_of
from helpdesk_bridge.policy.evaluate_comments import comment_of
from tests.cli.site import CommandSite
from tests.domain.builders import REQUESTER, Story


def _story() -> Story:
    story = Story()
    who = replace(REQUESTER, name="Maria Clara Souza")
    story.ticket = replace(story.ticket, requester=who)
    story.term_sent_and_posted()
    story.says(3, SignalKind.UNCLEAR, author=who, words="Melhor deixar pra lá, fale com a Maria: maria@textil.com.br")
    story.commands(4, "/sinal recusa")
    story.says(5, SignalKind.UNCLEAR, author=who, words="Pode tocar então.")
    story.commands(6, "/aceite confirmar ela confirmou por telefone")
    return story


def _lines(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_settled_comments_become_items_of_the_documented_form(site: CommandSite):
    site.tell(_story(), status=TicketStatus.OPEN)

    done = site.run("feedback", "export", str(site.folder / "out"))

    assert "2 comments, 0 tickets" in done.output
    items = _lines(site.folder / "out" / "comments.jsonl")
    assert [(item["id"], item["label"], item["thread_state"], item["body_text"], item["note"]) for item in items] == [
        ("desk/7/3", "refusal", "term_pending", "Melhor deixar pra lá, fale com a Fulano: pessoa@cliente.example", "/sinal"),
        ("desk/7/5", "acceptance", "term_pending", "Pode tocar então.", "/aceite confirmar"),
    ]
    assert reply_of(comment_of(items[0])).text == items[0]["body_text"]


def test_the_last_correction_counts(site: CommandSite):
    story = _story()
    story.commands(7, "/sinal pergunta 3")
    site.tell(story)
    site.run("feedback", "export", str(site.folder / "out"))

    assert _lines(site.folder / "out" / "comments.jsonl")[0]["label"] == "question"


def test_words_come_as_they_are_when_asked(site: CommandSite):
    site.tell(_story())
    site.run("feedback", "export", "--no-redact", str(site.folder / "out"))

    assert "maria@textil.com.br" in _lines(site.folder / "out" / "comments.jsonl")[0]["body_text"]


def test_a_fixed_modality_becomes_a_ticket(site: CommandSite):
    story = Story()
    story.commands(1, "/modalidade consultoria-tecnica cliente pediu")
    site.tell(story)
    site.run("feedback", "export", str(site.folder / "out"))

    (item,) = _lines(site.folder / "out" / "tickets.jsonl")
    assert (item["expected_modality"], item["criteria"], item["ambiguous"], item["comments"]) == (
        "technical_consulting",
        [],
        True,
        [],
    )


def test_what_was_erased_teaches_nothing(site: CommandSite):
    site.tell(_story())
    with site.store.write() as tx:
        for row in tx.inbox.of_ticket("desk", "7"):
            tx.inbox.erase(row.desk, row.ticket)
    site.run("feedback", "export", str(site.folder / "out"))

    assert _lines(site.folder / "out" / "comments.jsonl") == []
