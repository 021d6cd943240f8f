"""What is said plainly concludes; what is doubted, planned, conditional, hearsay or asked goes to a person and is never dropped."""

from __future__ import annotations

import pytest

from helpdesk_bridge.domain.reading import Context, Pending, Reading, SignalKind
from helpdesk_bridge.domain.values import Comment, CommentId, Person, Role
from helpdesk_bridge.language import read_comment
from helpdesk_bridge.policy import load_policy
from tests.domain.builders import at

LEXICON = load_policy().lexicon
K = SignalKind
WAYS_OUT = (K.INTERRUPTION, K.RETRACTION, K.REFUSAL, K.OTHER_ROUTE)

STOPS = (
    "Interrompam a Consultoria do Suporte e nos passem para a Consultoria Técnica.",
    "Favor encerrar a consultoria.",
    "Solicito a interrupção do atendimento.",
    "Detengan la consultoría, ya encontramos la causa.",
    "Please stop the consulting work.",
)
REFUSALS = ("Não aceitamos o termo.", "Recusamos o termo de serviço.", "No aceptamos el término.", "We do not accept the terms.")
RETRACTIONS = ("Retiro o meu aceite.", "Desconsiderem o meu aceite.", "Anulen nuestra aceptación.", "We withdraw our acceptance.")
HEDGED_STOPS = (
    "Talvez seja melhor interromper a consultoria.",
    "Estamos pensando em parar o atendimento.",
    "Acho que vamos cancelar a consultoria.",
    "Se continuar assim, vamos interromper o serviço.",
    "Quem sabe interromper a consultoria.",
    "A diretoria quer interromper a consultoria.",
    "Encerrem a consultoria? Ou seguimos?",
    "Encerrem a consultoria. Mas só se o fiscal confirmar.",
    "Vamos encerrar a consultoria na semana que vem.",
    "Tal vez sea mejor detener la consultoría.",
    "Si sigue así, vamos a cancelar la consultoría.",
    "Maybe we should stop the consulting.",
    "If this goes on, we will stop the engagement.",
    "My manager wants to terminate the engagement.",
)
HEDGED_REFUSALS = (
    "Acho que não vamos aceitar o termo.",
    "Talvez a diretoria não autorize.",
    "Se a cobrança for por hora, não aceitamos.",
    "Creo que no vamos a aceptar.",
    "Maybe we will decline.",
)
HEDGED_RETRACTIONS = (
    "Talvez eu tenha que retirar o meu aceite.",
    "Posso retirar o aceite?",
    "Se demorar muito, vou retirar o aceite.",
    "Quizás tenga que retirar mi aceptación.",
    "Maybe I should withdraw my acceptance.",
)


def read(text: str, pending: Pending) -> Reading:
    comment = Comment(id=CommentId("1"), author=Person(id="1", role=Role.REQUESTER), public=True, at=at(60), text=text)
    return read_comment(comment, Context(author=Role.REQUESTER, pending=pending), LEXICON)


def told(text: str, pending: Pending) -> tuple[bool, bool]:
    """Whether the comment wants out, and whether it says so beyond doubt."""
    reading = read(text, pending)
    return reading.label in WAYS_OUT, bool(reading.signals) and reading.signals[0].certain


@pytest.mark.parametrize("text", STOPS)
def test_a_plain_interruption_is_certain(text: str) -> None:
    assert told(text, Pending.IN_PROGRESS) == (True, True)


@pytest.mark.parametrize("text", REFUSALS)
def test_a_plain_refusal_is_certain(text: str) -> None:
    assert told(text, Pending.TERM_PENDING) == (True, True)


@pytest.mark.parametrize("text", RETRACTIONS)
def test_a_plain_retraction_is_certain(text: str) -> None:
    assert told(text, Pending.ACCEPTED) == (True, True)


@pytest.mark.parametrize("text", HEDGED_STOPS)
def test_a_hedged_interruption_is_suspected_and_never_certain(text: str) -> None:
    assert told(text, Pending.IN_PROGRESS) == (True, False)


@pytest.mark.parametrize("text", HEDGED_REFUSALS)
def test_a_hedged_refusal_goes_to_a_person(text: str) -> None:
    reading = read(text, Pending.TERM_PENDING)

    assert reading.label in (*WAYS_OUT, K.CONDITIONAL_ACCEPTANCE, K.UNCLEAR)
    assert not reading.signals[0].certain


@pytest.mark.parametrize("text", HEDGED_RETRACTIONS)
def test_a_hedged_retraction_is_suspected_and_never_certain(text: str) -> None:
    assert told(text, Pending.ACCEPTED) == (True, False)


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize(
    "hedge", ["Talvez: ", "Acho que ", "Se o erro voltar, ", "Creo que ", "Si sigue fallando, ", "Maybe: ", "If it fails again, "]
)
def test_a_hedge_before_it_takes_the_certainty_from_any_interruption(hedge: str, stop: str) -> None:
    assert told(f"{hedge}{stop[0].lower()}{stop[1:]}", Pending.IN_PROGRESS) == (True, False)


@pytest.mark.parametrize("stop", STOPS)
def test_thanks_and_an_offer_of_help_beside_an_interruption_take_nothing_back(stop: str) -> None:
    assert told(f"Bom dia. {stop}\n\nSe precisarem, me liguem. Obrigada!", Pending.IN_PROGRESS) == (True, True)
