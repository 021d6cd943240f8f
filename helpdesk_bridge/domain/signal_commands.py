"""The command about a reading: what a customer's comment means in an agent's eyes. It teaches, and concludes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk_bridge.domain.decision import Decision
from helpdesk_bridge.domain.order import Order
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.values import Comment, plain

K = SignalKind
NAMES: Mapping[SignalKind, tuple[str, ...]] = {
    K.ACCEPTANCE: ("aceite", "aceptacion"),
    K.CONDITIONAL_ACCEPTANCE: ("condicional", "aceite-condicional", "conditional"),
    K.QUESTION: ("pergunta", "duvida", "pregunta"),
    K.REFUSAL: ("recusa", "rechazo"),
    K.OTHER_ROUTE: ("outro-caminho", "otro-camino"),
    K.INTERRUPTION: ("interrupcao", "interrupcion"),
    K.PAUSE: ("pausa",),
    K.RESUME: ("retomada", "reanudacion"),
    K.SLOT_CONFIRMATION: ("horario-confirmado", "confirmacion-horario"),
    K.SLOT_COUNTER_PROPOSAL: ("outro-horario", "contraproposta", "otro-horario"),
    K.BILLING_INFO: ("faturamento", "facturacion", "billing"),
    K.PREREQUISITES: ("pre-requisitos", "requisitos"),
    K.DISPUTE: ("contestacao", "reclamo"),
    K.RETRACTION: ("desistencia", "retractacion"),
    K.UNCLEAR: ("indefinido", "incierto"),
    K.NONE: ("nenhum", "ninguno"),
}
"""What agents call a label, its own name aside; written without accents, with hyphens for blanks."""


def correct(order: Order) -> Decision:
    """``/sinal <label> [comment]``: say what the customer's last comment, or the named one, means. It never accepts."""
    said, _, named = order.argument.partition(" ")
    kind = _kind(said)
    if kind is None:
        return order.refused(
            "signal_unknown", detail=", ".join(names[0] for each, names in NAMES.items() if each is not K.ACCEPTANCE)
        )
    if kind is K.ACCEPTANCE:
        return order.refused("signal_accepts")
    comment = _comment(order, named.strip().removeprefix("#"))
    if comment is None:
        return order.refused("comment_unknown")
    situation = order.situation
    entry = situation.entry("signal_corrected", comment=comment.id, label=kind.value, words_digest=comment.digest)
    note = situation.note(
        "signal_corrected",
        key=order.key,
        rule=order.rule,
        name=NAMES[kind][0],
        customer=comment.author.label,
        evidence=(comment.text or "")[:200],
        person=order.person,
    )
    return Decision((entry,), (note,))


def _kind(said: str) -> SignalKind | None:
    folded = plain(said).replace("_", "-").replace(" ", "-")
    return next(
        (kind for kind, names in NAMES.items() if folded in (*names, kind.value.replace("_", "-"))),
        None,
    )


def _comment(order: Order, named: str) -> Comment | None:
    """The named public comment of a customer, or the last one before the command."""
    thread = order.situation.ticket.comments if order.situation.ticket else ()
    place = next((number for number, each in enumerate(thread) if f"comment:{each.id}" == order.source), len(thread))
    spoken = [each for each in thread[:place] if each.public and each.author.role.is_customer]
    if named:
        return next((each for each in spoken if each.id == named), None)
    return spoken[-1] if spoken else None
