"""Every comment in every language: it renders with its documented variables, shows each of them, and obeys nobody's text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from helpdesk_bridge.adapters.base import reference_in
from helpdesk_bridge.adapters.markup import html_of, text_of
from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.errors import Permanent
from helpdesk_bridge.language.phrases import SECTION_REASONS
from helpdesk_bridge.policy.samples import BARE, SAMPLES
from helpdesk_bridge.policy.vocabulary import PAPERS
from helpdesk_bridge.policy.wording import COMMON, Wording
from tests.policy.site import ROOT, TEMPLATES, shipped

COMMENTS = [(template, language) for template in SAMPLES for language in Language]
HOSTILE = "<b>x</b> [l](https://evil.example) {{ticket}} **y** \u202e\n# z\n\n---"
KEPT = {
    "customer_zone": "America/Mexico_City",
    "invitation_url": "https://example.com/docs",
    "reference": "HB-AAAAAA",
    "confidence": "high",
    "zone": "America/Sao_Paulo",
    "text": "a",
    "hourly": "1",
}
"""What nobody but the bridge can say."""


def documented() -> dict[str, set[str]]:
    """Template → its variables, as VARIABLES.md says."""
    text = (TEMPLATES / "comments" / "VARIABLES.md").read_text(encoding="utf-8")
    sections = re.split(r"^## (\w+) \((?:internal|public)\)$", text, flags=re.MULTILINE)[1:]
    return {
        name: set(re.findall(r"^\| `(\w+)` \|", body, flags=re.MULTILINE))
        for name, body in zip(sections[::2], sections[1::2], strict=True)
    }


def everything(template: str, **changes: Any) -> dict[str, Any]:
    return {**SAMPLES[template], "rule": "accept.verb-term", "reference": "HB-OWNREF", **changes}


def written(template: str, language: Language, **changes: Any) -> str:
    return shipped().wording.comment(template, language, everything(template, **changes))


def spoilt(value: Any) -> Any:
    """Replace everything somebody may have written by something hostile."""
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, Mapping):
        return {key: each if key == "url" else spoilt(each) for key, each in value.items()}
    return [spoilt(each) for each in value] if isinstance(value, list | tuple) else value


def source(*modules: str) -> str:
    return "\n".join((ROOT / "helpdesk_bridge" / "domain" / f"{name}.py").read_text(encoding="utf-8") for name in modules)


def test_every_template_is_documented_and_has_example_values() -> None:
    assert {template: set(variables) for template, variables in SAMPLES.items()} == documented()


@pytest.mark.parametrize(("template", "language"), COMMENTS)
def test_a_template_uses_exactly_the_variables_it_is_given(template: str, language: Language) -> None:
    used = shipped().wording.variables(f"comments/{language.value}/{template}.md")
    assert set(SAMPLES[template]) == set(used) - COMMON
    assert {"rule", "reference"} <= used


@pytest.mark.parametrize(("template", "language"), COMMENTS)
def test_a_comment_renders_with_everything_and_with_next_to_nothing(template: str, language: Language) -> None:
    for text in (written(template, language), written(template, language, **BARE.get(template, {}))):
        assert re.search(r"None|Undefined|True|\{\{|\{%|\n\n\n|[ \t]$|\\[:;]", text, re.MULTILINE) is None
        assert text == text.strip()


@pytest.mark.parametrize(("template", "language"), COMMENTS)
def test_every_comment_ends_with_its_rule_how_to_object_and_its_reference(template: str, language: Language) -> None:
    footer = written(template, language).rpartition("\n---\n")[2]
    assert "`accept.verb-term`" in footer
    assert "?" in footer
    assert footer.endswith("HB-OWNREF*")


@pytest.mark.parametrize(("template", "language"), COMMENTS)
def test_a_comments_own_reference_wins_over_those_it_mentions(template: str, language: Language) -> None:
    body = written(template, language, reference="HB-AAAAAA")
    assert [reference_in(html_of(body)), reference_in(text_of(body))] == ["HB-AAAAAA"] * 2


@pytest.mark.parametrize(("template", "language"), COMMENTS)
def test_no_value_can_be_markup_wherever_a_template_puts_it(template: str, language: Language) -> None:
    """With hostile text in the place of every string the page has no tag, link or placeholder of its own."""
    variables = everything(template, **spoilt(SAMPLES[template]))
    variables |= {name: value for name, value in KEPT.items() if name in variables}
    page = html_of(shipped().wording.comment(template, language, variables))
    assert re.search(r"<(?!/?(?:p|em|strong|ul|li|hr|code|blockquote|a)\b)", page) is None
    assert {"https://example.com/docs"} >= set(re.findall(r'href="([^"]*)"', page))
    assert re.search("\\{\\{|\u202e", page) is None
    assert page.count("<hr") == 1


def test_the_first_line_of_a_recommendation_says_what_and_how_sure() -> None:
    first = written("recommendation", Language.PT).partition("\n")[0]
    assert first == "**Recomendação: Consultoria do Suporte · confiança alta**"


def test_a_recommendation_goes_from_what_matters_to_what_may_help() -> None:
    text = written("recommendation", Language.EN)
    order = [
        "Consultoria do Suporte ·",
        "EX-INF",
        "CS-03",
        "CS-01",
        "Runner-up",
        "Cost",
        "/termo consultoria-suporte",
        "Qual é a release?",
        "banco de dados",
        "Channels",
    ]
    assert order == sorted(order, key=text.index)


def test_a_recommendation_without_evidence_says_so() -> None:
    text = written("recommendation", Language.ES, **BARE["recommendation"])
    assert "Ningún criterio de atención con cobro aparece en este ticket." in text
    assert "**Segunda opción:** ninguna" in text


def test_what_no_modality_covers_is_routed_and_not_charged() -> None:
    outside = SAMPLES["recommendation"]["exclusions"]
    text = written("recommendation", Language.EN, **{**BARE["recommendation"], "exclusions": outside})
    assert "**Out of every modality’s scope: do not charge, route**" in text
    assert "“o disco encheu” (Ana); route to [Infraestrutura](https://example.com/docs)" in text
    assert "**Next step:** Route it to the channel above. Nothing is charged without an accepted term." in text


def test_what_no_modality_covers_says_when_no_channel_is_configured() -> None:
    outside = [{**SAMPLES["recommendation"]["exclusions"][0], "routes": []}]
    text = written("recommendation", Language.PT, exclusions=outside)
    assert "nenhum canal configurado; decidir com o cliente" in text


def test_what_is_not_asked_stays_on_the_agents_checklist() -> None:
    text = written("recommendation", Language.PT)
    assert "> - Qual é a release?\n\n**A conferir:** ☐ passo a passo · ☐ banco de dados\n" in text


def test_a_consultants_cost_is_passed_through_only_where_there_is_one() -> None:
    paid, free = (written("recommendation", Language.EN, command=command) for command in ("/termo consultoria-suporte", None))
    assert ["passed to their unit" in text for text in (paid, free)] == [True, False]


@pytest.mark.parametrize("language", Language)
def test_the_exact_term_stands_unchanged_in_the_comment_that_carries_it(language: Language) -> None:
    term = "**a)** R$ 354,00 por hora <b>\n\n- um _item_ \\* dois"
    assert f"\n\n{term}\n\n" in written("term", language, text=term)


def test_the_cut_off_is_told_in_local_time_with_its_offset() -> None:
    assert "24/11/2026 às 14:05:09 (UTC-03:00)" in written("interruption_confirmed", Language.PT)


def test_a_public_question_does_not_say_that_the_author_is_doubted() -> None:
    assert "registrá-la como um aceite formal.\n" in written("clarification", Language.PT, reason="author_warning")


def reasons() -> Iterator[str]:
    """Every reason code that the domain and the shipped lexicons can give for handing a comment to a person."""
    for node in ast.walk(ast.parse(source("customers"))):
        if isinstance(node, ast.keyword) and node.arg == "reason" and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
    yield from re.findall(r'"(\w+)"\),$', source("consent"), re.MULTILINE)
    yield from ("declined_suspected", "other_route_suspected", "pause", "dispute", "unclear", "not_certain", "no_acceptance")
    yield from ("slot_missing:cnpj", "slot_missing:modality")
    yield from re.findall(
        r'return "(\w+)"$', (ROOT / "helpdesk_bridge/language/gate.py").read_text(encoding="utf-8"), re.MULTILINE
    )
    yield from {phrase.reason for phrase in shipped().lexicon.phrases.values()} - {"", *SECTION_REASONS}


@pytest.mark.parametrize("language", Language)
def test_every_reason_is_told_as_a_sentence(language: Language) -> None:
    generic = written("clarification_needed", language, reason="never_heard_of")
    told = {reason: written("clarification_needed", language, reason=reason) for reason in reasons()}
    assert [reason for reason, text in told.items() if text == generic] == []


ORDERS = (
    "term_commands",
    "signal_commands",
    "terms",
    "timekeeping",
    "booking",
    "stopwatch",
    "durations",
    "pauses",
    "closing",
    "findings",
    "tax_data",
    "scheduling",
    "prerequisites",
)
"""Where commands are carried out."""


@pytest.mark.parametrize("language", Language)
def test_every_refusal_of_a_command_is_told_as_a_sentence(language: Language) -> None:
    said = r'refused\(\s*"(\w+)"|return "(\w+)"$|refusal or "(\w+)"|^        \(.*, "(\w+)", (?:None|f").*\),$'
    found = re.findall(said, source(*ORDERS), re.MULTILINE)
    codes = {code for pair in found for code in pair if code}
    generic = written("command_refused", language, reason="never_heard_of")
    assert {"modality_unknown", "term_running", "overlapping"} <= codes
    assert [code for code in codes if written("command_refused", language, reason=code) == generic] == []


def test_a_tag_that_ends_a_line_keeps_its_line_break_and_one_that_stands_alone_does_not() -> None:
    text = "a {% if true %}b{% endif %}\n{% if true %}\nc\n{% endif %}\n{% set d = {\n 'e': 1\n} %}\nd"
    assert Wording({"comments/en/x.md": text}).comment("x", Language.EN, {}) == "a b\nc\nd"


@pytest.mark.parametrize("name", ["help", "absent"])
def test_a_template_that_cannot_say_it_stops_the_update_for_a_person(name: str) -> None:
    with pytest.raises(Permanent, match=f"comments/en/{name}.md cannot be rendered"):
        shipped().wording.comment(name, Language.EN, {})


def test_no_template_lies_where_nothing_reads_it() -> None:
    comments = {f"comments/{language}/{template}.md" for template, language in COMMENTS}
    parts = {name for name in shipped().wording.sources if Path(name).name.startswith("_")}
    terms = {f"terms/{language}/{term.modality}.md" for term in shipped().rules.terms for language in Language}
    papers = {f"{paper}/{language}/words.md" for language in Language for paper in PAPERS}
    assert comments | parts | terms | papers == set(shipped().wording.sources)
