"""The values a policy is made of: what ``decide`` and ``recommend`` may ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from helpdesk_bridge.domain.calendar import Calendar, Consultant, CustomerCalendar, SchedulingRules
from helpdesk_bridge.domain.conditions import Condition
from helpdesk_bridge.domain.values import CriterionId, Language, ModalityCode, plain

Labels = Mapping[Language, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Modality:
    """A way of being served: labels, when it is recommended, what it costs."""

    code: ModalityCode
    labels: Labels
    aliases: tuple[str, ...]
    """What people type or choose: ``consultoria-suporte``, field values, tags; compared without accents and case."""
    paid: bool
    rank: int
    """The higher rank wins when several are recommended."""
    recommended_when: Condition | None
    """Over the facts of domain/facts; None: the default when nothing else fits."""
    waivable: bool = False
    cost: Labels = field(default_factory=dict)
    """One sentence: what it costs."""
    next_step: Labels = field(default_factory=dict)
    """One sentence: what the agent does next."""

    @property
    def names(self) -> frozenset[str]:
        """Everything it is called, as ``plain`` folds it."""
        return frozenset(plain(name) for name in (self.code, *self.aliases, *self.labels.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A reason for a modality (``CS-01``), or a reason against all of them (``EX-INF``)."""

    id: CriterionId
    modality: ModalityCode | None
    """None for out-of-scope routes (``EX-…``) and requester kinds (``RQ-…``)."""
    labels: Labels
    when: Condition | None = None
    """Facts that meet it without any words (a field's value, the requester's kind)."""
    ask: Labels = field(default_factory=dict)
    """What to ask or check when it is missing."""
    roles: tuple[str, ...] = ()
    """Whose words count; empty: anybody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Where the price of a rate row comes from."""

    follows: str
    """The row whose price was adjusted."""
    percent: Decimal
    source: str
    """``percent``, the name of the series' file, or ``BCB SGS 189``."""
    months: str = ""
    """First and last month of the series: ``2026-01/2026-12``."""
    digest: str = ""
    """SHA-256 of the series as it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One row of the dated rate table."""

    id: str
    modality: ModalityCode
    product_line: str | None
    """None: every product line without a row of its own."""
    currency: str
    hourly: Decimal
    valid_from: date
    valid_to: date | None
    """Last day, inclusive."""
    index: str = ""
    adjustment: Adjustment | None = None

    @property
    def per_minute(self) -> Decimal:
        """The hourly rate over sixty, unrounded."""
        return self.hourly / 60


class TermTemplate(Protocol):
    """A service term whose wording is data."""

    @property
    def modality(self) -> ModalityCode:
        """Whose term it is."""
        ...

    @property
    def version(self) -> str:
        """What people and evidence call this wording."""
        ...

    @property
    def required_slots(self) -> tuple[str, ...]:
        """Data an acceptance must carry, beside the site's own."""
        ...

    def languages(self) -> frozenset[Language]:
        """Return the languages it is written in."""
        ...

    def render(self, language: Language, variables: Mapping[str, Any]) -> str:
        """Return the exact text, Markdown, from plain variables only."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRules:
    """Who may bind the customer, and what the bridge does by itself."""

    who_may_accept: str = "organization"
    """``requester``, ``organization`` or ``flagged``."""
    required_slots: tuple[str, ...] = ()
    """Of ``cnpj`` and ``modality``."""
    blocking_warnings: frozenset[str] = frozenset()
    """Desk warnings about a comment's author that always send it to a person."""
    ask_automatically: bool = False
    """Post the drafted clarification in public instead of handing it to the agent."""
    auto_send: frozenset[ModalityCode] = frozenset()
    """Modalities whose term is sent as soon as the customer chose them in a form field."""
    term_valid_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A sibling channel offered beside standard support."""

    id: str
    labels: Labels
    url: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletenessItem:
    """Something a ticket must say to be answered at once (``release``, ``routine``, ``steps``…)."""

    id: str
    labels: Labels
    questions: Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What to ask the customer first, in this order, while ``when`` holds; what else is lacking stays on the agent's checklist."""

    ask: tuple[str, ...]
    """Ids of completeness items; those already given are passed over."""
    at_most: int = 3
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkKind:
    """A kind of work that time is logged as (``remote``, ``phone``…)."""

    code: str
    labels: Labels
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingKind:
    """A cause that work can find (``product``, ``documentation``, ``data``…)."""

    code: str
    labels: Labels
    aliases: tuple[str, ...]
    waives: bool = False
    """True when it waives the charge while its ISSUE is not available."""
    needs_issue: bool = False


OTHER = "other"
"""Code of the kind of work that is named no other way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingRules:
    """How time becomes money, and who sees it."""

    kinds: tuple[WorkKind, ...] = ()
    findings: tuple[FindingKind, ...] = ()
    motives: Mapping[str, Labels] = field(default_factory=dict)
    """Why a person may waive a charge: code → what people read."""
    is_issue: Callable[[str], bool] = field(default=bool, compare=False)
    """True for a text that has the form of an ISSUE's id."""
    minimum_minutes: int = 0
    increment_minutes: int = 0
    """Billable time is rounded up to a multiple of it; 0: as worked."""
    applies_to: str = "engagement"
    """What the minimum and the increment apply to: ``engagement`` or ``entry``."""
    tax_percent: Decimal = Decimal(0)
    """0: taxes are named in the term, not computed."""
    clip_to_windows: bool = False
    """True: minutes outside the service windows are not billable."""
    cap_stops: bool = True
    """True: what goes beyond the limit of a conditional acceptance that a person ratified is not billable, for nobody accepted it."""
    thresholds_minutes: tuple[int, ...] = ()
    """Totals at which the agent is told; a conditional cap is always one."""
    customer_sees: str = "minutes"
    """``nothing``, ``minutes`` or ``price`` of each time entry."""
    pass_through_fields: tuple[str, ...] = ()
    """What finance needs of a unit that bears the cost."""

    def kind(self, name: str) -> WorkKind | None:
        """Find a kind of work by its code or by what people call it, compared as ``plain`` folds it."""
        return next((one for one in self.kinds if name in (one.code, *one.aliases)), None)

    def kind_in(self, words: str) -> WorkKind | None:
        """Find the kind of work in the first two words, or in the first; no word means other effort."""
        first = words.split()[:2]
        if not first:
            return self.kind(OTHER)
        return self.kind(plain(" ".join(first))) or self.kind(plain(first[0]))

    @property
    def known_kinds(self) -> str:
        """Every kind of work, as people type it."""
        return ", ".join(kind.aliases[0] if kind.aliases else kind.code for kind in self.kinds)

    def finding(self, name: str) -> FindingKind | None:
        """Find a kind of finding likewise."""
        return next((one for one in self.findings if name in (one.code, *one.aliases)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrerequisiteItem:
    """Something that must be ready before work starts."""

    id: str
    labels: Labels
    words: tuple[str, ...]
    """How people name it in prose, in any language; compared without accents and case, from the beginning of a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The prerequisites of a product line, in the order of their numbers."""

    product_line: str | None
    """As the desk's mapped field names it; None: every line without a checklist of its own."""
    items: tuple[PrerequisiteItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Who bills: what stands at the head of a statement and in the draft of an invoice."""

    name: str = ""
    tax_id: str = ""
    address: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceInvoice:
    """What the draft of a Brazilian service invoice (NFS-e Nacional, DPS) says beside the statement."""

    environment: int
    """1: production, 2: the tax authority's test environment."""
    series: str
    municipality: str
    """IBGE code of the seller's municipality, where the service is provided."""
    service_code: str
    """National service code (``cTribNac``): six digits."""
    simples_nacional: int
    """``opSimpNac``: 1 no, 2 MEI, 3 ME/EPP."""
    municipal_registration: str = ""
    special_regime: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRules:
    """When months close, who bills, and what a statement says at its foot."""

    business_day: int = 2
    """The nth business day after a month, on which it closes."""
    automatic: bool = True
    """Close by itself on that day; nothing leaves the bridge by it."""
    seller: Seller = field(default_factory=Seller)
    footer: Labels = field(default_factory=dict)
    service_invoice: ServiceInvoice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A whole policy as the domain sees it."""

    digest: str
    modalities: tuple[Modality, ...]
    criteria: tuple[Criterion, ...]
    rates: tuple[Rate, ...]
    terms: tuple[TermTemplate, ...]
    consent: ConsentRules
    calendar: Calendar
    scheduling: SchedulingRules = field(default_factory=SchedulingRules)
    consultants: tuple[Consultant, ...] = ()
    customers: tuple[CustomerCalendar, ...] = ()
    billing: BillingRules = field(default_factory=BillingRules)
    checklists: tuple[Checklist, ...] = ()
    statements: StatementRules = field(default_factory=StatementRules)
    routes: tuple[Route, ...] = ()
    completeness: tuple[CompletenessItem, ...] = ()
    questions: tuple[Questions, ...] = ()
    """The first whose condition holds counts; without any, nothing is asked."""
    term_variables: Mapping[str, Any] = field(default_factory=dict)
    """Site-wide variables of the terms (``taxes_note``, ``confirmation_hours``, ``product_checklist``…)."""
    default_language: Language = Language.PT

    def modality(self, code: str) -> Modality | None:
        """Find a modality by its code."""
        return next((modality for modality in self.modalities if modality.code == code), None)

    def modality_named(self, name: str) -> Modality | None:
        """Find a modality by its code or by what people call it, which may be the first word of ``name``."""
        words = name.split()
        wanted = {plain(words[0]), plain(name)} if words else set()
        return next((one for one in self.modalities if wanted & one.names), None)

    def criterion(self, code: str) -> Criterion | None:
        """Find a criterion by its id."""
        return next((criterion for criterion in self.criteria if criterion.id == code), None)

    def term(self, modality: ModalityCode) -> TermTemplate | None:
        """Return the current term of a modality; the last listed version wins."""
        return next((term for term in reversed(self.terms) if term.modality == modality), None)

    def rate(self, modality: ModalityCode, product_line: str | None, at: datetime) -> Rate | None:
        """Return the row valid on the local day of ``at``: the product line's own before the general one."""
        day = at.astimezone(ZoneInfo(self.calendar.zone)).date()
        rows = [
            row
            for row in self.rates
            if row.modality == modality
            and row.valid_from <= day
            and (row.valid_to is None or day <= row.valid_to)
            and row.product_line in (None, product_line)
        ]
        rows.sort(key=lambda row: row.product_line is not None)
        return rows[-1] if rows else None
