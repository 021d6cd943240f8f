"""A site's folder over the shipped policy: files replace, add and remove; every error is told at once, with its line."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from helpdesk_bridge.errors import ConfigurationError
from helpdesk_bridge.policy import check_policy, load_policy
from tests.policy.site import ROOT, Site, shipped

RATE = "rates/brl.yaml"


def test_the_shipped_policy_is_in_order_and_its_digest_is_stable() -> None:
    assert check_policy() == []
    assert load_policy().digest == shipped().digest


def test_a_file_of_the_same_name_replaces_the_shipped_one(site: Site) -> None:
    site.changed(RATE, ("354.00", "360.00"))
    assert [str(rate.hourly) for rate in site.load().rules.rates] == ["360.00", "360.00"]


def test_a_new_file_adds_to_the_shipped_ones(site: Site) -> None:
    row = "{id: usd, modality: support_consulting, product_line: cloud, currency: USD, hourly: '70', valid_from: 2026-01-01}"
    site.write("rates/usd.yaml", f"rows: [{row}]\n")
    assert [rate.id for rate in site.load().rules.rates] == ["brl-2026-support", "brl-2026-technical", "usd"]


def test_an_empty_file_removes_the_shipped_one(site: Site) -> None:
    site.write("routes/default.yaml", "# Nothing to offer here.\n")
    assert site.load().rules.routes == ()


def test_a_site_may_word_a_comment_its_own_way(site: Site) -> None:
    site.changed("templates/comments/pt-BR/help.md", ("**Comandos**", "**Comandos da ACME**"))
    assert "**Comandos da ACME**" in site.load().wording.sources["comments/pt-BR/help.md"]


def test_hidden_files_and_other_kinds_of_files_are_somebody_elses(site: Site) -> None:
    site.write(".github/workflow.yaml", "on: push").write("rates/.brl.yaml.swp", "x").write("rates/notes.txt", "x")
    assert shipped().digest == site.load().digest


def test_the_digest_changes_with_a_document_and_with_a_template(site: Site, tmp_path: Path) -> None:
    other = Site(tmp_path / "other").changed("templates/terms/es/support_consulting.md", ("atiende", "atenderá"))
    site.changed("consent/default.yaml", ("ask_automatically: false", "ask_automatically: true"))
    assert len({shipped().digest, site.load().digest, other.load().digest}) == 3


def test_what_is_stored_is_enough_to_load_the_policy_again(site: Site) -> None:
    """The digest names the content of the files, wherever they lie."""
    for name, text in shipped().documents.items():
        site.write(name, text)
    again = site.load()
    assert (shipped().digest, shipped().documents) == (again.digest, again.documents)


def test_every_error_of_every_file_is_told_at_once(site: Site) -> None:
    site.changed(RATE, ('"354.00"', "a lot")).write("consent/default.yaml", "who_may_accept: everybody\nmood: good\n")
    calendar = "zone: Mars/Olympus\nwindows: [['12:00', '13:00']]\nweekdays: [monday, caturday]\nholidays: BR\n"
    site.write("calendars/brazil.yaml", calendar).write("modalities/broken.yaml", "code: [\n")
    expected = [
        "modalities/broken.yaml:2: did not find expected node content",
        "calendars/brazil.yaml:1: zone: is no time zone",
        "calendars/brazil.yaml:3: weekdays.1: Must be one of: monday, tuesday, wednesday, thursday, friday, saturday, sunday.",
        "consent/default.yaml:1: who_may_accept: Must be one of: requester, organization, flagged.",
        "consent/default.yaml:2: mood: Unknown field.",
        "rates/brl.yaml:3: rows.0.hourly: Not a valid number.",
        "rates/brl.yaml:4: rows.1.hourly: Not a valid number.",
    ]
    assert expected == site.problems()


def test_a_bad_policy_is_refused_as_a_whole(site: Site) -> None:
    site.changed(RATE, ('"354.00"', "0"))
    with pytest.raises(ConfigurationError) as caught:
        load_policy(site.folder)
    assert len(caught.value.problems) == 2


def test_a_bad_pattern_is_refused_with_its_line(site: Site) -> None:
    site.write(
        "criteria/acme.yaml",
        "details:\n  - id: release\n    patterns: ['release']\n  - id: release\n    patterns: ['fine', 'open (']\n",
    )
    (problem,) = site.problems()
    assert problem.startswith("criteria/acme.yaml:4: details.1.patterns")


def test_an_example_of_the_lexicon_that_is_not_recognised_is_refused(site: Site) -> None:
    entry = "{id: release, patterns: ['build \\d+'], examples: ['compilação 12'], not: ['build 12']}"
    site.write("criteria/acme.yaml", f"details:\n  - {entry}\n")
    assert [problem.split(": ")[1] for problem in site.problems()] == ["details.0.examples.0", "details.0.not.0"]


@pytest.mark.parametrize(
    ("entry", "where"),
    [
        ("{patterns: [x]}", "details.0.id"),
        ("{id: release}", "details.0.patterns"),
        ("{id: release, patterns: [x], pattern: y}", "details.0.pattern"),
        ("{id: release, patterns: [[x]]}", "details.0.patterns.0"),
        ("{id: release, patterns: [x], score: 2}", "details.0.score"),
        ("release", "details.0"),
    ],
)
def test_an_entry_of_the_lexicon_has_one_shape(site: Site, entry: str, where: str) -> None:
    site.write("criteria/acme.yaml", f"details:\n  - {entry}\n")
    assert [f"criteria/acme.yaml:2: {where}"] == [problem.rpartition(": ")[0] for problem in site.problems()]


def test_the_consent_lexicon_is_refused_with_its_line(site: Site) -> None:
    site.write("language/acme.yaml", "phrases:\n  - {id: acme.yes, kind: consent, patterns: [manda bala]}\nwisdom: []\n")
    problems = "\n".join(site.problems())
    assert "language/acme.yaml:2: phrases.0: " in problems
    assert "language/acme.yaml:3: wisdom: " in problems


@pytest.mark.parametrize("name", ["moods/x.yaml", "x.yaml", "rate/brl.yaml"])
def test_a_document_outside_the_known_folders_is_refused(site: Site, name: str) -> None:
    (problem,) = site.write(name, "a: 1\n").problems()
    assert problem.startswith(f"{name}:1: a policy document lies in one of the folders modalities, ")


def test_a_folder_that_is_not_there_is_an_error_and_not_an_empty_policy(tmp_path: Path) -> None:
    assert [f"{tmp_path}/absent: is not a folder"] == [str(one) for one in check_policy(tmp_path / "absent")]


def test_a_file_that_cannot_be_decoded_is_told(site: Site) -> None:
    (site.folder / "rates").mkdir()
    (site.folder / RATE).write_bytes(b"rows: [\xff]")
    assert f"{RATE}: is not UTF-8" in site.problems()


def test_every_package_is_named_for_the_build() -> None:
    listed = configparser.ConfigParser()
    listed.read(ROOT / "setup.cfg")
    named = set(listed["options"]["packages"].split())
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "helpdesk_bridge").rglob("*.py")}
    assert found <= named
