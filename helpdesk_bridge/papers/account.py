"""A statement as a paper sees it: under its number, with the labels and names that people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.domain.statements import WITHOUT_INVOICE, Billing, Statement, StatementKind, StatementLine
from helpdesk_bridge.domain.tax_ids import TaxId, tax_id
from helpdesk_bridge.domain.values import DeskId, Language, TicketId
from helpdesk_bridge.policy import formats
from helpdesk_bridge.policy.vocabulary import Vocabulary

People = Mapping[tuple[DeskId, TicketId, int], str]
"""Who accepted each engagement, by name, where the name was not erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A statement, and everything needed to write it down."""

    statement: Statement
    rules: Rules
    words: Vocabulary
    number: int | None = None
    """None: a rehearsal."""
    digest: str = ""
    closed_at: datetime | None = None
    billings: tuple[Billing, ...] = ()
    people: People = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """The paper's language."""
        return self.words.language

    @property
    def payer(self) -> TaxId | None:
        """Whose tax number it is made out to."""
        return tax_id(self.statement.tax_id)

    @property
    def title(self) -> str:
        """What stands at its head."""
        return self.words.say("title_pass_through" if self.statement.kind is StatementKind.PASS_THROUGH else "title")

    @property
    def name(self) -> str:
        """Its number, or that it is a rehearsal only."""
        return self.words.say("draft") if self.number is None else self.words.say("number", number=self.number)

    @property
    def cancelled(self) -> str | None:
        """Why it was cancelled, or None."""
        return next((each.reason for each in self.billings if each.move in WITHOUT_INVOICE), None)

    def money(self, amount: Decimal) -> str:
        """Write an amount."""
        return formats.money(amount, self.statement.currency, self.language)

    def duration(self, seconds: int) -> str:
        """Write a time worked."""
        return formats.duration(seconds, self.language)

    def local(self, moment: datetime) -> datetime:
        """Return an instant in the site's zone."""
        return self.rules.calendar.local(moment)

    def day(self, moment: datetime) -> str:
        """Write the local day of an instant."""
        return formats.day(self.local(moment).date(), self.language)

    def instant(self, moment: datetime) -> str:
        """Write an instant to the second."""
        return formats.instant(moment, self.rules.calendar.zone, self.language)

    def modality(self, line: StatementLine) -> str:
        """Return what people call a line's modality."""
        known = self.rules.modality(line.modality)
        return known.labels[self.language] if known is not None else line.modality

    def kind(self, code: str) -> str:
        """Return what people call a kind of work."""
        known = self.rules.billing.kind(code)
        return known.labels[self.language] if known is not None else code

    def reason(self, code: str) -> str:
        """Return what people call a reason: a motive, a finding, or why time is not billable."""
        if code in self.rules.billing.motives:
            return self.rules.billing.motives[code][self.language]
        finding = self.rules.billing.finding(code)
        return finding.labels[self.language] if finding is not None else self.words.name("reason", code)

    def source(self, source: str) -> str:
        """Write where an entry was recorded."""
        kind, _, known = source.partition(":")
        key = {"comment": "comment", "time": "desk_time", "order": "order"}.get(kind)
        return self.words.say(key, id=known) if key is not None and known else source

    def person(self, line: StatementLine) -> str:
        """Return who accepted: by name, or, when it was erased, as the journal knows them."""
        role, _, known = line.accepted_by.partition(":")
        return self.people.get(line.key) or f"{self.words.name('role', role)} {known}".strip()
