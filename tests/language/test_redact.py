"""Nobody is left in redacted words, and what they mean stays."""

from __future__ import annotations

import pytest

from helpdesk_bridge.language.redact import redacted

PEOPLE = ("Maria Clara Souza", "Têxtil Itajaí", "ana@cliente.example")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Aceito o termo.\nMaria Clara Souza", "Aceito o termo.\nFulano"),
        ("A Maria e o Souza não aprovaram", "A Fulano e o Fulano não aprovaram"),
        ("MARIA CLARA SOUZA", "Fulano"),
        ("escreva para maria.souza@textil.com.br", "escreva para pessoa@cliente.example"),
        ("faturar no CNPJ 11.222.333/0001-81", "faturar no CNPJ 12.ABC.345/01DE-35"),
        ("CNPJ 11.222.333/0001-82 (errado)", "CNPJ 12.ABC.345/01DE-35 (errado)"),
        ("ligue (11) 98765-4321", "ligue (00) 00000-0000"),
        ("CPF 123.456.789-09", "CPF 000.000.000-00"),
        ("veja https://portal.textil.com.br/x?y=Maria", "veja https://cliente.example"),
        ("mariana aceitou às 14:00 de 25/11/2026 por R$ 354,00", "mariana aceitou às 14:00 de 25/11/2026 por R$ 354,00"),
    ],
)
def test_people_and_their_numbers_give_way_to_invented_ones(text, left):
    assert redacted(text, PEOPLE) == left


@pytest.mark.parametrize("text", ["@" * 20_000, "a@" * 10_000, "1" * 30_000, "https://" * 5_000])
def test_hostile_text_is_redacted_in_time(text):
    redacted(text, PEOPLE)
