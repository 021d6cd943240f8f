"""Reading, rules only: comments a second, a ticket's median, what loading costs, and the worst text anybody can send.

Seconds are those of one core, so that what else runs on the machine matters little.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from helpdesk_bridge.domain.reading import Context, Pending
from helpdesk_bridge.domain.values import Comment
from helpdesk_bridge.language import read_comment, read_ticket
from helpdesk_bridge.language.reply import LONGEST_COMMENT
from helpdesk_bridge.policy import Policy, load_policy
from helpdesk_bridge.policy.evaluate_comments import comment_of, context_of
from helpdesk_bridge.policy.evaluate_tickets import ticket_of
from tests.promises.world import ROOT

DATA = ROOT / "tests" / "language" / "evaluation"
ROUNDS = 5
_LOADING = """
import time
from pathlib import Path

def resident():
    return next(int(line.split()[1]) / 1024 for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))

started, before = time.process_time(), resident()
import helpdesk_bridge.language
print(f"importing the language rooms {time.process_time() - started:.2f} s, +{resident() - before:.0f} MB")
import helpdesk_bridge.policy.load
from helpdesk_bridge.policy.folders import read_documents
documents = read_documents((), [])
lexicon = {one.file: one.data for one in documents if one.name.startswith("language/")}
cues = {one.file: one.data for one in documents if one.name.startswith("criteria/")}
started, before = time.process_time(), resident()
kept = helpdesk_bridge.language.compile_lexicon(lexicon), helpdesk_bridge.language.compile_cues(cues)
print(f"compiling and proving both lexicons {time.process_time() - started:.2f} s, +{resident() - before:.0f} MB")
"""
_HOSTILE = (
    "De jeito nenhum estou de acordo, ", "Autorizo. Recuso, se nada mudar, amanhã às 9h? De acordo com o valor, parem agora. ",
    "não aceito o termo ", "aceito o termo de serviço ", "de acordo com o termo\n", "quinta às 9h, ", "amanhã às 14h ou sexta às 10h ",
    "até ", "sem ", "nao x ", "- a\n", "Sí ", "\n", "a ", "> ", "Em 24/11/2026 12:48, Ana <a@b.c> escreveu:\n", "assunto: ", "a\u0336",
    "12.ABC.345/01DE-35 ", "Maria da Silva Souza ", "fiz o que pediram e não resolveu ", "não reproduzimos em nossa base padrão ",
    "ERROR at line 12: [MATA410] => {x}\n", "~~a", "a\u200b", "[", "Att,\nMaria\n", "De: a@b.c\nPara: x\nAssunto: y\n\n",
)  # fmt: skip
_HOSTILE_PAGES = (
    "<div>",
    '<a "',
    "<style>",
    "<blockquote>x",
    "<p>aceito o termo</p>",
    "<s>aceito</s> o termo ",
    "&amp;",
    "<td>x",
)


def main() -> None:
    """Print every figure."""
    policy = load_policy()
    comments = [(comment_of(item), context_of(item, policy.rules)) for item in _items("comments")]
    seconds = [[_seconds(partial(read_comment, *pair, policy.lexicon)) for pair in comments] for _ in range(ROUNDS)]
    rate = statistics.median(len(comments) / sum(each) for each in seconds)
    print(
        f"{len(comments)} comments: {rate:.0f} a second, median {1000 * statistics.median(map(min, zip(*seconds, strict=True))):.2f} ms"
    )
    tickets = [ticket_of(item) for item in _items("tickets")]
    took = [[_seconds(partial(read_ticket, ticket, policy.cues)) for ticket in tickets] for _ in range(ROUNDS)]
    print(f"{len(tickets)} tickets: median {1000 * statistics.median(map(min, zip(*took, strict=True))):.2f} ms")
    print(subprocess.run([sys.executable, "-c", _LOADING], check=True, capture_output=True, text=True, cwd=ROOT).stdout.strip())
    worst = sorted(((_hostile(comment, policy), name) for name, comment in _hostile_comments(policy)), reverse=True)
    print(
        f"{len(worst)} hostile texts of 32 kB, worst first: "
        + ", ".join(f"{1000 * each:.0f} ms {name!r}" for each, name in worst[:5])
    )


def _items(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _hostile(comment: Comment, policy: Policy) -> float:
    """Read once to warm up, since the second reading is what a flood costs."""
    contexts = [Context(author=comment.author.role, pending=each) for each in (Pending.TERM_PENDING, Pending.SLOT_PROPOSED)]
    return max(min(_seconds(partial(read_comment, comment, each, policy.lexicon)) for _ in range(2)) for each in contexts)


def _hostile_comments(policy: Policy) -> Iterator[tuple[str, Comment]]:
    for piece in _HOSTILE:
        yield piece, comment_of({"body_text": piece * (LONGEST_COMMENT // len(piece))})
    for piece in _HOSTILE_PAGES:
        yield piece, comment_of({"body_html": piece * (LONGEST_COMMENT // len(piece))})
    words = sorted({word for phrase in policy.lexicon.phrases.values() for text in phrase.examples for word in text.split()})
    soup = " ".join(random.Random(1).choices(words, k=LONGEST_COMMENT // 4))
    yield "words of every phrase", comment_of({"body_text": soup[:LONGEST_COMMENT]})
