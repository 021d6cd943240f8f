"""Labelled text that heads are fitted to: comments, statements about criteria and whole tickets, as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources.abc import Traversable
from typing import Any

from helpdesk_bridge.domain.reading import Pending, SignalKind
from helpdesk_bridge.errors import ConfigurationError, Problem
from helpdesk_bridge.language.reply import reply_of
from helpdesk_bridge.policy.evaluate_comments import comment_of
from helpdesk_bridge.policy.evaluate_tickets import ticket_of
from helpdesk_bridge.readers.units import units

CRITERIA = (
    "CS-01", "CS-02", "CS-03", "CS-04", "CS-05a", "CS-05b", "CS-05c", "CT-01", "CT-02", "CT-03", "CT-04", "CT-05", "CT-06",
)  # fmt: skip
"""Criteria that decide a modality by words."""
REAL = 5.0
"""Comments written in a thread weigh more than statements written for training."""
LABELLED, HARD = 3.0, 3.0
"""Sentences labelled in tickets, and near-misses, weigh more than other statements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One comment with its label."""

    own: str
    asked: str | None
    pending: Pending
    kind: SignalKind
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One or two sentences and the criteria they do, and do not, speak for; a criterion in neither is not learnt from them."""

    text: str
    speaker: str
    speaks_for: frozenset[str]
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Labelled text from a folder, and the digests of its files."""

    comments: tuple[Labelled, ...]
    statements: tuple[Statement, ...]
    files: tuple[Mapping[str, Any], ...]


def gather(*folders: Traversable) -> Material:
    """Read every ``.jsonl`` of the folders; the keys of an item say what it is. Raises: ConfigurationError."""
    comments: list[Labelled] = []
    statements: list[Statement] = []
    files = []
    for file in (each for folder in folders for each in _below(folder)):
        raw = file.read_bytes()
        items = list(_items(file.name, raw))
        files.append({"file": file.name, "items": len(items), "sha256": sha256(raw).hexdigest()})
        for number, item in enumerate(items, start=1):
            try:
                if "expected_modality" in item:
                    statements += _of_ticket(item)
                elif "label" in item:
                    comments += _of_comment(item)
                else:
                    statements.append(_statement(item))
            except (KeyError, TypeError, ValueError) as error:
                raise _unusable(file.name, number, f"is incomplete or wrong: {error}") from None
    if not comments or not statements:
        raise _unusable(
            ", ".join(folder.name for folder in folders), None, "holds no labelled comments, or no statements about criteria"
        )
    return Material(comments=tuple(comments), statements=tuple(statements), files=tuple(files))


def _below(folder: Traversable) -> list[Traversable]:
    return sorted((each for each in folder.iterdir() if each.name.endswith(".jsonl")), key=lambda each: each.name)


def _items(name: str, raw: bytes) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(raw.decode("utf-8").splitlines(), start=1):
        if line.strip():
            try:
                item = json.loads(line)
            except ValueError as error:
                raise _unusable(name, number, f"is no JSON: {error}") from None
            if not isinstance(item, dict):
                raise _unusable(name, number, "is no object")
            yield item


def _unusable(name: str, line: int | None, reason: str) -> ConfigurationError:
    return ConfigurationError((Problem(name, line, "", reason),))


def _of_comment(item: Mapping[str, Any]) -> Iterator[Labelled]:
    """Take a customer's comment; other people's are never asked about."""
    given = {**item, "body_text": item["text"]} if "text" in item else item
    comment = comment_of(given)
    reply = reply_of(comment)
    own = "\n".join(span.of(reply.text) for span in reply.kept).strip()
    if comment.author.role.is_customer and own and "automatic" not in reply.flags and not item.get("ambiguous"):
        yield Labelled(
            own=own,
            asked=item.get("context") or None,
            pending=Pending(item.get("thread_state", "term_pending")),
            kind=SignalKind(item["label"]),
            weight=1.0 if "text" in item else REAL,
        )


def _statement(item: Mapping[str, Any]) -> Statement:
    speaks_for = frozenset(map(str, item["criteria"]))
    unknown = frozenset(map(str, item.get("other_criteria") or ())) - speaks_for
    near = frozenset(map(str, item.get("hard_negative_for") or ()))
    return Statement(
        text=str(item["text"]),
        speaker={"requester": "customer"}.get(item["role"], str(item["role"])),
        speaks_for=speaks_for,
        weights={each: HARD if each in near else 1.0 for each in CRITERIA if each not in unknown},
    )


def _of_ticket(item: Mapping[str, Any]) -> Iterator[Statement]:
    """Take every sentence of a ticket: evidence as labelled; the rest speaks for no criterion that the ticket does not meet."""
    if item.get("ambiguous"):
        return
    evidence = [(str(each["criterion"]), str(each["text"])) for each in item.get("evidence") or ()]
    met = {*map(str, item["criteria"]), *map(str, item.get("criteria_also_acceptable") or ())}
    for unit in units(ticket_of(item)):
        text = unit.text
        speaks_for = frozenset(criterion for criterion, words in evidence if words in text or text in words)
        weights = {each: LABELLED if each in speaks_for else 1.0 for each in CRITERIA if each in speaks_for or each not in met}
        yield Statement(text=text, speaker=unit.speaker, speaks_for=speaks_for, weights=weights)


def counted(material: Material) -> Iterable[str]:
    """Return what was gathered, a line each."""
    yield f"{len(material.comments)} comments, {len(material.statements)} statements"
    for one in material.files:
        yield f"  {one['file']}: {one['items']} items, {one['sha256'][:12]}"
