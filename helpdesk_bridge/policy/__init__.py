"""Everything an administrator may change: YAML documents and templates, loaded into one frozen Policy with a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpdesk_bridge.policy.load import Policy, check_policy, load_policy

__all__ = ["Policy", "check_policy", "load_policy"]


def __getattr__(name: str) -> Any:
    """Load the readers and templates only for those who decide: a process that records webhooks needs none of them."""
    if name in __all__:
        from helpdesk_bridge.policy import load

        return getattr(load, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
