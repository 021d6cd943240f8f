"""The API: another way in for orders, and a way to look; nobody gets in without a token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk_bridge.app import HelpdeskBridge
from helpdesk_bridge.build import build
from helpdesk_bridge.engine.advance import advance
from helpdesk_bridge.engine.bridge import Reception
from helpdesk_bridge.settings import load_settings
from helpdesk_bridge.store import Store

FULL, READS = "a-secret-only-for-tests-1", "a-secret-only-for-tests-2"
TICKET = {
    "ticket": {"id": "7", "subject": "MATA330", "description": "O custo zera.", "requester": {"id": "ana"}},
    "comments": [],
}
PATH = "/api/v1/tickets/desk/7"


def bearer(secret: str = FULL, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}", **more}


@contextmanager
def serving(folder: Path, tokens: str) -> Iterator[FlaskClient]:
    url = f"sqlite:///{folder}/bridge.sqlite3"
    store = Store.open(url)
    store.upgrade()
    store.close()
    (folder / "policy" / "language").mkdir(parents=True)
    (folder / "policy" / "language" / "likeness.yaml").write_text("")
    file = folder / "bridge.yaml"
    file.write_text(f"database: {url}\npolicy: policy\ndesks: {{desk: {{product: console, secret: {{env: SECRET}}}}}}\n")
    app = Flask("host")
    app.config["SETTINGS"] = load_settings(file, {"SECRET": "only-for-tests", "BRIDGE_API_TOKENS": tokens})
    HelpdeskBridge(app, settings=app.config["SETTINGS"])
    try:
        yield app.test_client()
    finally:
        reception_of(app).bell.close()
        reception_of(app).store.close()


def reception_of(app: Flask) -> Reception:
    return app.extensions["helpdesk_bridge"].reception


@pytest.fixture
def client(tmp_path):
    with serving(tmp_path, f"portal={FULL}\nreports:read={READS}") as client:
        yield client


def test_without_a_token_setting_there_is_no_api(tmp_path):
    with serving(tmp_path, "") as client:
        assert client.get("/api/v1/tickets").status_code == 404


@pytest.mark.parametrize(
    "headers", [{}, bearer("a-secret-only-for-tests-3"), {"Authorization": f"Basic {FULL}"}, bearer(""), bearer("ã" * 30)]
)
def test_nobody_gets_in_without_a_token_and_nothing_is_said_about_why(client, headers):
    answers = [client.get("/api/v1/tickets", headers=headers), client.post(f"{PATH}/orders", headers=headers, json={})]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert {answer.get_json()["message"] for answer in answers} == {"A token is needed: Authorization: Bearer …"}
    assert answers[0].headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_that_only_reads_gives_no_orders(client):
    assert client.get("/api/v1/tickets", headers=bearer(READS)).get_json() == []
    assert client.post(f"{PATH}/orders", headers=bearer(READS), json={"command": "/status", "by": "x"}).status_code == 403


def test_an_order_waits_in_the_inbox_under_the_name_its_giver_chose_and_is_recorded_once(client):
    given = {"command": "/tempo 35min remoto", "by": "Maria"}
    first = client.post(f"{PATH}/orders", headers=bearer(**{"Idempotency-Key": "erp-1"}), json=given)
    again = client.post(f"{PATH}/orders", headers=bearer(**{"Idempotency-Key": "erp-1"}), json=given)
    other = client.post(f"{PATH}/orders", headers=bearer(**{"Idempotency-Key": "erp-1"}), json=given | {"command": "/status"})

    assert (first.status_code, first.get_json()["state"]) == (202, "waiting")
    assert again.get_json() == first.get_json()
    assert (other.status_code, other.get_json()["message"]) == (409, "Another order has this name.")
    with reception_of(client.application).store.read() as tx:
        (row,) = tx.inbox.of_ticket("desk", "7")
    assert (row.event.operator, row.event.command.line) == ("portal/Maria", "/tempo 35min remoto")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"command": "tempo 35min", "by": "x"}, "command"),
        ({"command": "/tempo 35min\n/status", "by": "x"}, "command"),
        ({"command": "/tempo\u2028/status", "by": "x"}, "command"),
        ({"command": "/" + "a" * 2000, "by": "x"}, "command"),
        ({"command": "/status"}, "by"),
        ({"command": "/status", "by": "a\nb"}, "by"),
        ({"command": "/status", "by": "x", "more": 1}, "more"),
        ({"command": 7, "by": "x"}, "command"),
    ],
)
def test_what_is_no_order_is_told_by_field_and_changes_nothing(client, given, field):
    answer = client.post(f"{PATH}/orders", headers=bearer(), json=given)

    assert (answer.status_code, list(answer.get_json()["errors"]["json"])) == (422, [field])
    with reception_of(client.application).store.read() as tx:
        assert tx.inbox.of_ticket("desk", "7") == ()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/tickets/nobody/7", 404),
        (PATH, 404),
        (f"{PATH}/journal", 404),
        (f"{PATH}/orders/none", 404),
        ("/api/v1/tickets?limit=0", 422),
        ("/api/v1/tickets?before=yesterday", 422),
    ],
)
def test_what_is_not_there_is_told_as_json(client, path, status):
    answer = client.get(path, headers=bearer())

    assert (answer.status_code, answer.get_json()["code"]) == (status, status)


def test_a_body_over_the_limit_or_no_json_is_refused(client):
    assert client.post(f"{PATH}/orders", headers=bearer(), data=b"{" + b" " * 20_000).status_code in (413, 422)
    assert client.post(f"{PATH}/orders", headers=bearer(), data=b"[", content_type="application/json").status_code == 400


def test_a_store_that_is_down_is_503_with_a_time_to_come_back(client, tmp_path):
    reception_of(client.application).store.close()
    for file in tmp_path.glob("bridge.sqlite3*"):
        file.unlink()
    (tmp_path / "bridge.sqlite3").mkdir()
    answer = client.get("/api/v1/tickets", headers=bearer())

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_hosts_own_error_pages_stay_as_they_are(client):
    assert b"<!doctype html>" in client.get("/nothing-here").data


def test_the_description_names_every_way(client):
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]

    assert {(path, method) for path, ways in paths.items() for method in ways if method != "parameters"} == {
        ("/api/v1/tickets", "get"),
        ("/api/v1/tickets/{desk}/{ticket}", "get"),
        ("/api/v1/tickets/{desk}/{ticket}/journal", "get"),
        ("/api/v1/tickets/{desk}/{ticket}/orders", "post"),
        ("/api/v1/tickets/{desk}/{ticket}/orders/{name}", "get"),
    }


def test_an_order_is_carried_out_and_its_answer_can_be_read(client):
    client.post("/hooks/desk", json=TICKET, headers={"X-Bridge-Secret": "only-for-tests"})
    orders = [
        client.post(f"{PATH}/orders", headers=bearer(), json={"command": command, "by": "Maria"}).get_json()["order"]
        for command in ("/plazo", "/term consultoria-suporte")
    ]
    work(client.application)

    unknown, sent = (client.get(f"{PATH}/orders/{name}", headers=bearer()).get_json() for name in orders)
    assert (unknown["state"], "/plazo" in unknown["answers"][0], sent["state"]) == ("answered", True, "answered")
    shown = client.get(PATH, headers=bearer()).get_json()
    assert (shown["terms"][0]["modality"], shown["terms"][0]["state"]) == ("support_consulting", "sent")
    journal = client.get(f"{PATH}/journal", headers=bearer()).get_json()
    assert "operator:portal/Maria" in {record["actor"] for record in journal}
    (line,) = client.get("/api/v1/tickets?desk=desk", headers=bearer()).get_json()
    assert (line["ticket"], line["term_state"]) == ("7", "sent")


def work(app: Flask) -> None:
    """Advance everything that waits, with the app's own desks."""
    reception = reception_of(app)
    bridge = replace(build(app.config["SETTINGS"], bell=reception.bell), desks=reception.desks)
    while advance(bridge):
        pass
    bridge.store.close()
