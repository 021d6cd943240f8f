"""Commands that run the bridge."""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpdesk_bridge.build import build, pace_of, settings_of
from helpdesk_bridge.cli import bridge
from helpdesk_bridge.engine.dispatch.bell import HouseBell
from helpdesk_bridge.logs import configure_logging
from helpdesk_bridge.settings import Settings
from helpdesk_bridge.store import Store

if TYPE_CHECKING:
    from helpdesk_bridge.engine.dispatch.embedded import Workers


@bridge.command()
@click.option("--host", help="Address to listen on (default: server.host).")
@click.option("--port", type=int, help="Port to listen on (default: server.port).")
def run(host: str | None, port: int | None) -> None:
    """Serve webhooks in a child process and run the workers here, in threads, over one database."""
    from granian import Granian
    from granian.constants import Interfaces

    settings = settings_of(None)
    configure_logging(settings.log)
    shared = tempfile.TemporaryDirectory(prefix="helpdesk-bridge-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared.name  # read when prometheus_client is imported, here and in the children
    # A forked child would inherit the database's lock file from a worker in the middle of a transaction.
    multiprocessing.set_start_method("spawn")
    workers = _workers(settings)
    server = Granian(
        "helpdesk_bridge.app:create_served_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=host or settings.server.host,
        port=port or settings.server.port,
        workers=settings.server.processes,
        blocking_threads=settings.server.threads,
        backlog=1024,
        log_access=False,
        workers_kill_timeout=30,
        respawn_failed_workers=True,
    )
    workers.start()
    try:
        server.serve()
    finally:
        _stop(workers)
        shared.cleanup()


def _workers(settings: Settings) -> Workers:
    from helpdesk_bridge.engine.dispatch.embedded import Workers

    bell = HouseBell(settings.database)
    workers = Workers(build(settings, bell=bell), bell, pace_of(settings))
    _give_back()
    return workers


def _give_back() -> None:
    """Return what loading the policy took for a moment, and look no more for garbage in what stays: glibc keeps some 10 MB otherwise."""
    gc.collect()
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:  # musl has none
        trim(0)


def _stop(workers: Workers) -> None:
    if not workers.stop():
        raise click.ClickException("some workers did not finish in time; their rows come back when the leases end")


@bridge.command()
def worker() -> None:
    """Run the workers alone, beside any web server that serves wsgi.py over the same database."""
    settings = settings_of(None)
    configure_logging(settings.log)
    workers = _workers(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    workers.start()
    stop.wait()
    _stop(workers)


@bridge.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Create the schema or bring it up to this version."""
    settings = settings_of(None)
    store = Store.open(settings.database)
    store.upgrade()
    store.close()
    click.echo("the schema is up to date")


@db.command()
@click.option("--days", type=click.IntRange(1), help="Keep so many days (default: retention.deliveries_days).")
def prune(days: int | None) -> None:
    """Let old copies go: finished deliveries, and the words of sent updates. The journal stays, and so does what is parked."""
    from datetime import UTC, datetime, timedelta

    from helpdesk_bridge.engine.prune import prune as prune_copies

    settings = settings_of(None)
    kept = days or settings.retention.deliveries_days
    if not kept:
        raise click.ClickException("retention.deliveries_days is 0: everything is kept; --days says otherwise")
    store = Store.open(settings.database)
    store.check_schema()
    done = prune_copies(store, datetime.now(UTC) - timedelta(days=kept))
    store.close()
    click.echo(f"older than {kept} days: {done.deliveries} deliveries deleted, {done.updates} updates emptied")


@bridge.command()
@click.argument("fixture", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "base", default="http://127.0.0.1:8400", show_default=True, help="Base URL of a running bridge.")
def replay(fixture: Path, base: str) -> None:
    """Post a recorded webhook (*.http) at a running bridge and print its answer."""
    from helpdesk_bridge.adapters.http import post_recorded

    status, body = post_recorded(fixture.read_bytes(), base)
    click.echo(f"{status} {body}")
    if status >= 400:
        raise SystemExit(1)
