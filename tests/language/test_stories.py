"""What people tell beside an acceptance touches nothing: trouble, forms, telephones, slips of the hand. What is only alike does."""

from __future__ import annotations

import pytest

from helpdesk_bridge.language.forms import filled_in
from helpdesk_bridge.language.mistyped import is_nearly
from helpdesk_bridge.language.people import telephones
from tests.language.accepting import accepted

TOLD = (
    "A diferença no custo médio permanece nos produtos do grupo 0012.",
    "A impressora do caixa 3 não puxa o cupom e a fila está enorme.",
    "O problema aparece só no servidor 2, quando o job de integração com a transportadora roda.",
    'A mensagem "Alias não existente" persiste na rotina FATA300.',
    "O coletor lê a etiqueta do palete, o endereço muda, mas o saldo fica na doca antiga.",
    "Desde a virada para a 12.1.2410 o apontamento de produção (MATA250) não baixa o empenho.",
    "EXPEDIÇÃO PARADA.",
    "A prescrição eletrônica não baixa estoque da farmácia.",
    "O CTBA não contabiliza a provisão de férias.",
    "El libro de IVA ventas no cierra.",
    "The MRP run crashed three nights in a row with the same thread error.",
    "A conferente Edna está à disposição para simular.",
    "vocês usam AnyDesk ou TeamViewer?",
    "Qualquer coisa me chama no whats (51) 99812-4470.",
    "Contato técnico: Ivanildo - (81) 98877-1020",
    "Dados:\nEmpresa: Sá & Filhos\nCargo: Gerente de contas\nCNPJ: 20.297.299/0008-71",
    "obrigadaaa kkkkk",
)

NOT_TOLD = (
    "Falo em nome do João.",
    "Cobrar do João.",
    "Iniciem quando quiser a matriz.",
    "O contador assina embaixo.",
    "Awaiting our team.",
    "Please call the manager for details.",
    "Att,\nMaria Souza\n\nSem Efeito",
    "Fui desligado da empresa ontem.",
    "Aqui ninguém abre a carteira.",
    "A fatura é problema de quem fez o programa.",
    "fechando a venda da colheitadeira",
    "A balança fica de fora.",
    "Vence junto com o leite da geladeira.",
    "Trocamos de sistema ontem, então não precisa mais.",
    "Apaga essa linha.",
    "Estou gravando um tutorial.",
    "Minha sogra bate o martelo sexta.",
    "MINHA SOGRA BATE O MARTELO SEXTA.",
    "Nosso parceiro não fecha com isso.",
    "Quando o relatório sair.",
    "Depois que o sistema voltar.",
    "O pedido de compra sai semana que vem.",
    "Contato: Ver com minha sogra",
    "Limite: 2 horas",
    "Budget: 500",
    "vai que o erro é nosso, aí sim",
    "dividido em 3x",
    "Att,\nRosiane Melo\nPS2: esqueçam a primeira linha",
    "Att,\nRosiane Melo\n\nEnviado por engano.",
    "Att,\nRosiane Melo | Minuta",
    "Aprovador: Ver Com Diretor",
    "Setor: a definir pela diretoria",
    "Puesto: el que decide es otro",
    "Name: To Be Defined",
    "Data: 01/02/2027",
    "Aguardo confirmação do financeiro.",
    "Aguardo o retorno do cliente.",
    "Aguardo o retorno sobre o valor.",
    "Quedo pendiente de mi jefe.",
    "Isso é com o contador.",
    "Cobrem do cliente.",
    "Facturen al cliente.",
    "Please advise the charge.",
    "Trabalho em outra empresa.",
    "O problema sumiu.",
    "A divergência sumiu.",
    "O arquivo atualizou.",
    "O sistema integra os pedidos.",
    "O sistema não apresenta erro.",
    "O sistema não duplica a nota.",
    "O erro voltou ao normal.",
    "Não emite a nota.",
    "Não grava a sessão.",
    "A matriz não reconhece o chamado.",
    "A auditoria bloqueou a despesa.",
    "O sistema funciona normalmente agora.",
    "Encontramos a causa.",
    "The routine works again.",
    "El problema ya no ocurre.",
    "Enviei a mensagem errada.",
    "I tested the button.",
    "Li o termo de outro chamado.",
    "No leí el documento.",
    "O chamado está duplicado.",
    "O sistema apresenta defeito de fábrica.",
    "El sistema tiene error de ustedes.",
    "O caixa está zerado.",
    "A proposta expira hoje.",
    "A última cobrança saiu duplicada.",
    "Iniciem quando a filial quiser.",
    "Podem iniciar quando o cliente responder.",
    "Inicien cuando pueda el cliente.",
    "O termo não abre.",
    "A tarifa aparece zerada.",
    "A filial não existe mais.",
    "Agora a tela abre.",
    "El reporte ya imprime.",
    "The report prints now.",
    "O erro não ocorreu hoje.",
    "A rotina não falha.",
    "Carlos assina.",
    "Envié el mensaje por error.",
)


@pytest.mark.parametrize("story", TOLD)
def test_a_story_beside_an_acceptance_touches_nothing(story):
    assert [accepted(f"Aceito o termo. {story}"), accepted(f"{story}\n\nAceitamos o termo de serviço.")] == [True, True]


@pytest.mark.parametrize("words", NOT_TOLD)
def test_what_only_looks_like_a_story_goes_to_a_person(words):
    assert [accepted(f"Aceito o termo. {words}"), accepted(f"Aceito o termo.\n\n{words}")] == [False, False]


@pytest.mark.parametrize(
    "words",
    [
        "A tela mostra: aceito o termo.",
        "A tela mostra:\nAceito o termo.",
        "O boato é que aceito o termo.",
        "Aceito o termo\nQuem quebrou que pague o pato.",
        "A TOTVS aceita o termo.",
        "João aceita o termo.",
        "Histórico: termo aceito",
        "Resolvam o erro e aceito o termo.",
        "Resolve o problema, aceito o termo.",
        "Llamen y acepto el término.",
        "Send the invite and I accept the term.",
    ],
)
def test_what_somebody_else_says_is_no_acceptance(words):
    assert [accepted(words), accepted(words.upper())] == [False, False]


@pytest.mark.parametrize(
    "words",
    [
        "I agree with my colleague.",
        "I agree with the schedule.",
        "in January I accept the term.",
        "Term accepted.\n\nThanks,\nAmy\n\nAs Technical Consulting instead",
        "Logo mais à noite eu aceito o termo.",
        "À tardinha aceito o termo.",
        "Acepto el término por la noche.",
        "We accept the terms this afternoon.",
        "Termo aceito. Boas festas, em janeiro conversamos.",
        "Aceito o termo do ticket da Vanessa.",
        "We accept the terms for Anna's case.",
        "We accept the terms of the lease.",
        "Aceito o termo nas condições acertadas com a Paula.",
        "De acordo com o termo, preço fechado.",
        "Aceito o termo para avaliação.",
        "Aceito o termo. Isso já foi pago.",
        "Aceito o termo. A gerente já aprovou o termo do projeto.",
        "Aceptamos el término del ticket.",
        "Concordo com o término do chamado.",
        "De acuerdo con el término, el comprobante llega por correo.",
        "De acordo com o termo, vocês respondem em um dia.",
        "Confirmo o aceite do boleto.",
        "Autorizo o Caio a dar o aceite.",
        "We authorise Tom to accept the terms.",
        "Que ótimo que a empresa aceita o termo.",
        "Aceito o termo uma banana!",
        "Podem seguir, termo aceito. Cobrem da franquia, o erro é deles.",
        "Aceito o termo, e o pagamento é em três vezes no boleto.",
        "Aceito o termo obrigado pelo gerente.",
        "Aceito o termo, a AMS atende hoje à tarde.",
        "Hoje à tarde eu aceito o termo.",
        "Aceito os itens a, b, d, e, f do termo.",
        "De acordo com a agenda proposta.",
        "De acordo com o termo da NF.",
        "Aceito o termo para fins de registro.",
        "Aceito um termo justo.",
        "We accept the terms. The invoice can be for zero, as agreed.",
        "Aceito o termo. Mexemos em tudo e resolvemos.",
        "We accept the terms. The phone sent the message.",
    ],
)
def test_an_assent_to_something_else_or_for_later_is_none(words):
    assert [accepted(words), accepted(words.upper())] == [False, False]


def test_a_form_is_filled_in_line_by_line():
    text = "Nome: Lucimara Sá\nCargo: Gerente de contas\nTelefone: 11 3344-5566 / 99887-1122\nContato: João (ramal 22)\nNome:\nPrazo: 2 dias"

    assert [span.of(text) for span in filled_in(text)] == text.splitlines()[:4]


@pytest.mark.parametrize("number", ["+55 11 4002 7788", "(63) 3215-9090", "11 97755-2001", "+1 305 555 0142", "33 1522 7788"])
def test_telephones_are_found(number):
    assert [span.of(f"ligue {number}") for span in telephones(f"ligue {number}")] == [number]


@pytest.mark.parametrize("number", ["R$ 10000000", "10.000.000,00", "24 11 2026", "500", "2 000"])
def test_money_and_dates_are_no_telephones(number):
    assert list(telephones(f"até {number}")) == []


def test_a_slip_of_the_hand_is_forgiven_but_another_word_is_not():
    known = {"obrigada", "consultoria", "termo"}
    slips = ("obrigda", "obrigdaa", "obriigada", "consutloria", "obrigadaaaa", "kkkk")
    others = ("termos", "temro", "obrigado", "consultores")

    assert [is_nearly(word, known) for word in (*slips, *others)] == [True] * len(slips) + [False] * len(others)
