"""What can go wrong with a row one holds. Everything else a database can do wrong is StoreUnavailable."""

from __future__ import annotations

from helpdesk_bridge.errors import BridgeError


class LeaseLost(BridgeError):
    """The lease ran out and somebody else holds the row now; nothing was recorded."""


class Overtaken(LeaseLost):
    """Another worker wrote to this ticket's journal in the meantime; nothing was recorded."""


class Taken(BridgeError):
    """Another ticket took the consultant at such a time in the meantime; nothing was recorded."""


class AlreadyRecorded(BridgeError):
    """The journal already holds an entry of this kind about this fact."""
