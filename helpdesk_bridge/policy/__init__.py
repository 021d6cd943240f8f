"""Everything an administrator may change: YAML documents and templates, loaded into one frozen Policy with a digest."""

from helpdesk_bridge.policy.load import Policy, check_policy, load_policy

__all__ = ["Policy", "check_policy", "load_policy"]
