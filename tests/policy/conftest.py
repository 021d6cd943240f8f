"""The site fixture for every policy test."""

from tests.policy.site import site

__all__ = ["site"]
