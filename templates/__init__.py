"""The shipped templates: data, found by importlib.resources as ``helpdesk_bridge.templates``."""
