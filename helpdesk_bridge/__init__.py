"""Support modalities, service terms and formal consent for the helpdesk you already have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpdesk_bridge._version import __version__

if TYPE_CHECKING:
    from helpdesk_bridge.app import HelpdeskBridge, create_app

__all__ = ["HelpdeskBridge", "__version__", "create_app"]


def __getattr__(name: str) -> Any:
    """Load the composition root only for those who ask: the pure rooms import without a web server."""
    if name in ("HelpdeskBridge", "create_app"):
        from helpdesk_bridge import app

        return getattr(app, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
