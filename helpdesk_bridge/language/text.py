"""Text as the readers see it: normalised one character for one, and cut into words and sentences."""

from __future__ import annotations

import re
import unicodedata

from helpdesk_bridge.domain.values import Span

INVISIBLE = "\u200b"
"""What every zero-width or combining character becomes; patterns look through it."""

_ABBREVIATIONS = """
    a/c ap approx art av cf cia cod depto dept dir doc dpto dr dra e.g ed eng etc ex exmo fig fl g.w hs i.e inc jr lic ltd ltda
    max min mr mrs ms n na no nro num obs op p pag pg pp prof profa r ref s.a sr sra sras sres srs srta tel ud uds v vd vds vol vs
"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
"""Words whose full stop does not end a sentence (in normalised form, without the stop)."""

_ALSO_FINAL = frozenset({"etc", "ltda", "s.a", "cia", "inc", "ltd", "no", "na", "max", "min", "p", "hs", "r"})
"""Abbreviations that may also stand last: before a capital letter they do end the sentence."""

_WORD = re.compile(r"[^\W_]+(?:[._'/@-][^\W_]+)*")
_BOUNDARY = re.compile(
    r"(?P<stop>[.!?\u2026]+[\"')\]\u201d\u2019]*)(?=\s)|(?P<hard>\n[ \t\r]*\n\s*)|(?P<line>\n)|(?P<semi>;)(?=\s)"
)
_BULLET = re.compile(r"[ \t>]*(?:[-*\u2022\u2013\u2014#|]|\(?\w{1,2}[).]\s|\d+\s*[-)])")
_LAST_WORD = re.compile(r"[\w./]+$")


class _Table(dict[int, str]):
    """Translation filled as characters appear; every value has length one."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


def _fold(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf") or character in "\u115f\u1160\u3164\uffa0":
        return INVISIBLE
    if category == "Zs" or character in "\r\t\v\f":
        return " "
    if character in "\u2028\u2029\x85":
        return "\n"
    if category == "Pd" or character == "\u2212":
        return "-"
    if character in "\u2018\u2019\u201a\u201b\u00b4`\u2032":
        return "'"
    if character in "\u201c\u201d\u201e\u00ab\u00bb\u2033":
        return '"'
    if "\uff01" <= character <= "\uff5e":  # full-width ASCII
        character = chr(ord(character) - 0xFEE0)
    return unicodedata.normalize("NFD", character)[0].lower()[0]


_TABLE = _Table()
_LATIN = bytes(ord(_fold(chr(code))) if code != 0xAD else 0 for code in range(256))
"""What each character of Latin-1 becomes; the soft hyphen alone becomes none of them."""
_BEYOND_LATIN = re.compile("([^\x00-\xac\xae-\xff]+)")


def normalise(text: str) -> str:
    """Return ``text`` without accents and in lower case, one character for each of the original: offsets survive."""
    if text.isascii() or _is_latin(text):
        return text.encode("latin-1").translate(_LATIN).decode("latin-1")
    pieces = _BEYOND_LATIN.split(text)
    pieces[::2] = [piece.encode("latin-1").translate(_LATIN).decode("latin-1") for piece in pieces[::2]]
    pieces[1::2] = [piece.translate(_TABLE) for piece in pieces[1::2]]
    return "".join(pieces)


def _is_latin(text: str) -> bool:
    """True when the table of Latin-1 will do: encoding tells it sooner than a look at each character."""
    try:
        return b"\xad" not in text.encode("latin-1")
    except UnicodeEncodeError:
        return False


def squeeze(normalised: str) -> tuple[str, list[int] | None]:
    """Drop invisible characters from a normalised text; the list maps the new offsets back, None: nothing was dropped."""
    if INVISIBLE not in normalised:
        return normalised, None
    offsets = [index for index, character in enumerate(normalised) if character != INVISIBLE]
    offsets.append(len(normalised))
    return normalised.replace(INVISIBLE, ""), offsets


def words(text: str) -> list[Span]:
    """Return the words of a text, normalised or not: letters and digits, joined by inner ``.``, ``-``, ``'``, ``/``, ``@``."""
    return [Span(*match.span()) for match in _WORD.finditer(text)]


def sentences(text: str) -> list[Span]:
    """Return the sentences of an original text: cases matter, so it must not be normalised.

    A line break ends a sentence unless the next line goes on in lower case; lists end at each item.
    """
    spans: list[Span] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if match.lastgroup == "line" and not _line_ends(text, match.start()):
            continue
        if match.lastgroup == "stop" and _is_abbreviation(text, match.start(), match.end(), start):
            continue
        start = _keep(spans, text, start, match.end())
    _keep(spans, text, start, len(text))
    return spans


def _keep(spans: list[Span], text: str, start: int, end: int) -> int:
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        first = start + len(piece) - len(piece.lstrip())
        spans.append(Span(first, first + len(inner)))
    return end


def _line_ends(text: str, newline: int) -> bool:
    following = text[newline + 1 : newline + 41].lstrip(" \t\r>")
    if not following or _BULLET.match(text, newline + 1, newline + 41):
        return True
    return not (following[0].islower() or following[0] in "(\"'") or text[max(0, newline - 2) : newline].rstrip()[-1:] in (
        ":",
        ";",
    )


def _is_abbreviation(text: str, stop: int, end: int, start: int) -> bool:
    if text[stop:end] != ".":
        return False
    before = _LAST_WORD.search(text, max(start, stop - 12), stop)
    if before is None:
        return False
    word = normalise(before.group())
    if word not in ABBREVIATIONS and not (len(word) == 1 and word.isalpha()):
        return False
    following = text[end : end + 8].lstrip()[:1]
    return following.islower() or following.isdigit() or word not in _ALSO_FINAL
