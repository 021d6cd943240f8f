"""From our Markdown to what a desk shows: safe HTML or plain text, with the desk's own placeholders broken up."""

from __future__ import annotations

import re
from html import unescape

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
_PLACEHOLDER = re.compile(r"(?<=\{)(?=[{%#])|(?<=%)(?=\})")
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|blockquote|tr|pre)>\s*|<br\s*/?>\s*|<hr\s*/?>\s*")
_ITEM = re.compile(r"\s*<li>\s*(?:<p>)?")
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')
_TAG = re.compile(r"<[^>]+>")
_BLANK = re.compile(r"\n{3,}")


def html_of(markdown: str) -> str:
    """Return safe HTML: raw HTML in the source is shown, not obeyed."""
    return neutralise(_MARKDOWN.render(markdown).strip())


def text_of(markdown: str) -> str:
    """Return plain text that reads well without any rendering."""
    html = _LINK.sub(r"\2 (\1)", _ITEM.sub("\n- ", _MARKDOWN.render(markdown)))
    text = unescape(_TAG.sub("", _BLOCK_END.sub("\n\n", html)))
    return neutralise(_BLANK.sub("\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip())


def neutralise(body: str) -> str:
    """Break ``{{``, ``{%``, ``{#`` and ``%}`` with a zero-width space: desks expand them, also in what we post.

    A ``%}`` by itself counts: django-helpdesk answers it with 500, each time.
    """
    return _PLACEHOLDER.sub("\u200b", body)
