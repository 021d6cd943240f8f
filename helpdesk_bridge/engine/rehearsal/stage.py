"""The stage: a whole bridge with its database around one ticket, on a clock that only the script moves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from string import ascii_uppercase
from zoneinfo import ZoneInfo

from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.events import Billed, GoneSettled
from helpdesk_bridge.domain.journal import Record
from helpdesk_bridge.domain.values import (
    Comment,
    CommentId,
    Delivery,
    LoggedTime,
    Organization,
    Person,
    Role,
    Ticket,
    TicketId,
    TicketStatus,
)
from helpdesk_bridge.engine.advance import advance, load
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.deliver import deliver
from helpdesk_bridge.engine.receive import receive
from helpdesk_bridge.engine.rehearsal import finance
from helpdesk_bridge.engine.rehearsal.desk import DESK, RehearsalDesk
from helpdesk_bridge.engine.rehearsal.notes import note_of
from helpdesk_bridge.engine.rehearsal.script import Step, Thread
from helpdesk_bridge.engine.tick import tick
from helpdesk_bridge.policy import Policy
from helpdesk_bridge.readers import Reader
from helpdesk_bridge.store import NewRow, Store


class Silence:
    """A bell nobody hears: the stage drains its lanes itself."""

    def ring(self, kind: str) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How things stand once a step and everything that follows from it have happened."""

    engagement: Engagement
    solved: bool
    records: int
    """Length of the journal."""
    parked: tuple[str, ...]
    """Reasons of rows that wait for a person."""


class Stage:
    """Plays a script step by step through receive, advance, deliver and tick."""

    def __init__(self, thread: Thread, policy: Policy, store: Store, reader: Reader | None = None) -> None:
        self.thread, self.now = thread, thread.steps[0].at.astimezone(UTC)
        self.desk = RehearsalDesk(DESK, {"ticket": _ticket(thread), "clock": lambda: self.now})
        self.bridge = Bridge(
            store=store, desks={DESK: self.desk}, bell=Silence(), clock=lambda: self.now, policy=policy, reader=reader
        )
        self.terms: dict[str, list[int]] = {}
        """Letter of an engagement → numbers of its terms, in order."""

    @property
    def ticket(self) -> TicketId:
        """The only ticket."""
        return self.desk.ticket.id

    def play(self, step: Step) -> Moment:
        """Let timers fire that are due earlier, then the step happen, then everything that follows from it at once."""
        self._wait_until(step.at)
        terms = len(self.engagement().terms)
        act = _ACTS.get(step.type, _order)
        if act(self, step):
            self._tell(step)
        self._drain()
        self._fire()
        engagement = self.engagement()
        for number in range(terms + 1, len(engagement.terms) + 1):
            self.terms.setdefault(step.data.get("engagement", ascii_uppercase[len(self.terms)]), []).append(number)
        return self._moment(engagement)

    def engagement(self) -> Engagement:
        """Return what the journal adds up to now."""
        return load(self.bridge, DESK, self.ticket)[0]

    def records(self) -> tuple[Record, ...]:
        """Return the journal."""
        with self.bridge.store.read() as tx:
            return tuple(tx.journal.records(DESK, self.ticket))

    def write(self, step: Step, author: Person, text: str, *, public: bool, html: str | None = None) -> None:
        """Let somebody write a comment that carries the step's number."""
        said = step.data
        self.desk.write(
            Comment(
                id=CommentId(str(step.seq)),
                author=author,
                public=public,
                at=self.now,
                text=text,
                html=html,
                channel=said.get("channel", "web"),
                warnings=tuple(said.get("warnings", ())),
            )
        )

    def bill(self, news: Iterable[Billed | GoneSettled]) -> None:
        """Let finance tell what became of a charge, through the inbox like everybody."""
        with self.bridge.store.write() as tx:
            tx.inbox.add([NewRow.internal(DESK, self.ticket, event, now=self.now) for event in news])

    def term_number(self, letter: str) -> int | None:
        """Return the number of an engagement's latest term, where the ticket has several."""
        numbers = self.terms.get(letter, [])
        return numbers[-1] if numbers and len(self.engagement().terms) > 1 else None

    def author(self, actor: str) -> Person:
        """Return the person behind an actor's name."""
        return self.desk.ticket.requester if actor == "requester" else Person(id=actor, role=Role(actor), name=actor)

    def zone(self) -> ZoneInfo:
        """The zone agents write times in."""
        return ZoneInfo(self.bridge.policy.rules.calendar.zone)

    def _wait_until(self, at: datetime) -> None:
        at = at.astimezone(UTC)
        while (due := self._next_due()) is not None and due < at:
            self.now = max(self.now, due)
            self._fire()
        self.now = at

    def _next_due(self) -> datetime | None:
        with self.bridge.store.read() as tx:
            return tx.due.next_at()

    def _fire(self) -> None:
        while tick(self.bridge):
            self._drain()

    def _drain(self) -> None:
        while advance(self.bridge) or deliver(self.bridge):
            pass

    def _tell(self, step: Step) -> None:
        """Post the webhook as often as the script says; each time it names another delivery of the same fact."""
        for turn in range(step.data.get("deliveries", 1)):
            body = json.dumps({"identity": f"{step.type}:{step.seq}:{turn}", "kind": step.type}).encode()
            delivery = Delivery(desk=DESK, path="", headers=(), body=body, received_at=self.now)
            receive(self.bridge, self.bridge.store.recorder(), delivery)

    def _moment(self, engagement: Engagement) -> Moment:
        with self.bridge.store.read() as tx:
            parked = [row.reason for row in tx.inbox.parked()] + [row.reason for row in tx.outbox.parked()]
        solved = self.desk.ticket.status is not TicketStatus.OPEN
        return Moment(engagement=engagement, solved=solved, records=len(self.records()), parked=tuple(parked))


def _ticket(thread: Thread) -> Ticket:
    opening = thread.steps[0]
    consultant = thread.requester_kind == "consultant"
    return Ticket(
        desk=DESK,
        id=TicketId(thread.id),
        subject=opening.data.get("subject", ""),
        description=opening.data["body"],
        requester=Person(
            id="requester",
            role=Role.REQUESTER,
            name=thread.requester,
            flags=frozenset({"consultant"} if consultant else ()),
        ),
        created_at=opening.at,
        updated_at=opening.at,
        organization=Organization(id="1", name=thread.organization, tax_id=thread.tax_id or None),
        fields=tuple(sorted({"requester_kind": thread.requester_kind, **opening.data.get("fields_", {})}.items())),
    )


def _nothing(_stage: Stage, _step: Step) -> bool:
    """Only the clock moves."""
    return False


def _open(_stage: Stage, _step: Step) -> bool:
    """The ticket is there from the start: only its webhook comes."""
    return True


def _comment(stage: Stage, step: Step) -> bool:
    said = step.data
    stage.write(step, stage.author(step.actor), said.get("body", ""), public=said.get("public", True), html=said.get("body_html"))
    return True


def _edit(stage: Stage, step: Step) -> bool:
    stage.desk.edit(CommentId(str(step.data["edits_seq"])), step.data["body"])
    return True


def _order(stage: Stage, step: Step) -> bool:
    """Let the agent type the command that does what the step says."""
    letter = step.data.get("engagement", "")
    line = note_of(step, stage.bridge.policy.rules, stage.zone(), stage.term_number(letter))
    stage.write(step, stage.author("agent"), line, public=False)
    return True


def _work(stage: Stage, step: Step) -> bool:
    """Log time by command, or (``native``) in the desk's own field, which knows no start when the work ended just then."""
    if not step.data.get("native"):
        return _order(stage, step)
    said = step.data
    author = Person(id=said["consultant"], role=Role.AGENT, name=said["consultant"])
    seconds = int((said["performed_end"] - said["performed_start"]).total_seconds())
    stage.desk.log(
        LoggedTime(
            id=str(step.seq),
            author=author,
            at=stage.now,
            seconds=seconds,
            started=said["performed_start"] if said["performed_end"] != step.at else None,
            comment=CommentId(str(said["beside_seq"])) if "beside_seq" in said else None,
        )
    )
    return True


def _relog(stage: Stage, step: Step) -> bool:
    stage.desk.relog(str(step.data["edits_seq"]), 60 * step.data.get("minutes", 0))
    return True


def _delete(stage: Stage, _step: Step) -> bool:
    stage.desk.delete()
    return True


def _settle_gone(stage: Stage, step: Step) -> bool:
    told = {"verdict": step.data["verdict"], "operator": "finance", "reason": step.type, "identity": f"gone:{step.seq}"}
    stage.bill([GoneSettled(at=stage.now, **told)])
    return False


def _close(stage: Stage, _step: Step) -> bool:
    stage.bill(finance.stated(stage.engagement(), stage.desk.ticket, stage.now))
    return False


def _invoice(stage: Stage, _step: Step) -> bool:
    stage.bill(finance.invoiced(stage.engagement(), stage.desk.ticket, stage.now, stage.now.astimezone(stage.zone()).date()))
    return False


def _release(stage: Stage, _step: Step) -> bool:
    stage.bill(finance.cancelled(stage.engagement(), stage.desk.ticket, stage.now, kind="released"))
    return False


def _cancel(stage: Stage, _step: Step) -> bool:
    stage.bill(finance.cancelled(stage.engagement(), stage.desk.ticket, stage.now))
    return False


def _status(status: TicketStatus) -> Callable[[Stage, Step], bool]:
    def change(stage: Stage, _step: Step) -> bool:
        stage.desk.set_status(status)
        return True

    return change


_ACTS: dict[str, Callable[[Stage, Step], bool]] = {
    "ticket_created": _open,
    "comment": _comment,
    "comment_edited": _edit,
    "time_entry": _work,
    "ticket_solved": _status(TicketStatus.SOLVED),
    "ticket_reopened": _status(TicketStatus.OPEN),
    "deadline_crossed": _nothing,
    "statement_closed": _close,
    "invoice_issued": _invoice,
    "invoice_cancelled": _cancel,
    "statement_released": _release,
    "time_edited": _relog,
    "time_removed": _relog,
    "ticket_deleted": _delete,
    "gone_settled": _settle_gone,
}
"""Type of a step → what it does at the desk, and whether the desk tells; every other type is an agent's command."""
