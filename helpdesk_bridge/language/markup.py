"""HTML comments as the reader of the page sees them, with what is quoted, struck or hidden marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

QUOTED, STRUCK, HIDDEN, SIGNED = 1, 2, 4, 8
"""What a piece of a page may be besides the author's plain words; bits, since pieces nest."""

_VOID_WORDS = """
    area base br col embed hr img input link meta param source track wbr
"""
_VOID = frozenset(_VOID_WORDS.split())
_RAW = frozenset({"script", "style", "title", "textarea"})
_SILENT = _RAW | frozenset(["head", "template", "noscript", "object", "svg", "math", "select"])
_STRUCK = frozenset({"s", "del", "strike"})
_ROW = frozenset({"br", "tr", "hr"})
_BLOCK_WORDS = """
    address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header html li
    main nav ol p pre section table tbody thead tfoot ul
"""
_BLOCK = frozenset(_BLOCK_WORDS.split())
_CELL = frozenset({"td", "th"})
_X = r"(?:^|\s)(?:x_){0,4}"
"""Outlook puts ``x_`` before the names of a page that it quotes."""
_QUOTE_CLASSES = re.compile(
    _X
    + r"(?:\S*yahoo_quoted|gmail_attr|gmail_quote_attribution|moz-cite-prefix|protonmail_quote|zmail_extra|outlookmessageheader|"
    r"gmail_extra_quote|freshdesk_quote|zd-quote|zendesk_quote|movidesk-quote|tutanota_quote|cite|nylas-quote|airmail_on|clean_bq|"
    r"front-blockquote|missive_quote|cloudmagic-smart-beak|moz-email-headers-table|"
    r"ms-outlook-mobile-reference-message)(?=\s|$)"
)
_QUOTE_IDS = re.compile(
    r"(?:x_){0,4}(?:divrplyfwdmsg|appendonsend|mail-editor-reference-message|replyintro|reply-intro|\S*yahoo_quoted|olk_src_body_section|"
    r"blockquote_zmail|_originalcontent|__headers__|__quoted_text__|messagereplysection)"
)
_CONTAINER = re.compile(_X + r"(?:gmail_quote|gmail_quote_container)(?=\s|$)")
_REST = re.compile(
    r"(?:x_){0,4}(?:divrplyfwdmsg|appendonsend|mail-editor-reference-message|zwchr|__divider__|stopspelling|ms-outlook-mobile-body-separator)"
)
"""Everything below these is the mail that is answered."""
_SIGNATURE = re.compile(r"signature|assinatura(?:-|_)?e?mail|__sig_p(?:re|ost)__|_rc_sig|zm-_id_-sgn|bloop_sign|fmsigseperator")
_QUOTING_LINE = re.compile(r"border-left:[^;]*(?:blue|#1010ff|#00f\b|#0000ff|rgb\(16,16,255\))")
"""The line Zimbra, OTRS and Outlook draw left of a quote."""
_INVISIBLE = re.compile(
    r"display:none|visibility:hidden|font-size:(?:0|1)(?:px|pt|em|%)?(?:;|$|!)|opacity:0(?:\.0+)?(?:;|$|!)|mso-hide:all|"
    r"(?:^|;)(?:max-)?(?:height|width):(?:0|1)(?:px|pt)?(?:;|$|!)|(?:^|;)color:(?:white|#fff(?:fff)?|transparent|"
    r"rgba?\(255,255,255[^)]*\))"
)
_TAG = re.compile(r"<(?P<closing>/?)(?P<name>[a-zA-Z][^\s/><]*)(?P<given>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
_TAG_NAME = re.compile(r"<(?P<closing>/?)(?P<name>[a-zA-Z][^\s/><]*)")
_ATTRIBUTE = re.compile(r"""(?P<name>[^\s"'>/=]+)(?:\s*+=\s*+(?P<value>"[^"]*+"|'[^']*+'|[^\s"'>]++))?+""")
_INTERESTING = frozenset(["class", "id", "name", "style", "type", "cite", "color", "hidden", "data-marker", "data-smartmail"])
_DEEPEST = 2000
_REMEMBERED = 300
"""Characters up to which a tag is remembered."""
_BYTES = tuple(bytes([marks]) for marks in range(16))
_BLANKS = re.compile(r"[\t\r\n\f\u200b][ \t\r\n\f\u200b]*| [ \t\r\n\f\u200b]+")
"""Everything that is shown as a blank but a single one."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows."""

    text: str
    marks: bytes
    """One byte for each character of ``text``: QUOTED, STRUCK and SIGNED bits."""
    hidden: bool
    """True when the author's part holds words that the page does not show."""


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    tag: str
    marks: int
    container: bool = False
    """A reply container: what stands in it beside the quoted block is the author's inline answer."""
    answered: bool = False
    """A quoted block of this container has ended."""


def read_page(html: str) -> Page:
    """Render ``html``, as forgiving as a browser; total, and linear in hostile pages."""
    page = _Rendering()
    position = 0
    while position < len(html):
        tag = html.find("<", position)
        page.add_text(html[position : tag if tag >= 0 else len(html)])
        if tag < 0:
            break
        position = _read_tag(html, tag, page)
    return Page("".join(page.pieces), b"".join(page.marks), page.hidden)


def _read_tag(html: str, start: int, page: _Rendering) -> int:
    """Take in the tag at ``start`` and return where the page goes on."""
    end = html.find(">", start)
    tag = _known_tag(html[start : end + 1]) if start < end <= start + _REMEMBERED else None
    if tag is not None:
        after = end + 1
    elif html.startswith("<!--", start):
        end = html.find("-->", start + 4)
        return len(html) if end < 0 else end + 3
    else:
        match = _TAG.match(html, start) if page.patience else None
        if match is not None:
            tag, after = _tag(*match.groups()), match.end()
        else:
            known = _TAG_NAME.match(html, start)
            page.patience = max(0, page.patience - (known is not None))
            if end < 0 or not (known or html[start + 1 : start + 2] in ("!", "?", "/")):
                page.add_text("<")
                return start + 1
            after = end + 1
            tag = _tag(known["closing"], known["name"], html[known.end() : end]) if known else _tag("/", "", "")
    if tag.closing:
        page.close(tag.name)
        return after
    page.open(tag)
    if tag.raw:
        end = html.lower().find(f"</{tag.name}", after) if page.raw_left else -1
        page.raw_left -= 1
        return len(html) if end < 0 else end
    return after


class _Rendering:
    """The page so far: tags become line breaks and marks."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.marks: list[bytes] = []
        self.hidden = False
        self.patience = 8
        """How many tags with broken quoting are parsed like a browser does, which costs a look ahead."""
        self.raw_left = 200
        """How many scripts and styles a page may have."""
        self._stack: list[_Open] = [_Open("", 0)]
        self._depths: dict[str, int] = {}
        self._silent = 0
        self._rest = 0
        self._pre = 0
        self._last = "\n"

    def open(self, opening: _Tag) -> None:
        """Open an element."""
        tag = opening.name
        if tag == "br":
            self._put("\n", self._current())
        elif tag in _ROW or tag in _BLOCK:
            self._break()
        elif tag in _CELL and self._last not in "\n\t":
            self._put("\t", self._current())
        if opening.ends_the_answer:
            self._rest = QUOTED
        if tag in _VOID or len(self._stack) > _DEEPEST:
            return
        self._silent += tag in _SILENT
        self._pre += tag == "pre"
        self._depths[tag] = self._depths.get(tag, 0) + 1
        self._stack.append(_Open(tag, self._stack[-1].marks | opening.marks, opening.container))

    def close(self, tag: str) -> None:
        """Close an element and everything left open inside it."""
        if tag in _BLOCK or tag == "tr":
            self._break()
        if not self._depths.get(tag):
            return
        while True:
            closed = self._stack.pop()
            self._depths[closed.tag] -= 1
            self._silent -= closed.tag in _SILENT
            self._pre -= closed.tag == "pre"
            if closed.tag == "blockquote" and closed.marks & QUOTED:
                self._stack[-1].answered = True
            if closed.tag == tag:
                return

    def add_text(self, source: str) -> None:
        """Add words."""
        if self._silent or not source:
            return
        marks = self._current()
        data = unescape(source) if "&" in source else source
        if marks & HIDDEN:
            self.hidden = self.hidden or (not marks & QUOTED and bool(data.strip()))
            return
        text = data if self._pre else _BLANKS.sub(" ", data)
        if not self._pre and self._last in "\n\t ":
            text = text.lstrip(" ")
        if text:
            self._put(text, marks)

    def _current(self) -> int:
        top = self._stack[-1]
        inline = QUOTED if top.container and not top.answered else 0
        return top.marks | self._rest | inline

    def _break(self) -> None:
        if self._last != "\n":
            self._put("\n", self._current())

    def _put(self, text: str, marks: int) -> None:
        self.pieces.append(text)
        self.marks.append(_BYTES[marks & (QUOTED | STRUCK | SIGNED)] * len(text))
        self._last = text[-1]


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag, and what its attributes make of it."""

    name: str
    closing: bool
    raw: bool = False
    """What stands in the element is no page."""
    marks: int = 0
    container: bool = False
    ends_the_answer: bool = False
    """Everything below is the mail that is answered."""


def _tag(closing: str, name: str, given: str) -> _Tag:
    name = name.lower()
    if closing:
        return _Tag(name, True)
    attributes = _attributes(given) if given else {}
    return _Tag(
        name,
        False,
        raw=name in _RAW and not given.endswith("/"),
        marks=_marks_of(name, attributes),
        container=name == "div" and bool(_CONTAINER.search(attributes.get("class", "").lower())),
        ends_the_answer=any(_REST.match(each) for each in _identities(attributes)),
    )


@lru_cache(maxsize=512)
def _known_tag(source: str) -> _Tag | None:
    """Return the tag that ``source`` is, if it is a whole one: pages repeat their tags, and mail clients those of each other."""
    match = _TAG.fullmatch(source)
    return _tag(*match.groups()) if match is not None else None


def _attributes(given: str) -> dict[str, str]:
    return {
        match["name"].lower(): unescape(match["value"] or "").strip("\"'")
        for match in _ATTRIBUTE.finditer(given)
        if match["name"].lower() in _INTERESTING
    }


def _identities(given: dict[str, str]) -> list[str]:
    """Return what an element is called, by whichever attribute its mail client uses."""
    return [given[key].lower() for key in ("id", "data-marker", "name") if key in given]


def _marks_of(tag: str, given: dict[str, str]) -> int:
    marks = STRUCK if tag in _STRUCK else 0
    names, identities = given.get("class", "").lower(), _identities(given)
    if tag == "blockquote" and (_CONTAINER.search(names) or "gmail_quote" in names or given.get("cite")):
        marks |= QUOTED
    if tag in ("blockquote", "div") and given.get("type", "").lower() == "cite":
        marks |= QUOTED
    if (names and _QUOTE_CLASSES.search(names)) or any(_QUOTE_IDS.match(name) for name in identities):
        marks |= QUOTED
    if tag == "signature" or _SIGNATURE.search(" ".join((names, *identities, given.get("data-smartmail", "").lower()))):
        marks |= SIGNED
    if "hidden" in given:
        marks |= HIDDEN
    if "style" in given or "color" in given:
        marks |= _style_marks(f"{given.get('style', '')};color:{given.get('color', '')}")
    return marks


def _style_marks(style: str) -> int:
    compact = "".join(style.lower().split())
    return (
        (HIDDEN if _INVISIBLE.search(compact) else 0)
        | (STRUCK if "line-through" in compact else 0)
        | (QUOTED if _QUOTING_LINE.search(compact) else 0)
    )
