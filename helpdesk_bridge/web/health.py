"""Health for the on-call and metrics for the dashboard."""

from __future__ import annotations

import os
from collections.abc import Iterator

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from helpdesk_bridge._version import __version__
from helpdesk_bridge.engine.backlog import Backlog, backlog
from helpdesk_bridge.engine.bridge import Reception
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.web.house import house

health = Blueprint("helpdesk_bridge_health", __name__)


@health.get("/health")
def status() -> tuple[Response, int]:
    """Say whether the database and every desk answer, how old the oldest waiting row is, and how many are parked."""
    here = house(current_app)
    try:
        here.reception.store.ping()
        waiting = backlog(here.reception)
    except BridgeError as error:
        return jsonify(status="down", version=__version__, database={"ok": False, "problem": str(error)}), 503
    problems = {desk: here.pulse.of(here.reception, desk) for desk in here.reception.desks}
    healthy = not any(problems.values()) and waiting.parked == 0
    return jsonify(
        status="ok" if healthy else "degraded",
        version=__version__,
        database={"ok": True},
        desks={desk: {"ok": problem is None, "problem": problem} for desk, problem in problems.items()},
        inbox={"waiting": waiting.inbox, "oldest_seconds": waiting.inbox_age},
        outbox={"waiting": waiting.outbox, "oldest_seconds": waiting.outbox_age},
        parked=waiting.parked,
    ), 200


@health.get("/metrics")
def metrics() -> Response:
    """Counters of this process, or of every process under ``run``, and what waits anywhere, from the database."""
    waiting = CollectorRegistry(auto_describe=False)
    waiting.register(_Waiting(house(current_app).reception))
    return Response(generate_latest(_counters()) + generate_latest(waiting), content_type=CONTENT_TYPE_LATEST)


def _counters() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


class _Waiting:
    """Gauges read from the database when somebody looks."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges; a database that is down is itself a gauge."""
        up = GaugeMetricFamily("helpdesk_bridge_database_up", "1 when the database answers.")
        try:
            waiting = backlog(self._reception)
        except BridgeError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from _gauges(waiting)


def _gauges(waiting: Backlog) -> Iterator[Metric]:
    rows = GaugeMetricFamily("helpdesk_bridge_waiting_rows", "Rows that wait for a worker.", labels=["box"])
    rows.add_metric(["inbox"], waiting.inbox)
    rows.add_metric(["outbox"], waiting.outbox)
    yield rows
    ages = GaugeMetricFamily("helpdesk_bridge_oldest_waiting_seconds", "Age of the oldest waiting row.", labels=["box"])
    ages.add_metric(["inbox"], waiting.inbox_age)
    ages.add_metric(["outbox"], waiting.outbox_age)
    yield ages
    parked = GaugeMetricFamily("helpdesk_bridge_parked_rows", "Rows parked for a person.")
    parked.add_metric([], waiting.parked)
    yield parked
    unsealed = GaugeMetricFamily("helpdesk_bridge_oldest_unsealed_seconds", "Age of the oldest change that no seal covers.")
    unsealed.add_metric([], waiting.unsealed_age)
    yield unsealed
