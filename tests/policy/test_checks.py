"""What the documents must agree on before a policy holds."""

from __future__ import annotations

import pytest

from tests.policy.site import SHIPPED, Site

SUPPORT = "modalities/support_consulting.yaml"
STANDARD = "modalities/standard_support.yaml"
TERM = "terms/support_consulting.yaml"
CALENDAR = "calendars/brazil.yaml"
CONSENT = "consent/default.yaml"
ROUTES = "routes/default.yaml"
RATES = "rates/brl.yaml"
ON_CALL = """
code: on_call
labels: {pt-BR: Plantão, es: Guardia, en: On-call}
paid: true
rank: 30
recommended_when: {all: [{field: tags, operator: includes, value: plantao}]}
cost: {pt-BR: Cobrado., es: Se cobra., en: Charged.}
next_step: {pt-BR: Enviar., es: Enviar., en: Send.}
"""


def rows(*lines: str) -> str:
    technical = "{id: t, modality: technical_consulting, currency: BRL, hourly: '1', valid_from: 2026-01-01}"
    support = [f"{{modality: support_consulting, currency: BRL, hourly: '1', {line}}}" for line in lines]
    return "rows:\n" + "".join(f"  - {row}\n" for row in (*support, technical))


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (TERM, "modality: support_consulting", "modality: suport", f"{TERM}:3: modality: there is no modality 'suport'"),
        (RATES, "modality: support_consulting", "modality: suport", f"{RATES}:3: rows.0.modality: there is no modality 'suport'"),
        (CONSENT, "auto_send: []", "auto_send: [suport]", f"{CONSENT}:7: auto_send.0: there is no modality 'suport'"),
        (SUPPORT, "[CS-01, CS-02,", "[CS-01, CS-22,", "recommended_when.any.1.value: there is no criteria 'CS-22'"),
        (
            SUPPORT,
            "is, value: support_consulting",
            "is, value: suport",
            "recommended_when.any.0.value: there is no modality_choice",
        ),
        (ROUTES, "[steps, message]", "[steps, massage]", "routes.0.when.all.0.value: there is no missing 'massage'"),
        (ROUTES, "- id: database", "- id: weather", "no document of criteria tells how to recognise 'weather'"),
        (ROUTES, "- id: videos", "- id: updates", "routes.2.id: updates is already in"),
        (SUPPORT, "rank: 10\n", "rank: 10\nmood: good\n", "mood: Unknown field."),
        (SUPPORT, "  es: Consultoría del Soporte\n", "", "labels: a sentence is missing for es"),
        (SUPPORT, "[consultoria-suporte", "[consultoria_tecnica, consultoria-suporte", "consultoria-tecnica is already in"),
        (STANDARD, "when: null", "when: {all: [{field: tags, operator: includes, value: x}]}", "the default; here: none"),
        (CALENDAR, "holidays: BR", "holidays: XX", "holidays: nobody knows the holidays of XX"),
        (CALENDAR, "subdivision: null", "subdivision: XX", "subdivision: BR has no part called XX"),
        (CALENDAR, '"13:30"', '"11:30"', "windows: windows must follow each other without overlapping"),
        (CONSENT, "author: outsider", "author: stranger", "examples.2.author: Must be one of"),
    ],
)
def test_what_is_named_exists_and_is_named_once(site: Site, name: str, old: str, new: str, problem: str) -> None:
    found = site.changed(name, (old, new)).problems()
    assert any(problem in one for one in found), found


def test_rates_that_follow_each_other_are_in_order(site: Site) -> None:
    site.write(RATES, rows("id: b, valid_from: 2027-01-01", "id: a, valid_from: 2026-01-01, valid_to: 2026-12-31"))
    assert site.problems() == []


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        ("valid_from: 2026-01-01", "valid_from: 2027-01-01", "3: rows.1.valid_from: b overlaps a@2"),
        ("valid_from: 2026-01-01, valid_to: 2027-01-01", "valid_from: 2027-01-01", "3: rows.1.valid_from: b overlaps a@2"),
        (
            "valid_from: 2026-01-01, valid_to: 2026-12-30",
            "valid_from: 2027-01-01",
            "3: rows.1.valid_from: no rate is valid between a@2 and b",
        ),
        ("valid_from: 2026-01-01, valid_to: 2025-01-01", "valid_from: 2027-01-01", "2: rows.0.valid_to: a ends before it begins"),
    ],
)
def test_a_price_has_no_overlap_and_no_gap(site: Site, first: str, second: str, problem: str) -> None:
    site.write(RATES, rows(f"id: a, {first}", f"id: b, {second}"))
    assert f"{RATES}:{problem.replace('@2', f' ({site.folder}/{RATES}:2)')}" in site.problems()


def test_two_currencies_on_one_day_leave_nobody_to_say_which_holds(site: Site) -> None:
    usd = "{id: usd, modality: support_consulting, currency: USD, hourly: '70', valid_from: 2026-06-01}"
    site.write("rates/usd.yaml", f"rows: [{usd}]\n")
    assert site.problems() == [f"rates/usd.yaml:1: rows.0.valid_from: usd overlaps brl-2026-support ({SHIPPED / RATES}:3)"]


def test_a_paid_modality_needs_a_rate_and_a_term(site: Site) -> None:
    expected = [
        "modalities/on_call.yaml:4: paid: on_call is paid but has no rate",
        "modalities/on_call.yaml:4: paid: on_call is paid but has no term in pt-BR, es, en",
    ]
    assert expected == site.write("modalities/on_call.yaml", ON_CALL).problems()


def test_a_term_must_be_written_in_every_language(site: Site) -> None:
    site.changed(TERM, ("template: support_consulting", "template: short"))
    site.write("templates/terms/pt-BR/short.md", "Curto: {{ hourly|money(currency) }}.\n")
    assert any("support_consulting is paid but has no term in es, en" in problem for problem in site.problems())


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (RATES, "expect: brl-2026-support", "expect: brl-2025", f"{RATES}:6: examples.0: the row is brl-2026-support"),
        (CALENDAR, "expect: holiday", "expect: open", f"{CALENDAR}:27: examples.3: it is holiday"),
        (CONSENT, "{author: outsider, expect: false}", "{author: outsider, expect: true}", "examples.2: may not accept"),
        (TERM, '"abonado"', '"cortesia"', "examples.0: the text does not contain 'cortesia'"),
        (
            SUPPORT,
            "waivable: true",
            "waivable: true\nexamples: [{facts: {criteria: [CS-05a]}, expect: true}]",
            "examples.0: recommended_when does not hold",
        ),
    ],
)
def test_a_document_that_fails_its_own_example_is_refused(site: Site, name: str, old: str, new: str, problem: str) -> None:
    found = site.changed(name, (old, new)).problems()
    assert any(problem in one for one in found), found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Olá {{ nome }}", ":1: no variable is called nome"),
        ("\n\n{% if modalities %}", ":3: Unexpected end of template."),
        ("\n{{ rule|shout }}", ":2: No filter named 'shout'."),
        ("a\n{% include 'comments/en/absent.md' %}", ": there is no template comments/en/absent.md"),
        ("{% include 'comments/en/help.md' %}", ":1: includes itself"),
        ("{% include reference %}", ":1: an include names its template in quotes"),
        ("x\n{{ modalities|instant('Mars/Olympus') }}", ":2: "),
        ("{{ ''.__class__.__mro__ }}", ":1: "),
    ],
)
def test_a_template_that_cannot_be_rendered_is_refused_with_its_line(site: Site, text: str, problem: str) -> None:
    found = site.write("templates/comments/en/help.md", text).problems()
    assert len(found) == 1, found
    assert found[0].startswith(f"templates/comments/en/help.md{problem}")


def test_a_question_about_something_that_no_ticket_must_say_is_refused(site: Site) -> None:
    site.write("routes/mine.yaml", "questions:\n  - ask: [release, shoe_size]\n")
    (problem,) = site.problems()
    assert problem.partition(";")[0] == "routes/mine.yaml:2: questions.0.ask.1: there is no completeness item 'shoe_size'"
