"""The evidence of whole lifecycles: each exports to a file that verifies, before and after an erasure that leaves no word behind."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from helpdesk_bridge.domain.values import Language, TicketId
from helpdesk_bridge.engine.audit import audit_ticket
from helpdesk_bridge.engine.bridge import Bridge
from helpdesk_bridge.engine.dossier import dossier_of, packed
from helpdesk_bridge.engine.erase import erase
from helpdesk_bridge.engine.rehearsal import rehearsals, thread_of
from helpdesk_bridge.engine.rehearsal.desk import DESK
from helpdesk_bridge.engine.rehearsal.stage import Silence
from helpdesk_bridge.engine.sealing import seal_heads
from helpdesk_bridge.engine.signing import Signer
from helpdesk_bridge.papers.evidence_html import as_html
from helpdesk_bridge.papers.evidence_lines import as_lines
from helpdesk_bridge.papers.evidence_page import Page
from helpdesk_bridge.policy.vocabulary import Vocabulary
from helpdesk_bridge.store import Store
from helpdesk_bridge.store.tables import metadata
from tests.cli.evidence_script import verdict
from tests.policy.site import shipped

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.jsonl"))
CUSTOMERS = ("requester", "org_colleague")
NOW = datetime(2027, 6, 1, tzinfo=UTC)
SIGNER = Signer.new()


def everything(store: Store) -> str:
    """Whatever any column of any table holds, but for what is packed."""
    with store.read() as tx:
        rows = [tx.journal._connection.execute(text(f"SELECT * FROM {table.name}")).all() for table in metadata.sorted_tables]
    return "\n".join(str(value) for table in rows for row in table for value in row)


def exported(bridge: Bridge, ticket: TicketId, file: Path) -> str:
    """Export a ticket, and return what the document's script says of the file."""
    dossier = dossier_of(bridge, DESK, ticket, by="root", signer=SIGNER)
    page = Page(
        dossier=dossier, rules=bridge.policy.rules, words=Vocabulary(bridge.policy.wording.sources, Language.PT, "evidence")
    )
    file.write_bytes(packed({"evidence.jsonl": as_lines(dossier), "evidence.html": as_html(page)}, NOW, SIGNER))
    return verdict(file, SIGNER.public)


def of_the_customer(item: dict[str, Any]) -> list[str]:
    """Return what a lifecycle's customers wrote and are called."""
    spoken = [event["body"] for event in item["events"] if event["actor"] in CUSTOMERS and len(event.get("body", "")) > 12]
    return [*spoken, item["requester"]]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)
def test_every_lifecycle_leaves_evidence_that_verifies(scenario: Path, tmp_path: Path) -> None:
    lines = scenario.read_text(encoding="utf-8").splitlines()[::3]
    items = {item["id"]: item for item in map(json.loads, lines)}
    file, seen = tmp_path / "evidence.zip", 0
    for thread, store, _failures in rehearsals((thread_of(item) for item in items.values()), shipped()):
        ticket = TicketId(thread.id)
        bridge = Bridge(store=store, desks={}, bell=Silence(), clock=lambda: NOW, policy=shipped())
        seal_heads(bridge)
        assert exported(bridge, ticket, file).startswith("valid: "), thread.id
        before = everything(store)
        seen += sum(json.dumps(words)[1:-1] in before for words in of_the_customer(items[thread.id]))
        erase(bridge, DESK, ticket, reason="pedido do titular", operator="root", force=True)

        assert audit_ticket(store, DESK, ticket).problems == (), thread.id
        assert exported(bridge, ticket, file).startswith("valid: "), thread.id
        left = everything(store)
        for words in of_the_customer(items[thread.id]):
            assert json.dumps(words)[1:-1] not in left, thread.id
            assert json.dumps(words, ensure_ascii=False)[1:-1] not in left, thread.id
    assert seen >= len(items)
