"""django-helpdesk: webhooks without a signature (the secret is in the URL), REST with a token, Markdown comments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

import marshmallow as ma
from marshmallow import validate

from helpdesk_bridge.adapters.base import Capabilities, Change, Token
from helpdesk_bridge.adapters.django_helpdesk import client, webhook
from helpdesk_bridge.adapters.django_helpdesk.thread import House
from helpdesk_bridge.adapters.http import DeskClient
from helpdesk_bridge.adapters.signatures import check_shared_secret
from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.events import Hint
from helpdesk_bridge.domain.values import Delivery, DeskId, Receipt, Ticket, TicketId


class DjangoHelpdeskSettings(ma.Schema):
    """What ``bridge.yaml`` says about a django-helpdesk."""

    base_url = ma.fields.Url(required=True, require_tld=False, metadata={"doc": "where django-helpdesk answers"})
    token = Token(required=True, metadata={"doc": "API token of the bridge's own staff user", "secret": True})
    url_secret = ma.fields.String(
        required=True,
        validate=validate.Regexp(r"[\w.~-]{12,}\Z", re.ASCII, error="at least 12 letters, digits or . _ ~ - and no others"),
        metadata={"doc": "first part of the webhook path", "secret": True},
    )
    bot_user_id = ma.fields.Integer(required=True, metadata={"doc": "id of the bridge's own user"})
    timeout_seconds = ma.fields.Integer(
        load_default=20, validate=validate.Range(min=1, max=30), metadata={"doc": "how long an answer may take"}
    )
    agents = ma.fields.Dict(
        keys=ma.fields.Integer(), values=ma.fields.String(), load_default=dict, metadata={"doc": "user id → name"}
    )
    organization_domains = ma.fields.List(
        ma.fields.String(), load_default=list, metadata={"doc": "mail domains whose people are colleagues of a submitter there"}
    )
    web_updates_by_submitter = ma.fields.Boolean(
        load_default=False, metadata={"doc": "whether updates by a person without a staff account are the submitter's"}
    )
    time_spent = ma.fields.Boolean(
        load_default=True, metadata={"doc": "whether the time spent on a follow-up is what an agent typed"}
    )
    facts = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.String(), load_default=dict, metadata={"doc": "fact → key of the API's ticket"}
    )
    tags_field = ma.fields.String(load_default=None, allow_none=True, metadata={"doc": "custom field that holds tags"})
    output_fields = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.String(), load_default=dict, metadata={"doc": "our field → custom field"}
    )


class DjangoHelpdesk:
    """One configured django-helpdesk."""

    product: ClassVar[str] = "django_helpdesk"
    capabilities: ClassVar[Capabilities] = Capabilities(
        signature="url secret",
        webhook_retries=False,
        tags=True,
        fields=True,
        find=True,
        edits=True,
        time_entries=True,
        markup="markdown",
    )
    Settings: ClassVar[type[ma.Schema]] = DjangoHelpdeskSettings

    def __init__(self, desk: DeskId, settings: dict[str, Any]) -> None:
        """Configure; no network."""
        self.desk = desk
        self._secret: str = settings["url_secret"]
        self._bot: int = settings["bot_user_id"]
        http = DeskClient(
            settings["base_url"],
            headers={"Authorization": f"Token {settings['token']}"},
            read_timeout=settings.get("timeout_seconds", 20),
        )
        self._client = client.Client(desk, http, House.of(settings))

    def verify(self, delivery: Delivery) -> None:
        """Compare the first part of the path with the secret. Raises: Unauthentic."""
        check_shared_secret(secrets=(self._secret,), given=delivery.path.partition("/")[0])

    def parse(self, delivery: Delivery) -> Hint:
        """Name the ticket and the follow-up. Raises: ParseError."""
        return webhook.parse(delivery, bot_user_id=self._bot)

    def fetch(self, ticket: TicketId) -> Ticket:
        """Read the ticket and its follow-ups."""
        return self._client.fetch(ticket)

    def changed_since(self, since: datetime) -> Iterable[Change]:
        """List tickets with a follow-up since then."""
        return self._client.changed_since(since)

    def perform(self, update: DeskUpdate) -> Receipt:
        """Set tags and fields, then post the follow-up: the comment stands only when the rest does."""
        return self._client.perform(update)

    def find(self, update: DeskUpdate) -> Receipt | None:
        """Look for our reference in our own follow-ups."""
        return self._client.find(update)

    def ping(self) -> None:
        """List one ticket."""
        self._client.ping()


ADAPTER = DjangoHelpdesk
