"""The cue lexicon: what administrators wrote about criteria, findings and details, compiled and proved by its own examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.language.patterns import InvalidLexicon, InvalidPattern, LexiconProblem, PatternSet
from helpdesk_bridge.language.text import normalise

SPEAKERS = frozenset({"customer", "consultant", "agent", "outsider"})
"""Who may be named in ``roles``; a vendor's consultant who opens a ticket is a customer and a consultant."""

Document = Mapping[str, Any]

_SECTIONS = ("findings", "details", "ignored")
_ENTRY_KEYS = frozenset({"id", "patterns", "roles", "unless", "score", "examples", "not"})
_LISTS = ("patterns", "roles", "unless", "examples", "not")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One entry of the lexicon: the patterns that mean one thing, who may say it, and what in the same sentence spoils it."""

    key: str
    """``CT-02.nobody``: the id that evidence names."""
    section: str
    """``cues``, ``findings``, ``details`` or ``ignored``."""
    target: str
    """Id of the criterion, finding or detail it speaks for."""
    language: Language | None
    """Spanish and English cues are heard in such texts only: their "no" is Portuguese for "in the". None: everywhere."""
    patterns: tuple[str, ...]
    roles: frozenset[str]
    """Empty: anybody."""
    unless: tuple[str, ...]
    score: float
    examples: tuple[str, ...]
    refused: tuple[str, ...]
    place: tuple[str, str]
    """File and path, for error messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CueLexicon:
    """Everything the ticket reader needs, ready to search."""

    phrases: tuple[Phrase, ...]
    undone_by: Mapping[str, tuple[str, ...]]
    """Criterion → findings that take its cues back when they come later in the thread."""
    yields_to: Mapping[str, tuple[str, ...]]
    """Criterion → criteria whose words in the same text silence it: what speaks for an emergency is no plain doubt."""
    search: PatternSet
    """Finds patterns by themselves: the id of a match is its pattern."""
    owners: Mapping[str, tuple[Phrase, ...]]
    """Pattern → the phrases it speaks for."""

    @property
    def asked(self) -> tuple[str, ...]:
        """Completeness items, in the order the documents list them."""
        return tuple(dict.fromkeys(phrase.target for phrase in self.phrases if phrase.section == "details"))


def compile_cues(documents: Mapping[str, Any]) -> CueLexicon:
    """Compile the criteria documents (file name → parsed YAML) and run every example. Raises: InvalidLexicon."""
    ordered: list[tuple[str, Document]] = [(file, documents[file] or {}) for file in sorted(documents)]
    misshapen = [problem for file, document in ordered for problem in _misshapen(file, document)]
    if misshapen:
        raise InvalidLexicon(misshapen)
    phrases = tuple(phrase for file, document in ordered for phrase in _phrases(file, document))
    problems = [problem for phrase in phrases for problem in _unknown_roles(phrase)]
    owners: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        for pattern in phrase.patterns:
            owners[pattern].append(phrase)
    guards = {guard for phrase in phrases for guard in phrase.unless}
    search = _search(ordered, [*owners, *(guards - set(owners))], phrases, problems)
    lexicon = CueLexicon(
        phrases=phrases,
        undone_by=_listed(ordered, "undone_by"),
        yields_to=_listed(ordered, "yields_to"),
        search=search,
        owners={pattern: tuple(entries) for pattern, entries in owners.items()},
    )
    problems += [
        *_unknown_findings(lexicon),
        *_unknown_rivals(lexicon),
        *(problem for phrase in phrases for problem in _unproved(phrase, search)),
    ]
    search.forget()
    if problems:
        raise InvalidLexicon(problems)
    return lexicon


def _listed(ordered: list[tuple[str, Document]], key: str) -> dict[str, tuple[str, ...]]:
    """Criterion → what its document lists under ``key``."""
    return {
        criterion["id"]: tuple(criterion.get(key) or ())
        for _, document in ordered
        for criterion in document.get("criteria") or ()
    }


def spoiled(phrase: Phrase, found: set[str]) -> bool:
    """True when a guard of the phrase stands among the patterns found in its sentence."""
    return any(guard in found for guard in phrase.unless)


def _misshapen(file: str, document: Any) -> Iterator[LexiconProblem]:
    """Find everything that is not an entry where an entry is expected."""
    if not isinstance(document, Mapping):
        yield file, "", "is not a mapping"
        return
    for index, criterion in enumerate(document.get("criteria") or ()):
        for language in criterion.get("cues") or {}:
            if language not in tuple(Language):
                yield file, f"criteria.{index}.cues", f"{language} is not one of {', '.join(Language)}"
    for path, entry in _entries(document):
        if not isinstance(entry, Mapping):
            yield file, path, "is not an entry with id and patterns"
            continue
        yield from ((file, f"{path}.{key}", "is unknown") for key in sorted(set(entry) - _ENTRY_KEYS))
        yield from ((file, f"{path}.{key}", "is missing") for key in ("id", "patterns") if not entry.get(key))
        yield from ((file, f"{path}.{key}", "is not a list") for key in _LISTS if not isinstance(entry.get(key, []), list))
        if not isinstance(entry.get("score", 0.5), int | float) or not 0 < entry.get("score", 0.5) <= 1:
            yield file, f"{path}.score", "is not a number above 0 and up to 1"


def _entries(document: Document) -> Iterator[tuple[str, Any]]:
    """Yield every entry of a document with its path."""
    for index, criterion in enumerate(document.get("criteria") or ()):
        for language, entries in (criterion.get("cues") or {}).items():
            yield from ((f"criteria.{index}.cues.{language}.{number}", entry) for number, entry in enumerate(entries or ()))
    for section in _SECTIONS:
        yield from ((f"{section}.{index}", entry) for index, entry in enumerate(document.get(section) or ()))


def _phrases(file: str, document: Document) -> Iterator[Phrase]:
    for path, entry in _entries(document):
        section, index, *rest = path.split(".")
        if section == "criteria":
            criterion = document["criteria"][int(index)]
            language = None if rest[1] == Language.PT else Language(rest[1])
            yield _phrase("cues", criterion["id"], language, entry, criterion, (file, path))
        else:
            yield _phrase(section, entry["id"], None, entry, {}, (file, path))


def _phrase(
    section: str, target: str, language: Language | None, entry: Document, parent: Document, place: tuple[str, str]
) -> Phrase:
    return Phrase(
        key=f"{target if section == 'cues' else section}.{entry['id']}",
        section=section,
        target=target,
        language=language,
        patterns=tuple(map(str, entry["patterns"])),
        roles=frozenset(entry.get("roles") or parent.get("roles") or ()),
        unless=tuple(map(str, (*(parent.get("unless") or ()), *(entry.get("unless") or ())))),
        score=float(entry.get("score", 0.9)),
        examples=tuple(map(str, entry.get("examples") or ())),
        refused=tuple(map(str, entry.get("not") or ())),
        place=place,
    )


def _search(
    ordered: list[tuple[str, Document]], patterns: list[str], phrases: tuple[Phrase, ...], problems: list[LexiconProblem]
) -> PatternSet:
    words = {name: listed for _, document in ordered for name, listed in (document.get("words") or {}).items()}
    try:
        return PatternSet(((pattern, pattern) for pattern in patterns), words)
    except InvalidPattern as error:
        reasons = dict(error.reasons)
    for file, document in ordered:
        problems += [(file, f"words.{name}", reasons[name]) for name in document.get("words") or {} if name in reasons]
    for phrase in phrases:
        for section, listed in (("patterns", phrase.patterns), ("unless", phrase.unless)):
            problems += [
                (phrase.place[0], f"{phrase.place[1]}.{section}: {pattern}", reasons[pattern])
                for pattern in listed
                if pattern in reasons
            ]
    raise InvalidLexicon(problems)


def _unknown_roles(phrase: Phrase) -> Iterator[LexiconProblem]:
    file, path = phrase.place
    return (
        (file, f"{path}.roles", f"{role} is not one of {', '.join(sorted(SPEAKERS))}") for role in sorted(phrase.roles - SPEAKERS)
    )


def _unknown_findings(lexicon: CueLexicon) -> Iterator[LexiconProblem]:
    known = {phrase.target for phrase in lexicon.phrases if phrase.section == "findings"}
    places = {phrase.target: phrase.place for phrase in lexicon.phrases if phrase.section == "cues"}
    for criterion, findings in lexicon.undone_by.items():
        file, path = places.get(criterion, ("", criterion))
        for finding in findings:
            if finding not in known:
                yield file, f"{path.partition('.cues')[0]}.undone_by", f"no finding is called {finding}"


def _unknown_rivals(lexicon: CueLexicon) -> Iterator[LexiconProblem]:
    places = {phrase.target: phrase.place for phrase in lexicon.phrases if phrase.section == "cues"}
    for criterion, rivals in lexicon.yields_to.items():
        file, path = places.get(criterion, ("", criterion))
        for rival in rivals:
            if rival not in lexicon.yields_to:
                yield file, f"{path.partition('.cues')[0]}.yields_to", f"no criterion is called {rival}"


def _unproved(phrase: Phrase, search: PatternSet) -> Iterator[LexiconProblem]:
    file, path = phrase.place
    for section, texts, wanted in (("examples", phrase.examples, True), ("not", phrase.refused, False)):
        for index, text in enumerate(texts):
            found = search.occurring(normalise(text), {*phrase.patterns, *phrase.unless})
            speaks = any(pattern in found for pattern in phrase.patterns) and not spoiled(phrase, found)
            if speaks is not wanted:
                yield file, f"{path}.{section}.{index}", "is not recognised" if wanted else "is recognised"
