"""Measuring the reading of comments on labelled text: the labels, and what the engine would take as a Consent by itself."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from helpdesk_bridge.domain.consent import named_modalities
from helpdesk_bridge.domain.decide import decide
from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.events import CommentAdded
from helpdesk_bridge.domain.lifecycle import TermState
from helpdesk_bridge.domain.reading import Context, Pending, Reading, SignalKind
from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.domain.values import Comment, CommentId, DeskId, Language, ModalityCode, Person, Role, Ticket, TicketId
from helpdesk_bridge.language import Lexicon
from helpdesk_bridge.language import read_comment as read_by_rules
from helpdesk_bridge.language.reply import reply_of

LABELS = (
    "acceptance", "billing_info", "conditional_acceptance", "interruption", "none", "other_route", "pause", "question", "refusal",
    "slot_confirmation", "slot_counter_proposal",
)  # fmt: skip
"""Labels of the documented form; what the reader tells apart beyond them counts as follows."""

NEVER_DROPPED = ("interruption", "refusal", "other_route", "pause")
"""Labels of which none may pass unheard: the clock runs, or nobody answers."""

_FOLDED = {"unclear": "none", "resume": "none", "prerequisites": "none", "dispute": "none"}
_SENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
SUPPORT, STANDARD = ModalityCode("support_consulting"), ModalityCode("standard_support")
_DESK, _TICKET = DeskId("evaluation"), TicketId("1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One labelled comment and what was made of it."""

    id: str
    language: str
    expected: str
    predicted: str
    accepted: bool
    answered: bool
    """Whether the engine concluded something or asked a person: it was not dropped."""
    unclear: bool
    ambiguous: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentFigures:
    """Figures of a file of comments."""

    judged: tuple[Judged, ...]
    seconds: float
    """Taken by the reading alone."""

    def to_json(self) -> dict[str, Any]:
        """Return the documented object."""
        scored = [one for one in self.judged if not one.ambiguous]
        labels = {label: _scores(scored, label) for label in LABELS if any(one.expected == label for one in scored)}
        acceptances = [one for one in scored if one.expected == "acceptance"]
        return {
            "items": len(self.judged),
            "scored": len(scored),
            "ambiguous": len(self.judged) - len(scored),
            "accuracy": _share(sum(one.expected == one.predicted for one in scored), len(scored)),
            "macro_f1": _share(sum(score["f1"] for score in labels.values()), len(labels)),
            "false_acceptances": [one.id for one in self.judged if one.accepted and one.expected != "acceptance"],
            "acceptance_recall": _share(sum(one.accepted for one in acceptances), len(acceptances)),
            "asked_or_concluded": {label: _share(*_answered(scored, label)) for label in NEVER_DROPPED if label in labels},
            "labels": labels,
            "unclear": sum(one.unclear for one in self.judged),
            "items_per_second": round(len(self.judged) / self.seconds, 1) if self.seconds else 0.0,
        }

    def table(self) -> str:
        """Return the figures for people, per label and language."""
        figures = self.to_json()
        rows = [f"{'label':<24}{'precision':>10}{'recall':>8}{'f1':>8}{'items':>7}"]
        rows += [
            f"{label:<24}{score['precision']:>10.3f}{score['recall']:>8.3f}{score['f1']:>8.3f}{score['support']:>7}"
            for label, score in figures["labels"].items()
        ]
        scored = [one for one in self.judged if not one.ambiguous]
        for language in sorted({one.language for one in scored}):
            mine = [one for one in scored if one.language == language]
            rows.append(
                f"{language:<24}accuracy {_share(sum(one.expected == one.predicted for one in mine), len(mine)):.3f} of {len(mine)}"
            )
        wrong = figures["false_acceptances"]
        rows.append(
            f"accuracy {figures['accuracy']:.3f}  macro-F1 {figures['macro_f1']:.3f}  {figures['items_per_second']:.0f} items/s"
        )
        rows.append(
            f"accepted by itself {figures['acceptance_recall']:.3f} of the acceptances; false acceptances: {len(wrong)} {wrong}"
        )
        rows.append(
            "concluded or asked: " + "  ".join(f"{label} {share:.3f}" for label, share in figures["asked_or_concluded"].items())
        )
        return "\n".join(rows)

    def misses(self) -> list[str]:
        """Return one line for each item that was read wrongly."""
        wrong = [one for one in self.judged if not one.ambiguous and one.expected != one.predicted]
        return [f"{one.id}\t{one.expected} read as {one.predicted}\t{one.words[:160]!r}" for one in wrong]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapFigures:
    """Figures of a file of traps."""

    items: int
    accepted: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the documented object."""
        return {"items": self.items, "accepted": list(self.accepted)}

    def table(self) -> str:
        """Return the figures for people."""
        return f"{self.items} traps, {len(self.accepted)} accepted"

    def misses(self) -> list[str]:
        """Return the traps that were accepted."""
        return list(self.accepted)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFigures:
    """Figures of a file of mail replies."""

    items: int
    quotes_gone: int
    words_kept: int
    signatures_gone: int
    failures: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the documented object."""
        return {
            "items": self.items,
            "quotes_gone": self.quotes_gone,
            "words_kept": self.words_kept,
            "signatures_gone": self.signatures_gone,
            "failures": list(self.failures),
        }

    def table(self) -> str:
        """Return the figures for people."""
        return (
            f"{self.items} replies: quotes gone {self.quotes_gone}, words kept {self.words_kept}, "
            f"signatures gone {self.signatures_gone}, failures {len(self.failures)}"
        )

    def misses(self) -> list[str]:
        """Return the replies that were cut wrongly."""
        return list(self.failures)


Read = Callable[[Comment, Context, Lexicon], Reading]
"""A way to read a comment: by the rules, or by a reader beside them."""


def evaluate_comments(
    items: Iterable[Mapping[str, Any]], lexicon: Lexicon, rules: Rules, read: Read = read_by_rules
) -> CommentFigures:
    """Read labelled comments in the state they were written in; only the reading is timed, not the judging."""
    listed = list(items)
    said = [(comment_of(item), context_of(item, rules)) for item in listed]
    started = time.perf_counter()
    readings = [read(comment, context, lexicon) for comment, context in said]
    seconds = time.perf_counter() - started
    judged = tuple(_judged(item, reading, rules) for item, reading in zip(listed, readings, strict=True))
    return CommentFigures(judged=judged, seconds=seconds)


def evaluate_traps(items: Iterable[Mapping[str, Any]], lexicon: Lexicon, rules: Rules, read: Read = read_by_rules) -> TrapFigures:
    """Count texts the engine would take as a Consent by itself: none may be."""
    judged = [
        (
            str(item["id"]),
            is_accepted(comment_of(item), _read(item, lexicon, rules, read), _pending(item), rules, modality_of(item, rules)),
        )
        for item in items
    ]
    return TrapFigures(items=len(judged), accepted=tuple(name for name, accepted in judged if accepted))


def evaluate_mail(items: Iterable[Mapping[str, Any]]) -> MailFigures:
    """Check that the author's words survive and that quotes and signatures go."""
    total, quotes, words, signatures, failures = 0, 0, 0, 0, []
    for item in items:
        reply = reply_of(comment_of(item))
        kept = _folded(" ".join(span.of(reply.text) for span in reply.kept))
        gone = not any(_folded(each) in kept for each in item.get("quote", ()))
        survived = all(_folded(each) in kept for each in item.get("keep", ()))
        unsigned = not any(_folded(each) in kept for each in item.get("signature", ()))
        total, quotes, words, signatures = total + 1, quotes + gone, words + survived, signatures + unsigned
        if not (gone and survived and unsigned):
            failures.append(str(item["id"]))
    return MailFigures(items=total, quotes_gone=quotes, words_kept=words, signatures_gone=signatures, failures=tuple(failures))


def is_accepted(comment: Comment, reading: Reading, pending: Pending, rules: Rules, modality: ModalityCode = SUPPORT) -> bool:
    """Ask the engine's own ``decide`` whether this comment is a Consent."""
    return _accepts(_decided(comment, reading, pending, rules, modality))


def _accepts(decision: Decision) -> bool:
    return any(entry.kind == "consent" for entry in decision.entries)


def _decided(comment: Comment, reading: Reading, pending: Pending, rules: Rules, modality: ModalityCode) -> Decision:
    ticket = Ticket(
        desk=_DESK, id=_TICKET, subject="", description="", requester=comment.author, created_at=_SENT, updated_at=_SENT
    )
    event = CommentAdded(ticket=ticket, comment=comment, reading=reading)
    return decide(event, _engagement(pending, modality), rules)


def modality_of(item: Mapping[str, Any], rules: Rules) -> ModalityCode:
    """Return the modality of the term an item answers: the item's ``modality``, or what the support, or the message, names."""
    words = (item.get("context") or "", item.get("body_text") or item.get("body_html") or "")
    named = next(filter(None, (named_modalities(each, rules) - {STANDARD} for each in words)), {SUPPORT})
    return ModalityCode(item.get("modality") or min(named))


def _engagement(pending: Pending, modality: ModalityCode) -> Engagement:
    term = ServiceTerm(
        number=1,
        modality=modality,
        version="1",
        language=Language.PT,
        text_digest="",
        rate="",
        hourly="0",
        currency="BRL",
        reference="HB-AAAAAA",
        sent_at=_SENT,
        posted_at=_SENT,
        state=TermState.SENT if pending is Pending.TERM_PENDING else TermState.ACCEPTED,
        accepted_at=None if pending is Pending.TERM_PENDING else _SENT,
    )
    terms = () if pending is Pending.NONE else (term,)
    return Engagement(desk=_DESK, ticket=_TICKET, opened_at=_SENT, terms=terms)


def _judged(item: Mapping[str, Any], reading: Reading, rules: Rules) -> Judged:
    pending = _pending(item)
    decision = _decided(comment_of(item), reading, pending, rules, modality_of(item, rules))
    return Judged(
        id=str(item["id"]),
        language=item.get("lang") or "-",
        expected=_counted_as(SignalKind(item["label"]), pending),
        predicted=_counted_as(reading.label, pending),
        accepted=_accepts(decision),
        answered=bool(decision.effects),
        unclear=reading.label is SignalKind.UNCLEAR,
        ambiguous=bool(item.get("ambiguous")),
        words=reading.own_words,
    )


def _counted_as(label: SignalKind, pending: Pending) -> str:
    """Return the label of the documented form: a retraction is a refusal, or once there is a consent an interruption."""
    if label is SignalKind.RETRACTION:
        return "refusal" if pending is Pending.TERM_PENDING else "interruption"
    return _FOLDED.get(label.value, label.value)


def _read(item: Mapping[str, Any], lexicon: Lexicon, rules: Rules, read: Read) -> Reading:
    return read(comment_of(item), context_of(item, rules), lexicon)


def context_of(item: Mapping[str, Any], rules: Rules) -> Context:
    """Return where in the lifecycle an item of the evaluation form was written."""
    rate = rules.rate(modality_of(item, rules), None, _SENT)
    return Context(
        author=comment_of(item).author.role,
        pending=_pending(item),
        last_agent_text=item.get("context"),
        hourly=rate.hourly if rate is not None else None,
    )


def _pending(item: Mapping[str, Any]) -> Pending:
    return Pending(item.get("thread_state", "term_pending"))


def comment_of(item: Mapping[str, Any]) -> Comment:
    """Build a Comment from one item of the evaluation form; unknown keys are ignored."""
    role = Role(item.get("author_role", "requester"))
    return Comment(
        id=CommentId("1"),
        author=Person(id="1", role=role, name="Maria"),
        public=True,
        at=_SENT + timedelta(hours=1),
        text=item.get("body_text") or "",
        html=item.get("body_html"),
        channel=item.get("channel", "web"),
    )


def _answered(scored: list[Judged], label: str) -> tuple[int, int]:
    mine = [one for one in scored if one.expected == label]
    return sum(one.answered for one in mine), len(mine)


def _scores(scored: list[Judged], label: str) -> dict[str, Any]:
    pairs = Counter((one.expected == label, one.predicted == label) for one in scored)
    hits, missed, wrong = pairs[True, True], pairs[True, False], pairs[False, True]
    precision, recall = _share(hits, hits + wrong), _share(hits, hits + missed)
    f1 = round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1, "support": hits + missed}


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


def _folded(text: str) -> str:
    return " ".join(text.split())
