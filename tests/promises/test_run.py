"""``helpdesk-bridge run`` as one command, with the policy as it is shipped: it serves, it works, it stops as a whole."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest
import requests

from tests.promises.world import World


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_run_serves_and_works_and_leaves_nobody_behind(tmp_path, how):
    (tmp_path / "nothing").mkdir()
    with World(tmp_path, f"sqlite:///{tmp_path}/bridge.sqlite3", policy=tmp_path / "nothing") as world:
        run = subprocess.Popen(
            [sys.executable, "-m", "helpdesk_bridge.cli", "run", "--port", str(world.port)],
            env=world.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            world.until("run answers", lambda: _answers(world.port))
            ticket = world.desk.account.open_ticket("O custo zera. Como funciona o parâmetro?")
            world.told_story(ticket)
            for hop in ('"receive",outcome="recorded"}', '"deliver",outcome="sent"} 4.0'):
                sample = f'helpdesk_bridge_hops_total{{desk="z",hop={hop}'
                world.until(f"{sample} is counted", lambda sample=sample: sample in _metrics(world.port))
            os.kill(run.pid, how)
            run.wait(30)
            _until_silent(world.port)

            assert world.duplicates() == {}
            assert world.problems() == []
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
            run.wait(30)


def _answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/health", timeout=2).ok
    except requests.RequestException:
        return False


def _metrics(port: int) -> str:
    return requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text


def _until_silent(port: int) -> None:
    deadline = time.monotonic() + 10
    while _answers(port):
        assert time.monotonic() < deadline, "somebody still serves"
        time.sleep(0.1)
