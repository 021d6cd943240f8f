"""A policy and its settings are refused as a whole, with file, line and field of everything that is wrong."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from helpdesk_bridge.errors import ConfigurationError
from helpdesk_bridge.policy import check_policy, load_policy
from helpdesk_bridge.settings import SECTIONS, load_settings

ROOT = Path(__file__).parents[2]


def test_the_shipped_policy_is_in_order_and_its_digest_is_stable():
    assert check_policy() == []
    assert load_policy().digest == load_policy().digest


def test_every_error_of_every_file_is_reported_at_once(tmp_path):
    (tmp_path / "rates").mkdir()
    (tmp_path / "rates" / "brl.yaml").write_text(
        "rows:\n  - {id: a, modality: support_consulting, currency: BRL, hourly: x}\nextra: 1\n"
    )
    (tmp_path / "consent").mkdir()
    (tmp_path / "consent" / "default.yaml").write_text("who_may_accept: everybody\n")
    said = "\n".join(map(str, check_policy(tmp_path)))

    assert "rates/brl.yaml:2: rows.0.hourly: " in said
    assert "rates/brl.yaml:3: extra: Unknown field." in said
    assert "consent/default.yaml:1: who_may_accept: " in said


def test_rates_that_overlap_are_named(tmp_path):
    (tmp_path / "rates").mkdir()
    (tmp_path / "rates" / "more.yaml").write_text(
        'rows:\n  - {id: again, modality: support_consulting, currency: BRL, hourly: "1", valid_from: 2026-06-01}\n'
    )

    assert "again overlaps brl-2026-support" in "\n".join(map(str, check_policy(tmp_path)))


def test_an_example_that_fails_refuses_the_policy(tmp_path):
    (tmp_path / "consent").mkdir()
    text = (ROOT / "config/policy/consent/default.yaml").read_text(encoding="utf-8")
    (tmp_path / "consent" / "default.yaml").write_text(
        text.replace("{author: outsider, expect: false}", "{author: outsider, expect: true}")
    )

    with pytest.raises(ConfigurationError, match="may not accept"):
        load_policy(tmp_path)


def test_a_template_with_an_unknown_variable_refuses_the_policy(tmp_path):
    (tmp_path / "templates" / "comments" / "en").mkdir(parents=True)
    (tmp_path / "templates" / "comments" / "en" / "refusal_recorded.md").write_text("{{ nobody_knows_me }}")

    assert "no variable is called nobody_knows_me" in "\n".join(map(str, check_policy(tmp_path)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("databse: x\n", "databse: Unknown field."),
        ("desks: {d: {product: console, secret: literal-secret}}\n", "is a secret"),
        ("desks: {d: {product: console, secret: {env: NOBODY}}}\n", "neither NOBODY nor NOBODY_FILE is set"),
        ("desks: {d: {product: nothing}}\n", "no adapter for 'nothing'"),
        ("server: {port: 99999}\n", "server.port"),
    ],
)
def test_wrong_settings_are_refused_with_their_place(tmp_path, text, reason):
    file = tmp_path / "bridge.yaml"
    file.write_text(text)

    with pytest.raises(ConfigurationError) as caught:
        load_settings(file, {})
    assert reason in str(caught.value)
    assert f"{file}:1" in str(caught.value)


def test_the_environment_wins_and_secrets_may_stand_in_files(tmp_path):
    (tmp_path / "secret").write_text("from-a-file\n")
    (tmp_path / "bridge.yaml").write_text("desks: {d: {product: console, secret: {env: S}}}\n")
    settings = load_settings(tmp_path / "bridge.yaml", {"BRIDGE_SERVER_PORT": "9999", "S_FILE": str(tmp_path / "secret")})

    assert settings.server.port == 9999
    assert settings.desks[0].adapter_settings["secret"] == "from-a-file"
    assert "from-a-file" not in repr(settings)


def test_the_example_shows_every_setting():
    text = (ROOT / "config" / "bridge.example.yaml").read_text(encoding="utf-8")

    assert [name for schema in SECTIONS.values() for name in schema().fields if f"  {name}:" not in text] == []


def test_every_package_is_named_for_the_build():
    listed = configparser.ConfigParser()
    listed.read(ROOT / "setup.cfg")
    named = set(listed["options"]["packages"].split())
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "helpdesk_bridge").rglob("*.py")}

    assert found <= named
