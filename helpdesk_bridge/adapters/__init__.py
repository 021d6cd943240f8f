"""Helpdesk products: built-ins are found by walking this folder, others by the entry point ``helpdesk_bridge.adapters``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules
from types import MappingProxyType

from helpdesk_bridge.adapters.base import Adapter

GROUP = "helpdesk_bridge.adapters"


@cache
def products() -> Mapping[str, type[Adapter]]:
    """Return every known product with its adapter; a third party's does not replace a built-in."""
    found = {point.name: point.load() for point in entry_points(group=GROUP)}
    for module in iter_modules(__path__):
        if module.ispkg:
            found[module.name] = import_module(f"{__name__}.{module.name}").ADAPTER
    return MappingProxyType(found)


def adapter_of(product: str) -> type[Adapter]:
    """Return a product's adapter. Raises: LookupError."""
    try:
        return products()[product]
    except KeyError:
        raise LookupError(f"no adapter for {product!r}; known: {', '.join(sorted(products()))}") from None
