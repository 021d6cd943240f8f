"""What tickets say about criteria: who may say it, what spoils it, and where the words stand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_bridge.domain.reading import TicketReading
from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.language.cues import read_ticket
from helpdesk_bridge.policy.evaluate_tickets import ticket_of
from tests.language.shipped import an_item, lexicon


def reading(description: str, *comments: tuple[str, str], **more: Any) -> TicketReading:
    """Read a ticket made of a description and (role, body) comments."""
    return read_ticket(ticket_of(an_item(description, *comments, **more)), lexicon())


def criteria(description: str, *comments: tuple[str, str], **more: Any) -> set[str]:
    """Return the ids of paid modalities' criteria that a ticket speaks for."""
    return {
        str(cue.criterion) for cue in reading(description, *comments, **more).cues if cue.criterion.startswith(("CS-", "CT-"))
    }


@pytest.mark.parametrize(
    ("words", "criterion"),
    [
        ("O erro ocorre somente com o produto 10.002; com os demais produtos não ocorre.", "CS-03"),
        ("Com o dicionário padrão funciona, mas não temos como voltar ao padrão e não sabemos qual campo causa.", "CS-04"),
        ("Fiz o que o suporte pediu e o erro continua.", "CS-05a"),
        ("Segui a documentação do TDN ponto a ponto, sem sucesso.", "CS-05b"),
        ("Simulei em ambiente de teste atualizado e padrão, inclusive dicionários, e o erro ocorre.", "CS-05c"),
        ("Estamos com o faturamento parado e não podemos aguardar o prazo do suporte.", "CT-01"),
        ("Não temos TI e ninguém sabe executar o procedimento, precisamos de acesso remoto.", "CT-02"),
        ("Nunca usamos essa rotina e queremos implantar em janeiro.", "CT-03"),
        ("Registro novo funciona, os antigos não; queremos mapear as particularidades dos antigos.", "CT-04"),
        ("Não podemos atualizar a release e não há patch específico.", "CT-05"),
        ("Queremos contratar a consultoria técnica.", "CT-06"),
        ("We have no IT department here, we need someone to connect and do it with us.", "CT-02"),
        ("No podemos esperar el plazo normal, la planta está parada.", "CT-01"),
    ],
)
def test_a_criterion_is_heard_in_the_requesters_words(words: str, criterion: str) -> None:
    assert criterion in criteria(words)


@pytest.mark.parametrize(
    "words",
    [
        "Não é urgente, podem responder com calma.",
        "Urgente: como configuro o parâmetro de casas decimais?",
        "Ainda não fiz o que o suporte pediu, amanhã eu faço.",
        "O suporte conseguiu reproduzir o erro na base deles.",
        "Nossa equipe de TI vai aplicar o pacote hoje à noite.",
        "É a primeira vez que abro um chamado.",
        "Vamos atualizar a release no sábado.",
        "Quanto custa a consultoria técnica?",
        "A Consultoria Técnica é indicada para quem não possui equipe de TI ou não pode aguardar.",
        "Acontece com qualquer produto e qualquer cliente.",
    ],
)
def test_a_near_miss_is_not_a_criterion(words: str) -> None:
    assert set() == criteria(words)


def test_only_support_can_say_that_support_did_not_reproduce() -> None:
    words = "Não foi possível reproduzir em nosso ambiente padrão atualizado."
    assert ({"CS-01"}, set()) == (criteria("O saldo diverge.", ("agent", words)), criteria(words) & {"CS-01"})


def test_only_a_consultant_isolates_a_case_to_the_customer() -> None:
    words = "Na minha base não ocorre."
    assert ("CS-02" in criteria(words, kind="consultant"), "CS-02" in criteria(words)) == (True, False)


def test_internal_comments_of_agents_count() -> None:
    item = an_item("O saldo diverge.", ("agent", "Não reproduzimos em nosso ambiente."))
    item["comments"][0]["public"] = False
    assert [cue.criterion for cue in read_ticket(ticket_of(item), lexicon()).cues] == ["CS-01"]


@pytest.mark.parametrize("role", ["system", "bridge"])
def test_the_desk_and_the_bridge_are_never_evidence(role: str) -> None:
    assert set() == criteria("Dúvida.", (role, "Não temos TI e o faturamento está parado."))


def test_quoted_lines_are_not_the_authors_words() -> None:
    assert set() == criteria("Obrigado.\n> Estamos com o faturamento parado e não podemos aguardar.")


def test_an_agents_offer_is_not_evidence() -> None:
    assert set() == criteria(
        "Dúvida.", ("agent", "Se a sua empresa não tiver TI, existe a Consultoria Técnica com acesso remoto.")
    )


def test_a_later_reproduction_takes_back_the_earlier_statement() -> None:
    first, later = (
        ("agent", "Não reproduzimos em nosso ambiente."),
        ("agent", "Refiz hoje e consegui reproduzir o erro aqui também."),
    )
    assert ({"CS-01"}, set()) == (criteria("Erro.", first), criteria("Erro.", first, later))


def test_a_problem_that_is_solved_needs_nobody() -> None:
    assert set() == criteria("Só o produto 10 não calcula.", ("requester", "Deu certo, podem encerrar."))


def test_a_portuguese_preposition_is_not_a_spanish_negation() -> None:
    assert "CT-05" not in criteria("A solução está no patch 12.1, no portal.")


def test_stack_traces_are_not_read_as_prose() -> None:
    trace = "THREAD ERROR ([1], PAROU TUDO, SRV) 12/11/2026\nCalled from EMERGENCIA(MATA103.PRW) 29/09/2026 line : 2211"
    assert set() == criteria(f"Segue o log:\n{trace}")


def test_prose_in_capital_letters_is_still_prose() -> None:
    assert {"CT-01"} == criteria("FÁBRICA PARADA, NÃO PODEMOS ESPERAR A FILA!")


def test_the_evidence_is_the_sentence_in_its_source() -> None:
    body = "Bom dia. Não temos equipe de TI aqui. Obrigada."
    cue = next(cue for cue in reading("Dúvida.", ("requester", body)).cues if cue.criterion == "CT-02")
    assert (cue.source, cue.comment, cue.span.of(body)) == ("comment", "c1", "Não temos equipe de TI aqui.")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=400))
def test_reading_is_total_and_every_span_points_at_its_text(description: str, body: str) -> None:
    for cue in reading(description, ("requester", body)).cues:
        assert cue.text == cue.span.of(description if cue.source == "description" else body)


def test_what_a_ticket_gives_and_lacks_is_told() -> None:
    read = reading('Ao classificar a nota na MATA103, release 12.1.2410, aparece a mensagem "Armazém inválido" desde ontem.')
    assert (read.missing, dict(read.details)["release"].split()[-1]) == (("environment", "database"), "12.1.2410")


def test_a_mapped_field_gives_the_release() -> None:
    item = an_item("Erro ao gravar.")
    item["fields"]["environment_version"] = "12.1.2510"
    assert dict(read_ticket(ticket_of(item), lexicon()).details)["release"] == "12.1.2510"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Não conseguimos emitir a nota.", Language.PT),
        ("No podemos emitir la factura y el cliente espera.", Language.ES),
        ("We cannot issue the invoice.", Language.EN),
    ],
)
def test_the_language_is_the_customers(words: str, language: Language) -> None:
    assert language is reading(words).language
