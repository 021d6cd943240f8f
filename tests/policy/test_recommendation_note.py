"""What an agent reads about a ticket under the shipped policy: everything that a recommendation owes, and no more than three questions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_bridge.domain.decision import Situation
from helpdesk_bridge.domain.effects import Update
from helpdesk_bridge.domain.engagement import Engagement
from helpdesk_bridge.domain.events import TicketSeen
from helpdesk_bridge.domain.tickets import see
from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.language.cues import read_ticket
from helpdesk_bridge.policy.evaluate_tickets import ticket_of
from tests.language.shipped import an_item
from tests.policy.site import shipped

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DOUBT = "Bom dia. Como configuro o parâmetro para não deixar o estoque negativo?"
RECORDS = "Só pro fornecedor 30077 a retenção sai em dobro, os outros calculam certo."
HALF = "Fiz tudo o que o suporte pediu e o erro continua."
SECTIONS = {
    Language.PT: ("**Por quê**", "**Segunda opção:**", "**Custo:**", "**Próximo passo:**"),
    Language.ES: ("**Por qué**", "**Segunda opción:**", "**Costo:**", "**Próximo paso:**"),
    Language.EN: ("**Why**", "**Runner-up:**", "**Cost:**", "**Next step:**"),
}


def note(item: dict[str, Any], language: Language = Language.PT) -> str:
    """The recommendation for a ticket in the evaluation form, as it would be posted."""
    ticket, policy = ticket_of(item), shipped()
    event = TicketSeen(ticket=ticket, reading=read_ticket(ticket, policy.cues), at=NOW)
    engagement = Engagement(desk=ticket.desk, ticket=ticket.id, language=language)
    (update,) = see(event, Situation(engagement=engagement, rules=policy.rules, at=NOW, fact="ticket", actor="desk")).effects
    assert isinstance(update, Update)
    assert update.template is not None
    return policy.wording.comment(update.template, language, {**dict(update.variables), "reference": "HB-AAAAAA"})


def questions(text: str) -> list[str]:
    """The drafted public questions."""
    return [line for line in text.splitlines() if line.startswith("> - ")]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("description", [DOUBT, RECORDS, HALF])
def test_every_recommendation_shows_why_the_runner_up_the_cost_and_what_happens_next(
    description: str, language: Language
) -> None:
    text = note(an_item(description), language)
    assert [section for section in SECTIONS[language] if section not in text] == []
    assert "“" in text


def test_a_plain_doubt_gets_the_two_questions_that_a_doubt_needs() -> None:
    assert len(questions(note(an_item(DOUBT)))) == 2


def test_whatever_else_is_lacking_stays_on_the_checklist() -> None:
    text = note(an_item("Deu problema aqui."))
    assert (len(questions(text)), text.count("☐")) == (3, 4)


def test_what_the_ticket_already_says_is_not_asked() -> None:
    asked = questions(note(an_item("Como configuro o parâmetro do estoque na rotina MATA103? Release 12.1.2410.")))
    assert asked == []


def test_the_missing_criterion_that_the_agent_can_tell_comes_first_with_its_question() -> None:
    text = note(an_item(HALF))
    changes = text.partition("**O que mudaria a recomendação**")[2]
    assert changes.lstrip().startswith("- **CS-01**")
    assert "*Ao analista: as verificações padrão" in changes


def test_a_paid_recommendation_asks_nothing_and_names_its_command() -> None:
    text = note(an_item(RECORDS))
    assert (questions(text), "/termo consultoria-suporte" in text) == ([], True)


def test_what_no_modality_covers_names_the_configured_channel_and_asks_nothing() -> None:
    text = note(an_item("O disco do servidor encheu, alguém pode limpar?"))
    assert "encaminhar a [Serviços de infraestrutura](https://support.example.com/infrastructure)" in text
    assert "Nada é cobrado sem um termo aceito." in text
    assert (questions(text), "/termo" in text) == ([], False)


def test_a_consultants_paid_ticket_shows_whose_cost_it_is() -> None:
    text = note(an_item("Na minha base não ocorre, só no cliente.", kind="consultant"))
    assert "Quem abriu é consultor: o custo é repassado à unidade." in text
