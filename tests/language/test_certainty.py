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
    "Stop the work once John confirms.",
    "Encerrem a consultoria assim que o João confirmar.",
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


@pytest.mark.parametrize(
    "text",
    [
        "obrigada, pode encerrar o chamado",
        "Gracias, pueden cerrar el ticket.",
        "Thanks, you can close the ticket.",
        "Não interrompam a consultoria, por favor.",
        "No detengan la consultoría.",
        "Please don't stop the work.",
        "O serviço do Protheus parou de novo às 14h.",
        "The service stopped again last night.",
        "Vou almoçar e volto às 13h30.",
        "Ótimo trabalho, obrigado!",
    ],
)
def test_the_end_of_a_ticket_a_call_to_go_on_a_system_that_stops_and_a_meal_stop_nothing(text: str) -> None:
    assert read(text, Pending.IN_PROGRESS).label in (K.NONE, K.UNCLEAR)


@pytest.mark.parametrize(
    "text", ["Talvez a gente precise pausar a consultoria.", "Podemos pausar o atendimento?", "Maybe we need to pause."]
)
def test_a_hedged_pause_is_not_certain(text: str) -> None:
    reading = read(text, Pending.IN_PROGRESS)

    assert (reading.label, reading.signals[0].certain) == (K.PAUSE, False)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("De acordo, com teto de 2 horas.", {"cap_minutes": "120"}),
        ("Aceito, mas no máximo R$ 1.500,00.", {"cap_amount": "1500.00"}),
        ("Aceptamos siempre que no pase de 90 minutos.", {"cap_minutes": "90"}),
        ("We accept subject to PO 4471.", {"po": "4471"}),
        ("Aceito se for abonado em caso de erro do produto.", {"if_product_error": "true"}),
        ("Concordo, mas só a partir do dia 01/12/2026.", {"date": "2026-12-01"}),
    ],
)
def test_a_condition_yields_its_data(text: str, data: dict[str, str]) -> None:
    reading = read(text, Pending.TERM_PENDING)

    assert reading.label is K.CONDITIONAL_ACCEPTANCE
    assert data.items() <= dict(reading.signals[0].data).items()


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("quinta às 9h", {"weekday": "3", "time": "09:00"}),
        ("Pode ser amanhã depois das 14h.", {"day_offset": "1", "after": "14:00"}),
        ("Puede ser el jueves 10:00 hora de Lima.", {"weekday": "3", "time": "10:00", "zone": "America/Lima"}),
        ("Thursday at 2pm works for us.", {"weekday": "3", "time": "14:00"}),
    ],
)
def test_a_time_in_prose_yields_its_data(text: str, data: dict[str, str]) -> None:
    reading = read(text, Pending.SLOT_PROPOSED)

    assert data.items() <= dict(reading.signals[0].data).items()


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("A nota deve sair para o CNPJ 11.222.333/0001-81.", {"cnpj": "11222333000181"}),
        ("Emitir a nota no CNPJ 12.ABC.345/01DE-35.", {"cnpj": "12ABC34501DE35"}),
        ("Facturar a la sucursal, RUC 20100047218.", {"ruc": "20100047218"}),
        ("Faturar no CNPJ 11.222.333/0001-82.", {}),
    ],
)
def test_a_tax_number_is_taken_when_its_digits_are_right(text: str, data: dict[str, str]) -> None:
    signal = read(text, Pending.TERM_PENDING).signal(K.BILLING_INFO)

    assert signal is not None
    assert {key: value for key, value in signal.data if key != "unit"} == data
