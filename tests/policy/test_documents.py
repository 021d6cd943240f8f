"""YAML that remembers its lines, and refuses what could hurt."""

from __future__ import annotations

import time

import pytest

from helpdesk_bridge.errors import Problem
from helpdesk_bridge.policy.documents import MAX_BYTES, Document, parse


def parsed(text: str) -> Document:
    document = parse("rates/x.yaml", "x.yaml", text)
    assert isinstance(document, Document)
    return document


def refused(text: str) -> str:
    problem = parse("rates/x.yaml", "x.yaml", text)
    assert isinstance(problem, Problem)
    return str(problem)


def test_every_key_and_item_knows_its_line() -> None:
    document = parsed("rows:\n  - id: a\n    hourly: 1\n  - id: b\n")
    lines = [document.line(path) for path in ("rows", "rows.0", "rows.0.hourly", "rows.1.id", "rows.1.hourly.deeper")]
    assert lines == [1, 2, 3, 4, 4]


def test_words_that_yaml_1_1_would_change_stay_words() -> None:
    words = ["no", "on", "sí", "13:30", "08:00", "012", "2026-01-01"]
    assert words == parsed(f"[{', '.join(words)}]").data


def test_plain_values_have_their_types() -> None:
    assert parsed("[true, false, null, ~, 7, -1, 0.5]").data == [True, False, None, None, 7, -1, 0.5]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3: a is given twice"),
        ("a:\n  b: 1\n  b: 2\n", "x.yaml:3: b is given twice"),
        ("a: &x 1\nb: *x\n", "x.yaml:1: anchors and aliases are not allowed"),
        ("b: *x\n", "x.yaml:1: anchors and aliases are not allowed"),
        ("a: !!python/object:os.system 1\n", "x.yaml:1: tags are not allowed"),
        ("? [a]\n: b\n", "x.yaml:1: a key must be a word"),
        ("a: 1\n---\nb: 2\n", "x.yaml:2: but found another document"),
        ("a: 'open\n", "x.yaml:2: found unexpected end of stream"),
        ("[" * 100_000, "x.yaml:1: nested deeper than 40"),
        ("- " * 100_000, "x.yaml:1: nested deeper than 40"),
    ],
)
def test_what_could_hurt_or_mislead_is_refused_with_its_line(text: str, reason: str) -> None:
    assert reason == refused(text)


def test_a_file_that_is_too_large_is_not_read() -> None:
    assert f"x.yaml: larger than {MAX_BYTES} bytes" == refused("a: " + "x" * MAX_BYTES)


def test_a_few_lines_cannot_become_gigabytes() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20))
    started = time.monotonic()
    assert "anchors and aliases are not allowed" in refused(bomb)
    assert time.monotonic() - started < 0.5


def test_control_characters_are_refused() -> None:
    assert "not a YAML document" in refused("a: \x00")
