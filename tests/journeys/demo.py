"""The bridge and a real django-helpdesk on one machine, with customers played through the helpdesk's own pages and mail."""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[2]
AGENT = {"username": "agent", "password": "agent-password"}
STUBBORN = (
    "Em ter., 24 de nov. de 2026 às 10:12, Support <support@helpdesk.test> escreveu:\n> Para aceitar, responda: aceito o termo.\n"
)


@dataclass
class Stage:
    """Both programs, running."""

    home: Path
    desk_url: str
    bridge_url: str
    token: str
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]]

    def ticket(self, number: int) -> dict[str, Any]:
        """Read a ticket as the helpdesk has it."""
        answer = requests.get(
            f"{self.desk_url}/api/tickets/{number}/", headers={"Authorization": f"Token {self.token}"}, timeout=10
        )
        answer.raise_for_status()
        return answer.json()

    def stop(self) -> None:
        """Stop what we started."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def open_stage(home: Path) -> Stage:
    """Start the helpdesk, then the bridge beside it; each run begins with empty databases."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    desk_port, bridge_port = _port(8401), _port(8400)
    secret = secrets.token_urlsafe(18)
    desk_url, bridge_url = f"http://127.0.0.1:{desk_port}", f"http://127.0.0.1:{bridge_port}"
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DESK_HOME": str(home),
        "DESK_WEBHOOK": f"{bridge_url}/hooks/chamados/{secret}",
        "DJANGO_SETTINGS_MODULE": "tests.desks.django_helpdesk.settings",
        "BRIDGE_CONFIG": str(home / "bridge.yaml"),
        "HELPDESK_URL_SECRET": secret,
    }
    desk = _start([sys.executable, "-m", "tests.desks.django_helpdesk.serve", str(desk_port)], environment, home / "helpdesk.log")
    try:
        _until("the helpdesk starts", lambda: (home / "desk.json").exists(), desk)
        facts = json.loads((home / "desk.json").read_text())
        environment["HELPDESK_TOKEN"] = facts["token"]
        _configure(home, desk_url, bridge_port, facts)
        command = str(Path(sys.executable).with_name("helpdesk-bridge"))
        subprocess.run([command, "db", "upgrade"], env=environment, check=True, stdout=subprocess.DEVNULL, timeout=60)
        bridge = _start([command, "run"], environment, home / "bridge.log")
    except BaseException:
        desk.kill()
        raise
    stage = Stage(home, desk_url, bridge_url, facts["token"], environment, [bridge, desk])
    _until("the bridge starts", lambda: _answers(f"{bridge_url}/health"), bridge)
    return stage


def _configure(home: Path, desk_url: str, port: int, facts: dict[str, Any]) -> None:
    (home / "bridge.yaml").write_text(f"""\
database: sqlite:///{home}/bridge.sqlite3
server: {{port: {port}}}
engine: {{poll_seconds: 5}}
desks:
  chamados:
    product: django_helpdesk
    base_url: {desk_url}
    token: {{env: HELPDESK_TOKEN}}
    url_secret: {{env: HELPDESK_URL_SECRET}}
    bot_user_id: {facts["bot_user_id"]}
    agents: {{"{facts["agent_user_id"]}": Agente}}
    facts: {{product_line: custom_product_line}}
    tags_field: custom_tags
    output_fields: {{term_state: custom_term_state}}
""")


def submit(stage: Stage, email: str, title: str, body: str) -> int:
    """Open a ticket with the helpdesk's public form, as an anonymous customer does; return its number."""
    session = requests.Session()
    page = session.get(f"{stage.desk_url}/tickets/submit/", timeout=10)
    form = {
        "csrfmiddlewaretoken": _csrf(page.text),
        "queue": "1",
        "title": title,
        "body": body,
        "priority": "3",
        "submitter_email": email,
        "custom_product_line": "Protheus",
    }
    answer = session.post(f"{stage.desk_url}/tickets/submit/", data=form, timeout=20)
    answer.raise_for_status()
    found = re.search(r"\[support-(\d+)\]|ticket=support-(\d+)|support-(\d+)", answer.url + answer.text)
    if found is None:
        raise RuntimeError("the helpdesk did not take the form: " + " ".join(answer.text.split())[:300])
    return int(next(group for group in found.groups() if group))


def note(stage: Stage, number: int, text: str) -> None:
    """Write an internal note on the agent's ticket page."""
    session = requests.Session()
    page = session.get(f"{stage.desk_url}/login/", timeout=10)
    session.post(f"{stage.desk_url}/login/", data={**AGENT, "csrfmiddlewaretoken": _csrf(page.text)}, timeout=10)
    page = session.get(f"{stage.desk_url}/tickets/{number}/", timeout=10)
    raw = stage.ticket(number)
    form = {
        "csrfmiddlewaretoken": _csrf(page.text),
        "comment": text,
        "new_status": str(raw["status"]),
        "title": raw["title"],
        "priority": str(raw["priority"]),
        "queue": str(raw["queue"]),
        "owner": "0",
        **{key: value or "" for key, value in raw.items() if key.startswith("custom_")},
    }
    session.post(f"{stage.desk_url}/tickets/{number}/update/", data=form, timeout=20).raise_for_status()


def mail(stage: Stage, sender: str, number: int, body: str) -> None:
    """Answer by e-mail: the helpdesk takes it from its mail folder."""
    message = EmailMessage()
    message["From"], message["To"] = sender, "support@helpdesk.test"
    message["Subject"] = f"RES: [support-{number}] termo"
    message["Message-ID"] = f"<{secrets.token_hex(8)}@cliente.example>"
    message.set_content(body)
    (stage.home / "inbox" / f"{secrets.token_hex(4)}.eml").write_bytes(message.as_bytes())
    command = [sys.executable, "-m", "django", "get_email"]
    subprocess.run(command, env=stage.environment, check=True, capture_output=True, timeout=60)


def wait_for(stage: Stage, number: int, words: str, *, public: bool) -> None:
    """Wait until the bridge's comment stands in the ticket."""

    def stands() -> bool:
        return any(
            words in entry["comment"] and entry["public"] is public
            for entry in stage.ticket(number)["followup_set"]
            if entry["comment"]
        )

    _until(f"“{words}” appears in ticket {number}", stands, stage.processes[0])


def play(stage: Stage) -> list[int]:
    """Play three tickets: one all the way to consent and interruption, one doubt, one emergency."""
    ana = "ana@cliente.example"
    first = submit(
        stage,
        ana,
        "MATA330 zera o custo",
        "Bom dia. O custo zera somente com esta TES 501, com as demais funciona e não identificamos a particularidade. "
        "Release 12.1.2410, passo a passo e log em anexo.",
    )
    wait_for(stage, first, "Recomendação", public=False)
    note(stage, first, "/termo consultoria-suporte")
    wait_for(stage, first, "Modalidade e cobrança", public=True)
    mail(
        stage,
        ana,
        first,
        f"Bom dia,\n\nDe acordo com o termo de Consultoria do Suporte, podem prosseguir com o atendimento.\n\n{STUBBORN}",
    )
    wait_for(stage, first, "Registramos o aceite", public=True)
    mail(stage, ana, first, "Favor interromper o atendimento.\n")
    wait_for(stage, first, "pedido de interrupção", public=True)
    doubt = submit(
        stage, "bruno@loja.example", "Parâmetro MV_ESTNEG", "Como funciona o parâmetro MV_ESTNEG? Onde encontro a documentação?"
    )
    wait_for(stage, doubt, "Suporte Padrão", public=False)
    urgent = submit(
        stage,
        "carla@fabrica.example",
        "URGENTE: faturamento parado",
        "O faturamento está parado e não podemos aguardar o prazo padrão. Não temos equipe de TI, precisamos de acesso remoto.",
    )
    wait_for(stage, urgent, "Consultoria Técnica", public=False)
    return [first, doubt, urgent]


def show(stage: Stage, number: int) -> None:
    """Print a thread as the helpdesk has it."""
    raw = stage.ticket(number)
    print(f"\n{'=' * 100}\n#{number}  {raw['title']}   tags: {raw.get('custom_tags') or '-'}\n{stage.desk_url}/tickets/{number}/")
    for entry in raw["followup_set"]:
        who = {None: raw["submitter_email"]}.get(
            entry["user"], "helpdesk-bridge" if "HB-" in (entry["comment"] or "") else "agent"
        )
        print(f"\n--- {who} · {'public' if entry['public'] else 'internal'}\n{entry['comment']}")


def _csrf(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if found is None:
        raise RuntimeError("the page has no form")
    return found[1]


def _start(command: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )


def _until(what: str, holds: Callable[[], bool], process: subprocess.Popen[bytes], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return
        if process.poll() is not None:
            raise RuntimeError(f"a program ended while waiting until {what}: see the logs in .demo/")
        time.sleep(0.1)
    raise RuntimeError(f"gave up waiting until {what}: see the logs in .demo/")


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def _port(wanted: int) -> int:
    """Return a port that is free: the wanted one if it is."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise RuntimeError("no port is free")


def main() -> None:
    """Play the demonstration; leave both programs running unless told otherwise."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--once", action="store_true", help="exit after playing")
    once = arguments.parse_args().once
    started = time.monotonic()
    stage = open_stage(ROOT / ".demo")
    try:
        numbers = play(stage)
        for number in numbers:
            show(stage, number)
        subprocess.run(
            [str(Path(sys.executable).with_name("helpdesk-bridge")), "audit", "verify"], env=stage.environment, check=True
        )
        print(
            f"\nplayed in {time.monotonic() - started:.1f} s\nhelpdesk  {stage.desk_url}/  (agent / agent-password)\nbridge    {stage.bridge_url}/health"
        )
        if not once:
            print("Ctrl-C stops both.", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        stage.stop()


if __name__ == "__main__":
    main()
