"""One line and one observation per hop: desk, ticket, identity, outcome, duration. Never a body, never a secret."""

from __future__ import annotations

from prometheus_client import Counter, Histogram
from structlog import get_logger

log = get_logger()

HOPS = Counter("helpdesk_bridge_hops_total", "Hops made, by outcome.", ["hop", "desk", "outcome"])
SECONDS = Histogram(
    "helpdesk_bridge_hop_seconds",
    "How long a hop took.",
    ["hop"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
BACKFILLED = Counter("helpdesk_bridge_backfilled_total", "Changes found by a poll that no webhook had told.", ["desk"])


def observe(hop: str, *, desk: str, ticket: str | None, outcome: str, seconds: float, **fields: object) -> None:
    """Log and count one hop."""
    HOPS.labels(hop, desk, outcome).inc()
    SECONDS.labels(hop).observe(seconds)
    level = log.warning if outcome in ("parked", "failed") else log.info
    level(hop, desk=desk, ticket=ticket, outcome=outcome, ms=round(seconds * 1000, 1), **fields)
