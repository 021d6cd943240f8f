"""Readers: the rules read first, and a reader of yours may add what it sees. Whatever it says, only the gate accepts."""

from helpdesk_bridge.readers.base import GROUP, RULES, Evidence, Opinion, Reader, known_readers, open_reader
from helpdesk_bridge.readers.combine import read_comment, read_ticket
from helpdesk_bridge.readers.guarded import Guarded

__all__ = [
    "GROUP",
    "RULES",
    "Evidence",
    "Guarded",
    "Opinion",
    "Reader",
    "known_readers",
    "open_reader",
    "read_comment",
    "read_ticket",
]
