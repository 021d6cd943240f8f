"""Random histories of one ticket: what customers, agents, the desk, finance and the clock may do, in any order."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from helpdesk_bridge.domain import desk_time
from helpdesk_bridge.domain.effects import Forget, Wake
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.events import (
    Billed,
    CommentAdded,
    CommentEdited,
    DecidedEvent,
    Posted,
    TicketSeen,
    TimeLogged,
    TimerFired,
)
from helpdesk_bridge.domain.invoicing import MOVES, can_be
from helpdesk_bridge.domain.journal import Entry
from helpdesk_bridge.domain.lifecycle import WorkState
from helpdesk_bridge.domain.reading import Command, SignalKind, TicketReading
from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.domain.values import Comment, CommentId, LoggedTime, Person, Role, TicketStatus
from tests.domain.builders import AGENT, BRIDGE, COLLEAGUE, OUTSIDER, REQUESTER, Story, a_reading

BEGINNING = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday, 09:00 in São Paulo."""

DUDA = Person(id="18", role=Role.AGENT, name="Duda")

SAYINGS = (
    SignalKind.ACCEPTANCE,
    SignalKind.CONDITIONAL_ACCEPTANCE,
    SignalKind.REFUSAL,
    SignalKind.OTHER_ROUTE,
    SignalKind.INTERRUPTION,
    SignalKind.RETRACTION,
    SignalKind.PAUSE,
    SignalKind.RESUME,
    SignalKind.SLOT_CONFIRMATION,
    SignalKind.SLOT_COUNTER_PROPOSAL,
    SignalKind.UNCLEAR,
    SignalKind.DISPUTE,
)

LINES = (
    "/termo consultoria-suporte",
    "/termo consultoria-tecnica",
    "/termo retirar",
    "/aceite confirmar combinado",
    "/agendar {slot}",
    "/falta cliente",
    "/falta consultor",
    "/tempo {minutes}min remoto",
    "/tempo {minutes}min telefone @bia",
    "/tempo {minutes}min analise termo 1",
    "/tempo iniciar remoto",
    "/tempo parar",
    "/tempo parar {minutes}min",
    "/tempo corrigir {entry} {minutes}min engano",
    "/tempo corrigir {entry} 0min engano",
    "/pausar motivo",
    "/retomar motivo",
    "/interromper motivo",
    "/constatacao produto ISSUE-1",
    "/constatacao produto ISSUE-1 disponivel",
    "/constatacao dados",
    "/abonar management cortesia",
    "/repasse Unidade 12446688000117",
    "/cnpj 11827364000166",
    "/concluir",
)


@dataclass(frozen=True)
class Act:
    """Something that happens so many seconds after what happened before."""

    kind: str
    wait: int
    choice: int = 0
    minutes: int = 0
    certain: bool = True


_RARE = ("edits", "clocks", "clocks", "rings", "rings", "solves", "solves", "reopens", "bills", "bills", "bills", "repeats")
KINDS = ("says",) * 4 + ("orders",) * 7 + ("posts",) * 2 + _RARE
"""Kinds of acts, each as often as it comes up: consent and time often enough for the rest to matter."""


def acts() -> st.SearchStrategy[list[Act]]:
    """Histories that mostly get somewhere; a failing one is shrunk."""
    one = st.builds(
        Act,
        kind=st.sampled_from(KINDS),
        wait=st.integers(0, 5400),
        choice=st.integers(0, 999),
        minutes=st.integers(0, 300),
        certain=st.sampled_from((True, True, True, False)),
    )
    return st.lists(one, min_size=1, max_size=30)


def drawn(seed: int) -> list[Act]:
    """Draw a history by its number: the same one in every run, whatever else runs."""
    chance = random.Random(seed)
    return [
        Act(
            kind=chance.choice(KINDS),
            wait=chance.randint(0, 5400),
            choice=chance.randint(0, 999),
            minutes=chance.randint(0, 300),
            certain=chance.random() < 0.75,
        )
        for _ in range(chance.randint(1, 30))
    ]


class History(Story):
    """A Story with a clock, timers and a memory of what was told."""

    def __init__(self, rules: Rules, *, accepted: str | None = None) -> None:
        self.now = BEGINNING
        self.desk_time: dict[str, LoggedTime] = {}
        self.timers: dict[str, Wake] = {}
        self.told: list[DecidedEvent] = []
        self.steps: list[tuple[DecidedEvent, Engagement, Engagement, tuple[Entry, ...]]] = []
        super().__init__(rules)
        if accepted is not None:
            self._order(f"/termo {accepted}")
            self._posted()
            self._say(SignalKind.ACCEPTANCE, REQUESTER)

    def tell(self, event: DecidedEvent) -> Any:
        """Let something happen, and keep what it did."""
        before = self.engagement
        decision = super().tell(event)
        self.told.append(event)
        self.steps.append((event, before, self.engagement, decision.entries))
        for effect in decision.effects:
            if isinstance(effect, Wake):
                self.timers[effect.key] = effect
            elif isinstance(effect, Forget):
                self.timers.pop(effect.key, None)
        return decision

    def repeatable(self) -> list[DecidedEvent]:
        """Return what may come again by itself and did something: the inbox lets nothing else in twice."""
        return [event for event, *_, entries in self.steps if entries and isinstance(event, (Posted, TimerFired, Billed))]

    def play(self, history: list[Act]) -> History:
        """Let everything happen in order."""
        for act in history:
            self.now += timedelta(seconds=act.wait)
            _PLAYED[act.kind](self, act)
        return self

    def _say(self, kind: SignalKind, author: Person, *, certain: bool = True) -> None:
        comment = self._comment(author, public=True, text=f"{kind} {len(self.told)}")
        reading = a_reading(comment.text, kind, certain=certain, data=(("cap_minutes", "30"),))
        self.tell(CommentAdded(ticket=self.ticket, comment=comment, reading=reading, delivery="d"))

    def _order(self, line: str) -> None:
        comment = self._comment(AGENT, public=False, text=line)
        name, _, argument = line.removeprefix("/").partition(" ")
        command = Command(name=name, argument=argument, line=line)
        self.tell(CommentAdded(ticket=self.ticket, comment=comment, reading=a_reading(line), commands=(command,)))

    def _comment(self, author: Person, *, public: bool, text: str) -> Comment:
        comment = Comment(id=CommentId(f"c{len(self.ticket.comments)}"), author=author, public=public, at=self.now, text=text)
        self._grow(comment)
        return comment

    def _posted(self) -> None:
        """The desk shows the last term, or the session that is proposed."""
        term = self.engagement.term
        if term is None:
            return
        proposal = term.proposal
        reference = proposal.reference if proposal is not None and proposal.posted_at is None else term.reference
        self.tell(Posted(reference=reference, comment=CommentId(f"b{len(self.told)}"), at=self.now))


def _says(history: History, act: Act) -> None:
    author = (REQUESTER, REQUESTER, COLLEAGUE, OUTSIDER)[act.choice % 4]
    sayings = SAYINGS + 6 * _FITTING_SAYINGS.get(_work(history), ())
    history._say(sayings[act.choice // 4 % len(sayings)], author, certain=act.certain)


def _orders(history: History, act: Act) -> None:
    lines = LINES + 6 * _FITTING_LINES.get(_work(history), ())
    line = lines[act.choice % len(lines)]
    entries = sum(len(term.entries) for term in history.engagement.terms)
    entry = 1 + act.minutes % max(1, entries)
    start = history.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=24)
    slot = f"{start:%d/%m/%Y} 09:00-10:00"
    history._order(line.format(minutes=act.minutes, entry=entry, slot=slot))


def _work(history: History) -> WorkState | None:
    term = history.engagement.term
    return term.work if term is not None else None


_FITTING_SAYINGS = {
    WorkState.SLOT_PROPOSED: (SignalKind.SLOT_CONFIRMATION,),
    WorkState.PAUSED: (SignalKind.RESUME,),
}
_FITTING_LINES = {
    WorkState.SCHEDULED: ("/falta cliente",),
    WorkState.PAUSED: ("/retomar motivo",),
    WorkState.IN_PROGRESS: ("/concluir",),
}
"""What people rather do where the work stands, so that histories get further."""


def _posts(history: History, _act: Act) -> None:
    history._posted()


def _edits(history: History, act: Act) -> None:
    said = [comment for comment in history.ticket.comments if comment.public]
    if not said:
        return
    old = said[act.choice % len(said)]
    comment = replace(old, text=f"{old.text}!", edited_by=old.author.id)
    kind = SAYINGS[act.minutes % len(SAYINGS)]
    history.ticket = replace(
        history.ticket, comments=tuple(comment if each.id == old.id else each for each in history.ticket.comments)
    )
    reading = a_reading(comment.text, kind, certain=act.certain)
    history.tell(CommentEdited(ticket=history.ticket, comment=comment, reading=reading, at=history.now))


def _clocks(history: History, act: Act) -> None:
    """Somebody logs time in the desk's own field, beside a comment or alone, changes it, or takes it away; the bridge reads it all."""
    fact = f"t{act.choice % 5}"
    if act.choice % 4 == 0:
        history.desk_time.pop(fact, None)
    else:
        old = history.desk_time.get(fact)
        comments = [comment.id for comment in history.ticket.comments if comment.author.role is Role.AGENT]
        history.desk_time[fact] = LoggedTime(
            id=fact,
            author=(AGENT, AGENT, AGENT, DUDA, REQUESTER, BRIDGE)[act.choice % 6],
            at=old.at if old is not None else history.now,
            seconds=(act.minutes - 5) * (60 if act.certain else 1200) + act.choice % 60,
            comment=old.comment if old is not None else comments[-1] if comments and act.choice % 3 else None,
        )
    history.ticket = replace(history.ticket, time=tuple(history.desk_time.values()))
    for time in list(desk_time.news(history.ticket, history.engagement, history.now)):
        history.tell(TimeLogged(ticket=history.ticket, time=time, at=max(history.now, time.at)))


def _rings(history: History, act: Act) -> None:
    """The clock goes on to a timer that is due later, which then fires."""
    if not history.timers:
        return
    key = sorted(history.timers)[act.choice % len(history.timers)]
    wake = history.timers.pop(key)
    history.now = max(history.now, wake.at)
    history.tell(TimerFired(key=wake.key, kind=wake.kind, at=wake.at))


def _status(status: TicketStatus) -> Callable[[History, Act], None]:
    def change(history: History, _act: Act) -> None:
        history.ticket = replace(history.ticket, status=status)
        history.tell(TicketSeen(ticket=history.ticket, reading=TicketReading(), at=history.now))

    return change


def _bills(history: History, act: Act) -> None:
    """Finance does what it likes; the table of the charge says what of it can be."""
    if not history.engagement.terms:
        return
    number = 1 + act.minutes % len(history.engagement.terms)
    possible = tuple(kind for kind in MOVES if can_be(kind, history.engagement.terms[number - 1]))
    _bill(history, number, (*MOVES, *4 * possible)[act.choice % (4 + 4 * len(possible))])
    if act.certain and "stated" in possible:
        _bill(history, number, "invoiced")


def _bill(history: History, number: int, kind: str) -> None:
    history.tell(
        Billed(
            kind=kind,
            number=number,
            statement="2026-11",
            operator="finance",
            at=history.now,
            identity=f"{kind}:{number}:{len(history.told)}",
            invoice="NF-1",
            tax_id="10234567000186",
            issued_on=date(2026, 12, 1),
        )
    )


def _repeats(history: History, act: Act) -> None:
    """A receipt, a timer or finance's news that did something comes once more, late."""
    again = history.repeatable()
    if again:
        history.tell(again[act.choice % len(again)])


_PLAYED: dict[str, Callable[[History, Act], None]] = {
    "says": _says,
    "orders": _orders,
    "posts": _posts,
    "edits": _edits,
    "clocks": _clocks,
    "rings": _rings,
    "solves": _status(TicketStatus.SOLVED),
    "reopens": _status(TicketStatus.OPEN),
    "bills": _bills,
    "repeats": _repeats,
}
