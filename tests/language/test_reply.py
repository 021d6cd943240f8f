"""A reply without its history: quotes and signatures go, the author's words stay where they stand, struck words accept nothing."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_bridge.domain.consent import SPOILING_FLAGS
from helpdesk_bridge.domain.values import Comment, CommentId, Person, Role
from helpdesk_bridge.language.reply import LONGEST_COMMENT, Reply, reply_of
from helpdesk_bridge.policy.evaluate_comments import evaluate_mail
from tests.domain.builders import at

FILES = Path(__file__).parent
MAILS = [json.loads(line) for line in (FILES / "more_mail_replies.jsonl").read_text(encoding="utf-8").splitlines()]
HISTORY = "Para seguir, responda: aceito o termo."
PIECES = [
    "Aceito o termo.", "não", "~~", "0\u0336", "\u200b", "<s>", "</s>", "<div id=Signature>", "</div>", "<blockquote type=cite>",
    "</blockquote>", "<div class=gmail_quote>", "<hr id=zwchr>", "\n", "\r\n", "> ", ">> ", "-- ", "--", "Att,", "Ana Reis", "wrote:",
    "Em 3 de nov. de 2026 às 10:12, Ana <ana@x.example> escreveu:", "De: Ana <ana@x.example>", "Assunto: termo", "Para: x",
    "##- Responda acima desta linha -##", "-----Mensagem original-----", "________", " ", "On Monday", "&lt;", "\u2028",
]  # fmt: skip
HOSTILE = [
    "#", "> ", "a<b\n", "<a\n", "De: ", "De:\n\n", "De: a\n", "To: x\nCc: y\n", "\n", "wrote ", "<x@y> escreveu em 3/3 10:12 ", "~~a",
    "On 3 Nov 2026 10:12\n", "Em 3/1\n", "De: de: assunto: ", "-- \nAna Reis\n", "a\u0336", "\u200b", "reply above this\n", "##- a",
    "<s>a</s>", "<div id=signature>a", "<div id='x_x_x_x_y'>a", "on 1/1 on 1/1 <a@b.c> 10:10 wrote: ",
]  # fmt: skip


def _reply(text: str = "", html: str | None = None) -> Reply:
    author = Person(id="1", role=Role.REQUESTER)
    return reply_of(Comment(id=CommentId("1"), author=author, public=True, at=at(1), text=text, html=html))


def _kept(text: str = "", html: str | None = None) -> list[str]:
    reply = _reply(text, html)
    return [span.of(reply.text) for span in reply.kept]


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail["id"])
def test_quotes_and_signatures_go_and_the_authors_words_stay(mail):
    assert evaluate_mail([mail]).failures == ()


def test_there_are_many_mails_and_no_two_alike():
    assert len({mail["id"] for mail in MAILS}) == len(MAILS) >= 60


@pytest.mark.parametrize("after", ["", f"\n\n{HISTORY}"])
@pytest.mark.parametrize("day", ["On Monday", "On 3 November", "On November 3, 2026", "On 3 November at 10:15", "On 03/11/2026"])
@pytest.mark.parametrize("who", ["our accountant", "he", "my colleague Paul", "the plant in Lyon"])
def test_prose_that_begins_like_an_attribution_survives(day, who, after):
    text = f"We looked at it.\n{day} {who} wrote: the tax is wrong.\nPlease check.{after}"

    assert _kept(text) == [text]


def test_words_that_people_write_too_introduce_a_quote_only_where_a_quote_follows():
    assert _kept(f"Vejam.\nSuporte ERP escreveu:\n> {HISTORY}") == ["Vejam."]
    assert _kept(f"Vejam.\nSuporte ERP escreveu:\n{HISTORY}") == [f"Vejam.\nSuporte ERP escreveu:\n{HISTORY}"]


@pytest.mark.parametrize(
    "html", ["<p>Aceito <s>não</s> o termo</p>", "<p>Aceito <b style='text-decoration:line-through'>não</b> o termo</p>"]
)
def test_only_the_struck_words_go_and_nothing_is_accepted_from_the_rest(html):
    assert _kept(html=html) == ["Aceito", "o termo"]
    assert "hidden" in _reply(html=html).flags & SPOILING_FLAGS


@pytest.mark.parametrize("text", ["Aceito ~~não~~ o termo", "Aceito n\u0336ã\u0336o\u0336 o termo"])
def test_words_struck_without_a_page_go_too(text):
    assert _kept(text) == ["Aceito", "o termo"]
    assert "hidden" in _reply(text).flags


def test_struck_words_in_a_quote_are_not_the_authors():
    assert "hidden" not in _reply(html=f"<p>Aceito.</p><blockquote type=cite><s>{HISTORY}</s></blockquote>").flags


def test_what_only_its_place_makes_a_signature_accepts_nothing():
    named = _reply(html="<p>Aceito o termo.</p><div id=Signature>Ana Reis<br>Compras</div>")
    written = _reply(html="<p>Aceito o termo.</p><div id=Signature>Ana Reis<br>mas s\u00f3 na outra filial</div>")

    assert not named.flags
    assert "hidden" in written.flags
    assert [span.of(written.text) for span in written.signed] == ["Ana Reis", "mas só na outra filial"]


def test_whoever_writes_nowhere_but_in_the_signature_is_heard():
    assert _kept(html="<div class=gmail_signature>Ainda estamos avaliando com a diretoria.</div>") == [
        "Ainda estamos avaliando com a diretoria."
    ]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.booleans())
def test_offsets_point_at_words_of_the_comment_in_order_and_never_twice(text, as_html):
    reply = _reply(text, text if as_html else None)
    spans = sorted([*reply.kept, *reply.signed], key=lambda span: span.start)

    assert as_html or reply.text == text
    assert all(0 <= span.start <= span.end <= len(reply.text) for span in spans)
    assert all(span.of(reply.text) == span.of(reply.text).strip() != "" for span in reply.kept)
    assert list(reply.kept) == sorted(reply.kept, key=lambda span: span.start)
    assert all(before.end <= after.start for before, after in pairwise(spans))


@pytest.mark.parametrize("as_html", [False, True])
@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_comments_are_read_in_linear_time(piece, as_html):
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        started = time.process_time()
        _reply(text, f"<pre>{text}" if as_html else None)
        return time.process_time() - started

    assert min(seconds(LONGEST_COMMENT - 5) for _ in range(3)) < 0.5


@pytest.mark.parametrize(
    "footer",
    [
        "AVISO: Esta mensagem é confidencial. Se você a recebeu por engano, apague-a.",
        "Atenção! Esta mensagem e seus anexos podem conter informações sigilosas.",
        "IMPORTANTE - este correo es confidencial; si no es el destinatario, bórrelo.",
        "NOTICE: This e-mail is confidential. If you are not the addressee, delete it.",
    ],
)
def test_a_legal_footer_goes_whatever_word_announces_it(footer):
    assert _kept(f"De acordo com o termo.\n\n{footer}") == ["De acordo com o termo."]
