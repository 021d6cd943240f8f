"""What agents' commands do. Each is answered by an internal note: done, or a clear reason and nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from helpdesk_bridge.domain import (
    closing,
    findings,
    pauses,
    prerequisites,
    scheduling,
    signal_commands,
    status,
    tax_data,
    term_commands,
    timekeeping,
)
from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.order import Order


def obey(order: Order) -> Decision:
    """Carry out one command."""
    act = COMMANDS.get(order.command.name) if order.command.known else None
    return act(order) if act is not None else _unknown(order)


def _unknown(order: Order) -> Decision:
    nearest = order.command.nearest if order.command.nearest in COMMANDS else None
    if nearest is None:
        nearest = next(iter(get_close_matches(order.command.name, COMMANDS, n=1)), None)
    note = order.answer("command_unknown", line=order.command.line, nearest=nearest)
    return Decision((), (note,))


COMMANDS: dict[str, Callable[[Order], Decision]] = {
    "termo": term_commands.term,
    "aceite": term_commands.acceptance,
    "modalidade": term_commands.modality,
    "agendar": scheduling.schedule,
    "falta": scheduling.no_show,
    "requisito": prerequisites.answer,
    "tempo": timekeeping.log,
    "pausar": pauses.pause,
    "retomar": pauses.resume,
    "interromper": closing.interrupt,
    "concluir": closing.conclude,
    "constatacao": findings.find,
    "abonar": findings.waive,
    "repasse": findings.pass_through,
    "cnpj": tax_data.order,
    "sinal": signal_commands.correct,
    "status": status.status,
    "ajuda": status.help_,
}
"""Canonical name → what it does; languages add aliases in their lexicons."""
