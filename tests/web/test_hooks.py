"""What a desk hears from the hook: what it must do next, and never why."""

from __future__ import annotations

import pytest

from helpdesk_bridge.app import create_app
from helpdesk_bridge.settings import load_settings
from helpdesk_bridge.store import Store

SECRET = {"X-Bridge-Secret": "only-for-tests"}
TICKET = {"ticket": {"id": "1", "subject": "s", "description": "d", "requester": {"id": "ana"}}, "comments": []}


@pytest.fixture
def client(tmp_path):
    url = f"sqlite:///{tmp_path}/bridge.sqlite3"
    store = Store.open(url)
    store.upgrade()
    store.close()
    file = tmp_path / "bridge.yaml"
    file.write_text(f"database: {url}\ndesks: {{trial: {{product: console, secret: {{env: SECRET}}}}}}\n")
    app = create_app(settings=load_settings(file, {"SECRET": "only-for-tests"}))
    yield app.test_client()
    reception = app.extensions["helpdesk_bridge"].reception
    reception.bell.close()
    reception.store.close()


def test_an_authentic_delivery_is_recorded_once(client):
    assert client.post("/hooks/trial", json=TICKET, headers=SECRET).get_json() == {"status": "recorded"}
    assert client.post("/hooks/trial", json=TICKET, headers=SECRET).get_json() == {"status": "repeated"}


@pytest.mark.parametrize("headers", [{}, {"X-Bridge-Secret": "wrong"}])
def test_a_wrong_or_missing_proof_is_401_and_says_no_more(client, headers):
    answer = client.post("/hooks/trial", json=TICKET, headers=headers)

    assert (answer.status_code, answer.get_json()) == (401, {"error": "not authentic"})


def test_an_unknown_desk_is_404(client):
    assert client.post("/hooks/nobody", json=TICKET, headers=SECRET).status_code == 404


def test_a_body_over_the_limit_is_413(client):
    assert client.post("/hooks/trial", data=b"x" * 1_000_001, headers=SECRET).status_code == 413


def test_an_authentic_delivery_that_nobody_understands_is_kept_and_accepted(client):
    answer = client.post("/hooks/trial", data=b"not json", headers=SECRET)

    assert (answer.status_code, answer.get_json()) == (202, {"status": "parked"})
    assert client.get("/health").get_json()["parked"] == 1


def test_a_store_that_is_down_is_503_with_a_time_to_come_back(client, tmp_path):
    for file in tmp_path.glob("bridge.sqlite3*"):
        file.unlink()
    (tmp_path / "bridge.sqlite3").mkdir()
    client.application.extensions["helpdesk_bridge"].reception.store.close()
    answer = client.post("/hooks/trial", json=TICKET, headers=SECRET)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_metrics_speak_prometheus(client):
    assert b"helpdesk_bridge_parked_rows 0.0" in client.get("/metrics").data
    assert b"helpdesk_bridge_oldest_unsealed_seconds 0.0" in client.get("/metrics").data
