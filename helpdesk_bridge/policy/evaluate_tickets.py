"""Measure the ticket reader and the recommendation on labelled tickets; no I/O: items in, figures out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from helpdesk_bridge.domain.facts import facts_of
from helpdesk_bridge.domain.reading import Cue, TicketReading
from helpdesk_bridge.domain.recommend import Recommendation, recommend
from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.domain.values import Comment, CommentId, DeskId, Organization, Person, Role, Ticket, TicketId
from helpdesk_bridge.language.cues import CueLexicon
from helpdesk_bridge.language.cues import read_ticket as read_by_rules

SCORED = ("CS-", "CT-")
"""Only criteria of paid modalities are scored; routes, requester kinds and standard doubts decide nothing by themselves."""
_EPOCH = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketError:
    """One ticket that was not judged as its label says."""

    id: str
    language: str
    expected: str
    recommended: str
    lost: tuple[str, ...]
    """Criteria that were not found."""
    invented: tuple[str, ...]
    """Criteria that were found and should not be, each with the words: ``CT-01 «urgente»``."""

    def __str__(self) -> str:
        lost = " ".join(f"-{criterion}" for criterion in self.lost)
        invented = " ".join(f"+{criterion}" for criterion in self.invented)
        modality = "" if self.expected == self.recommended else f"{self.expected} → {self.recommended}"
        return " ".join(part for part in (self.id, self.language, modality, lost, invented) if part)


@dataclass(slots=True)
class _Tally:
    """Counts for one criterion, language or modality."""

    true: int = 0
    false: int = 0
    lost: int = 0

    @property
    def precision(self) -> float:
        return self.true / (self.true + self.false) if self.true + self.false else 0.0

    @property
    def recall(self) -> float:
        return self.true / (self.true + self.lost) if self.true + self.lost else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.true / (2 * self.true + self.false + self.lost) if self.true else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFigures:
    """What was measured; ambiguous items are read but not scored."""

    items: int
    scored: int
    confusion: Counter[tuple[str, str]]
    """(expected, recommended) → tickets."""
    languages: Mapping[str, tuple[int, int]]
    """Language → (right, scored)."""
    criteria: Mapping[str, _Tally]
    quoted: int
    """Criteria found rightly whose quoted words overlap the labelled ones."""
    quotable: int
    """Criteria found rightly whose item labels the words."""
    seconds: float
    errors: tuple[TicketError, ...] = field(default=())

    @property
    def modality_accuracy(self) -> float:
        """Share of scored tickets whose modality is right."""
        right = sum(count for (expected, recommended), count in self.confusion.items() if expected == recommended)
        return right / self.scored if self.scored else 0.0

    @property
    def overall(self) -> _Tally:
        """All criteria together (micro-average)."""
        tallies = self.criteria.values()
        return _Tally(sum(t.true for t in tallies), sum(t.false for t in tallies), sum(t.lost for t in tallies))

    @property
    def evidence_overlap(self) -> float:
        """Share of rightly found, labelled criteria whose evidence overlaps the label's."""
        return self.quoted / self.quotable if self.quotable else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return plain figures, rounded to four places."""
        overall = self.overall
        confusion: dict[str, dict[str, int]] = {}
        for (expected, recommended), count in sorted(self.confusion.items()):
            confusion.setdefault(expected, {})[recommended] = count
        return {
            "items": self.items,
            "scored": self.scored,
            "modality_accuracy": round(self.modality_accuracy, 4),
            "criteria": {
                "precision": round(overall.precision, 4),
                "recall": round(overall.recall, 4),
                "f1": round(overall.f1, 4),
            },
            "evidence_overlap": round(self.evidence_overlap, 4),
            "confusion": confusion,
            "items_per_second": round(self.items / self.seconds) if self.seconds else 0,
        }

    def misses(self) -> list[str]:
        """Return one line for each ticket that was read wrongly."""
        return [str(error) for error in self.errors]

    def table(self) -> str:
        """Return the figures per criterion, per modality and per language, for people."""
        lines = [f"{'criterion':<12}{'found':>7}{'false':>7}{'lost':>7}{'precision':>11}{'recall':>8}{'f1':>7}"]
        for name, tally in [*sorted(self.criteria.items()), ("all", self.overall)]:
            counts = f"{tally.true:>7}{tally.false:>7}{tally.lost:>7}"
            lines.append(f"{name:<12}{counts}{tally.precision:>11.3f}{tally.recall:>8.3f}{tally.f1:>7.3f}")
        lines += ["", f"{'expected':<24}{'recommended':<24}{'tickets':>8}"]
        lines += [f"{expected:<24}{got:<24}{count:>8}" for (expected, got), count in sorted(self.confusion.items())]
        lines += ["", f"{'language':<12}{'scored':>8}{'right':>8}{'accuracy':>10}"]
        for language, (right, scored) in sorted(self.languages.items()):
            lines.append(f"{language:<12}{scored:>8}{right:>8}{right / scored:>10.3f}")
        return "\n".join(lines)


def ticket_of(item: Mapping[str, Any]) -> Ticket:
    """Build a Ticket from one item of the evaluation form; unknown keys are ignored."""
    fields = item.get("fields") or {}
    requester = Person(id="requester", role=Role.REQUESTER, name="Requester")
    comments = tuple(
        Comment(
            id=CommentId(f"c{index}"),
            author=_author(str(comment["author_role"]), requester),
            public=bool(comment.get("public", True)),
            at=_EPOCH + timedelta(hours=index),
            text=str(comment["body"]),
        )
        for index, comment in enumerate(item.get("comments") or (), start=1)
    )
    return Ticket(
        desk=DeskId("evaluation"),
        id=TicketId(str(item["id"])),
        subject=str(item["subject"]),
        description=str(item["description"]),
        requester=requester,
        created_at=_EPOCH,
        updated_at=_EPOCH + timedelta(hours=len(comments)),
        organization=Organization(id="organization"),
        tags=frozenset(map(str, fields.get("tags") or ())),
        fields=tuple(sorted((name, str(value)) for name, value in fields.items() if name != "tags" and value)),
        comments=comments,
    )


Read = Callable[[Ticket, CueLexicon], TicketReading]
"""A way to read a ticket: by the rules, or by a reader beside them."""


def evaluate_tickets(
    items: Iterable[Mapping[str, Any]], lexicon: CueLexicon, rules: Rules, read: Read = read_by_rules
) -> TicketFigures:
    """Read every ticket, recommend, and compare with the labels."""
    listed = list(items)
    tickets = [ticket_of(item) for item in listed]
    started = perf_counter()
    judged = [_judge(ticket, lexicon, rules, read) for ticket in tickets]
    seconds = perf_counter() - started
    counts = _Counts()
    for item, (reading, recommendation) in zip(listed, judged, strict=True):
        if not item.get("ambiguous"):
            counts.add(item, reading.cues, recommendation)
    return TicketFigures(
        items=len(listed),
        scored=sum(counts.confusion.values()),
        confusion=counts.confusion,
        languages=counts.languages,
        criteria=counts.criteria,
        quoted=counts.quoted,
        quotable=counts.quotable,
        seconds=seconds,
        errors=tuple(counts.errors),
    )


def _judge(ticket: Ticket, lexicon: CueLexicon, rules: Rules, read: Read) -> tuple[TicketReading, Recommendation]:
    reading = read(ticket, lexicon)
    return reading, recommend(facts_of(ticket, reading), reading.cues, reading.missing, rules)


def _author(role: str, requester: Person) -> Person:
    known = Role(role)
    return requester if known is Role.REQUESTER else Person(id=role, role=known)


class _Counts:
    """Counts while items are compared."""

    def __init__(self) -> None:
        self.confusion: Counter[tuple[str, str]] = Counter()
        self.languages: dict[str, tuple[int, int]] = {}
        self.criteria: dict[str, _Tally] = {}
        self.quoted = self.quotable = 0
        self.errors: list[TicketError] = []

    def add(self, item: Mapping[str, Any], cues: tuple[Cue, ...], recommendation: Recommendation) -> None:
        """Compare one item with what was found in it."""
        wanted = set(map(str, item.get("criteria") or ()))
        allowed = set(map(str, item.get("criteria_also_acceptable") or ()))
        found = {str(met.id) for met in recommendation.met if met.id.startswith(SCORED)}
        expected, got, language = str(item["expected_modality"]), str(recommendation.modality), str(item.get("lang", ""))
        self.confusion[expected, got] += 1
        right, scored = self.languages.get(language, (0, 0))
        self.languages[language] = (right + (expected == got), scored + 1)
        for criterion in wanted | found:
            tally = self.criteria.setdefault(criterion, _Tally())
            tally.true += criterion in wanted and criterion in found
            tally.lost += criterion in wanted and criterion not in found
            tally.false += criterion in found and criterion not in wanted and criterion not in allowed
        for criterion in wanted & found:
            self._quote(item, criterion, cues)
        invented = found - wanted - allowed
        if expected != got or invented or wanted - found:
            self.errors.append(
                TicketError(
                    id=str(item["id"]),
                    language=language,
                    expected=expected,
                    recommended=got,
                    lost=tuple(sorted(wanted - found)),
                    invented=tuple(f"{cue.criterion} «{cue.text}» ({cue.pattern})" for cue in cues if cue.criterion in invented),
                )
            )

    def _quote(self, item: Mapping[str, Any], criterion: str, cues: tuple[Cue, ...]) -> None:
        labelled = [str(entry["text"]) for entry in item.get("evidence") or () if entry["criterion"] == criterion]
        if not labelled:
            return
        self.quotable += 1
        sources = [
            str(item["subject"]),
            str(item["description"]),
            *(str(comment["body"]) for comment in item.get("comments") or ()),
        ]
        self.quoted += any(_overlaps(cue, words, sources) for cue in cues if cue.criterion == criterion for words in labelled)


def _overlaps(cue: Cue, words: str, sources: list[str]) -> bool:
    """True when the cue's words and the labelled ones share characters of one source."""
    number = {"subject": 0, "description": 1}.get(cue.source, -1)
    source = sources[number] if number >= 0 else sources[1 + int(str(cue.comment)[1:])]
    start = source.find(words)
    return start >= 0 and cue.span.start < start + len(words) and start < cue.span.end
