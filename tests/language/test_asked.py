"""A bare "de acordo" answers what the support asked last."""

from __future__ import annotations

import pytest

from helpdesk_bridge.language.asked import asks_for_consent
from tests.language.accepting import POLICY, accepted

ASKING = [
    "Boa tarde! Conforme o termo enviado acima, o atendimento é tarifado por minuto. Você aceita o termo de serviço?",
    "Segue acima o termo da Consultoria do Suporte. Preciso do seu de acordo para continuar.",
    "Segue o termo de serviço da Consultoria do Suporte para sua análise e aceite.",
    "Publiquei o termo da Consultoria do Suporte neste chamado. Para darmos sequência preciso do seu aceite, tudo bem?",
    "O tempo de análise será faturado, conforme termo. Podemos considerar aceito?",
    "Enviei acima o termo v2; a versão anterior não vale mais.",
    "Olá, Marina, tudo bem? Segue o termo da Consultoria do Suporte. Aguardo a formalização do aceite.",
    "Sem o aceite formal do termo neste ticket não conseguimos iniciar a consultoria. Podem nos confirmar?",
    "Segue o termo com a regra de cancelamento de 24 horas. Estando de acordo, responda formalizando o aceite.",
    "Para agendarmos o acesso remoto com o especialista, é imprescindível o aceite do termo acima.",
    "O tempo será cobrado por minuto conforme o termo. Autorizam a execução e o faturamento?",
    "Adjunto los términos. ¿Están conformes?",
    "Please reply here with your formal acceptance of the terms so that I can book the consultant.",
    "Estimado, le enviamos el término de servicio de la Consultoría de Soporte. ¿Lo acepta?",
    "Le envié el término de la Consultoría de Soporte. ¿Autoriza la ejecución y el cobro por minuto?",
    "Please find the service term above. Do you accept it?",
    "Para aceitar, responda neste ticket, sem ressalvas: “De acordo com o termo.” Se for interrompido ou cancelado, o tempo é cobrado.",
]
STRAYING = [
    "Segue o termo. Podem me confirmar o horário de quinta?",
    "Enviei o termo ontem. Posso cancelar o agendamento?",
    "Os termos seguem acima. ¿Le parece bien que cerremos el ticket?",
    "The terms are attached. Can you confirm the user name?",
    "Posso subir a prioridade? O termo pode ficar para depois.",
    "Concordam em seguir sem contratar e manter o atendimento do contrato? O termo segue acima.",
    "Posso anular o termo?",
    "A inscrição do termo é 123, certo?",
    "Prefiro trocar por outro termo, concorda?",
    "O termo fica suspenso até o retorno do gestor.",
    "Também acho caro o termo, vou falar com meu gestor.",
    "Você aprova o layout do termo?",
    "Segue acima o termo de serviço. Autorizam o reinício do servidor de homologação?",
    "Aguardo a autorização do acesso remoto. O termo já foi enviado.",
    "Você concorda em transferir o chamado do termo para a outra fila?",
    "Aceita um desconto de 10% no termo?",
    "Podemos considerar o termo recusado?",
    "¿Puedo copiar la base de pruebas? El término lo vemos mañana.",
    "Shall we close this one without the terms?",
    "The terms are posted. Do you agree to close the ticket?",
    "Reiniciamos o servidor agora. De acordo?",
    "O termo está pendente. Sobre a sua dúvida: o parâmetro MV_ESTADO deve ficar vazio, de acordo?",
    "Primeiro o Suporte Padrão revisa os parâmetros, e só se não resolver voltamos ao termo. Estão de acordo?",
    "El término quedó en pausa hasta que vuelva su gerente. ¿De acuerdo?",
    "O valor da consultoria ficou acima do esperado e o melhor é aguardar o próximo ano. Concordam?",
]


@pytest.mark.parametrize("asked", ASKING)
def test_who_asks_for_acceptance_gets_it_with_a_bare_assent(asked):
    assert (asks_for_consent(asked, POLICY.lexicon), accepted("De acordo.", asked=asked)) == (True, True)


@pytest.mark.parametrize("asked", STRAYING)
@pytest.mark.parametrize("words", ["De acordo.", "Sim, autorizo.", "Sí, de acuerdo.", "Yes, agreed."])
def test_a_bare_assent_to_another_question_goes_to_a_person(asked, words):
    assert not accepted(words, asked=asked)


@pytest.mark.parametrize("asked", STRAYING)
def test_who_names_the_term_answers_the_term_whatever_was_asked(asked):
    assert accepted("De acordo com o termo de serviço.", asked=asked)


def test_another_ticket_s_number_is_another_matter():
    asked = "Segue o termo de serviço. Você aceita o termo?"

    assert [accepted("Ticket 40999: termo aceito.", asked=asked, ticket=ticket) for ticket in ("40999", "41000")] == [True, False]
