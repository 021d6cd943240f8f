"""What agents confirmed or corrected, as labelled items of the evaluation's form: people taught the bridge while they worked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.journal import Record
from helpdesk_bridge.domain.reading import Pending, SignalKind
from helpdesk_bridge.domain.values import Comment, DeskId, Language, Role, Ticket, TicketId
from helpdesk_bridge.language import detect_language, visible_text
from helpdesk_bridge.language.redact import redacted
from helpdesk_bridge.language.reply import reply_of
from helpdesk_bridge.store import Store

STANDARD = "standard_support"
FIELDS = ("product_line", "priority", "environment_version", "requester_kind")
"""Fields of a ticket that its reading depends on."""


def feedback(store: Store, *, redact: bool) -> Iterator[dict[str, Any]]:
    """Yield one item for each comment whose meaning a person settled, and one for each ticket whose modality was fixed.

    Texts come from the thread as it was read last; what was erased, or is stored no more, teaches nothing.
    """
    with store.read() as tx:
        names = tx.journal.names()
    for desk, ticket in names:
        with store.read() as tx:
            records = tx.journal.records(desk, ticket)
            seen = tx.inbox.last_seen(desk, ticket) if any(map(_teaches, records)) else None
        if seen is not None:
            yield from _of_ticket(desk, ticket, records, seen, redact=redact)


def _teaches(record: Record) -> bool:
    return record.kind in ("signal_corrected", "modality_overridden") or (
        record.kind == "consent" and bool(record.body and record.body.get("ratified_by"))
    )


def _of_ticket(
    desk: DeskId, ticket: TicketId, records: tuple[Record, ...], seen: Ticket, *, redact: bool
) -> Iterator[dict[str, Any]]:
    labels: dict[str, tuple[str, str]] = {}
    modality: str | None = None
    for record in records:
        body = record.body or {}
        if not _teaches(record) or not body:
            continue
        if record.kind == "modality_overridden":
            modality = str(body["modality"])
        elif record.kind == "consent":
            labels[str(body["comment"])] = (SignalKind.ACCEPTANCE.value, "/aceite confirmar")
        else:
            labels[str(body["comment"])] = (str(body["label"]), "/sinal")
    people = _people(seen) if redact else ()
    states = _states(Engagement(desk=desk, ticket=ticket), records)
    asked: str | None = None
    for comment in seen.comments:
        if comment.id in labels:
            label, cause = labels[comment.id]
            item = _comment_item(comment, asked, states.get(comment.id, Pending.NONE), redact=redact, people=people)
            yield {"id": f"{desk}/{ticket}/{comment.id}", **item, "label": label, "secondary_labels": [], "note": cause}
        if comment.public and comment.author.role in (Role.AGENT, Role.BRIDGE):
            asked = visible_text(comment)
    if modality is not None:
        yield _ticket_item(desk, ticket, seen, modality, redact=redact, people=people)


def _states(engagement: Engagement, records: Iterable[Record]) -> dict[str, Pending]:
    """Return what was pending when each comment was heard first."""
    found: dict[str, Pending] = {}
    for record in records:
        if record.kind == "heard" and record.body is not None:
            found.setdefault(str(record.body["comment"]), engagement.pending)
        engagement = fold(engagement, (record,))
    return found


def _people(ticket: Ticket) -> tuple[str, ...]:
    authors = [ticket.requester, *(comment.author for comment in ticket.comments)]
    named = [*(author.name for author in authors), *([ticket.organization.name] if ticket.organization else [])]
    return tuple(dict.fromkeys(name for name in named if name))


def _comment_item(
    comment: Comment, asked: str | None, pending: Pending, *, redact: bool, people: tuple[str, ...]
) -> dict[str, Any]:
    """A redacted item holds the author's own words alone: quotes and signatures are about people."""
    item: dict[str, Any] = {"author_role": comment.author.role.value, "channel": comment.channel}
    reply = reply_of(comment)
    own = "\n".join(span.of(reply.text) for span in reply.kept).strip()
    if redact:
        item["body_text"] = redacted(own, people)
    elif comment.html is not None:
        item["body_html"] = comment.html
    else:
        item["body_text"] = comment.text
    context = redacted(asked, people) if redact and asked else asked
    return {"lang": detect_language(own, Language.PT).value, **item, "thread_state": pending.value, "context": context}


def _ticket_item(
    desk: DeskId, ticket: TicketId, seen: Ticket, modality: str, *, redact: bool, people: tuple[str, ...]
) -> dict[str, Any]:
    """Which criteria a paid modality was chosen for, nobody said: such an item is marked ambiguous, and teaches no criterion."""

    def told(text: str) -> str:
        return redacted(text, people) if redact else text

    fields: dict[str, Any] = {name: seen.field(name) for name in FIELDS}
    item: dict[str, Any] = {
        "id": f"{desk}/{ticket}",
        "lang": detect_language(f"{seen.subject}\n{seen.description}", Language.PT).value,
        "subject": told(seen.subject),
        "description": told(seen.description),
        "comments": [
            {"author_role": each.author.role.value, "public": each.public, "body": told(visible_text(each))}
            for each in seen.comments
            if each.author.role not in (Role.BRIDGE, Role.SYSTEM) and not _is_commands(each)
        ],
        "fields": {**fields, "tags": sorted(seen.tags)},
        "expected_modality": modality,
        "criteria": [],
        "evidence": [],
        "note": "/modalidade",
    }
    return item if modality == STANDARD else {**item, "ambiguous": True}


def _is_commands(comment: Comment) -> bool:
    lines = [line.strip() for line in visible_text(comment).splitlines() if line.strip()]
    return not comment.public and bool(lines) and all(line.startswith("/") for line in lines)
