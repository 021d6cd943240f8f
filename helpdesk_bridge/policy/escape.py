"""What people wrote, made harmless: text that can be no Markdown, no HTML, no link, no mention and no placeholder."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

BREAK = "\u200b"
"""Zero-width space: invisible, and it keeps two characters from meaning something together."""

_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
_MARKUP = re.compile(r"[\\`*_\[\]|~]")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LINE_START = re.compile(r"^(?:(?P<mark>[#+\-=:!])|(?P<number>\d{1,9})(?P<stop>[.)])(?=\s|$))")
_LINK = re.compile(r"(?<=:)(?=//)|(?<=@)(?=\S)|(?<=www)(?=\.)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"(?<=\{)(?=[{%#])")


class Ours(str):
    """Text that is Markdown on purpose: the templates' own, or already escaped."""

    __slots__ = ()


def plain(value: object) -> str:
    """Return one line of what ``value`` says: blanks for line breaks, no controls, no invisible or direction marks."""
    kept = (" " if char.isspace() else char for char in str(value) if char.isspace() or _is_visible(char))
    return " ".join("".join(kept).split())


def _is_visible(char: str) -> bool:
    return char not in _FILLERS and unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def escape(value: object) -> Ours:
    """Return ``value`` as Markdown that shows its characters and does nothing else."""
    if isinstance(value, Ours):
        return value
    text = _MARKUP.sub(r"\\\g<0>", plain(value)).translate(_HTML)
    text = _LINE_START.sub(_at_line_start, text)
    return Ours(without_placeholders(_LINK.sub(BREAK, text)))


def _at_line_start(match: re.Match[str]) -> str:
    return f"\\{match['mark']}" if match["mark"] else f"{match['number']}\\{match['stop']}"


def code(value: object) -> Ours:
    """Return ``value`` as a code span: nothing inside it is markup, and it can be copied."""
    text = plain(value).replace("`", "'").replace("<", f"<{BREAK}").replace("&", f"&{BREAK}")
    return Ours(f"`{without_placeholders(text)}`") if text else Ours("")


def link(value: object) -> Ours:
    """Return a web address for a Markdown link. Raises: ValueError when it is none."""
    parts = urlsplit(plain(value))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{value!r} is not a web address")
    return Ours(quote(parts.geturl(), safe=":/?#@!$&+,;=%~-._"))


def without_placeholders(text: str) -> str:
    """Break ``{{``, ``{%`` and ``{#``: desks expand them in what we post."""
    return _PLACEHOLDER.sub(BREAK, text)
