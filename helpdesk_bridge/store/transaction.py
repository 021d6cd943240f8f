"""One transaction, by what it can touch."""

from __future__ import annotations

from sqlalchemy import Connection

from helpdesk_bridge.store.bookings import Bookings
from helpdesk_bridge.store.due import Due
from helpdesk_bridge.store.engagements import Engagements
from helpdesk_bridge.store.inbox import Inbox
from helpdesk_bridge.store.journal import Journal
from helpdesk_bridge.store.outbox import Outbox
from helpdesk_bridge.store.policies import Policies
from helpdesk_bridge.store.polls import Polls
from helpdesk_bridge.store.seals import Seals
from helpdesk_bridge.store.statement_book import StatementBook


class Transaction:
    """Everything that is read or written together."""

    __slots__ = ("bookings", "due", "engagements", "inbox", "journal", "outbox", "policies", "polls", "seals", "statement_book")

    def __init__(self, connection: Connection) -> None:
        self.bookings = Bookings(connection)
        self.inbox = Inbox(connection)
        self.outbox = Outbox(connection)
        self.journal = Journal(connection)
        self.engagements = Engagements(connection)
        self.due = Due(connection)
        self.policies = Policies(connection)
        self.polls = Polls(connection)
        self.seals = Seals(connection)
        self.statement_book = StatementBook(connection)
