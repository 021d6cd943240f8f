"""The closed, typed list of facts that conditions may ask about."""

from __future__ import annotations

from helpdesk_bridge.domain.conditions import Facts
from helpdesk_bridge.domain.reading import TicketReading
from helpdesk_bridge.domain.values import Role, Ticket

FACTS: dict[str, tuple[type, str]] = {
    "criteria": (tuple, "criteria met, by id"),
    "modality_choice": (str, "code of the modality the customer chose in a form field"),
    "requester_kind": (str, "`customer` or `consultant` (a vendor's own consultant)"),
    "product_line": (str, "product line, as the mapped desk field says"),
    "module": (str, "module, as the mapped desk field says"),
    "priority": (str, "priority, as the mapped desk field says"),
    "environment_version": (str, "release of the customer's environment"),
    "tags": (tuple, "tags of the ticket"),
    "status": (str, "`open`, `solved`, `closed` or `gone`"),
    "language": (str, "`pt-BR`, `es` or `en`"),
    "missing": (tuple, "completeness items nobody has given"),
    "agent_comments": (int, "how many comments agents wrote"),
}
"""Name → (type, what it says). A condition about anything else is refused when the policy loads."""

FIELDS = ("product_line", "module", "priority", "environment_version", "requester_kind", "modality", "time_zone")
"""What a desk's settings may map its own fields to; ``modality`` becomes the fact ``modality_choice``."""


def facts_of(ticket: Ticket, reading: TicketReading, *, modality_choice: str | None = None) -> Facts:
    """Return the facts of a ticket; ``criteria`` holds those the reading found words for."""
    fields = dict(ticket.fields)
    consultant = fields.get("requester_kind") == "consultant" or "consultant" in ticket.requester.flags
    return {
        "criteria": tuple(dict.fromkeys(cue.criterion for cue in reading.cues)),
        "modality_choice": modality_choice,
        "requester_kind": "consultant" if consultant else "customer",
        "product_line": fields.get("product_line"),
        "module": fields.get("module"),
        "priority": fields.get("priority"),
        "environment_version": fields.get("environment_version"),
        "tags": tuple(sorted(ticket.tags)),
        "status": ticket.status.value,
        "language": reading.language.value,
        "missing": reading.missing,
        "agent_comments": sum(comment.author.role is Role.AGENT for comment in ticket.comments),
    }
