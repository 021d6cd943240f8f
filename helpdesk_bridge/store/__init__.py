"""The only room that speaks SQL: inbox, outbox, journal, engagements, due dates, policies, polls, statements, seals."""

from helpdesk_bridge.store.codec import (
    InboxEvent,
    decode_engagement,
    decode_event,
    decode_receipt,
    decode_ticket,
    decode_update,
    encode_engagement,
    encode_event,
    encode_receipt,
    encode_ticket,
    encode_update,
)
from helpdesk_bridge.store.columns import State
from helpdesk_bridge.store.due import DueRow
from helpdesk_bridge.store.engagements import SavedEngagement
from helpdesk_bridge.store.errors import AlreadyRecorded, LeaseLost, Overtaken, Taken
from helpdesk_bridge.store.inbox import Inbox, InboxRow, NewRow, lane_of
from helpdesk_bridge.store.journal import Chronicle
from helpdesk_bridge.store.outbox import Outbox, OutboxRow
from helpdesk_bridge.store.recorder import Recorder
from helpdesk_bridge.store.statement_book import BookedStatement, ClosedMonth
from helpdesk_bridge.store.store import Store
from helpdesk_bridge.store.transaction import Transaction

__all__ = [
    "AlreadyRecorded",
    "BookedStatement",
    "Chronicle",
    "ClosedMonth",
    "DueRow",
    "Inbox",
    "InboxEvent",
    "InboxRow",
    "LeaseLost",
    "NewRow",
    "Outbox",
    "OutboxRow",
    "Overtaken",
    "Recorder",
    "SavedEngagement",
    "State",
    "Store",
    "Taken",
    "Transaction",
    "decode_engagement",
    "decode_event",
    "decode_receipt",
    "decode_ticket",
    "decode_update",
    "encode_engagement",
    "encode_event",
    "encode_receipt",
    "encode_ticket",
    "encode_update",
    "lane_of",
]
