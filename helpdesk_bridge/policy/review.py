"""What is not wrong with a lexicon, but hardly meant: entries that say nothing new, that nothing proves, or that hear too much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from helpdesk_bridge.domain.values import Language, Span
from helpdesk_bridge.errors import Problem
from helpdesk_bridge.language.detect import detect_language
from helpdesk_bridge.language.lexicon import CueLexicon
from helpdesk_bridge.language.phrases import GUARD, Lexicon
from helpdesk_bridge.language.text import normalise
from helpdesk_bridge.policy.load import Policy

HEARD_IN = 3
"""Ordinary sentences from which on an entry counts as over-broad: one or two may be chance."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of either lexicon."""

    name: str
    meaning: str
    """Entries of one meaning can stand in for each other."""
    conditions: tuple[object, ...]
    """When it is heard: only an entry heard under the same conditions covers it."""
    language: Language | None
    patterns: tuple[str, ...]
    ids: frozenset[str]
    """How the search names its patterns."""
    guards: frozenset[str]
    examples: tuple[str, ...]
    near_misses: tuple[str, ...] | None
    """None: the entry may do without."""
    place: tuple[str, str]
    weight: float
    speaks: bool
    """False for what only marks, spoils or gives a detail: such an entry may be broad, and needs no proof."""


def review(policy: Policy) -> list[Problem]:
    """Return notes on the entries of both lexicons: repeated, unproved, shadowed and over-broad ones."""
    return [
        *_review(list(_cues(policy.cues)), policy.cues.search.find, policy.lexicon.ordinary),
        *_review(list(_phrases(policy.lexicon)), policy.lexicon.search.find, policy.lexicon.ordinary),
    ]


def _cues(lexicon: CueLexicon) -> Iterator[_Entry]:
    for phrase in lexicon.phrases:
        yield _Entry(
            name=phrase.key,
            meaning=f"{phrase.section}.{phrase.target}",
            conditions=(phrase.language, phrase.roles),
            language=phrase.language,
            patterns=phrase.patterns,
            ids=frozenset(phrase.patterns),
            guards=frozenset(phrase.unless),
            examples=phrase.examples,
            near_misses=phrase.refused if phrase.section == "cues" else None,
            place=phrase.place,
            weight=phrase.score,
            speaks=phrase.section in ("cues", "findings"),
        )


def _phrases(lexicon: Lexicon) -> Iterator[_Entry]:
    for phrase in lexicon.phrases.values():
        yield _Entry(
            name=phrase.id,
            meaning=phrase.kind.value if phrase.kind else phrase.reason,
            conditions=(phrase.pending, phrase.reason, phrase.id.partition(".")[0]),
            language=None,
            patterns=phrase.patterns,
            ids=frozenset({f"phrase:{phrase.id}"}),
            guards=frozenset(f"{GUARD}:{guard}" for guard in phrase.unless),
            examples=phrase.examples,
            near_misses=None,
            place=phrase.place,
            weight=float(phrase.certain),
            speaks=phrase.kind is not None,
        )


def _review(entries: list[_Entry], find: Callable[[str], Iterable[object]], ordinary: tuple[str, ...]) -> Iterator[Problem]:
    yield from _repeated(entries)
    speaking = [entry for entry in entries if entry.speaks]
    yield from (_note(entry, "has no example that must be recognised") for entry in speaking if not entry.examples)
    yield from (_note(entry, "has no near miss (`not`) that must be refused") for entry in speaking if entry.near_misses == ())
    texts = dict.fromkeys(text for entry in speaking for text in entry.examples)
    yield from _shadowed(speaking, [_heard(text, speaking, find) for text in texts])
    yield from _broad(speaking, ordinary, find)


def _repeated(entries: Iterable[_Entry]) -> Iterator[Problem]:
    first: dict[tuple[object, ...], _Entry] = {}
    for entry in entries:
        for pattern in entry.patterns:
            owner = first.setdefault((entry.meaning, entry.conditions, normalise(pattern)), entry)
            if owner is not entry:
                yield _note(entry, f"{pattern!r} already stands in {owner.name} ({owner.place[0]})")
        repeated = {pattern for pattern in entry.patterns if entry.patterns.count(pattern) > 1}
        yield from (_note(entry, f"{pattern!r} stands here twice") for pattern in sorted(repeated))


def _heard(text: str, entries: Iterable[_Entry], find: Callable[[str], Iterable[object]]) -> dict[str, list[Span]]:
    """Return where each entry is heard in a text, those left out that a guard spoils."""
    places: dict[str, list[Span]] = defaultdict(list)
    for match in find(normalise(text)):
        places[match.id].append(match.span)  # type: ignore[attr-defined]
    found = places.keys()
    return {
        entry.name: [span for identity in entry.ids & found for span in places[identity]]
        for entry in entries
        if not entry.ids.isdisjoint(found) and entry.guards.isdisjoint(found)
    }


def _shadowed(entries: Iterable[_Entry], heard: list[dict[str, list[Span]]]) -> Iterator[Problem]:
    """Entries that are never heard, in any example, where another of the same meaning does not already cover their words."""
    alike: dict[tuple[object, ...], list[_Entry]] = defaultdict(list)
    for entry in entries:
        alike[entry.meaning, entry.conditions].append(entry)
    for group in alike.values():
        for entry in group:
            mine = [each for each in heard if entry.name in each]
            for other in group:
                if (
                    other is not entry
                    and other.weight >= entry.weight
                    and mine
                    and all(_covers(each, other, entry) for each in mine)
                ):
                    yield _note(
                        entry, f"is never heard first: {other.name} ({other.place[0]}) covers it in all {len(mine)} examples"
                    )
                    break


def _covers(heard: dict[str, list[Span]], other: _Entry, entry: _Entry) -> bool:
    wide = heard.get(other.name, ())
    return all(any(each.start <= span.start and span.end <= each.end for each in wide) for span in heard[entry.name])


def _broad(entries: list[_Entry], ordinary: tuple[str, ...], find: Callable[[str], Iterable[object]]) -> Iterator[Problem]:
    heard = [(text, detect_language(text, Language.PT), _heard(text, entries, find)) for text in ordinary]
    for entry in entries:
        found = [text for text, language, each in heard if entry.name in each and entry.language in (None, language)]
        if len(found) >= HEARD_IN:
            yield _note(entry, f"is heard in {len(found)} of {len(ordinary)} ordinary sentences, as in “{found[0]}”")


def _note(entry: _Entry, reason: str) -> Problem:
    file, path = entry.place
    return Problem(file, None, f"{path} ({entry.name})", reason)
