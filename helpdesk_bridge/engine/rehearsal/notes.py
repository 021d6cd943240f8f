"""What the agent types for a step of a script: the same commands as at any desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.engine.rehearsal.script import Step


def note_of(step: Step, rules: Rules, zone: ZoneInfo, term: int | None) -> str:
    """Return the internal note; ``term`` names the engagement where the ticket has several."""
    return _NOTES[step.type](step, rules, zone, f" termo {term}" if term else "")


def _term(step: Step, rules: Rules, _zone: ZoneInfo, _term: str) -> str:
    modality = rules.modality(step.data["modality"])
    return f"/termo {modality.aliases[0] if modality and modality.aliases else step.data['modality']}"


def _withdrawal(_step: Step, _rules: Rules, _zone: ZoneInfo, _term: str) -> str:
    return "/termo retirar"


def _slot(step: Step, _rules: Rules, zone: ZoneInfo, _term: str) -> str:
    return f"/agendar {_span(step.data['slot_start'], step.data['slot_end'], zone)}"


def _time(step: Step, _rules: Rules, zone: ZoneInfo, term: str) -> str:
    said = step.data
    span = _span(said["performed_start"], said["performed_end"], zone)
    return f'/tempo {said["minutes"]}min {_word(said["work_kind"])} {span} @"{said["consultant"]}"{term}'


def _finding(step: Step, _rules: Rules, _zone: ZoneInfo, term: str) -> str:
    said = step.data
    if said["product_inconsistency"]:
        return f"/constatacao produto ISSUE-{step.seq}{' disponivel' if said['issue_available_in_portal'] else ''}{term}"
    return f"/constatacao {_word(said.get('finding_kind', 'nao-localizada'))}{term}"


def _span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    return f"{start.astimezone(zone):%d/%m/%Y %H:%M}-{end.astimezone(zone):%H:%M}"


def _word(words: str) -> str:
    """Write several words as the one that commands take."""
    return "-".join(words.split())


_NOTES: Mapping[str, Callable[[Step, Rules, ZoneInfo, str], str]] = {
    "term_posted": _term,
    "term_withdrawn": _withdrawal,
    "slot_proposed": _slot,
    "time_entry": _time,
    "finding": _finding,
}
