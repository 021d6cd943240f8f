"""Who may bind the customer, and whether one comment does: the last gate before anybody is billed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.reading import Reading, SignalKind
from helpdesk_bridge.domain.rules import ConsentRules, Modality, Rules
from helpdesk_bridge.domain.values import Comment, ModalityCode, Role, plain

SPOILING_FLAGS = frozenset({"forwarded", "inline", "automatic", "hidden", "truncated", "flooded"})
"""Flags of a reading under which nobody's agreement is taken by a machine."""

SPOILING_SIGNALS = frozenset(
    {
        SignalKind.CONDITIONAL_ACCEPTANCE,
        SignalKind.REFUSAL,
        SignalKind.OTHER_ROUTE,
        SignalKind.RETRACTION,
        SignalKind.INTERRUPTION,
        SignalKind.DISPUTE,
        SignalKind.UNCLEAR,
    }
)
"""Anything of this beside an acceptance sends the comment to a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a comment is a Consent, and if not, why not (a stable code)."""

    granted: bool
    reason: str = ""


def is_entitled(comment: Comment, rules: ConsentRules) -> bool:
    """True when the author may accept, decline or interrupt for the customer."""
    match rules.who_may_accept:
        case "requester":
            return comment.author.role is Role.REQUESTER
        case "flagged":
            return comment.author.role.is_customer and "may_accept" in comment.author.flags
        case _:
            return comment.author.role.is_customer


def weigh(comment: Comment, reading: Reading, term: ServiceTerm, rules: Rules, slots: tuple[str, ...]) -> Verdict:
    """Decide whether ``comment`` accepts ``term`` beyond doubt. ``slots`` are the data the term requires."""
    consent = rules.consent
    signal = reading.signal(SignalKind.ACCEPTANCE)
    if signal is None or reading.label is not SignalKind.ACCEPTANCE:
        return Verdict(granted=False, reason="no_acceptance")
    named = named_modalities(reading.own_words, rules)
    checks = (
        (comment.public and comment.author.role.is_customer, "not_customer"),
        (is_entitled(comment, consent), "not_entitled"),
        (not consent.blocking_warnings.intersection(comment.warnings), "author_warning"),
        (term.posted_at is not None and comment.at >= term.posted_at, "before_term"),
        (not SPOILING_FLAGS & reading.flags, "not_plain_text"),
        (not any(other.kind in SPOILING_SIGNALS for other in reading.signals), "mixed"),
        (signal.certain, signal.reason or "not_certain"),
        (named <= {term.modality}, "other_modality"),
    )
    for holds, reason in checks:
        if not holds:
            return Verdict(granted=False, reason=reason)
    given = {key for each in reading.signals for key, _value in each.data} | ({"modality"} if named else set())
    missing = [slot for slot in slots if slot not in given]
    return Verdict(granted=not missing, reason=f"slot_missing:{missing[0]}" if missing else "")


def named_modalities(words: str, rules: Rules) -> frozenset[ModalityCode]:
    """Return the modalities that words name, in any language: an assent to one of them is none to another."""
    said = plain(words)
    return frozenset(modality.code for modality in rules.modalities if any(name in said for name in _names(modality)))


def _names(modality: Modality) -> Iterator[str]:
    """Labels, and those aliases that are more than a word."""
    yield from map(plain, modality.labels.values())
    yield from (alias for alias in map(plain, modality.aliases) if "-" in alias)
