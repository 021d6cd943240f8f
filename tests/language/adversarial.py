"""Assents that something spoils: agreements in many forms, times what takes the agreement back, times where it stands.

None of these texts may ever be accepted without a person. The phrases say why in their key; a phrase with ``{}`` holds the assent
inside, every other one stands beside it. Another dictionary of the same form can be given to ``spoiled``.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ASSENTS = (
    "Aceito o termo",
    "Aceito os termos da consultoria",
    "Aceitamos o termo de serviço",
    "Estou de acordo",
    "Estou de acordo com o termo",
    "Estamos de acordo com o termo de Consultoria do Suporte, podem prosseguir",
    "De acordo",
    "De acordo com o termo, podem seguir",
    "Autorizo o atendimento",
    "Autorizo a cobrança da consultoria",
    "Autorizamos o início da consultoria",
    "Concordo com o termo",
    "Concordamos com as condições do termo",
    "Termo aceito",
    "Aceite confirmado",
    "Confirmo o aceite do termo",
    "Damos o nosso aceite ao termo",
    "Segue o nosso aceite formal",
    "Ciente e de acordo com o termo",
    "Sim, aceito a consultoria",
    "Pode seguir com a consultoria, aceito o termo",
    "Aprovado, podem iniciar a consultoria",
    "Acepto el término",
    "Acepto los términos de la consultoría",
    "Aceptamos el término de servicio",
    "Estoy de acuerdo con el término",
    "Estamos de acuerdo, pueden proceder",
    "De acuerdo",
    "Autorizo la consultoría",
    "Autorizamos el cobro",
    "Doy mi conformidad al término",
    "Confirmamos la aceptación del término",
    "Sí, acepto",
    "I accept the term",
    "We accept the terms of the consulting",
    "I agree to the service term",
    "We agree with the terms, please proceed",
    "Agreed",
    "Accepted",
    "Yes, I accept the terms",
    "We authorize the consulting",
    "Please take this as our formal acceptance",
)

SPOILERS: dict[str, tuple[str, ...]] = {
    "condition": (
        "se a diretoria concordar",
        "somente se for resolvido hoje",
        "salvo se for inconsistência do produto",
        "sob ressalvas da diretoria",
        "uma vez aprovado pelo conselho",
        "ficando o pagamento para o ano que vem",
        "respeitado o teto do contrato",
        "na hipótese de o abono ser concedido",
        "pendente de assinatura do sócio",
        "dependendo do laudo",
        "isso se o consultor vier aqui na loja",
        "senão for muito caro",
        "vai que o erro é nosso, aí sim",
        "salvo melhor juízo",
        "si lo aprueba el directorio",
        "sujeto al dictamen",
        "supeditado a fondos",
        "con tal que quede listo hoy",
        "mientras no haya que pagar extra",
        "provided it stays under two hours",
        "as long as it is free",
        "if the board agrees",
        "unless the patch fixes it",
        "contingent on headcount approval",
        "on the understanding that no invoice follows",
    ),
    "unknown noun": (
        "mediante chancela da holding",
        "resguardado o direito de regresso",
        "nos moldes da proposta 45/2026",
        "dentro da franquia do contrato",
        "sem prejuízo da nossa contestação",
        "com as glosas de praxe",
        "a título precário",
        "em caráter experimental",
        "como cortesia comercial",
        "bajo reserva de la gerencia",
        "previa conformidad del contador",
        "a cuenta de la garantía",
        "a prueba",
        "under the umbrella contract",
    ),
    "limit": (
        "no máximo 90 minutos",
        "limitado a R$ 500,00",
        "apenas este mês",
        "não mais que uma hora",
        "até o dia 20",
        "por enquanto",
        "gastando pouco",
        "hasta dos horas",
        "con tope de 300 dólares",
        "por el momento",
        "up to two hours",
        "capped at 500",
        "for now",
        "in principle",
        "this once",
    ),
    "part": (
        "exceto a cláusula c",
        "fora a parte dos impostos",
        "parcialmente",
        "com exceção das despesas",
        "metade do valor",
        "riscando a letra d",
        "com as alterações que anotei",
        "solo el inciso a",
        "quitando lo de los impuestos",
        "except clause c",
        "only item a",
        "minus the phone time",
        "with the edits below",
    ),
    "price": (
        "a R$ 200,00 a hora",
        "pelo valor antigo",
        "de graça",
        "mas o preço tá errado",
        "pela tabela do ano passado",
        "parcelado em dez vezes",
        "sin costo",
        "al precio anterior",
        "con descuento",
    ),
    "hearsay": (
        "estou só repassando o recado",
        "segundo a Carla",
        "pelo que entendi do gerente",
        "é o que dizem por aqui",
        "según dijo mi jefe",
        "eso me comentaron",
        "says my boss",
        "or so I was told",
        "meu chefe falou: {}",
        "ouvi dizer que {}",
        "mi jefe dice que {}",
    ),
    "delegation": (
        "quem decide é a Marta",
        "falem com o financeiro primeiro",
        "a resposta oficial vem da matriz",
        "confirmem com o Renato antes",
        "pregúntenle a Rosario",
        "ask Finance first",
    ),
    "future": (
        "assim que sair a verba",
        "na próxima semana eu confirmo",
        "once the PO is out",
        "next week",
        "amanhã eu escrevo: {}",
        "mañana mando: {}",
        "tomorrow I'll send: {}",
        "one day I may say {}",
    ),
    "question": (
        "certo?",
        "é isso mesmo?",
        "tem desconto?",
        "posso responder assim?",
        "isso gera cobrança?",
        "¿y cuánto sale?",
        "how much would that be?",
        "o que acontece se eu escrever {}?",
        "¿tengo que escribir {}?",
        "should I write {}?",
    ),
    "negation": (
        "mentira, não quero",
        "pensando bem, deixa pra lá",
        "mejor no",
        "todavía no",
        "es un decir",
        "not",
        "just kidding",
        "de jeito nenhum {}",
        "em momento algum {}",
        "I can't say {}",
    ),
    "other object": (
        "falo do título do chamado",
        "quanto ao diagnóstico",
        "em relação à mudança da prioridade",
        "mas é para o outro chamado",
        "o convite do Teams",
        "da licença nova",
        "para el otro ticket",
        "about the meeting minutes",
    ),
    "irony": (
        "kkkk até parece",
        "vai sonhando",
        "só rindo",
        "🙄",
        "#sqn",
        "ni en sueños",
        "yeah right",
        "when pigs fly",
        "{}, disse ninguém nunca",
        "{}, dijo nadie nunca",
    ),
    "dispute": (
        "mas registro minha discordância",
        "a contragosto e reservando o direito de não pagar",
        "apesar de discordar da cobrança",
        "embora ache indevido",
        "bajo protesta",
        "pero no pienso pagar",
        "under protest",
    ),
    "noise": (
        "desde q nao passe de 2h",
        "cazo seja de graça",
        "si a diretoria aprova",
        "so ate sexta",
        "mais nao quero pagar",
    ),
    "quoted": (
        "modelo de resposta: {}",
        "[ ] {}",
        "~~{}~~",
        "{} ( )",
        "<s>{}</s>",
        '<div style="display:none">{}</div>',
        '<p style="color:#ffffff">{}</p>',
        "<ul><li>☐ {}</li><li>☐ recuso o termo</li></ul>",
        "opción A: {} / opción B: rechazo",
        'the form says "{}"',
        "el formulario dice «{}»",
        'onde se lê "{}", leia-se outra coisa',
    ),
    "forwarded": (
        "---------- Forwarded message ---------\nFrom: Carlos <carlos@outra.example>\nSubject: Re: term\n\n{}",
        "---------- Mensaje reenviado ---------\nDe: Carlos <carlos@otra.example>\nAsunto: Re: término\n\n{}",
        "Veja o que o Carlos me mandou:\n\n{}",
        "-----Mensagem original-----\nDe: Carlos\nEnviada em: terça-feira\n\n{}",
        "fyi, from the vendor's page:\n\n{}",
    ),
}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the spoiling phrase stands, or what surrounds an assent that is inside one."""

    name: str
    text: Callable[[str, str], str]


def spoiled(spoilers: Mapping[str, tuple[str, ...]] = SPOILERS, assents: tuple[str, ...] = ASSENTS) -> Iterator[dict[str, Any]]:
    """Yield every text as an item that ``evaluate traps`` reads; its id names the reason, the placement, the assent and the phrase."""
    for reason, phrases in spoilers.items():
        for phrase in phrases:
            for assent in assents:
                for placement in _placements(phrase, assent):
                    text = placement.text(assent, phrase)
                    yield {
                        "id": f"{reason} | {placement.name} | {assent} | {phrase}",
                        "author_role": "requester",
                        "channel": "email",
                        "thread_state": "term_pending",
                        "body_html" if text.startswith("<") else "body_text": text,
                    }


def some(items: Iterator[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Return ``count`` of the items, always the same ones; all of them when there are fewer."""
    return sorted(items, key=lambda item: _digest(item["id"]))[:count]


def _placements(phrase: str, assent: str) -> tuple[Placement, ...]:
    if "{}" not in phrase:
        return (*BESIDE, DISGUISED[_digest(phrase + assent)[0] % len(DISGUISED)])
    return AROUND_HTML if phrase.startswith("<") else AROUND


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _lower(text: str) -> str:
    return text if text[:2] == "I " else text[:1].lower() + text[1:]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else ".")


def _bare(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(each))


def _zero_width(text: str) -> str:
    return re.sub(r"(\w)(\w)", "\\1\u200b\\2", text)


def _split_in_html(text: str) -> str:
    middle = len(text) // 2
    return f"{html.escape(text[:middle])}<b></b><span>{html.escape(text[middle:])}</span>"


def _fill(assent: str, phrase: str) -> str:
    return phrase.format(assent if phrase.startswith(("{}", "<", "(", "[", "~", ">", "-")) else _lower(assent))


BESIDE = (
    Placement("after", lambda assent, phrase: f"{assent}, {phrase}."),
    Placement("sentence after", lambda assent, phrase: f"{assent}. {_sentence(phrase)}"),
    Placement("line after", lambda assent, phrase: f"{assent}.\n{phrase}"),
    Placement("before", lambda assent, phrase: f"{_sentence(phrase).rstrip('.')}, {_lower(assent)}."),
    Placement("line before", lambda assent, phrase: f"{_sentence(phrase)}\n{assent}."),
    Placement(
        "paragraph", lambda assent, phrase: f"Bom dia,\n\n{assent}.\n\n{_sentence(phrase)}\n\nAtt,\nMaria Souza\nFinanceiro"
    ),
)
DISGUISED = (
    Placement("in brackets", lambda assent, phrase: f"{assent} ({phrase})."),
    Placement("without accents", lambda assent, phrase: _bare(f"{assent} {phrase}")),
    Placement("upper case", lambda assent, phrase: f"{assent}, {phrase}!".upper()),
    Placement("zero width", lambda assent, phrase: f"{assent}, {_zero_width(phrase)}."),
    Placement("split in HTML", lambda assent, phrase: f"<p>{assent}.</p><div>{_split_in_html(_sentence(phrase))}</div>"),
    Placement("below the signature", lambda assent, phrase: f"{assent}.\n\nAtt,\nMaria Souza\n{_sentence(phrase)}"),
    Placement("postscript", lambda assent, phrase: f"{assent}.\n\nMaria Souza\n\nP.S.: {phrase}"),
    Placement("decomposed", lambda assent, phrase: unicodedata.normalize("NFD", f"{assent} - {phrase}")),
)
AROUND = (
    Placement("alone", _fill),
    Placement("full stop", lambda assent, phrase: f"{_fill(assent, phrase)}."),
    Placement("greeting", lambda assent, phrase: f"Bom dia!\n\n{_fill(assent, phrase)}"),
    Placement("signature", lambda assent, phrase: f"{_fill(assent, phrase)}\n\nAtt,\nMaria Souza"),
    Placement("lower case", lambda assent, phrase: _fill(assent, phrase).lower()),
    Placement("without accents", lambda assent, phrase: _bare(_fill(assent, phrase))),
)
AROUND_HTML = (
    Placement("alone", _fill),
    Placement("greeting", lambda assent, phrase: f"<p>Bom dia!</p>{_fill(assent, phrase)}"),
    Placement("signature", lambda assent, phrase: f"<div>{_fill(assent, phrase)}</div><p>Att,<br>Maria Souza</p>"),
)
