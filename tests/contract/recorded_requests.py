"""Requests a desk posts, kept beside its adapter as ``fixtures/*.http`` with what they must be understood as."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from helpdesk_bridge.adapters import adapter_of, products
from helpdesk_bridge.adapters.base import Adapter
from helpdesk_bridge.domain.values import Delivery, DeskId

FOLDER = Path(__file__).parents[2] / "helpdesk_bridge" / "adapters"
DESK = DeskId("fixture")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request and what it means."""

    product: str
    name: str
    delivery: Delivery
    expected: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.product}-{self.name}"


def recorded_requests() -> list[Recorded]:
    """Every recorded request of every built-in product."""
    return [_read(file) for product in products() for file in sorted((FOLDER / product / "fixtures").glob("*.http"))]


def fixture_desk(product: str, **changed: Any) -> Adapter:
    """The desk the recorded requests belong to, configured as ``bridge.yaml`` would."""
    settings = json.loads((FOLDER / product / "fixtures" / "settings.json").read_text())
    adapter = adapter_of(product)
    return adapter(DESK, dict(adapter.Settings().load({**settings, **changed})))


def _read(file: Path) -> Recorded:
    head, _, body = file.read_bytes().partition(b"\n\n")
    request, *lines = head.decode("latin-1").splitlines()
    expected = json.loads(file.with_suffix(".expected.json").read_text())
    delivery = Delivery(
        desk=DESK,
        path=request.split()[1].removeprefix(f"/hooks/{DESK}").removeprefix("/"),
        headers=tuple((name.lower(), value) for name, _, value in (line.partition(": ") for line in lines)),
        body=body,
        received_at=datetime.fromisoformat(expected["received_at"]),
    )
    return Recorded(file.parents[1].name, file.stem, delivery, expected)
