"""The shipped service terms: every clause, every variable, every language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from helpdesk_bridge.adapters.markup import html_of, text_of
from helpdesk_bridge.domain.reading import Context, Pending, Reading, SignalKind
from helpdesk_bridge.domain.rules import Checklist, Modality, PrerequisiteItem, Rate, Rules, TermTemplate
from helpdesk_bridge.domain.terms import variables_of
from helpdesk_bridge.domain.values import Comment, CommentId, Language, ModalityCode, Person, Role
from helpdesk_bridge.language import read_comment
from tests.policy.site import Site, shipped

SUPPORT, TECHNICAL = "support_consulting", "technical_consulting"
TERMS = [(modality, language) for modality in (SUPPORT, TECHNICAL) for language in Language]
RATE = Rate(
    id="r",
    modality=ModalityCode(SUPPORT),
    product_line=None,
    currency="BRL",
    hourly=Decimal("354.00"),
    valid_from=date(2026, 1, 1),
    valid_to=None,
    index="IGP-M",
)
CLAUSES = {
    Language.PT: "cobrado por minuto|registrada neste ticket|até a comunicação formal neste ticket|novo agendamento|fora do mês",
    Language.ES: "se cobra por minuto|se registra en este ticket|hasta la comunicación formal en este ticket|nuevo agendamiento|fuera del mes",
    Language.EN: "charged per minute|recorded in this ticket|until the formal message in this ticket|new scheduling|outside the month",
}


def found(code: str, rules: Rules) -> tuple[Modality, TermTemplate]:
    modality = rules.modality(code)
    assert modality is not None
    term = rules.term(modality.code)
    assert term is not None
    return modality, term


def rendered(
    code: str, language: Language, *, product_line: str | None = None, more: Mapping[str, Any] | None = None, rate: Rate = RATE
) -> str:
    modality, term = found(code, shipped().rules)
    return term.render(language, {**variables_of(modality, rate, shipped().rules, product_line), **(more or {})})


@pytest.mark.parametrize(("code", "language"), TERMS)
def test_a_term_has_all_its_clauses_in_order(code: str, language: Language) -> None:
    text = rendered(code, language)
    assert re.findall(r"^\*\*([a-z])\) ", text, re.MULTILINE) == ["a", "b", "c", "d", "e", "f"]
    places = [text.index(words) for words in CLAUSES[language].split("|")]
    assert places == sorted(places)
    assert "TOTVS Developer Studio" in text


@pytest.mark.parametrize(("code", "language"), TERMS)
def test_a_term_is_plain_markdown_that_shows_every_character(code: str, language: Language) -> None:
    page = html_of(rendered(code, language))
    assert {"p", "strong", "ul", "li"} == set(re.findall(r"<(\w+)", page))
    assert "\\" not in page


@pytest.mark.parametrize(("code", "language"), TERMS)
def test_a_term_says_the_price_it_is_sent_with(code: str, language: Language) -> None:
    rate = replace(RATE, hourly=Decimal(400), currency="USD", valid_from=date(2027, 3, 1), index="")
    text = rendered(code, language, rate=rate)
    english = language is Language.EN
    assert ("US$ 400.00 per hour (US$ 6.6667" if english else "US$ 400,00 por hora (US$ 6,6667") in text
    assert ("2027-03-01" if english else "01/03/2027") in text
    assert "IGP-M" not in text


def test_only_support_consulting_is_waived() -> None:
    assert [code for code in (SUPPORT, TECHNICAL) if "abonado" in rendered(code, Language.PT)] == [SUPPORT]


def test_a_waiver_that_is_switched_off_is_not_promised() -> None:
    assert "abonado" not in rendered(SUPPORT, Language.PT, more={"waivable": False})


@pytest.mark.parametrize(
    ("language", "words"), [(Language.PT, "repassado"), (Language.ES, "traslada"), (Language.EN, "passed to")]
)
def test_technical_consulting_is_charged_in_full_and_passes_a_consultants_cost_on(language: Language, words: str) -> None:
    text = rendered(TECHNICAL, language)
    assert ("100 %" in text, words in text) == (True, True)
    assert "100 %" not in rendered(SUPPORT, language)


def test_a_product_line_has_its_own_checklist() -> None:
    items = tuple(
        PrerequisiteItem(id=label, labels=dict.fromkeys(Language, label), words=())
        for label in ("uma cópia da base", "acesso ao RM")
    )
    rules = replace(shipped().rules, checklists=(*shipped().rules.checklists, Checklist(product_line="rm", items=items)))
    modality, term = found(SUPPORT, rules)
    own, other = (term.render(Language.PT, variables_of(modality, RATE, rules, line)) for line in ("rm", "protheus"))
    assert "- uma cópia da base\n- acesso ao RM\n" in own
    assert ("VSCode" in own, "VSCode" in other) == (False, True)


def test_every_variable_of_a_term_is_used() -> None:
    """The waiver is support consulting's alone."""
    given = set(variables_of(found(SUPPORT, shipped().rules)[0], RATE, shipped().rules, None)) | {"language"}
    used = {code: set(shipped().wording.variables(f"terms/pt-BR/{code}.md")) for code in (SUPPORT, TECHNICAL)}
    assert {SUPPORT: given, TECHNICAL: given - {"waivable", "waiver"}} == used


def test_a_terms_own_variables_win_over_the_sites(site: Site) -> None:
    site.changed(
        "terms/support_consulting.yaml",
        ("variables: {}", "variables: {taxes: {pt-BR: impostos à parte, es: más impuestos, en: plus taxes}}"),
    )
    policy = site.load()
    modality, term = found(SUPPORT, policy.rules)
    assert "impostos à parte" in term.render(Language.PT, variables_of(modality, RATE, policy.rules, None))


def posted(code: str, language: Language) -> str:
    """The whole comment that carries a term, as a desk that shows Markdown shows it."""
    label = found(code, shipped().rules)[0].labels[language]
    variables = {"text": rendered(code, language), "modality_label": label, "version": "1", "slots": (), "rule": "x"}
    return text_of(shipped().wording.comment("term", language, {**variables, "reference": "HB-AAAAAA"}))


def heard(text: str, asked: str) -> Reading:
    author = Person(id="1", role=Role.REQUESTER)
    comment = Comment(id=CommentId("1"), author=author, public=True, at=datetime(2026, 1, 1, tzinfo=UTC), text=text)
    context = Context(author=Role.REQUESTER, pending=Pending.TERM_PENDING, last_agent_text=asked)
    return read_comment(comment, context, shipped().lexicon)


def accepts(reading: Reading) -> bool:
    return reading.label is SignalKind.ACCEPTANCE and reading.signals[0].certain


@pytest.mark.parametrize(("code", "language"), TERMS)
def test_the_answer_that_a_term_suggests_is_an_acceptance(code: str, language: Language) -> None:
    """Whoever copies the suggested words has accepted, without a person in between."""
    term = posted(code, language)
    (suggested,) = re.findall("“(.+?)”", term)
    quoted = "\n".join(f"> {line}" for line in term.splitlines())
    assert [accepts(heard(text, term)) for text in (suggested, f"{suggested}\n\n{quoted}")] == [True, True]


@pytest.mark.parametrize(("code", "language"), TERMS)
def test_a_term_that_comes_back_by_itself_accepts_nothing(code: str, language: Language) -> None:
    term = posted(code, language)
    quoted = "\n".join(f"> {line}" for line in term.splitlines())
    assert [accepts(heard(text, term)) for text in (term, quoted)] == [False, False]
