"""One command as it was given, in a note, at the command line or through the API, and the two ways to answer it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpdesk_bridge.domain.decision import Decision, Situation
from helpdesk_bridge.domain.effects import Update
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.reading import Command
from helpdesk_bridge.domain.values import Comment


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One command, who gave it and where."""

    situation: Situation
    command: Command
    source: str
    """``comment:<id>`` of the note, or ``order:<id>`` of the command line or API."""
    person: str
    """Who gave it, as people read it."""
    position: int = 1
    """Which command of the note."""

    @property
    def key(self) -> str:
        """Key of the answer."""
        return f"answer:{self.source.removeprefix('comment:')}:{self.position}"

    @property
    def rule(self) -> str:
        """What the answer names as its cause."""
        return f"/{self.command.name}"

    @property
    def argument(self) -> str:
        """What follows the command's name."""
        return self.command.argument

    @property
    def term(self) -> ServiceTerm | None:
        """The current term."""
        return self.situation.engagement.term

    def answer(self, template: str, **variables: Any) -> Update:
        """Answer with an internal note."""
        return self.situation.note(template, key=self.key, rule=self.rule, **variables)

    def refused(self, reason: str, *, detail: str | None = None) -> Decision:
        """Say clearly why nothing was done; ``reason`` is a stable code that the template words, before the ``detail``."""
        known = [modality.aliases[0] for modality in self.situation.rules.modalities if modality.aliases]
        note = self.answer("command_refused", line=self.command.line, reason=reason, modalities=known, detail=detail)
        return Decision((), (note,))

    def comment(self, comment_id: str | None) -> Comment | None:
        """Return a comment of the thread, or None."""
        thread = self.situation.ticket.comments if self.situation.ticket else ()
        return next((comment for comment in thread if comment.id == comment_id), None)
