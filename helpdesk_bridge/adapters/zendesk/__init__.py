"""Zendesk Support: signed webhooks (events or triggers), OAuth, one ticket PUT per step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

import marshmallow as ma

from helpdesk_bridge.adapters.base import Capabilities, Change, Token
from helpdesk_bridge.adapters.http import DeskClient
from helpdesk_bridge.adapters.signatures import check_timestamped_hmac
from helpdesk_bridge.adapters.zendesk import client, webhook
from helpdesk_bridge.adapters.zendesk.thread import Account
from helpdesk_bridge.domain.effects import DeskUpdate
from helpdesk_bridge.domain.events import Hint
from helpdesk_bridge.domain.values import Delivery, DeskId, Receipt, Ticket, TicketId

TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105 - Zendesk publishes it; who uses it in earnest is open to anybody


class NumberId(ma.fields.String):
    """An id: Zendesk's are numbers, and YAML reads them as such."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not (isinstance(text, str) and text.isascii() and text.isdecimal()):
            raise ma.ValidationError("not an id: only digits")
        return str(int(text))


def _is_no_test_secret(secret: str) -> None:
    if secret == TEST_SECRET:
        raise ma.ValidationError("this is Zendesk's published test secret")


class ZendeskSettings(ma.Schema):
    """What ``bridge.yaml`` says about a Zendesk."""

    subdomain = ma.fields.String(
        load_default=None, validate=ma.validate.Regexp(r"^[a-z0-9][a-z0-9-]*$"), metadata={"doc": "yourcompany"}
    )
    base_url = ma.fields.Url(load_default=None, require_tld=False, metadata={"doc": "instead of subdomain, for tests"})
    token = Token(required=True, metadata={"doc": "OAuth access token of the bridge's own agent", "secret": True})
    webhook_secrets = ma.fields.List(
        ma.fields.String(validate=_is_no_test_secret),
        required=True,
        validate=ma.validate.Length(min=1, max=2),
        metadata={"doc": "signing secrets; two while they are rotated", "secret": True},
    )
    bot_user_id = NumberId(required=True, metadata={"doc": "id of the bridge's own agent"})
    timeout_seconds = ma.fields.Integer(
        load_default=20, validate=ma.validate.Range(min=1, max=30), metadata={"doc": "how long an answer may take"}
    )
    freshness_seconds = ma.fields.Integer(
        load_default=300, validate=ma.validate.Range(min=1, max=3600), metadata={"doc": "how old a signature may be"}
    )
    facts = ma.fields.Dict(
        keys=ma.fields.String(), values=NumberId(), load_default=dict, metadata={"doc": "fact → id of the ticket field"}
    )
    output_fields = ma.fields.Dict(
        keys=ma.fields.String(), values=NumberId(), load_default=dict, metadata={"doc": "our field → id of the ticket field"}
    )
    user_flags = ma.fields.Dict(
        keys=ma.fields.String(validate=ma.validate.OneOf(("may_accept", "consultant"))),
        values=ma.fields.String(),
        load_default=dict,
        metadata={"doc": "flag → key of a user field that sets it"},
    )
    time_field = NumberId(
        load_default=None, allow_none=True, metadata={"doc": "id of the ticket field with the total time spent, in seconds"}
    )
    tax_id_field = ma.fields.String(load_default=None, metadata={"doc": "key of the organization field with the CNPJ"})

    @ma.validates_schema
    def _one_address(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data.get("subdomain")) == bool(data.get("base_url")):
            raise ma.ValidationError("give either subdomain or base_url", "subdomain")


class Zendesk:
    """One configured Zendesk account."""

    product: ClassVar[str] = "zendesk"
    capabilities: ClassVar[Capabilities] = Capabilities(
        signature="hmac",
        webhook_retries=True,
        tags=True,
        fields=True,
        find=True,
        edits=True,
        time_entries=True,
        rate_limit="30 updates of a ticket in 10 minutes",
        markup="html",
    )
    Settings: ClassVar[type[ma.Schema]] = ZendeskSettings

    def __init__(self, desk: DeskId, settings: dict[str, Any]) -> None:
        """Configure; no network."""
        self.desk = desk
        self._secrets = tuple(settings["webhook_secrets"])
        self._freshness = timedelta(seconds=settings.get("freshness_seconds", 300))
        self._bot: str = settings["bot_user_id"]
        base = settings.get("base_url") or f"https://{settings['subdomain']}.zendesk.com"
        http = DeskClient(
            base, headers={"Authorization": f"Bearer {settings['token']}"}, read_timeout=settings.get("timeout_seconds", 20)
        )
        self._client = client.Client(desk, http, Account.of(settings))

    def verify(self, delivery: Delivery) -> None:
        """Check the signature over timestamp and raw body. Raises: Unauthentic."""
        check_timestamped_hmac(
            secrets=self._secrets,
            timestamp=delivery.header("x-zendesk-webhook-signature-timestamp"),
            body=delivery.body,
            signature=delivery.header("x-zendesk-webhook-signature"),
            now=delivery.received_at,
            freshness=self._freshness,
        )

    def parse(self, delivery: Delivery) -> Hint:
        """Name the ticket and the fact. Raises: ParseError."""
        return webhook.parse(delivery, bot_user_id=self._bot)

    def fetch(self, ticket: TicketId) -> Ticket:
        """Read the ticket and all its comments."""
        return self._client.fetch(ticket)

    def changed_since(self, since: datetime) -> Iterable[Change]:
        """List changed tickets from the incremental export; the newest minute is held back by Zendesk."""
        return self._client.changed_since(since)

    def perform(self, update: DeskUpdate) -> Receipt:
        """Write everything in one PUT, with our mark in the audit's metadata."""
        return self._client.perform(update)

    def find(self, update: DeskUpdate) -> Receipt | None:
        """Look for our mark in the ticket's audits."""
        return self._client.find(update)

    def ping(self) -> None:
        """Ask who we are."""
        self._client.ping()


ADAPTER = Zendesk
