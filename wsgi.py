"""For any WSGI server: ``gunicorn wsgi:app``. Workers run apart: ``helpdesk-bridge worker``."""

from helpdesk_bridge.app import create_app
from helpdesk_bridge.build import settings_of
from helpdesk_bridge.logs import configure_logging

settings = settings_of(None)
configure_logging(settings.log)
app = create_app(settings=settings)
