"""Proof that hostile text can be no markup, no link, no HTML, no mention and no placeholder, whoever renders it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from helpdesk_bridge.adapters.markup import html_of, text_of
from helpdesk_bridge.policy.escape import BREAK, Ours, code, escape, link, plain

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[clique](javascript:alert(1))",
    "![x](https://evil.example/pixel.gif)",
    "<https://evil.example>",
    "https://evil.example/aceite?x=1",
    "www.evil.example",
    "mailto:eve@evil.example",
    "@all @here @suporte",
    "# título",
    "- item",
    "+ item",
    "1. item",
    "1) item",
    "> citado",
    "    código",
    "\tcódigo",
    "```\ncódigo\n```",
    "~~~\ncódigo",
    "---",
    "===",
    "***",
    "* * *",
    "| a | b |\n|---|---|\n| c | d |",
    "**forte** *ênfase* __forte__ _ênfase_ ~~riscado~~ `código`",
    "[ref]: https://evil.example",
    "[^1]: nota",
    "texto\n\n<div>bloco</div>\n\n- lista",
    "&lt;script&gt; &#60;b&#62; &nbsp; &copy;",
    "{{ticket.comments}} {% if x %} {# x #} {{{ x }}}",
    "fim de linha\\",
    "dois espaços  \nquebra",
    "\\[x\\](y) \\\\*x*",
    "\u202eetneilc\u202c \u200bx\u200dy\ufeff\u2066z\u2069",
    "a\u2028# b\u2029- c\x85> d\x0b# e",
    ": definição",
    "- [ ] tarefa",
    "<!-- comentário --> <?php ?> <![CDATA[x]]>",
]
ALPHABET = st.characters(codec="utf-8") | st.sampled_from(list("\\`*_[]()<>&|~#+-=:!{}%@./ \t\n\r0123456789.)\u200b\u202e"))
TEXTS = st.text(ALPHABET, max_size=60) | st.sampled_from(HOSTILE) | st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join)
PLACES = ["{}", "- {}", "> “{}”", "**{}**", "*{}*", "a {} b", "1. {}", "# {}", "({})", "> {}\n> b", "a\n{}\nb"]

RENDERERS = {
    "commonmark": MarkdownIt("commonmark", {"html": True}),
    "tables": MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]),
}


class Tags(HTMLParser):
    """Every tag of a page, with its attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, ...]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, *(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment",))

    def unknown_decl(self, data: str) -> None:
        self.tags.append(("declaration",))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("renderer", RENDERERS)
@given(text=TEXTS)
@example(text="\\")
@example(text="1.")
@example(text="https://a@b.example/{{x}}")
def test_hostile_text_changes_nothing_but_the_words(renderer: str, place: str, text: str) -> None:
    """The page has the tags it has with a harmless word in its place, and shows every visible character."""
    words = plain(text)
    if not words:
        return
    render = RENDERERS[renderer].render
    shown, harmless = Tags(render(place.format(escape(text)))), Tags(render(place.format("x")))
    assert harmless.tags == shown.tags
    assert words in shown.text.replace(BREAK, "")


@given(text=TEXTS)
def test_no_viewer_can_make_a_link_a_mention_or_a_placeholder_of_it(text: str) -> None:
    shown = Tags(html_of(str(escape(text)))).text
    assert re.search(r"\w+://|www\.|@\w|mailto:|\{\{|\{%|\{#", shown, re.IGNORECASE) is None


@given(text=TEXTS)
def test_it_stays_on_one_line_without_controls_or_direction_marks(text: str) -> None:
    assert re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]", escape(text)) is None


@given(text=TEXTS)
def test_escaping_is_done_once(text: str) -> None:
    assert escape(text) == escape(escape(text))


@given(text=TEXTS)
def test_code_holds_anything_and_can_be_read(text: str) -> None:
    shown = code(text)
    page = Tags(RENDERERS["tables"].render(f"a {shown} b"))
    assert [("p",), ("code",)][: 2 if shown else 1] == page.tags
    assert plain(text).replace("`", "'") in page.text.replace(BREAK, "")


def test_plain_text_desks_show_what_was_written() -> None:
    text = "Não: 1 < 2 & *urgente* [MV_PAR01] | c:\\temp_x"
    assert text == text_of(str(escape(text))).replace(BREAK, "")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("De acordo.", "De acordo."),
        ("MV_PAR01", "MV\\_PAR01"),
        ("R$ 5,90 (cinco e noventa)", "R$ 5,90 (cinco e noventa)"),
        ("  Olá,\n\n  tudo bem? ", "Olá, tudo bem?"),
        ("24.11", "24.11"),
        ("1. sim", "1\\. sim"),
        ("-1", "\\-1"),
    ],
)
def test_ordinary_text_stays_readable(text: str, escaped: str) -> None:
    assert escaped == escape(text)


def test_only_web_addresses_become_links() -> None:
    assert link("https://support.example.com/a?b=c d") == "https://support.example.com/a?b=c%20d"
    assert link("https://support.example.com/)([]<") == "https://support.example.com/%29%28%5B%5D%3C"
    for wrong in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "https:///x", "x", ""):
        with pytest.raises(ValueError, match="is not a web address"):
            link(wrong)


def test_what_is_ours_is_left_alone() -> None:
    assert escape(Ours("**a**")) == "**a**"
