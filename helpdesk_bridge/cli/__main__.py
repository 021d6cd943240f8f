"""``python -m helpdesk_bridge.cli`` is ``helpdesk-bridge``."""

from helpdesk_bridge.cli import main

main()
