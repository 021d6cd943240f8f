"""What a signal carries beside its meaning: tax numbers, conditions, days and hours, as written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from helpdesk_bridge.domain.reading import Signal, SignalKind
from helpdesk_bridge.language.identifiers import Identifier
from helpdesk_bridge.language.slots import Option, slot_options
from helpdesk_bridge.language.ties import tie_data

_UNIT = re.compile(
    r"(?i:\b(?:repass|traslad|pass)\w*\b[^.;\n]{0,40}?(?:à|ao?|para|pra|to|al?) (?:(?:a|o|la|el|the) )?(?:(?:unidade?|franquia|franquicia|unit|franchise) )?)"
    r"(?P<name>[A-ZÀ-Ý][\w&'-]*(?: (?:d[aeo]s? |e |y |& )?[A-ZÀ-Ý][\w&'-]*){0,5})"
)
"""The unit that bears the cost ("repassar à Serra Norte Sistemas"): a name, written with capitals."""
_ABOUT_A_SLOT = frozenset({SignalKind.SLOT_CONFIRMATION, SignalKind.SLOT_COUNTER_PROPOSAL})
MOST_TIMES = 60
"""Times of one comment that are told apart; whoever names more concludes nothing."""


def carried(kind: SignalKind, own: str, identifiers: Iterable[Identifier]) -> tuple[tuple[str, str], ...]:
    """Return the data that the author's words give to a signal of ``kind``; times come by ``each_time``."""
    if kind in (SignalKind.ACCEPTANCE, SignalKind.BILLING_INFO):
        numbers = tuple((each.name, each.number) for each in identifiers if each.valid)
        unit = _UNIT.search(own) if numbers else None
        return (*numbers, ("unit", " ".join(unit["name"].split()))) if unit else numbers
    if kind is SignalKind.CONDITIONAL_ACCEPTANCE:
        return tie_data(own)
    return ()


def times(signals: Iterable[Signal], own: str) -> tuple[Option, ...]:
    """Return the times that the author names, if one of these signals is about a slot."""
    return slot_options(own) if any(signal.kind in _ABOUT_A_SLOT for signal in signals) else ()


def each_time(signal: Signal, options: Sequence[Option]) -> Iterator[Signal]:
    """A signal about a slot carries one time; every further one named is a signal of its own."""
    if signal.kind not in _ABOUT_A_SLOT or not options:
        yield signal
        return
    if len(options) > MOST_TIMES:
        signal = replace(signal, certain=False, reason=signal.reason or "not_certain")
    yield replace(signal, data=options[0].data)
    for option in options[1:MOST_TIMES]:
        yield replace(signal, span=option.span, data=option.data)
