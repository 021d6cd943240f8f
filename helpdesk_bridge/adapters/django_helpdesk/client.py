"""django-helpdesk's REST API, with the traps that were seen on a running one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from helpdesk_bridge.adapters.base import Change, reference_in
from helpdesk_bridge.adapters.django_helpdesk.thread import (
    NOTHING,
    House,
    becomes_resolution,
    date_of,
    entries_of,
    resolution_before,
    tags_of,
    ticket_of,
)
from helpdesk_bridge.adapters.http import DeskClient, understood
from helpdesk_bridge.adapters.markup import neutralise
from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.values import CommentId, DeskId, Receipt, Ticket, TicketId, digest_of
from helpdesk_bridge.errors import BridgeError, Refused, Retryable, Uncertain

PAGE = 100
MOST_PAGES = 200


class Client:
    """Reads and writes tickets."""

    def __init__(self, desk: DeskId, http: DeskClient, house: House) -> None:
        self._desk, self._http, self._house = desk, http, house

    def fetch(self, ticket: TicketId) -> Ticket:
        """Read a ticket with its whole thread. Raises: Retryable when the answer is odd, too."""
        raw = self._read(ticket)
        with understood(Retryable):
            return ticket_of(raw, self._house, desk=self._desk, url=f"{self._http.base_url}tickets/{ticket}/")

    def changed_since(self, since: datetime) -> Iterator[Change]:
        """List tickets that got a follow-up since then; closed ones are left out."""
        changes: list[Change] = []
        for page in range(1, MOST_PAGES + 1):
            answer = self._http.get("api/tickets/", {"status": "1,2,3", "page": page, "page_size": PAGE})
            with understood(Retryable):
                changes += [_change(raw, entries) for raw in answer["results"] if (entries := entries_of(raw))]
                more = answer.get("next")
            if not more:
                break
        else:
            raise Refused(f"more than {MOST_PAGES} pages of open tickets")
        yield from sorted((change for change in changes if change.updated_at >= since), key=lambda change: change.updated_at)

    def perform(self, update: DeskUpdate) -> Receipt:
        """Write tags and fields first and the comment last, so that a comment that stands proves the rest.

        ``title`` is never sent (it would rename the ticket), ``public`` always.
        """
        raw = self._read(update.ticket)
        with understood(Retryable):
            if update.body is not None and not update.public and becomes_resolution(raw):
                raise Refused("the ticket is resolved: a private note would be shown to the customer as its resolution")
            changed = self._changed_fields(update, raw)
            last = date_of(entries_of(raw)[-1])
        if changed:
            self._http.write("PATCH", f"api/tickets/{update.ticket}/", changed)
        if update.body is None:
            return Receipt(reference=update.reference, comment=None, at=last)
        body = {"ticket": int(update.ticket), "comment": neutralise(update.body), "public": update.public}
        posted = self._http.write("POST", "api/followups/", body)
        with understood(Uncertain):
            receipt = _receipt(update, posted)
            self._restore_resolution(update, int(posted["id"]), raw)
        return receipt

    def find(self, update: DeskUpdate) -> Receipt | None:
        """Look for our reference among our own follow-ups; a private one is taken out of the customer's sight first."""
        raw = self._read(update.ticket)
        with understood(Retryable):
            ours = [entry for entry in entries_of(raw) if entry.get("user") == self._house.bot]
            entry = next((one for one in ours if reference_in(one.get("comment") or "") == update.reference), None)
            if entry is None:
                return None
            receipt, number = _receipt(update, entry), int(entry["id"])
        if not update.public and _stands_as_resolution(update, raw):
            self._set_resolution(update, resolution_before(raw, number))
        return receipt

    def ping(self) -> None:
        """Ask for one ticket."""
        self._http.get("api/tickets/", {"page_size": 1})

    def _read(self, ticket: TicketId) -> dict[str, Any]:
        raw = self._http.get(f"api/tickets/{ticket}/")
        if not isinstance(raw, dict):
            raise Retryable("the desk answered with something that is no ticket")
        return raw

    def _changed_fields(self, update: DeskUpdate, raw: Mapping[str, Any]) -> dict[str, str]:
        """Return the custom fields that must say something else."""
        outputs, tags_field = self._house.output_fields, self._house.tags_field
        wanted = {outputs[name]: value or NOTHING for name, value in update.fields if name in outputs}
        if tags_field is not None:
            now = tags_of(raw, self._house)
            tags = list(dict.fromkeys([*(tag for tag in now if tag not in update.remove_tags), *update.add_tags]))
            if tags != now:
                wanted[tags_field] = ",".join(tags) or NOTHING
        return {key: value for key, value in wanted.items() if (raw.get(key) or NOTHING) != value}

    def _restore_resolution(self, update: DeskUpdate, followup: int, before: Mapping[str, Any]) -> None:
        """Put the resolution back when our follow-up took its place, also when the ticket was resolved just before we wrote.

        The follow-up stands by now: whatever fails here is Uncertain, for anything else would post it again.
        """
        try:
            now = self._read(update.ticket)
            if _stands_as_resolution(update, now):
                kept = before.get("resolution")
                self._set_resolution(update, kept if becomes_resolution(before) else resolution_before(now, followup) or kept)
        except BridgeError as error:
            raise Uncertain(f"the follow-up stands, but perhaps as the ticket's resolution, too: {error}") from error

    def _set_resolution(self, update: DeskUpdate, resolution: str | None) -> None:
        self._http.write("PATCH", f"api/tickets/{update.ticket}/", {"resolution": resolution})


def _stands_as_resolution(update: DeskUpdate, raw: Mapping[str, Any]) -> bool:
    return reference_in(raw.get("resolution") or "") == update.reference


def _change(raw: Mapping[str, Any], entries: list[dict[str, Any]]) -> Change:
    marker = digest_of([raw.get("status"), [[entry["id"], entry.get("time_spent")] for entry in entries]])[:16]
    return Change(ticket=TicketId(str(raw["id"])), updated_at=date_of(entries[-1]), marker=marker)


def _receipt(update: DeskUpdate, entry: Mapping[str, Any]) -> Receipt:
    return Receipt(
        reference=update.reference,
        comment=CommentId(str(entry["id"])),
        at=date_of(entry),
        raw={"id": entry["id"], "public": entry.get("public"), "date": entry["date"]},
    )
