"""What an HTML comment shows: its visible text, and which parts of it are quoted, signed, struck or hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from helpdesk_bridge.domain.values import Span

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])
UNSEEN = frozenset(["head", "script", "style", "title", "template", "noscript"])
STRUCK = frozenset({"s", "del", "strike"})

_QUOTE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:x_)?(?:gmail_quote\w*|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra|zendesk_quote|quoted?|"
    r"OutlookMessageHeader|tutanota_quote|mail-quote|reply-quote)\b",
    re.IGNORECASE,
)
_QUOTE_TO_END = re.compile(
    r"(?:x_)?(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|reply-intro|zwchr|ms-outlook-mobile-reply)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(?:^|[\s_-])(?:x_)?(?:gmail_signature|moz-signature|signature|ms-outlook-mobile-signature)(?:[\s_-]|$)", re.IGNORECASE
)
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:hidden|opacity:0(?:\.0*)?(?![.\d])|font-size:[01](?:\.\d+)?(?:px|pt|em|%)?(?![\d])|mso-hide:all|"
    r"(?<![-\w])color:(?:#fff(?:fff)?(?![0-9a-f])|white|rgba?\(255,255,255|transparent)",
    re.IGNORECASE,
)
_STRUCK_STYLE = re.compile(r"line-through", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shown:
    """Visible text with the ranges that are not the author's plain words."""

    text: str
    quoted: tuple[Span, ...] = ()
    signed: tuple[Span, ...] = ()
    hidden: tuple[Span, ...] = ()
    """Hidden and struck: left out of the author's words."""


class _Reader(HTMLParser):
    """One pass; every element is closed at the latest by the one around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.length = 0
        self.ranges: dict[str, list[Span]] = {"quoted": [], "signed": [], "hidden": []}
        self.open: list[tuple[str, str | None]] = []
        self.depth = dict.fromkeys((*self.ranges, "unseen"), 0)
        self.quoted_to_end = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._break()
        kind = self._kind(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            return
        if len(self.open) < 400:
            self.open.append((tag, kind))
            if kind is not None:
                self.depth[kind] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._break()
        if not any(name == tag for name, _ in self.open[-60:]):
            return
        while self.open:
            name, kind = self.open.pop()
            if kind is not None:
                self.depth[kind] -= 1
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self.depth["unseen"]:
            return
        text = re.sub(r"[ \t\r\n\f]+", " ", data)
        if not self.pieces or self.pieces[-1].endswith("\n"):
            text = text.lstrip(" ")
        if text:
            self._put(text)

    def _kind(self, tag: str, attributes: dict[str, str]) -> str | None:
        name = f"{attributes.get('class', '')} {attributes.get('id', '')}"
        if _QUOTE_TO_END.search(name):
            self.quoted_to_end = True
        style = attributes.get("style", "").replace(" ", "")
        if tag in UNSEEN:
            return "unseen"
        if tag in STRUCK or "hidden" in attributes or _HIDDEN_STYLE.search(style) or _STRUCK_STYLE.search(style):
            return "hidden"
        if _QUOTE_CLASS.search(name) or (tag == "blockquote" and attributes.get("type", "").lower() == "cite"):
            return "quoted"
        return "signed" if _SIGNATURE.search(name) else None

    def _break(self) -> None:
        if self.pieces and not self.pieces[-1].endswith("\n"):
            self._put("\n")

    def _put(self, text: str) -> None:
        span = Span(self.length, self.length + len(text))
        for kind, ranges in self.ranges.items():
            if self.depth[kind] or (kind == "quoted" and self.quoted_to_end):
                if ranges and ranges[-1].end == span.start:
                    ranges[-1] = Span(ranges[-1].start, span.end)
                else:
                    ranges.append(span)
        self.pieces.append(text)
        self.length = span.end


def show(html: str) -> Shown:
    """Read an HTML comment; total on any text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Shown("".join(reader.pieces), *(tuple(ranges) for ranges in reader.ranges.values()))
