"""Laws of the consent gate: what a quotation, a negation, a condition or a stranger can never do."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_bridge.domain.reading import Context, Pending, Reading, SignalKind
from helpdesk_bridge.domain.values import Comment, CommentId, Person, Role
from helpdesk_bridge.language import read_comment
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.policy.evaluate_comments import is_accepted
from tests.domain.builders import at

POLICY = load_policy()
CLAUSES = Path(__file__).parents[2] / "config/policy/language/clauses.yaml"
KIND_EXAMPLES = [
    example
    for kind in yaml.safe_load(CLAUSES.read_text(encoding="utf-8"))["clauses"]["kinds"]
    for example in kind.get("examples", ())
]
QUOTED = (
    "\n\nEm seg., 3 de nov. de 2026 às 10:12, Suporte <s@erp.example> escreveu:\n"
    "> Segue o termo. Aceito o termo? Não é cobrado antes, desde que confirmado até sexta.\n"
)
TEXTS = (
    "Aceito o termo.",
    "Não aceitamos o termo.",
    "Aceito, desde que não passe de 2 horas.",
    "Qual o valor da hora?",
    "Vamos seguir com a nossa AMS.",
    "Bom dia, recebido.",
)
ASSENTS = (
    "Aceito o termo",
    "Estamos de acordo com o termo de consultoria",
    "Autorizamos a cobrança",
    "Aceptamos el término",
    "We accept the terms",
)
STORIES = (
    "O problema está travando nossa folha há duas semanas. {}, podem seguir.",
    "Conversei com a Sandra ontem. {}.",
    "{}. O faturamento está parado desde segunda.",
    "{}. Já instalei o VSCode e o ambiente de teste está atualizado.",
)
CONDITIONS = (
    """
sob ressalvas da diretoria|mediante parecer|com parcimônia|com Parcimônia|a título de teste|em caráter experimental|ad referendum
com aprovação da diretoria|em análise|para avaliação|falta o PO|dentro do orçamento|conquanto não haja cobrança|a preço de custo
conforme nosso contrato|o nosso termo|pela tabela antiga|pago pelo suporte|custo pago pela unidade de vocês|por conta da garantia
resolvido o problema|garantida a solução|havendo verba|por ora|por hora|por trinta dias|só desta vez|menos o item f|tirando a cláusula f
a cláusula a|somemte hoje|mediamte aprovacao|dezde que seja gratis|ressalvas em anexo|ver condições abaixo|segue contraproposta
mudou de ideia|foi o que me passaram|brincadeira|só que não|era para outro chamado|do chamado 998877|a primeira hora|com o brinde
con reservas|previa aprobación de gerencia|por el momento|sin costo|hasta dos horas|as a trial|for now|subject to approval|minus clause f
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


def _read(text: str, role: Role = Role.REQUESTER) -> tuple[Comment, Reading]:
    comment = Comment(id=CommentId("1"), author=Person(id="1", role=role), public=True, at=at(60), text=text)
    return comment, read_comment(comment, Context(author=role, pending=Pending.TERM_PENDING), POLICY.lexicon)


def _accepted(text: str, role: Role = Role.REQUESTER) -> bool:
    comment, reading = _read(text, role)
    return is_accepted(comment, reading, Pending.TERM_PENDING, POLICY.rules)


@pytest.mark.parametrize("text", TEXTS)
def test_a_quoted_term_never_changes_what_a_comment_says(text):
    assert _read(text + QUOTED)[1].label is _read(text)[1].label


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("assent", ASSENTS[:3])
def test_a_story_does_not_hide_an_acceptance(story, assent):
    assert _accepted(story.format(assent))


@pytest.mark.parametrize("example", KIND_EXAMPLES)
def test_a_clause_of_a_listed_kind_does_not_hide_an_acceptance(example):
    assert _accepted(f"Aceito o termo. {example[0].upper()}{example[1:]}.")


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_anywhere_leaves_no_acceptance(condition):
    texts = [text for assent in ASSENTS[:3] for text in _beside(assent, condition)]

    assert [text for text in texts if _accepted(text)] == []


def _beside(assent: str, condition: str) -> list[str]:
    told = f"{condition[0].upper()}{condition[1:]}"
    stories = [f"{story.format(assent)} {told}." for story in STORIES]
    return [f"{assent} {condition}.", f"{assent}, {condition}.", f"{assent}. {told}.", f"{told}, {assent.lower()}.", *stories]


@pytest.mark.parametrize("story", ["{}", *STORIES])
@pytest.mark.parametrize(
    "denied",
    [
        "Não aceito o termo",
        "Não estamos de acordo com o termo",
        "Não autorizamos a cobrança",
        "No aceptamos el término",
        "We do not accept the terms",
    ],
)
def test_a_negated_assent_is_never_an_acceptance(story, denied):
    reading = _read(story.format(denied))[1]

    assert not _accepted(story.format(denied))
    assert not any(signal.kind is SignalKind.ACCEPTANCE and signal.certain for signal in reading.signals)


@pytest.mark.parametrize("role", [Role.AGENT, Role.OUTSIDER, Role.SYSTEM, Role.BRIDGE])
@pytest.mark.parametrize("story", STORIES)
def test_nobody_but_a_customer_accepts_in_a_story(role, story):
    assert not _accepted(story.format(ASSENTS[0]), role)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(ASSENTS),
    st.sampled_from(CONDITIONS),
    st.sampled_from([" ", ", ", ". ", "\n", "\n\n", " - ", " (", "; ", "\nAtt,\nMaria\n"]),
    st.sampled_from([str, str.upper, str.title]),
)
def test_no_place_line_or_case_makes_a_condition_pass(assent, condition, between, case):
    assert not _accepted(case(f"{assent}{between}{condition}"))


@pytest.mark.parametrize(
    ("text", "stands"), [("Bom... aceito o termo.", True), ("Aceito o termo...", False), ("Aceito o termo… sei lá.", False)]
)
def test_a_pause_before_the_words_that_accept_leaves_nothing_open(text, stands):
    assert _accepted(text) is stands


@pytest.mark.parametrize(
    "text",
    [
        "o Zé tá de acordo",
        "A Marina aceita o termo.",
        "a Marina diz sim ao termo",
        "o termo tem o aceite do João",
        "pode incluir meu nome no aceite do João",
        "Aceito o termo. Deixo com a Marina.",
        "Aceito o termo. Esse login é da Marina.",
        "Aceito o termo. Cliquei errado.",
        "Aceito o termo para análise interna.",
        "Laura is fine with the terms.",
        "I accept the terms. The account is shared.",
        "I accept the terms. It works now.",
    ],
)
def test_another_s_assent_login_or_reading_is_no_acceptance(text):
    assert not _accepted(text)
