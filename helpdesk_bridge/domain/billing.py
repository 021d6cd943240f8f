"""The ledger's arithmetic: which seconds of the recorded work are billable, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import takewhile

from helpdesk_bridge.domain.agenda import Interval
from helpdesk_bridge.domain.calendar import Calendar
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.ledger import Charge, Exclusion, Line, TimeEntry
from helpdesk_bridge.domain.lifecycle import ChargeState, TermState
from helpdesk_bridge.domain.rules import BillingRules, Rules

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HOUR = 3600
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def charge_of(term: ServiceTerm, rules: Rules, earlier: Iterable[ServiceTerm] = ()) -> Charge:
    """Return what a term costs by what is recorded so far: Σ billable seconds × the frozen rate, rounded once, half up.

    ``earlier``: the ticket's terms before it; a minute of a consultant that counts under one of them counts no more.
    """
    windows = rules.calendar if rules.billing.clip_to_windows else None
    billed: dict[str, list[Interval]] = {}
    for one in earlier:
        _divided(one, windows, billed)
    lines, exclusions = _divided(term, windows, billed)
    cap = cap_seconds(term, rules.billing) if rules.billing.cap_stops else None
    if cap is not None:
        lines, exclusions = _capped(lines, exclusions, cap)
    seconds = sum(line.seconds for line in lines)
    charged = charged_seconds([line.seconds for line in lines], rules.billing)
    charged = charged if cap is None else min(charged, cap)
    gross = amount_of(charged, term.hourly_rate, rules.billing)
    state, reason = _outcome(term, seconds, rules.billing)
    due = gross if state in (ChargeState.CHARGEABLE, ChargeState.PASSED_THROUGH) else ZERO
    return Charge(
        state=state,
        seconds=seconds,
        charged_seconds=charged,
        gross=gross,
        due=due,
        reason=reason,
        lines=lines,
        exclusions=exclusions,
    )


def cap_seconds(term: ServiceTerm, rules: BillingRules) -> int | None:
    """Return the time that a conditional acceptance covers: its minutes, or what its amount buys, taxes included; None: no limit."""
    caps, price = dict(term.caps), term.hourly_rate * (1 + rules.tax_percent / 100)
    limits = [int(Decimal(caps["cap_minutes"]) * 60)] if "cap_minutes" in caps else []
    if "cap_amount" in caps and price > 0:
        limits.append(int(Decimal(caps["cap_amount"]) * HOUR / price))
    return min(limits, default=None)


def _capped(
    lines: tuple[Line, ...], exclusions: tuple[Exclusion, ...], cap: int
) -> tuple[tuple[Line, ...], tuple[Exclusion, ...]]:
    """Let entries count in the order they were logged until the limit is reached."""
    kept: list[Line] = []
    beyond: list[Exclusion] = []
    for line in lines:
        seconds = min(line.seconds, cap - sum(one.seconds for one in kept))
        kept.append(Line(entry=line.entry, seconds=seconds))
        if seconds < line.seconds:
            beyond.append(Exclusion(entry=line.entry, seconds=line.seconds - seconds, reason="beyond_cap"))
    return tuple(kept), (*exclusions, *beyond)


def amount_of(seconds: int, hourly: Decimal, rules: BillingRules) -> Decimal:
    """Price a time: seconds × hourly rate / 3600 with the policy's taxes, to the cent, half up, once."""
    return (seconds * hourly / HOUR * (1 + rules.tax_percent / 100)).quantize(CENT, ROUND_HALF_UP)


def _outcome(term: ServiceTerm, seconds: int, rules: BillingRules) -> tuple[ChargeState, str]:
    if seconds == 0:
        return ChargeState.NO_CHARGE, "nothing_billable"
    if term.waivable and term.waiver is not None:
        return ChargeState.WAIVED, term.waiver.motive
    if term.waivable and term.finding is not None and is_waiving(term.finding.kind, rules) and not term.finding.available:
        return ChargeState.WAIVED, term.finding.kind
    return (ChargeState.PASSED_THROUGH if term.pass_through is not None else ChargeState.CHARGEABLE), ""


def is_waiving(kind: str, rules: BillingRules) -> bool:
    """True when a finding of this kind waives the charge while its ISSUE is not available."""
    return any(one.code == kind and one.waives for one in rules.findings)


def charged_seconds(seconds: list[int], rules: BillingRules) -> int:
    """Apply the policy's minimum and rounding, to each entry or to the whole; nothing stays nothing."""
    parts = [part for part in seconds if part > 0] if rules.applies_to == "entry" else [sum(seconds)]
    return sum(_rounded_up(max(part, rules.minimum_minutes * 60), rules.increment_minutes * 60) for part in parts if part > 0)


def _rounded_up(seconds: int, step: int) -> int:
    return seconds if step == 0 else -(-seconds // step) * step


def _divided(
    term: ServiceTerm, windows: Calendar | None, billed: dict[str, list[Interval]]
) -> tuple[tuple[Line, ...], tuple[Exclusion, ...]]:
    """Divide every entry; ``billed`` gathers what counts of each consultant."""
    lines, exclusions = [], []
    for entry in term.standing:
        kept, out = _billable(term, entry, billed.setdefault(entry.consultant, []), windows)
        lines.append(Line(entry=entry.number, seconds=_length(kept)))
        exclusions += [Exclusion(entry=entry.number, seconds=seconds, reason=reason) for reason, seconds in out if seconds > 0]
    return tuple(lines), tuple(exclusions)


def _billable(
    term: ServiceTerm, entry: TimeEntry, billed: list[Interval], windows: Calendar | None
) -> tuple[list[Interval], list[tuple[str, int]]]:
    """Cut one entry at the acceptance, the cut-off and the pauses; tell what falls away and why."""
    spans = [Interval(entry.start, entry.end)]
    if term.accepted_at is None:
        return [], [("no_acceptance", entry.seconds)]
    if term.state is not TermState.ACCEPTED:
        return [], [("after_retraction", entry.seconds)]
    if entry.same_as is not None:
        return [], [("overlap", entry.seconds)]
    out: list[tuple[str, int]] = []
    cuts: list[tuple[str, list[Interval]]] = [("before_acceptance", [Interval(_FIRST, term.accepted_at)])]
    if term.cut_off is not None:
        cuts.append(("after_interruption", [Interval(term.cut_off, _LAST)]))
    cuts.append(("during_pause", [Interval(pause.start, pause.end or _LAST) for pause in term.pauses]))
    cuts.append(("overlap", list(billed)))
    for reason, holes in cuts:
        before = _length(spans)
        spans = without(spans, holes)
        out.append((reason, before - _length(spans)))
    billed += spans
    if windows is not None:
        inside = [part for span in spans for part in _inside(span, windows)]
        out.append(("outside_windows", _length(spans) - _length(inside)))
        spans = inside
    return spans, out


def _inside(span: Interval, windows: Calendar) -> list[Interval]:
    """Return the parts of a span that lie in service windows."""
    last = windows.local(span.end).date()
    days = takewhile(lambda day: day <= last, windows.days_from(span.start))
    return [part for day in days for opening in windows.openings(day) if (part := span.common(opening)) is not None]


def without(spans: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """Return what is left of ``spans`` outside of ``holes``."""
    left = list(spans)
    for hole_start, hole_end in holes:
        pieces = []
        for start, end in left:
            pieces += [Interval(start, min(end, hole_start)), Interval(max(start, hole_end), end)]
        left = [piece for piece in pieces if piece.start < piece.end]
    return left


def _length(spans: Iterable[Interval]) -> int:
    return int(sum((end - start for start, end in spans), timedelta()) / timedelta(seconds=1))
