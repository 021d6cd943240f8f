"""`policy check` notes what is not wrong, but hardly meant; the shipped lexicons give it nothing to say."""

from __future__ import annotations

from helpdesk_bridge.policy.review import review
from tests.policy.site import Site, shipped

ZZ_01 = """criteria:
  - id: ZZ-01
    labels: {{pt-BR: a, es: a, en: a}}
    cues:
      pt-BR:
{entries}"""


def an_entry(name: str, *patterns: str, example: str, near_miss: str = "Nada disso.", score: float = 0.9) -> str:
    """One cue entry, as YAML."""
    lines = (
        f"- id: {name}",
        f"  patterns: {list(patterns)}",
        f"  score: {score}",
        f"  examples: ['{example}']",
        f"  not: ['{near_miss}']",
    )
    return "".join(f"        {line}\n" for line in lines if near_miss or "not:" not in line)


def notes(site: Site, *entries: str) -> list[str]:
    """What the review says about a criterion of our own with these entries."""
    site.write("criteria/zz.yaml", ZZ_01.format(entries="".join(entries)))
    return [str(note).partition("criteria/zz.yaml: criteria.0.cues.pt-BR.")[2] for note in review(site.load())]


def test_the_shipped_policy_has_no_note() -> None:
    assert [str(note) for note in review(shipped())] == []


def test_entries_that_say_different_things_have_no_note(site: Site) -> None:
    entries = an_entry("stop", "parou tudo", example="Parou tudo."), an_entry("down", "caiu geral", example="Caiu geral.")
    assert notes(site, *entries) == []


def test_an_entry_that_another_always_covers_is_shadowed(site: Site) -> None:
    wide = an_entry("wide", "parou ..3 bobina", example="Parou toda a bobina.")
    narrow = an_entry("narrow", "bobina", example="Parou a bobina.")
    (note,) = notes(site, wide, narrow)
    assert note.startswith("1 (ZZ-01.narrow): is never heard first: ZZ-01.wide (")
    assert note.endswith("covers it in all 2 examples")


def test_an_example_of_its_own_brings_an_entry_out_of_the_shadow(site: Site) -> None:
    wide = an_entry("wide", "parou ..3 bobina", example="Parou toda a bobina.")
    assert notes(site, wide, an_entry("narrow", "bobina", example="Sem bobina.")) == []


def test_a_surer_entry_is_not_shadowed_by_one_that_is_less_sure(site: Site) -> None:
    wide = an_entry("wide", "parou ..3 bobina", example="Parou toda a bobina.", score=0.5)
    assert notes(site, wide, an_entry("narrow", "bobina", example="Parou a bobina.")) == []


def test_a_pattern_that_stands_twice_is_told_with_both_places(site: Site) -> None:
    one, other = (
        an_entry(name, pattern, example="Parou tudo.") for name, pattern in (("one", "parou tudo"), ("other", "Parou tudo"))
    )
    assert any("'Parou tudo' already stands in ZZ-01.one (" in note for note in notes(site, one, other))


def test_an_entry_without_a_near_miss_is_unproved(site: Site) -> None:
    entry = an_entry("stop", "parou tudo", example="Parou tudo.", near_miss="")
    assert notes(site, entry) == ["0 (ZZ-01.stop): has no near miss (`not`) that must be refused"]


def test_an_entry_that_is_heard_in_ordinary_prose_is_over_broad(site: Site) -> None:
    (note,) = notes(site, an_entry("thing", "(nota|pedido|titulo|relatorio)", example="A nota.", near_miss="Nada."))
    assert note.startswith("0 (ZZ-01.thing): is heard in ")
    assert "ordinary sentences, as in “" in note


def test_a_site_adds_ordinary_prose_of_its_own(site: Site) -> None:
    site.write("language/mine.yaml", "ordinary: [A bobina chegou., A bobina partiu., A bobina gira.]\n")
    (note,) = notes(site, an_entry("thing", "bobina", example="A bobina.", near_miss="Nada."))
    assert "is heard in 3 of " in note
