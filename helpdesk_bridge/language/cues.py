"""Read a whole ticket: the words that speak for criteria, and what the ticket still lacks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk_bridge.domain.reading import Cue, TicketReading
from helpdesk_bridge.domain.values import CommentId, CriterionId, Language, Person, Role, Span, Ticket
from helpdesk_bridge.language.completeness import details_of
from helpdesk_bridge.language.detect import detect_language
from helpdesk_bridge.language.lexicon import CueLexicon, Phrase, compile_cues, spoiled
from helpdesk_bridge.language.logs import log_spans
from helpdesk_bridge.language.patterns import InvalidLexicon, Match
from helpdesk_bridge.language.reply import visible_text
from helpdesk_bridge.language.text import normalise, sentences

__all__ = ["CueLexicon", "InvalidLexicon", "compile_cues", "read_ticket"]

LONGEST_TEXT = 32_768
"""Characters read of one comment; the rest cannot change what a ticket is about."""
LONGEST_QUOTE = 320
"""A cue quotes its sentence, unless the sentence is longer than this."""

_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_SILENT = frozenset({Role.SYSTEM, Role.BRIDGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One text of the thread and who speaks in it."""

    name: str
    comment: CommentId | None
    author: Person
    speaks_as: frozenset[str]
    text: str
    language: Language
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    """A phrase heard in a source."""

    phrase: Phrase
    source: Source
    span: Span
    """The match itself."""
    sentence: Span


def read_ticket(ticket: Ticket, lexicon: CueLexicon) -> TicketReading:
    """Return what a ticket says; comments of the desk and of the bridge are not read."""
    spoken = tuple(sources(ticket))
    hits = [hit for source in spoken for hit in _hits(source, lexicon)]
    found = details_of(
        ticket, [(hit.phrase.target, hit.span.of(hit.source.text)) for hit in hits if hit.phrase.section == "details"]
    )
    return TicketReading(
        cues=tuple(_cues(hits, lexicon)),
        language=detect_language("\n".join(source.text for source in spoken if "customer" in source.speaks_as), Language.PT),
        missing=tuple(item for item in lexicon.asked if item not in dict(found)),
        details=found,
    )


def sources(ticket: Ticket) -> Iterator[Source]:
    """Yield the texts of a ticket that people wrote, in the thread's order."""
    consultant = ticket.field("requester_kind") == "consultant"
    texts: list[tuple[str, CommentId | None, Person, str]] = [
        ("subject", None, ticket.requester, ticket.subject),
        ("description", None, ticket.requester, ticket.description),
    ]
    texts += [("comment", comment.id, comment.author, visible_text(comment)) for comment in ticket.comments]
    for order, (name, comment, author, text) in enumerate(texts):
        if author.role not in _SILENT and text.strip():
            yield Source(
                name=name,
                comment=comment,
                author=author,
                speaks_as=_speaks_as(author, consultant=consultant),
                text=text[:LONGEST_TEXT],
                language=detect_language(text, Language.PT),
                order=order,
            )


def _speaks_as(author: Person, *, consultant: bool) -> frozenset[str]:
    if author.role is Role.AGENT:
        return frozenset({"agent"})
    kinds = {"customer"} if author.role.is_customer else {"outsider"}
    if "consultant" in author.flags or (consultant and author.role is Role.REQUESTER):
        kinds.add("consultant")
    return frozenset(kinds)


def _hits(source: Source, lexicon: CueLexicon) -> Iterator[_Hit]:
    parts = sentences(source.text)
    starts = [part.start for part in parts]
    matches = lexicon.search.find(_readable(source.text))
    by_sentence: dict[int, set[str]] = {}
    placed: list[tuple[Match, int, int]] = []
    for match in matches:
        first = max(0, bisect_right(starts, match.span.start) - 1)
        last = max(first, bisect_right(starts, match.span.end - 1) - 1)
        placed.append((match, first, last))
        for index in range(first, last + 1):
            by_sentence.setdefault(index, set()).add(match.id)
    ignored = {index for index, ids in by_sentence.items() if _is_ignored(ids, source, lexicon)}
    for match, first, last in placed:
        if first in ignored or last in ignored:
            continue
        near = set().union(*(by_sentence[index] for index in range(first, last + 1)))
        sentence = Span(parts[first].start, parts[last].end)
        for phrase in lexicon.owners.get(match.id, ()):
            if phrase.language in (None, source.language) and _may_say(phrase, source) and not spoiled(phrase, near):
                yield _Hit(phrase=phrase, source=source, span=match.span, sentence=sentence)


def _readable(text: str) -> str:
    """Normalise, with logs and quoted lines blotted out: full stops keep patterns from reaching across."""
    normalised = normalise(text)
    for span in unread(text):
        normalised = normalised[: span.start] + "." * (span.end - span.start) + normalised[span.end :]
    return normalised


def unread(text: str) -> tuple[Span, ...]:
    """Return what is no prose of the author's own: logs, stack traces, quoted lines."""
    return (*log_spans(text), *(Span(*line.span()) for line in _QUOTED_LINE.finditer(text)))


def _is_ignored(found: set[str], source: Source, lexicon: CueLexicon) -> bool:
    return any(
        phrase.section == "ignored" and _may_say(phrase, source) and not spoiled(phrase, found)
        for pattern in found
        for phrase in lexicon.owners.get(pattern, ())
    )


def _may_say(phrase: Phrase, source: Source) -> bool:
    return not phrase.roles or bool(phrase.roles & source.speaks_as)


def _cues(hits: list[_Hit], lexicon: CueLexicon) -> Iterator[Cue]:
    """One cue per criterion and sentence, in the thread's order; what a later finding takes back is left out."""
    findings = _findings(hits)
    best: dict[tuple[int, str, int], _Hit] = {}
    standing = [hit for hit in hits if hit.phrase.section == "cues" and not _is_undone(hit, findings, lexicon)]
    heard = {(hit.source.order, hit.phrase.target) for hit in standing}
    for hit in standing:
        if not any((hit.source.order, rival) in heard for rival in lexicon.yields_to.get(hit.phrase.target, ())):
            key = (hit.source.order, hit.phrase.target, hit.sentence.start)
            best[key] = max(best.get(key, hit), hit, key=_strength)
    return (_cue(hit) for _, hit in sorted(best.items(), key=lambda item: item[0]))


def taken_back(ticket: Ticket, lexicon: CueLexicon) -> dict[str, int]:
    """Return the criteria that a finding takes back, each with the order of the last source before which it holds no more."""
    findings = _findings([hit for source in sources(ticket) for hit in _hits(source, lexicon)])
    orders = {
        criterion: max((findings.get(name, -1) for name in names), default=-1) for criterion, names in lexicon.undone_by.items()
    }
    return {criterion: order for criterion, order in orders.items() if order >= 0}


def _findings(hits: list[_Hit]) -> dict[str, int]:
    """Return each finding with the order of the last source that tells it."""
    findings: dict[str, int] = {}
    for hit in hits:
        if hit.phrase.section == "findings":
            findings[hit.phrase.target] = max(hit.source.order, findings.get(hit.phrase.target, -1))
    return findings


def _strength(hit: _Hit) -> tuple[float, int]:
    return hit.phrase.score, hit.span.end - hit.span.start


def _is_undone(hit: _Hit, findings: dict[str, int], lexicon: CueLexicon) -> bool:
    return any(findings.get(name, -1) >= hit.source.order for name in lexicon.undone_by.get(hit.phrase.target, ()))


def _cue(hit: _Hit) -> Cue:
    span = hit.sentence if hit.sentence.end - hit.sentence.start <= LONGEST_QUOTE else hit.span
    return Cue(
        criterion=CriterionId(hit.phrase.target),
        source=hit.source.name,
        comment=hit.source.comment,
        span=span,
        text=span.of(hit.source.text),
        pattern=hit.phrase.key,
        author=hit.source.author.role,
        score=hit.phrase.score,
    )
