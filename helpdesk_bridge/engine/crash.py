"""Named crash points: where a test may kill the process to see that a promise holds."""

from __future__ import annotations

import os
import signal

_WANTED, _, _NTH = os.environ.get("BRIDGE_CRASH_AT", "").partition("#")
_passed = 0

POINTS = (
    "receive.before_commit",
    "receive.committed",
    "advance.claimed",
    "advance.fetched",
    "advance.before_commit",
    "advance.committed",
    "deliver.claimed",
    "deliver.sending",
    "deliver.performed",
    "deliver.before_commit",
    "deliver.committed",
    "tick.committed",
    "close.before_commit",
    "close.committed",
)
"""Every point, in the order a webhook passes them; a closing's at the end."""


def point(name: str) -> None:
    """Die here, as by ``kill -9``, when BRIDGE_CRASH_AT says so (``deliver.performed#2``: the second time)."""
    if name != _WANTED:
        return
    global _passed
    _passed += 1
    if _passed == int(_NTH or 1):
        os.kill(os.getpid(), signal.SIGKILL)
