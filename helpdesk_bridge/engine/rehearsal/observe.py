"""What became of a rehearsed lifecycle, in the words of the file: the same form as ``expected``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from helpdesk_bridge.domain.billing import charge_of
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.journal import Record
from helpdesk_bridge.domain.ledger import Charge
from helpdesk_bridge.domain.lifecycle import ChargeState, TermState, WorkState
from helpdesk_bridge.engine.rehearsal.finance import payer
from helpdesk_bridge.engine.rehearsal.stage import Moment, Stage

TERM = {
    TermState.SENT: "term_pending",
    TermState.DECLINED: "refused",
    TermState.OTHER_ROUTE: "other_route",
    TermState.EXPIRED: "term_expired",
    TermState.WITHDRAWN: "term_withdrawn",
}
WORK = {
    WorkState.UNSCHEDULED: "accepted",
    WorkState.SLOT_PROPOSED: "slot_proposed",
    WorkState.SCHEDULED: "slot_confirmed",
    WorkState.RESCHEDULE_NEEDED: "reschedule_needed",
    WorkState.IN_PROGRESS: "in_progress",
    WorkState.PAUSED: "paused",
    WorkState.CONCLUDED: "concluded",
    WorkState.INTERRUPTED: "interrupted",
}
DONE = {ChargeState.WAIVED: "done_waived", ChargeState.NO_CHARGE: "done_no_charge"}
"""Any other charge of a finished engagement is ``done_billable``."""


def outcome_of(stage: Stage, moments: Mapping[int, Moment]) -> dict[str, Any]:
    """Return the whole outcome of a script that was played to its end."""
    engagement, facts = stage.engagement(), Facts(stage, moments)
    charges = {term.number: _charge(term, stage) for term in engagement.terms}
    due = sum((charge.due for charge in charges.values()), start=Decimal(0))
    shared = next((term.pass_through for term in reversed(engagement.terms) if term.pass_through), None)
    latest = [(letter, engagement.terms[numbers[-1] - 1]) for letter, numbers in stage.terms.items()]
    return {
        "states": {seq: state_of(moment.engagement, solved=moment.solved) for seq, moment in moments.items()},
        "confirmation_deadlines": facts.deadlines(),
        "engagements": {letter: _engagement(term, charges[term.number], facts) for letter, term in latest},
        "total_due_brl": due,
        "invoice_cnpj": payer(engagement, stage.desk.ticket, engagement.terms[-1]) if due else None,
        "pass_through": {"unit": shared.unit, "cnpj": shared.tax_id} if shared else None,
        "refused": facts.refused(),
    }


def state_of(engagement: Engagement, *, solved: bool) -> str:
    """Name where the most recent engagement stands."""
    term = engagement.term
    if term is None:
        return "none"
    if term.state is not TermState.ACCEPTED:
        return "done_no_charge" if solved else TERM[term.state]
    if (solved or term.work is WorkState.CONCLUDED) and term.charge is not ChargeState.OPEN:
        return _done(term)
    return WORK[term.work]


def _done(term: ServiceTerm) -> str:
    """A statement or an invoice holds the charge as it was settled; a cancelled one holds nothing."""
    if term.charge is ChargeState.CANCELLED:
        return "done_no_charge"
    return DONE.get(term.charged.state, "done_billable") if term.charged else term.charge.value


class Facts:
    """The journal with the step behind each entry."""

    def __init__(self, stage: Stage, moments: Mapping[int, Moment]) -> None:
        self._records, self._moments, self._stage = stage.records(), moments, stage

    def seq_of(self, kind: str, number: int, **body: Any) -> int | None:
        """Return the step that led to the last entry of a kind about a term, or None."""
        wanted = {"number": number, **body}
        return next((self._seq(record) for record in reversed(self._records) if _says(record, kind, wanted)), None)

    def deadlines(self) -> dict[int, datetime]:
        """Return until when each proposed session had to be confirmed, by the step that proposed it."""
        found = {}
        for record in self._of("slot_posted"):
            seq = self.seq_of("slot_proposed", record["number"], round=record["round"])
            if seq is not None:
                found[seq] = datetime.fromisoformat(record["deadline"])
        return found

    def refused(self) -> list[int]:
        """Return the steps whose command changed nothing."""
        orders = [note.id for note in self._stage.desk.ticket.comments if not note.public and note.text.startswith("/")]
        obeyed = {record.fact.partition("#")[0] for record in self._records if record.fact and record.kind != "heard"}
        return [int(note) for note in orders if f"comment:{note}" not in obeyed]

    def _of(self, kind: str) -> Iterator[Mapping[str, Any]]:
        return (record.body for record in self._records if record.kind == kind and record.body is not None)

    def _seq(self, record: Record) -> int | None:
        """A comment names its step; anything else belongs to the step that the journal grew in."""
        named = re.fullmatch(r"comment:(\d+)(#\d+)?", record.fact or "")
        if named:
            return int(named[1])
        return next((seq for seq, moment in self._moments.items() if record.seq <= moment.records), None)


def _says(record: Record, kind: str, wanted: Mapping[str, Any]) -> bool:
    body = record.body
    return record.kind == kind and body is not None and all(body.get(key) == value for key, value in wanted.items())


def _engagement(term: ServiceTerm, charge: Charge, facts: Facts) -> dict[str, Any]:
    interrupted = term.work is WorkState.INTERRUPTED
    return {
        "modality": term.modality,
        "accepted_by_seq": facts.seq_of("consent", term.number),
        "interrupted_by_seq": facts.seq_of("interrupted", term.number) if interrupted else None,
        "retracted_by_seq": facts.seq_of("retracted", term.number),
        "billable_minutes": Fraction(charge.seconds, 60),
        "gross_amount_brl": charge.gross,
        "waived": charge.state is ChargeState.WAIVED,
        "amount_due_brl": charge.due,
        "billable_entry_seqs": _seqs((line.entry for line in charge.lines if line.seconds), term, facts),
        "non_billable": [
            {"seq": seq, "minutes": Fraction(each.seconds, 60), "reason": each.reason}
            for each, seq in zip(charge.exclusions, _seqs((each.entry for each in charge.exclusions), term, facts), strict=True)
        ],
    }


def _seqs(entries: Iterator[int], term: ServiceTerm, facts: Facts) -> Sequence[int | None]:
    return [facts.seq_of("time_logged", term.number, entry=entry) for entry in entries]


def _charge(term: ServiceTerm, stage: Stage) -> Charge:
    """Take the charge as it was settled; what is not settled yet is computed as it stands, and what is cancelled is not due."""
    charge = term.charged or charge_of(term, stage.bridge.policy.rules, stage.engagement().before(term))
    return replace(charge, due=Decimal(0)) if term.charge is ChargeState.CANCELLED else charge
