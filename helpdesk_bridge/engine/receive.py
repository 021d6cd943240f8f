"""Hop 1: raw bytes in, one durable inbox row out. Nothing is decided here."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from helpdesk_bridge.domain.values import Delivery
from helpdesk_bridge.engine import crash
from helpdesk_bridge.engine.bridge import Reception
from helpdesk_bridge.engine.telemetry import observe
from helpdesk_bridge.errors import ParseError
from helpdesk_bridge.store import NewRow, Recorder


class Fate(StrEnum):
    """What became of a delivery."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    PARKED = "parked"
    OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A delivery that is safe in the inbox."""

    fate: Fate
    identity: str


def receive(reception: Reception, recorder: Recorder, delivery: Delivery) -> Received:
    """Verify, parse and record one delivery. Raises: KeyError (unknown desk), Unauthentic, StoreUnavailable."""
    started = time.monotonic()
    adapter = reception.desks[delivery.desk]
    adapter.verify(delivery)
    digest = sha256(delivery.body).hexdigest()
    try:
        hint = adapter.parse(delivery)
    except ParseError as error:
        row = NewRow.unparseable(delivery, digest=digest, reason=str(error))
        fate = Fate.PARKED
    else:
        row = NewRow.hinted(hint, raw=delivery.body, digest=digest, received_at=delivery.received_at)
        fate = Fate.OWN if hint.by_bridge else Fate.RECORDED
    crash.point("receive.before_commit")
    (row_id,) = recorder.record([row])
    crash.point("receive.committed")
    if row_id is None:
        fate = Fate.REPEATED
    elif fate is Fate.RECORDED:
        reception.bell.ring("inbox")
    seconds = time.monotonic() - started
    observe("receive", desk=delivery.desk, ticket=row.ticket, outcome=fate.value, seconds=seconds, identity=row.identity)
    return Received(fate=fate, identity=row.identity)
