"""The shipped policy and example settings: data, found by importlib.resources as ``helpdesk_bridge.config``."""
