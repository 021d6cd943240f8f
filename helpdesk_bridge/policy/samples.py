"""Example values of every comment's variables: each template is rendered with them when a policy loads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

_AT = datetime(2026, 11, 24, 17, 5, 9, tzinfo=UTC)
_ZONE = "America/Sao_Paulo"
_HEARD: dict[str, Any] = {"evidence": "De acordo com o termo", "person": "Ana", "modality_label": "Consultoria do Suporte"}
_TERM: dict[str, Any] = {
    "modality_label": "Consultoria do Suporte",
    "version": "2026-01",
    "reference": "HB-7F3K2Q",
    "state": "accepted",
    "sent_at": _AT,
    "posted_at": _AT,
    "accepted_at": _AT,
    "accepted_by": "Ana",
    "cut_off": _AT,
    "cut_off_is_provisional": True,
    "open_question": "unclear",
    "work": "scheduled",
    "pauses": [
        {"start": _AT, "end": _AT, "comment": "12", "person": "Ana", "end_comment": "13", "end_person": "Ana"},
        {"start": _AT, "end": None, "comment": None, "person": None, "end_comment": None, "end_person": None},
    ],
    "slot": {"start": _AT, "end": _AT, "deadline": _AT, "confirmed": False},
    "total": 8589,
    "gross": Decimal("844.59"),
    "due": Decimal("844.59"),
    "currency": "BRL",
    "charge": "chargeable",
}
_WORK: dict[str, Any] = {
    "modality_label": "Consultoria do Suporte",
    "kind_label": "acesso remoto",
    "consultant": "Caio",
    "start": _AT,
    "end": _AT,
    "zone": _ZONE,
}
_TOTAL: dict[str, Any] = {"total": 8589, "amount": Decimal("844.59"), "currency": "BRL"}
_ENDED: dict[str, Any] = {
    "modality_label": "Consultoria do Suporte",
    "term_reference": "HB-7F3K2Q",
    "total": 8589,
    "gross": Decimal("844.59"),
    "due": Decimal("0.00"),
    "currency": "BRL",
    "state": "waived",
    "reason": "product",
}
_PAUSE: dict[str, Any] = {
    "modality_label": "Consultoria do Suporte",
    "at": _AT,
    "zone": _ZONE,
    "person": "Ana",
    "reason": "férias",
    "evidence": "vamos pausar",
}

_SESSION: dict[str, Any] = {
    "modality_label": "Consultoria do Suporte",
    "start": _AT,
    "end": _AT + timedelta(minutes=90),
    "consultant": "Caio",
    "zone": _ZONE,
    "customer_zone": "America/Mexico_City",
}
_OPTIONS = [
    {"start": _AT, "end": _AT + timedelta(hours=1), "consultant": "Caio", "command": "/agendar 24/11/2026 14:00-15:00 @caio"}
]
_WISHES = [
    {**_OPTIONS[0], "obstacle": None, "holiday": None, "said": "time=14:00"},
    {"start": _AT, "end": _AT, "obstacle": "holiday", "holiday": "Natal", "command": None, "said": "date=--12-25"},
    {"start": None, "end": None, "obstacle": "not_understood", "holiday": None, "command": None, "said": "date=--02-31"},
]
_ITEMS = [
    {"number": 1, "label": "ambiente atualizado", "state": "ok", "by": "requester"},
    {"number": 2, "label": "VSCode instalado", "state": "open", "by": None},
]
_SAID: dict[str, Any] = {"person": "Ana", "evidence": "quinta às 14h"}

SAMPLES: dict[str, dict[str, Any]] = {
    "recommendation": {
        "modality_label": "Consultoria do Suporte",
        "confidence": "high",
        "met": [{"id": "CS-03", "label": "Só com certos registros", "quotes": [{"text": "só com esta TES", "who": "Ana"}]}],
        "missing": [{"id": "CS-01", "label": "Não reproduzido", "ask": "Foi reproduzido?"}],
        "runner_up": {"label": "Suporte Padrão", "reason": "default", "criteria": ["SP-01"]},
        "cost": "Cobrada por minuto.",
        "next_step": "Enviar o termo.",
        "command": "/termo consultoria-suporte",
        "routes": [{"label": "Documentação", "url": "https://example.com/docs"}],
        "lacks": ["passo a passo", "banco de dados"],
        "draft_questions": ["Qual é a release?"],
        "exclusions": [
            {
                "id": "EX-INF",
                "label": "Infraestrutura",
                "quotes": [{"text": "o disco encheu", "who": "Ana"}],
                "routes": [{"label": "Infraestrutura", "url": "https://example.com/docs"}],
            }
        ],
        "pass_through": True,
    },
    "term": {"text": "a) …", "modality_label": "Consultoria do Suporte", "version": "2026-01", "slots": ("cnpj", "modality")},
    "term_not_posted": {"modality_label": "Consultoria do Suporte", "reason": "no_rate", "at": _AT, "zone": _ZONE},
    "term_expired": {"modality_label": "Consultoria do Suporte", "term_reference": "HB-7F3K2Q", "days": 30},
    "consent_receipt": {
        "modality_label": "Consultoria do Suporte",
        "version": "2026-01",
        "term_reference": "HB-7F3K2Q",
        "person": "Ana",
        "accepted_at": _AT,
        "zone": _ZONE,
    },
    "consent_recorded": {**_HEARD, "version": "2026-01", "term_reference": "HB-7F3K2Q", "accepted_at": _AT, "zone": _ZONE},
    "clarification_needed": {**_HEARD, "reason": "slot_missing:cnpj", "label": "acceptance"},
    "clarification": {"reason": "unclear", "modality_label": "Consultoria do Suporte"},
    "not_entitled": {"person": "Eve", "evidence": "aceito", "label": "acceptance", "who_may_accept": "organization"},
    "conditional_received": {**_HEARD, "conditions": {"cap_minutes": "120"}},
    "question_received": {**_HEARD, "hourly": Decimal("354.00"), "currency": "BRL", "term_reference": "HB-7F3K2Q"},
    "refusal_recorded": _HEARD,
    "other_route_recorded": _HEARD,
    "interruption_confirmed": {
        "cut_off": _AT,
        "zone": _ZONE,
        "modality_label": "Consultoria do Suporte",
        "term_reference": "HB-7F3K2Q",
        "person": "Ana",
    },
    "interruption_recorded": {**_HEARD, "cut_off": _AT, "zone": _ZONE, "term_reference": "HB-7F3K2Q"},
    "interruption_unclear": {
        "cut_off": _AT,
        "zone": _ZONE,
        "evidence": "acho que vamos parar",
        "person": "Ana",
        "reason": "interruption_suspected",
    },
    "retraction_recorded": _HEARD,
    "status": {"recommendation": "Consultoria do Suporte", "overridden": True, "zone": _ZONE, "term": _TERM},
    "help": {"modalities": [{"alias": "consultoria-suporte", "label": "Consultoria do Suporte"}]},
    "modality_overridden": {"modality_label": "Consultoria Técnica", "reason": "cliente pediu", "person": "Caio"},
    "ratified": {
        "person": "Caio",
        "customer": "Ana",
        "evidence": "pode seguir",
        "reason": "confirmou o item",
        "modality_label": "Consultoria do Suporte",
    },
    "time_recorded": {
        **_WORK,
        **_TOTAL,
        "entry": 2,
        "billable": 2829,
        "excluded": [{"seconds": 2571, "reason": "after_interruption"}],
        "corrects": 1,
    },
    "time_shown": {**_WORK, **_TOTAL, "entry": 2, "billable": 2829, "corrects": 1},
    "time_refused": {**_WORK, "reason": "charge_locked"},
    "stopwatch_started": {"kind_label": "acesso remoto", "at": _AT, "zone": _ZONE},
    "stopwatch_discarded": {"kind_label": "acesso remoto", "at": _AT, "zone": _ZONE},
    "stopwatch_running": {"kind_label": "acesso remoto", "consultant": "Caio", "at": _AT, "zone": _ZONE},
    "running_total": {
        **_TOTAL,
        "modality_label": "Consultoria do Suporte",
        "is_cap": True,
        "cap_minutes": "120",
        "cap_amount": Decimal("700.00"),
    },
    "running_total_shown": {**_TOTAL, "modality_label": "Consultoria do Suporte"},
    "pause_recorded": _PAUSE,
    "pause_confirmed": {key: _PAUSE[key] for key in ("modality_label", "at", "zone", "person")},
    "pause_unclear": {
        **{key: _PAUSE[key] for key in ("modality_label", "at", "zone", "person", "evidence")},
        "reason": "pause_suspected",
    },
    "resume_recorded": {**_PAUSE, "ended": "cut_off_cleared"},
    "finding_recorded": {
        "modality_label": "Consultoria do Suporte",
        "finding_label": "inconsistência de produto",
        "issue": "ISSUE-123",
        "available": False,
        "waives": True,
        "waivable": True,
    },
    "waiver_recorded": {
        "modality_label": "Consultoria do Suporte",
        "motive_label": "decisão da gestão",
        "reason": "acordado",
        "person": "Caio",
    },
    "pass_through_recorded": {
        "unit": "Serra Norte",
        "tax_id": "26.801.493/0001-52",
        "given": {"cost_centre": "12"},
        "missing": ("authorisation",),
    },
    "work_concluded": {**_ENDED, "finding": "inconsistência de produto"},
    "work_summary": {
        **_ENDED,
        "entries": [{"kind_label": "acesso remoto", "start": _AT, "seconds": 2829}],
        "shows_price": True,
        "zone": _ZONE,
    },
    "signal_corrected": {"name": "recusa", "customer": "Ana", "evidence": "melhor deixar", "person": "Caio"},
    "tax_id_recorded": {"tax_id": "12.ABC.345/01DE-35", "label": "CNPJ", "verdict": "before", "person": "Ana"},
    "tax_id_answered": {"tax_id": "12.ABC.345/01DE-35", "label": "CNPJ"},
    "term_withdrawn": {"modality_label": "Consultoria do Suporte", "version": "2026-01", "term_reference": "HB-7F3K2Q"},
    "command_refused": {
        "line": "/termo x",
        "reason": "modality_unknown",
        "modalities": ["consultoria-suporte"],
        "detail": "#2",
    },
    "slot_proposal": {**_SESSION, "hours": 24, "counting": "clock", "answer_by": _AT, "replaces": _AT},
    "slot_suggestions": {"options": _OPTIONS, "zone": _ZONE, "customer_zone": "America/Mexico_City", "unread": ["Caio"]},
    "slot_warning": {
        "forced": "holiday",
        "holiday": "Natal",
        "reason": "cliente parado",
        "unread": ["Caio"],
        "rounds": 4,
        "missing": 2,
    },
    "slot_receipt": {**_SESSION, "person": "Ana", "checklist": _ITEMS, "invitation_url": "https://example.com/docs"},
    "slot_recorded": {**_SESSION, **_SAID},
    "slot_expired": {**_SESSION, **_SAID, "deadline": _AT, "options": _OPTIONS},
    "slot_doubtful": {**_SESSION, **_SAID, "reason": "other_time"},
    "slot_countered": {**_SESSION, **_SAID, "was_confirmed": True, "wishes": _WISHES, "options": _OPTIONS},
    "slot_wished": {**_SAID, "wishes": _WISHES, "zone": _ZONE, "customer_zone": "America/Mexico_City"},
    "slot_released": {**_SESSION, "invitation_url": "https://example.com/docs"},
    "slot_reminder": {**_SESSION, "answer_by": _AT},
    "no_show_recorded": {**_SESSION, "who": "customer", "reason": "sem aviso", "times": 1, "person": "Caio", "options": _OPTIONS},
    "prerequisites_recorded": {"items": _ITEMS, "missing": 1, "dispensed": True, **_SAID},
    "prerequisites_unread": {"items": _ITEMS, **_SAID},
    "prerequisites_missing": {"items": _ITEMS},
    "command_unknown": {"line": "/statos", "nearest": "status"},
}
"""Template → variables, those of ``wording.COMMON`` left out. ``templates/comments/VARIABLES.md`` says what each is."""

BARE: dict[str, dict[str, Any]] = {
    "recommendation": {
        "met": [],
        "missing": [],
        "runner_up": None,
        "command": None,
        "routes": [],
        "lacks": [],
        "draft_questions": [],
        "exclusions": [],
        "pass_through": False,
    },
    "term": {"slots": ()},
    "conditional_received": {"conditions": {}},
    "status": {"recommendation": None, "overridden": False, "term": None},
    "command_refused": {"detail": None},
    "command_unknown": {"nearest": None},
    "time_recorded": {"excluded": [], "corrects": None},
    "time_shown": {"amount": None, "corrects": None},
    "running_total": {"is_cap": False, "cap_minutes": None, "cap_amount": None},
    "pause_recorded": {"reason": None, "evidence": None},
    "resume_recorded": {"reason": None, "evidence": None, "ended": "resumed"},
    "finding_recorded": {"issue": None, "waives": False},
    "pass_through_recorded": {"given": {}, "missing": ()},
    "work_concluded": {"finding": None, "reason": ""},
    "work_summary": {"entries": [], "shows_price": False, "reason": ""},
    "slot_proposal": {"customer_zone": None, "consultant": "", "replaces": None},
    "slot_suggestions": {"customer_zone": None, "unread": []},
    "slot_warning": {"forced": None, "holiday": None, "reason": None, "unread": [], "rounds": None, "missing": 0},
    "slot_receipt": {"customer_zone": None, "consultant": "", "checklist": [], "invitation_url": None},
    "slot_recorded": {"customer_zone": None, "consultant": ""},
    "slot_expired": {"customer_zone": None, "consultant": "", "person": None, "evidence": None, "options": []},
    "slot_doubtful": {"customer_zone": None, "consultant": ""},
    "slot_countered": {"customer_zone": None, "consultant": "", "was_confirmed": False, "wishes": [], "options": []},
    "slot_wished": {"customer_zone": None},
    "slot_released": {"customer_zone": None, "consultant": "", "invitation_url": None},
    "slot_reminder": {"customer_zone": None, "consultant": ""},
    "no_show_recorded": {"customer_zone": None, "consultant": "", "reason": None, "options": []},
    "prerequisites_recorded": {"missing": 0, "dispensed": False, "evidence": None},
}
"""Template → what its variables are when there is nothing to tell: it must render then too."""
