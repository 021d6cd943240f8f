"""Settings: the file, the environment over it, and secrets that stand in neither a file of ours nor a log."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from helpdesk_bridge.errors import ConfigurationError
from helpdesk_bridge.policy.documents import Document, parse
from helpdesk_bridge.settings import SECTIONS, Settings, SettingsDocument, load_settings
from tests.policy.site import ROOT

EXAMPLE = ROOT / "config" / "bridge.example.yaml"
DESK = "desks:\n  d:\n    product: console\n    secret: {env: DESK_SECRET}\n"


def loaded(folder: Path, text: str, **environ: str) -> Settings:
    file = folder / "bridge.yaml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, environ)


def refused(folder: Path, text: str, **environ: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        loaded(folder, text, **environ)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_without_a_file_everything_has_a_default() -> None:
    settings = load_settings(None, {})
    found = (settings.database, settings.server.host, settings.server.port, settings.hooks.max_body_bytes, settings.desks)
    assert found == ("sqlite:///bridge.sqlite3", "127.0.0.1", 8400, 1_000_000, ())


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "server: {port: 9000, threads: 4}\n", BRIDGE_SERVER_PORT="9001", BRIDGE_LOG_FORMAT="console")
    assert (settings.server.port, settings.server.threads, settings.log.format) == (9001, 4, "console")


def test_any_setting_may_stand_in_a_file_that_the_environment_names(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://u:p@h/d\n", encoding="utf-8")
    assert loaded(tmp_path, "", BRIDGE_DATABASE_FILE=str(tmp_path / "url")).database == "postgresql://u:p@h/d"


@pytest.mark.parametrize("by_file", [True, False])
def test_a_secret_is_given_by_name_only(tmp_path: Path, by_file: bool) -> None:
    (tmp_path / "secret").write_text("of-the-desk\n", encoding="utf-8")
    environ = {"DESK_SECRET_FILE": str(tmp_path / "secret")} if by_file else {"DESK_SECRET": "of-the-desk"}
    assert loaded(tmp_path, DESK, **environ).desks[0].adapter_settings["secret"] == "of-the-desk"


def test_nothing_that_is_shown_shows_a_secret(tmp_path: Path) -> None:
    settings = loaded(tmp_path, DESK, DESK_SECRET="of-the-desk", BRIDGE_DATABASE="postgresql://u:hidden@h/d")
    shown = f"{settings!r} {settings} {settings.desks[0]!r}"
    assert [secret for secret in ("of-the-desk", "hidden") if secret in shown] == []


def test_an_error_does_not_show_the_secret_it_is_about(tmp_path: Path) -> None:
    assert [problem for problem in refused(tmp_path, DESK, DESK_SECRET="shh") if "shh" in problem] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("databse: x\n", "bridge.yaml:1: databse: Unknown field."),
        (
            "server:\n  port: 99999\n",
            "bridge.yaml:2: server.port: Must be greater than or equal to 1 and less than or equal to 65535.",
        ),
        ("server:\n  prot: 1\n", "bridge.yaml:2: server.prot: Unknown field."),
        ("server: 8400\n", "bridge.yaml:1: server: Invalid input type."),
        ("- server\n", "bridge.yaml:1: must hold settings by name"),
        ("server: {\n", "bridge.yaml:2: did not find expected node content"),
        ("log: {level: loud}\n", "bridge.yaml:1: log.level: Must be one of: debug, info, warning, error."),
        ("policy: absent\n", "bridge.yaml:1: policy: {folder}/absent is no folder"),
        ("desks: {d: {product: nothing}}\n", "bridge.yaml:1: desks.d.product: no adapter for 'nothing'"),
        ("desks: {d: console}\n", "bridge.yaml:1: desks.d: a desk names its product"),
        ("desks: {D!: {product: console}}\n", "bridge.yaml:1: desks.D!: "),
        (DESK, "bridge.yaml:4: desks.d.secret: neither DESK_SECRET nor DESK_SECRET_FILE is set"),
        (
            DESK.replace("{env: DESK_SECRET}", "written-down"),
            "bridge.yaml:4: desks.d.secret: is a secret: name the environment variable",
        ),
        (f"{DESK}    colour: red\n", "bridge.yaml:5: desks.d.colour: Unknown field."),
        ("database: postgresql://u:p@h/d\n", "bridge.yaml:1: database: holds a password: give it by BRIDGE_DATABASE"),
    ],
)
def test_wrong_settings_are_refused_with_their_place(tmp_path: Path, text: str, problem: str) -> None:
    environ = {"DESK_SECRET": "of-the-desk"} if "colour" in text else {}
    (found,) = refused(tmp_path, text, **environ)
    assert found.startswith(problem.format(folder=tmp_path))


def test_every_error_is_told_at_once(tmp_path: Path) -> None:
    text = "policy: absent\ndesks:\n  a: {product: nothing}\n  b: {product: console}\n"
    assert [int(problem.split(":")[1]) for problem in refused(tmp_path, text)] == [3, 4, 1]


def test_a_wrong_value_of_the_environment_is_told_by_its_name(tmp_path: Path) -> None:
    expected = ["environment: BRIDGE_SERVER_PORT: Not a valid integer."]
    assert expected == refused(tmp_path, "server: {port: 1}\n", BRIDGE_SERVER_PORT="a lot")


def test_a_file_that_the_environment_names_must_be_there(tmp_path: Path) -> None:
    (found,) = refused(tmp_path, DESK, DESK_SECRET_FILE=f"{tmp_path}/absent")[:1]
    assert found.startswith("bridge.yaml:4: desks.d.secret: the file that DESK_SECRET_FILE names cannot be read")


def test_a_misspelt_variable_is_not_silently_ignored(tmp_path: Path) -> None:
    assert refused(tmp_path, "", BRIDGE_SEVER_PORT="1") == [
        "environment: BRIDGE_SEVER_PORT: is no setting; BRIDGE_SERVER_PORT is"
    ]
    assert loaded(
        tmp_path, "", BRIDGE_CONFIG="x", BRIDGE_CRASH_AT="", BRIDGE_WORKERS="0", BRIDGE_URL_PREFIX="/b", BRIDGE_TEST_POSTGRES=""
    )


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: No such file or directory"):
        load_settings(Path("/absent/bridge.yaml"), {})


def test_a_policy_folder_is_found_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    assert (tmp_path / "ours",) == loaded(tmp_path, "policy: ours\n").policy_folders


def test_the_example_shows_every_setting_with_its_default_and_loads() -> None:
    document = parse("bridge.yaml", str(EXAMPLE), EXAMPLE.read_text(encoding="utf-8"))
    assert isinstance(document, Document)
    names = ("ZENDESK_TOKEN", "ZENDESK_WEBHOOK_SECRET", "HELPDESK_TOKEN", "HELPDESK_URL_SECRET")
    example, default = load_settings(EXAMPLE, dict.fromkeys(names, "a-secret-of-a-desk")), load_settings(None, {})
    assert set(SettingsDocument().fields) == set(document.data)
    assert {name: set(schema().fields) for name, schema in SECTIONS.items()} == {
        name: set(document.data[name]) for name in SECTIONS
    }
    assert [one.name for one in fields(Settings) if getattr(example, one.name) != getattr(default, one.name)] == ["desks"]


TOKEN = "a-secret-of-24-signs-or-more"


def test_api_tokens_name_who_comes_and_how_far_they_reach(tmp_path: Path) -> None:
    tokens = loaded(tmp_path, "", BRIDGE_API_TOKENS=f"portal={TOKEN}, reports:read={TOKEN[::-1]}\n").api.tokens
    assert [(token.name, token.may_order, TOKEN in repr(token)) for token in tokens] == [
        ("portal", True, False),
        ("reports", False, False),
    ]


@pytest.mark.parametrize("tokens", ["portal=short", f"Portal={TOKEN}", TOKEN, f"a={TOKEN}\na={TOKEN}", f"a={TOKEN} b={TOKEN}"])
def test_api_tokens_that_are_none_are_refused_without_showing_them(tmp_path: Path, tokens: str) -> None:
    (problem,) = refused(tmp_path, "", BRIDGE_API_TOKENS=tokens)
    assert "BRIDGE_API_TOKENS" in problem
    assert TOKEN not in problem


def test_api_tokens_never_stand_in_the_file(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, f"api: {{tokens: 'portal={TOKEN}'}}\n")
    assert "BRIDGE_API_TOKENS_FILE" in problem
    assert TOKEN not in problem
