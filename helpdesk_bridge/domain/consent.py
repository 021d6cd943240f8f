"""Who may bind the customer, and whether one comment does: the last gate before anybody is billed."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.reading import Reading, Signal, SignalKind
from helpdesk_bridge.domain.rules import ConsentRules
from helpdesk_bridge.domain.values import Comment, Role

SPOILING_FLAGS = frozenset({"forwarded", "inline", "automatic", "hidden", "truncated"})
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


def weigh(comment: Comment, reading: Reading, term: ServiceTerm, rules: ConsentRules, slots: tuple[str, ...]) -> Verdict:
    """Decide whether ``comment`` accepts ``term`` beyond doubt. ``slots`` are the data the term requires."""
    signal = reading.signal(SignalKind.ACCEPTANCE)
    if signal is None or reading.label is not SignalKind.ACCEPTANCE:
        return Verdict(granted=False, reason="no_acceptance")
    checks = (
        (comment.public and comment.author.role.is_customer, "not_customer"),
        (is_entitled(comment, rules), "not_entitled"),
        (not rules.blocking_warnings.intersection(comment.warnings), "author_warning"),
        (term.posted_at is not None and comment.at >= term.posted_at, "before_term"),
        (not SPOILING_FLAGS & reading.flags, "not_plain_text"),
        (not any(other.kind in SPOILING_SIGNALS for other in reading.signals), "mixed"),
        (signal.certain, signal.reason or "not_certain"),
    )
    for holds, reason in checks:
        if not holds:
            return Verdict(granted=False, reason=reason)
    missing = [slot for slot in slots if not _has_slot(slot, reading, signal)]
    return Verdict(granted=not missing, reason=f"slot_missing:{missing[0]}" if missing else "")


def _has_slot(slot: str, reading: Reading, acceptance: Signal) -> bool:
    named = {key for signal in (acceptance, *reading.signals) for key, _value in signal.data}
    return slot in named
