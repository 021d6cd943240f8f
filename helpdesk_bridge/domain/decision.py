"""A Decision, and the situation it is taken in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from helpdesk_bridge.domain.agenda import Agenda
from helpdesk_bridge.domain.effects import Effect, Invitation, Update, reference_of
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.journal import Entry
from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.domain.values import Person, Ticket


@dataclass(frozen=True, slots=True)
class Decision:
    """What is recorded and what is done about one TicketEvent."""

    entries: tuple[Entry, ...] = ()
    effects: tuple[Effect, ...] = ()

    def __add__(self, other: Decision) -> Decision:
        return Decision(self.entries + other.entries, self.effects + other.effects)


NOTHING = Decision()


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything a decision may look at, and the short way to write down what it decides."""

    engagement: Engagement
    rules: Rules
    at: datetime
    fact: str
    actor: str
    ticket: Ticket | None = None
    agenda: Agenda = field(default_factory=Agenda)

    def entry(self, kind: str, /, **body: Any) -> Entry:
        """Record something about this fact under the policy in force."""
        return Entry(kind=kind, at=self.at, actor=self.actor, fact=self.fact, body={**body, "policy": self.rules.digest})

    def note(
        self,
        template: str,
        *,
        key: str,
        rule: str,
        public: bool = False,
        add_tags: tuple[str, ...] = (),
        remove_tags: tuple[str, ...] = (),
        fields: tuple[tuple[str, str], ...] = (),
        invitation: Invitation | None = None,
        **variables: Any,
    ) -> Update:
        """Write a comment that names the rule behind it and carries its visible reference."""
        everything: Mapping[str, Any] = {
            **variables,
            "rule": rule,
            "reference": self.reference(key),
            "language": self.engagement.language.value,
        }
        return Update(
            key=key,
            template=template,
            public=public,
            language=self.engagement.language,
            variables=tuple(everything.items()),
            add_tags=add_tags,
            remove_tags=remove_tags,
            fields=fields,
            invitation=invitation,
        )

    def reference(self, key: str) -> str:
        """Return the visible reference of an update of this ticket."""
        return reference_of(self.engagement.desk, self.engagement.ticket, key)

    def after(self, decision: Decision) -> Situation:
        """Return the situation once ``decision`` is taken."""
        return replace(self, engagement=fold(self.engagement, decision.entries))

    def numbered(self, position: int) -> Situation:
        """Return the situation of one of several facts in the same comment."""
        return replace(self, fact=f"{self.fact}#{position}")


def actor_of(person: Person) -> str:
    """Name a person in the journal by role and desk id; an e-mail address becomes a digest, since the journal never forgets."""
    known = person.id if "@" not in person.id else "#" + hashlib.sha256(person.id.lower().encode()).hexdigest()[:12]
    return f"{person.role.value}:{known}"
