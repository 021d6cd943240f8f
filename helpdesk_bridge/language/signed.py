"""What stands below a closing: names, posts and numbers, or a statement that only looks like them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.listed import Asides
from helpdesk_bridge.language.people import names
from helpdesk_bridge.language.phrases import BENIGN, OBJECT, Heard
from helpdesk_bridge.language.reply import Reply
from helpdesk_bridge.language.signature import CLOSING, DEVICE, FOOTER, POST
from helpdesk_bridge.language.text import normalise, sentences

LONGEST = 80
"""Characters of a line that are read; longer ones are legal footers."""

_SMALL = re.compile(r"(?<![\w@./-])[a-zà-öø-ÿ]{3,}(?![\w@./-])")
_NUMBERED = re.compile(r"[\d@]|www|http")
_PARTS = re.compile(r"\s[-–—|/]\s|,|\||\s&\s")
_STOPPED = re.compile(r".*\b(?!(?i:ltda|cia|inc|corp|filho|junior)\b)[^\W\d_]{4,}[.!]+")
"""Words and a full stop are a sentence: no name ends so."""
_POSTS = re.compile(rf"(?:\s*(?:{POST.pattern}|contas|a|pagar|receber|recursos humanos|negocios|custos|e|d[aeo]s?))+")
"""A post written small."""
_PARTICLES = frozenset(["de", "da", "do", "das", "dos", "e", "y", "del", "la", "of", "and", "van", "von", "di"])
_TITLED = re.compile(
    r"[A-ZÀ-ÖØ-Ý][a-zà-öø-ÿ'’]+(?:-[A-ZÀ-Ý]?[a-zà-öø-ÿ]+)*"
    r"(?:\s+(?:d[aeo]s?|e|y|del|de la|of|and|van|von|di)(?=\s)|\s+[A-ZÀ-ÖØ-Ý][a-zà-öø-ÿ'’.-]*(?:-[A-ZÀ-Ý][a-zà-öø-ÿ]+)?|\s+[A-Z]{2,5}\b)*"
)
_INITIAL = re.compile(r"(?<!\w)[A-ZÀ-Ý]\.?(?:\s+|$)")
_BINDING = re.compile(
    r"aceit|acept|accept|agree|acord|acuerd|bind|vincul|compromet|obrig|oblig|autori|aprov|aprob|approv|term|cobr|charge"
)
"""A footer that speaks of this is read all the same."""
_ADVERB = re.compile(r"\w{5,}mente")
_VERBAL = re.compile(r".*(?:ndo|mente|[^r]ado|ido|ing|aram|eram)")
_NO_NAME = re.compile(
    r"(?:sem|sin|without|efeit|efect|minut|rascunh|borrador|draft|void|sarcas|ironi|joke|kidding|brincad|mentir|hipot|hypothet|pend|"
    r"cancel|descons|desest|anula|nul[oa]$|valid|prova|prueba|test|defin|aguard|nao$|not?$|binding)\w*"
)
"""Beginnings of words that take back what stands above: nobody is called so."""
_CLOSING_LINES = 4
_LONGEST_NAME = 5
_BESIDE_A_NUMBER = 2
"""Words that may stand with a number, unless it is a place: "Ramal 22", but not "PS2: esqueçam a primeira linha"."""
_PLACE = re.compile(
    r"(?:rua|r\.|av|avenida|alameda|al\.|rodovia|rod|br|estrada|praca|km|travessa|calle|carrera|edificio|ed\.|bairro|cep|caixa postal|tel|fone|phone)\b"
)
_IN_FIRMS = frozenset({"consultoria", "servico", "service", "consulting", "contratacao", "faturamento", "custos"})
"""Words of the deal that also name firms and departments."""


def signed_text(reply: Reply) -> str:
    """Return the lines of the signature that are read: legal footers are full of conditions that are none of the author's."""
    lines = (span.of(reply.text) for span in reply.signed if span.end - span.start <= LONGEST)
    return "\n".join(line for line in lines if not FOOTER.match(normalise(line)) or _BINDING.search(normalise(line)))


def says_something(text: str, heard: Heard, asides: Asides) -> bool:
    """True when a line of a signature is no name, post, firm, number or footer, or speaks of the deal."""
    normal = normalise(text)
    fixed = bytearray(len(text))
    for phrase, span in heard.templates:
        if phrase.reason == BENIGN:
            fixed[span.start : span.end] = b"\1" * (span.end - span.start)
    deal = [span for phrase, span in heard.spoken if phrase.kind is None and phrase.reason == OBJECT]
    if any(span.of(normal) not in _IN_FIRMS for span in deal):
        return True
    place = 0
    for line in text.splitlines(keepends=True):
        rest = "".join("," if fixed[place + at] else char for at, char in enumerate(line))
        place += len(line)
        plain = normalise(line)
        if CLOSING.match(plain) or DEVICE.match(plain):
            continue
        if len(_SMALL.findall(line)) >= 3 or not _is_named(rest, asides):
            return True
    return False


def closing_lines(own: str, asides: Asides) -> Iterator[Span]:
    """Return the last lines of a text while each is a name, a post or a firm: a signature without any mark above it."""
    end, last = len(own.rstrip()), True
    for _ in range(_CLOSING_LINES):
        start = own.rfind("\n", 0, end) + 1
        line = own[start:end].strip()
        if (
            not start
            or not line
            or len(line) > LONGEST
            or not line[0].isupper()
            or line.isupper()
            or _NUMBERED.search(line)
            or not _is_named(line, asides)
        ):
            return
        if last and " " not in line and normalise(line) not in asides.names:
            return
        yield Span(start, end)
        end, last = len(own[:start].rstrip()), False


def closing_sentence(own: str, asides: Asides) -> Iterator[Span]:
    """Return the last sentence when it only says who writes: "Renan Lisboa, CFO."."""
    last = next(reversed(sentences(own)), None)
    if last is None:
        return
    said = last.of(own).strip().rstrip(".! ")
    name, _comma, post = said.partition(",")
    called = normalise(name).split()
    if (
        len(said) <= LONGEST
        and called
        and called[0] in asides.names
        and POST.search(normalise(post))
        and not _NUMBERED.search(said)
        and (_is_named(said, asides) or (_POSTS.fullmatch(normalise(post)) and _is_named(name, asides)))
    ):
        yield last


def _is_named(line: str, asides: Asides) -> bool:
    """True when every part of a line, but for listed names, is one word, has a number, or is a post, a firm or an unusual name."""
    for span in names(line, asides.names):
        line = line[: span.start] + "," * (span.end - span.start) + line[span.end :]
    return all(_is_name(part.strip().removeprefix(".").strip(), asides) for part in _PARTS.split(line))


def _is_name(part: str, asides: Asides) -> bool:
    words = normalise(part).split()
    if any(map(_NO_NAME.fullmatch, words)):
        return False
    if _STOPPED.fullmatch(part) or (len(words) == 1 and _ADVERB.fullmatch(words[0])):
        return False
    if len(words) < 2:
        return True
    if _NUMBERED.search(part):
        return sum(word.isalpha() for word in words) <= _BESIDE_A_NUMBER or _PLACE.match(normalise(part)) is not None
    if part.isupper():
        return all(POST.fullmatch(word) or word in _PARTICLES for word in words) or _is_a_firm(words, asides)
    shouted = any(word.lower() in _PARTICLES and not word.islower() for word in part.split())
    ordinary = any(_is_ordinary(word, asides) for word in words if word not in _PARTICLES and not POST.fullmatch(word))
    return bool(_TITLED.fullmatch(_INITIAL.sub("", part))) and not shouted and not ordinary


def _is_a_firm(words: list[str], asides: Asides) -> bool:
    """True for a firm's name in capitals: what it is, and a word or two that mean nothing else."""
    named = [word for word in words[1:] if not (POST.fullmatch(word) or word in _PARTICLES)]
    return (
        POST.fullmatch(words[0]) is not None
        and len(words) <= _LONGEST_NAME
        and not any(_is_ordinary(word, asides) or not word.isalpha() for word in named)
    )


def _is_ordinary(word: str, asides: Asides) -> bool:
    """True for a word that means something: names are none of the words people tell and agree with."""
    return word in asides.listed or word.startswith(asides.never) or _VERBAL.fullmatch(word) is not None
