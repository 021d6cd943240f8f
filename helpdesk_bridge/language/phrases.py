"""The consent lexicon: what speaks about a term, what spoils an acceptance, and what may stand beside one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from helpdesk_bridge.domain.reading import Pending, SignalKind
from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.kinds import read_kinds
from helpdesk_bridge.language.likeness import Likeness, read_weights
from helpdesk_bridge.language.listed import Asides
from helpdesk_bridge.language.patterns import EVERYTHING, Hearing, InvalidLexicon, InvalidPattern, LexiconProblem, PatternSet
from helpdesk_bridge.language.text import normalise

SPOILER, BENIGN, OBJECT, GUARD, TELLING, DETAIL = "spoiler", "benign", "object", "guard", "telling", "detail"
HEDGE, RETREAT, HINT = "hedge", "retreat", "hint"
ASK, PRESENTS, STRAY = "ask", "presents", "stray"
"""What the support asked for."""
PHRASE = "phrase:"
"""What the ids of phrases begin with where guards are searched as well."""
TEMPLATES, ASKED = frozenset({BENIGN, TELLING, DETAIL}), frozenset({ASK, PRESENTS, STRAY})
"""What is looked for only when an acceptance is weighed, and only in what the support wrote."""
MOST, WORK = 100, 8_000_000
"""Times one pattern is heard in a comment, and characters that all patterns may look at: nobody says the same so often, or something
of everything, and such a comment concludes nothing."""

_SECTIONS = (
    ("phrases", None), ("spoilers", SPOILER), ("benign", BENIGN), ("objects", OBJECT), ("tellings", TELLING), ("details", DETAIL),
    ("hedges", HEDGE), ("retreats", RETREAT), ("hints", HINT), ("asks", ASK), ("presents", PRESENTS), ("strays", STRAY),
)  # fmt: skip
SECTION_REASONS = frozenset(fixed for _section, fixed in _SECTIONS if fixed)
"""What says where an entry stands, and is no reason for anything."""
KEYS = frozenset(
    {"words", "known", "commands", "likeness", "asides", "clauses", "ordinary", *(section for section, _fixed in _SECTIONS)}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One entry: patterns that mean one thing."""

    id: str
    kind: SignalKind | None
    """None for spoilers, hedges, benign templates and objects (what a term is about)."""
    patterns: tuple[str, ...]
    certain: bool
    """Whether it may conclude something by itself (an acceptance must pass the gate as well)."""
    pending: frozenset[Pending]
    """States it is heard in; empty: any."""
    unless: tuple[str, ...]
    reason: str
    examples: tuple[str, ...]
    refused: tuple[str, ...]
    place: tuple[str, str]


Spoken = tuple[tuple[Phrase, Span], ...]
"""Phrases with where they stand, by place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Which patterns of a lexicon are asked for together, a bit for each."""

    named: Mapping[str, Phrase]
    """Phrases by the ids of their matches."""
    templates: int
    asked: int
    guards: Mapping[str, int]
    """Those of each phrase, by its id."""
    spoken: int
    """All others."""

    @staticmethod
    def of(phrases: Iterable[Phrase], search: PatternSet) -> Parts:
        """Divide the patterns of these phrases and their guards."""
        named = {f"{PHRASE}{phrase.id}": phrase for phrase in phrases}
        parts = search.parts()
        templates, asked = (
            [parts[name] for name, phrase in named.items() if phrase.kind is None and phrase.reason in reasons]
            for reasons in (TEMPLATES, ASKED)
        )
        guards = {
            phrase.id: _together(parts[f"{GUARD}:{guard}"] for guard in phrase.unless)
            for phrase in named.values()
            if phrase.unless
        }
        return Parts(
            named=named,
            templates=_together(templates),
            asked=_together(asked),
            guards=guards,
            spoken=EVERYTHING & ~_together((*templates, *asked, *guards.values())),
        )


def _together(parts: Iterable[int]) -> int:
    return reduce(or_, parts, 0)


class Heard:
    """What is heard in a comment: templates and guards are looked for when somebody asks for them."""

    __slots__ = ("_hearing", "_parts", "_templates", "flooded", "spoken")

    def __init__(self, hearing: Hearing, parts: Parts) -> None:
        self._hearing, self._parts = hearing, parts
        self._templates: Spoken | None = None
        self.spoken = self._of(parts.spoken)
        """Every phrase, spoiler, hedge, hint and object found."""
        self.flooded = hearing.flooded
        """True when more of it may stand there."""

    @property
    def templates(self) -> Spoken:
        """What benign templates, tellings and details explain."""
        if self._templates is None:
            self._templates = self._of(self._parts.templates)
        return self._templates

    @property
    def asked(self) -> Spoken:
        """What only the support says: requests for acceptance and for other things."""
        return self._of(self._parts.asked)

    def guards(self, phrases: Iterable[Phrase]) -> Mapping[str, list[Span]]:
        """Return where each guard of these phrases stands, in order: what one pattern finds never overlaps."""
        guards: dict[str, list[Span]] = {}
        part = _together(self._parts.guards[phrase.id] for phrase in phrases if phrase.unless)
        for start, end, name in self._hearing.of(part) if part else ():
            guards.setdefault(name.removeprefix(f"{GUARD}:"), []).append(Span(start, -end))
        return guards

    def _of(self, part: int) -> Spoken:
        named = self._parts.named
        return tuple((named[name], Span(start, -end)) for start, end, name in self._hearing.of(part))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Everything the comment reader needs, ready to search."""

    phrases: Mapping[str, Phrase]
    search: PatternSet = field(repr=False)
    """Ids of its matches: ``phrase:<id>``, or ``guard:<pattern>``."""
    parts: Parts = field(repr=False)
    known: frozenset[str] = field(repr=False)
    commands: Mapping[str, str]
    """Alias → canonical name, both normalised."""
    asides: Asides = field(default_factory=Asides, repr=False)
    ordinary: tuple[str, ...] = field(default=(), repr=False)
    """Sentences that mean nothing here: an entry that is heard in several of them hears too much."""
    likeness: Likeness = field(default_factory=Likeness, repr=False)

    def heard(self, normalised: str) -> Heard:
        """Hear a normalised comment."""
        return Heard(self.search.listen(normalised, MOST, WORK), self.parts)


def compile_lexicon(documents: Mapping[str, Any]) -> Lexicon:
    """Compile the language documents (file name → parsed YAML) and run every example. Raises: InvalidLexicon."""
    problems: list[LexiconProblem] = []
    phrases: dict[str, Phrase] = {}
    words: dict[str, tuple[str, ...]] = {}
    for file in sorted(documents):
        document = documents[file] or {}
        problems += [(file, key, "is no section of a language document") for key in set(document) - KEYS]
        words |= {name: tuple(map(str, listed)) for name, listed in (document.get("words") or {}).items()}
        for phrase in _phrases(file, document, problems):
            if phrase.id in phrases:
                problems.append((*phrase.place, f"the id {phrase.id} is used twice"))
            phrases[phrase.id] = phrase
    known = frozenset(
        form for document in documents.values() for word in (document or {}).get("known") or () for form in _forms(str(word))
    )
    search = _search(phrases, words, problems)
    lexicon = Lexicon(
        phrases=phrases,
        search=search,
        parts=Parts.of(phrases.values(), search),
        known=known,
        commands=_commands(documents),
        likeness=_likeness(documents, problems),
        asides=_asides(documents, known),
        ordinary=tuple(str(text) for file in sorted(documents) for text in (documents[file] or {}).get("ordinary") or ()),
    )
    problems += [problem for phrase in phrases.values() for problem in _unproved(phrase, lexicon)]
    lexicon.search.forget()
    if problems:
        raise InvalidLexicon(problems)
    return lexicon


def _phrases(file: str, document: Mapping[str, Any], problems: list[LexiconProblem]) -> Iterator[Phrase]:
    for section, fixed in _SECTIONS:
        for number, entry in enumerate(document.get(section) or ()):
            place = (file, f"{section}.{number}")
            try:
                yield _phrase(entry, fixed, place)
            except (KeyError, TypeError, ValueError) as error:
                problems.append((*place, f"is incomplete or wrong: {error}"))


def _phrase(entry: Mapping[str, Any], fixed: str | None, place: tuple[str, str]) -> Phrase:
    return Phrase(
        id=entry["id"],
        kind=SignalKind(entry["kind"]) if fixed is None else None,
        patterns=tuple(_whole(str(pattern)) for pattern in entry["patterns"]),
        certain=bool(entry.get("certain", False)),
        pending=frozenset(Pending(each) for each in entry.get("pending") or ()),
        unless=tuple(map(str, entry.get("unless") or ())),
        reason=str(entry.get("reason") or fixed or ""),
        examples=tuple(map(str, entry.get("examples") or ())),
        refused=tuple(map(str, entry.get("not") or ())),
        place=place,
    )


def _whole(pattern: str) -> str:
    """A pattern that ends in something optional still ends with a whole word."""
    return f"({pattern})" if pattern[-1:] in ("?", "+") else pattern


def _search(phrases: Mapping[str, Phrase], words: Mapping[str, tuple[str, ...]], problems: list[LexiconProblem]) -> PatternSet:
    pairs = [(f"phrase:{phrase.id}", pattern) for phrase in phrases.values() for pattern in phrase.patterns]
    pairs += [(f"{GUARD}:{guard}", guard) for guard in {guard for phrase in phrases.values() for guard in phrase.unless}]
    try:
        return PatternSet(pairs, words)
    except InvalidPattern as error:
        for identity, reason in error.reasons:
            phrase = phrases.get(identity.removeprefix("phrase:"))
            problems.append((*(phrase.place if phrase else ("language", identity)), reason))
    raise InvalidLexicon(problems)


def _commands(documents: Mapping[str, Any]) -> dict[str, str]:
    given = [(document or {}).get("commands") or {} for document in documents.values()]
    return {normalise(str(alias)): name for listed in given for name, aliases in listed.items() for alias in (name, *aliases)}


def _asides(documents: Mapping[str, Any], known: frozenset[str]) -> Asides:
    """Gather what the documents list for asides; what stands beside an acceptance may stand in an aside as well."""
    given = [(document or {}).get("asides") or {} for document in documents.values()]

    def listed(name: str) -> Iterator[str]:
        words = (word for each in given for text in each.get(name) or () for word in str(text).split())
        return (word if word == "é" else normalise(word) for word in words)

    never, things = tuple(listed("never")), frozenset(listed("things"))
    return Asides(
        acts=frozenset(listed("acts")),
        machines=frozenset((*listed("machines"), *listed("works"), *listed("breaks"))),
        works=frozenset(listed("works")),
        doing=frozenset(listed("doing")),
        breaks=frozenset(listed("breaks")),
        amiss=frozenset(listed("amiss")),
        things=things,
        standing=frozenset(listed("standing")),
        people=frozenset(listed("people")),
        verbs=frozenset(listed("verbs")),
        troubles=frozenset(listed("troubles")),
        states=frozenset(listed("states")),
        words=frozenset(listed("words")),
        never=never,
        names=frozenset(listed("names")),
        kinds=read_kinds(documents, known, never, things),
    )


def _forms(word: str) -> tuple[str, str]:
    """A known word may be written with its accents or without any; other accents make another word (``na``, ``nã``)."""
    return unicodedata.normalize("NFC", word.lower()), normalise(word)


def _likeness(documents: Mapping[str, Any], problems: list[LexiconProblem]) -> Likeness:
    for file in sorted(documents):
        given = (documents[file] or {}).get("likeness")
        if given is not None:
            try:
                return read_weights(str(given))
            except ValueError as error:
                problems.append((file, "likeness", str(error)))
    return Likeness()


def _unproved(phrase: Phrase, lexicon: Lexicon) -> Iterator[LexiconProblem]:
    file, path = phrase.place
    ids = {f"phrase:{phrase.id}", *(f"{GUARD}:{guard}" for guard in phrase.unless)}
    for section, texts, wanted in (("examples", phrase.examples, True), ("not", phrase.refused, False)):
        for number, text in enumerate(texts):
            found = lexicon.search.occurring(normalise(text), ids)
            speaks = f"phrase:{phrase.id}" in found and not any(f"{GUARD}:{guard}" in found for guard in phrase.unless)
            if speaks is not wanted:
                yield file, f"{path}.{section}.{number}", "is not recognised" if wanted else "is recognised"
