"""Set up and serve a real django-helpdesk: ``DESK_HOME=… DESK_WEBHOOK=http://…/hooks/<desk>/<secret> python -m … PORT``."""

from __future__ import annotations

import json
import os
import pathlib
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.desks.django_helpdesk.settings")

import django

django.setup()

from django.contrib.auth import get_user_model
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from helpdesk.models import CustomField, Queue
from rest_framework.authtoken.models import Token

AGENT_PASSWORD = "agent-password"
FIELDS = (
    ("tags", "Tags", True),
    ("product_line", "Product line", False),
    ("environment_version", "Environment version", False),
    ("modality_recommended", "Recommended modality", True),
    ("term_state", "Service term", True),
    ("term_reference", "Term reference", True),
)
"""Name, label, and whether customers do not see it."""
MODALITIES = "standard_support\nsupport_consulting\ntechnical_consulting"


def prepare(home: pathlib.Path) -> dict[str, object]:
    """Create the schema, one queue with a mail folder, an agent, the bridge's own user, and custom fields."""
    for folder in ("inbox", "outbox"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate", verbosity=0)
    Queue.objects.get_or_create(
        slug="support",
        defaults={
            "title": "Support",
            "email_address": "support@helpdesk.test",
            "allow_public_submission": True,
            "allow_email_submission": True,
            "email_box_type": "local",
            "email_box_local_dir": str(home / "inbox"),
            "email_box_interval": 0,
        },
    )
    users = get_user_model().objects
    agent, _ = users.get_or_create(
        username="agent", defaults={"email": "agent@helpdesk.test", "is_staff": True, "is_superuser": True}
    )
    agent.set_password(AGENT_PASSWORD)
    agent.save()
    bot, _ = users.get_or_create(username="bridge", defaults={"email": "bridge@helpdesk.test", "is_staff": True})
    token, _ = Token.objects.get_or_create(user=bot)
    for name, label, staff_only in FIELDS:
        CustomField.objects.get_or_create(
            name=name,
            defaults={"label": label, "data_type": "varchar", "max_length": 1000, "required": False, "staff_only": staff_only},
        )
    choices = {"data_type": "list", "list_values": MODALITIES, "empty_selection_list": True}
    CustomField.objects.get_or_create(name="modality", defaults={"label": "Modality", "required": False, **choices})
    return {"token": token.key, "bot_user_id": bot.id, "agent_user_id": agent.id}


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: errors are printed by Django."""


def main() -> None:
    """Prepare, tell how in ``desk.json``, and serve until stopped."""
    home = pathlib.Path(os.environ["DESK_HOME"])
    facts = prepare(home)
    with make_server("127.0.0.1", int(sys.argv[1]), StaticFilesHandler(WSGIHandler()), _Server, _Quiet) as server:
        ready = home / "desk.json.part"
        ready.write_text(json.dumps(facts))
        ready.rename(home / "desk.json")
        server.serve_forever()


if __name__ == "__main__":
    main()
