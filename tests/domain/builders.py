"""Builders of values: say only what a test is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from helpdesk_bridge.domain.agenda import Agenda
from helpdesk_bridge.domain.calendar import Calendar, NoHolidays
from helpdesk_bridge.domain.conditions import Check, Condition, Operator
from helpdesk_bridge.domain.decide import decide
from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.effects import Update
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.events import Billed, CommentAdded, CommentEdited, DecidedEvent, Posted, TicketOpened, TicketSeen
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.journal import Entry
from helpdesk_bridge.domain.reading import Command, Cue, Reading, Signal, SignalKind, TicketReading
from helpdesk_bridge.domain.rules import BillingRules, ConsentRules, Criterion, FindingKind, Modality, Rate, Rules, WorkKind
from helpdesk_bridge.domain.values import (
    Comment,
    CommentId,
    CriterionId,
    DeskId,
    Language,
    ModalityCode,
    Organization,
    Person,
    Role,
    Span,
    Ticket,
    TicketId,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DESK, TICKET = DeskId("desk"), TicketId("7")
STANDARD, SUPPORT, TECHNICAL = (ModalityCode(code) for code in ("standard_support", "support_consulting", "technical_consulting"))


def at(minutes: float) -> datetime:
    """Return so many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


@dataclass(frozen=True)
class PlainTerm:
    """A term whose wording is one sentence."""

    modality: ModalityCode
    version: str = "v1"
    required_slots: tuple[str, ...] = ()

    def languages(self) -> frozenset[Language]:
        return frozenset(Language)

    def render(self, language: Language, variables: Mapping[str, Any]) -> str:
        return f"[{language}] {variables['modality_labels'][language]} at {variables['hourly']} {variables['currency']}/h"


def some_rules(**changes: Any) -> Rules:
    """A small policy: three modalities, one criterion each, one rate row."""
    rules = Rules(
        digest="p" * 64,
        modalities=(
            _modality(STANDARD, "Suporte Padrão", "suporte-padrao", rank=0),
            _modality(SUPPORT, "Consultoria do Suporte", "consultoria-suporte", rank=1, criterion="CS-01"),
            _modality(TECHNICAL, "Consultoria Técnica", "consultoria-tecnica", rank=2, criterion="CT-01"),
        ),
        criteria=(_criterion("CS-01", SUPPORT), _criterion("CT-01", TECHNICAL)),
        rates=tuple(
            Rate(
                id=f"brl-2026-{code}",
                modality=code,
                product_line=None,
                currency="BRL",
                hourly=Decimal("354.00"),
                valid_from=date(2026, 1, 1),
                valid_to=None,
                index="IGP-M",
            )
            for code in (SUPPORT, TECHNICAL)
        ),
        terms=(PlainTerm(SUPPORT), PlainTerm(TECHNICAL)),
        consent=ConsentRules(blocking_warnings=frozenset({"not_signed"})),
        billing=some_billing(),
        calendar=Calendar(
            zone="America/Sao_Paulo", windows=(("08:00", "12:00"),), weekdays=(0, 1, 2, 3, 4), holidays=NoHolidays()
        ),
    )
    return replace(rules, **changes)


def some_billing(**changes: Any) -> BillingRules:
    """Two kinds of work, two findings, one motive; nothing rounded."""
    billing = BillingRules(
        kinds=(
            WorkKind(code="remote", labels=dict.fromkeys(Language, "remoto"), aliases=("remoto",)),
            WorkKind(code="other", labels=dict.fromkeys(Language, "outro"), aliases=("outro",)),
        ),
        findings=(
            FindingKind(
                code="product", labels=dict.fromkeys(Language, "produto"), aliases=("produto",), waives=True, needs_issue=True
            ),
            FindingKind(code="data", labels=dict.fromkeys(Language, "dados"), aliases=("dados",)),
        ),
        motives={"management": dict.fromkeys(Language, "gestão")},
        is_issue=lambda text: text.startswith("ABC-"),
        customer_sees="nothing",
    )
    return replace(billing, **changes)


def _modality(code: ModalityCode, label: str, alias: str, *, rank: int, criterion: str | None = None) -> Modality:
    met = Condition(any=(Check(field="criteria", operator=Operator.INCLUDES, value=criterion),)) if criterion else None
    return Modality(
        code=code,
        labels=dict.fromkeys(Language, label),
        aliases=(alias,),
        paid=rank > 0,
        rank=rank,
        waivable=code == SUPPORT,
        recommended_when=met,
        cost=dict.fromkeys(Language, "cost"),
        next_step=dict.fromkeys(Language, "next"),
    )


def _criterion(code: str, modality: ModalityCode) -> Criterion:
    labels = dict.fromkeys(Language, code)
    return Criterion(id=CriterionId(code), modality=modality, labels=labels, ask=dict.fromkeys(Language, "?"))


REQUESTER = Person(id="ana@cliente.example", role=Role.REQUESTER, name="Ana", email="ana@cliente.example")
COLLEAGUE = Person(id="bia@cliente.example", role=Role.COLLEAGUE, name="Bia", email="bia@cliente.example")
OUTSIDER = Person(id="eve@fora.example", role=Role.OUTSIDER, name="Eve", email="eve@fora.example")
AGENT = Person(id="17", role=Role.AGENT, name="Caio")
BRIDGE = Person(id="2", role=Role.BRIDGE, name="bridge")


def a_comment(
    number: int, text: str = "…", *, author: Person = REQUESTER, public: bool = True, minutes: float | None = None, **changes: Any
) -> Comment:
    """Comment ``number``, written that many minutes after noon unless told otherwise."""
    comment = Comment(
        id=CommentId(str(number)), author=author, public=public, at=at(number if minutes is None else minutes), text=text
    )
    return replace(comment, **changes)


def a_ticket(*comments: Comment, **changes: Any) -> Ticket:
    """An open ticket of Ana's."""
    ticket = Ticket(
        desk=DESK,
        id=TICKET,
        subject="MATA330",
        description="O custo zera.",
        requester=REQUESTER,
        created_at=NOON,
        updated_at=NOON,
        organization=Organization(id="1", name="Cliente"),
        comments=comments,
    )
    return replace(ticket, **changes)


def a_reading(
    text: str,
    *kinds: SignalKind,
    certain: bool = True,
    reason: str = "",
    flags: frozenset[str] = frozenset(),
    data: tuple[tuple[str, str], ...] = (),
) -> Reading:
    """A reading that found ``kinds`` in the whole text."""
    span = Span(0, len(text))
    signals = tuple(
        Signal(kind=kind, span=span, pattern=f"test.{kind.value}", certain=certain, reason=reason, data=data) for kind in kinds
    )
    return Reading(original=text, kept=(span,), signals=signals, flags=flags)


class Story:
    """One ticket's history, told event by event to the real ``decide``."""

    def __init__(self, rules: Rules | None = None, ticket: Ticket | None = None) -> None:
        self.rules = rules or some_rules()
        self.ticket = ticket or a_ticket()
        self.engagement = Engagement(desk=DESK, ticket=TICKET)
        self.entries: list[Entry] = []
        self.agenda = Agenda()
        self.last = Decision()
        self.tell(TicketOpened(ticket=self.ticket, language=Language.PT, at=NOON))

    def tell(self, event: DecidedEvent) -> Decision:
        """Let something happen."""
        self.last = decide(event, self.engagement, self.rules, self.agenda)
        self.entries.extend(self.last.entries)
        self.engagement = fold(self.engagement, self.last.entries)
        return self.last

    def commands(self, number: int, *lines: str, author: Person = AGENT) -> Decision:
        """An agent writes commands in an internal note."""
        comment = a_comment(number, "\n".join(lines), author=author, public=False)
        typed = tuple(Command(name=line.strip("/").split()[0], argument=" ".join(line.split()[1:]), line=line) for line in lines)
        self._grow(comment)
        return self.tell(CommentAdded(ticket=self.ticket, comment=comment, reading=a_reading(comment.text), commands=typed))

    def accepted(self) -> Story:
        """The term is sent at 1, shown at 2 and accepted at 3."""
        self.term_sent_and_posted()
        self.says(3, SignalKind.ACCEPTANCE)
        return self

    @property
    def term(self) -> ServiceTerm:
        """The current term."""
        assert self.engagement.term is not None
        return self.engagement.term

    @property
    def refusal(self) -> str | None:
        """Why the last command was refused; None when it was not."""
        updates = [effect for effect in self.last.effects if isinstance(effect, Update)]
        return next((dict(each.variables)["reason"] for each in updates if each.template == "command_refused"), None)

    def says(self, number: int, *kinds: SignalKind, author: Person = REQUESTER, public: bool = True, **reading: Any) -> Decision:
        """Somebody writes a comment that is read as ``kinds``."""
        changes = {key: reading.pop(key) for key in ("minutes", "warnings") if key in reading}
        comment = a_comment(number, reading.pop("words", f"words {number}"), author=author, public=public, **changes)
        self._grow(comment)
        return self.tell(
            CommentAdded(ticket=self.ticket, comment=comment, reading=a_reading(comment.text, *kinds, **reading), delivery="d")
        )

    def says_options(self, number: int, kind: SignalKind, options: Iterable[tuple[tuple[str, str], ...]]) -> Decision:
        """The requester names several times, each in a signal of its own."""
        comment = a_comment(number, f"words {number}")
        self._grow(comment)
        readings = [a_reading(comment.text, kind, data=data) for data in options]
        reading = replace(readings[0], signals=tuple(signal for each in readings for signal in each.signals))
        return self.tell(CommentAdded(ticket=self.ticket, comment=comment, reading=reading, delivery="d"))

    def edits(self, number: int, *kinds: SignalKind, minutes: float, by: Person | None = REQUESTER, **reading: Any) -> Decision:
        """A comment is changed."""
        old = next(comment for comment in self.ticket.comments if comment.id == str(number))
        comment = replace(old, text=f"{old.text} edited", edited_by=by.id if by else None)
        return self.tell(
            CommentEdited(ticket=self.ticket, comment=comment, reading=a_reading(comment.text, *kinds, **reading), at=at(minutes))
        )

    def term_sent_and_posted(self, number: int = 1, alias: str = "consultoria-suporte") -> Story:
        """The term is sent by command and shown by the desk a minute later."""
        self.commands(number, f"/termo {alias}")
        self.posted(number + 1)
        return self

    def bills(self, kind: str, number: int = 1, minutes: float = 999, **told: Any) -> Decision:
        """Finance states, invoices, re-invoices or cancels the charge of a term."""
        return self.tell(
            Billed(
                kind=kind,
                number=number,
                statement="2026-11",
                operator="root",
                at=at(minutes),
                identity=f"{kind}:{minutes}",
                **told,
            )
        )

    def posted(self, number: int) -> Decision:
        """The desk shows the current term."""
        assert self.engagement.term is not None
        return self.tell(Posted(reference=self.engagement.term.reference, comment=CommentId(str(number)), at=at(number)))

    def seen(self, minutes: float = 0, *criteria: str, **changes: Any) -> Decision:
        """The bridge reads the ticket as it stands."""
        cues = tuple(
            Cue(
                criterion=CriterionId(each),
                source="description",
                comment=None,
                span=Span(0, 1),
                text="O",
                pattern=f"t.{each}",
                author=Role.AGENT,
            )
            for each in criteria
        )
        return self.tell(TicketSeen(ticket=replace(self.ticket, **changes), reading=TicketReading(cues=cues), at=at(minutes)))

    def _grow(self, comment: Comment) -> None:
        self.ticket = replace(self.ticket, comments=(*self.ticket.comments, comment))


def kinds(decision: Decision) -> list[str]:
    """Kinds of a decision's entries, without the ones that every comment leaves."""
    return [entry.kind for entry in decision.entries if entry.kind not in ("heard", "words", "opened")]


def notes(decision: Decision) -> list[tuple[str, str]]:
    """Template and visibility of a decision's comments."""
    return [
        (effect.template or "", "public" if effect.public else "internal")
        for effect in decision.effects
        if isinstance(effect, Update)
    ]
