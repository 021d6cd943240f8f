"""Patterns as administrators write them."""

import time

import pytest

from helpdesk_bridge.language.patterns import InvalidPattern, PatternSet
from helpdesk_bridge.language.text import normalise


def found(pattern: str, text: str, **words: list[str]) -> list[str]:
    """Search one pattern; return the original words it covers."""
    return [match.span.of(text) for match in PatternSet([("p", pattern)], words).find(normalise(text))]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("nao reproduz*", "NÃO reproduzimos aqui", ["NÃO reproduzimos"]),
        ("não ocorre", "nao, ocorre", ["nao, ocorre"]),
        ("de acordo", "de acordos", []),
        ("base .. cliente", "a base de dados do cliente", ["base de dados do cliente"]),
        ("base ..1 cliente", "a base de dados do cliente", []),
        ("base .. cliente", "a base caiu. O cliente ligou", []),
        ("base ... cliente", "a base caiu. O cliente ligou", ["base caiu. O cliente"]),
        ("base ..2 12\\.1", "a base na 12.1", ["base na 12.1"]),
        ("(nao )?foi", "foi", ["foi"]),
        ("foi[oa]?", "A foi B", ["foi"]),
    ],
)
def test_a_pattern_finds_what_it_says(pattern: str, text: str, expected: list[str]) -> None:
    assert expected == found(pattern, text)


@pytest.mark.parametrize("times", [1, 8, 9, 200])
def test_a_pattern_is_found_however_often_its_first_word_stands(times: int) -> None:
    assert found("aceit[oa] (o )?termo", "aceito, " * times + "aceito o termo " * times) == ["aceito o termo"] * times


def test_a_pattern_that_begins_again_inside_itself_is_found_once() -> None:
    assert found("nao ..2 nao", "não, não, não vou, não") == ["não, não, não"]


def test_word_lists_may_name_each_other_in_any_order() -> None:
    assert found("<failed>", "sem êxito", failed=["sem <result>"], result=["exito", "sucesso"]) == ["sem êxito"]


def test_a_word_list_that_contains_itself_is_refused() -> None:
    with pytest.raises(InvalidPattern, match="contains itself"):
        PatternSet([("p", "<a>")], {"a": ["x <b>"], "b": ["y <a>"]})


def test_offsets_survive_hidden_and_combining_characters() -> None:
    assert found("acordo", "de aco\u0301r\u200bdo!") == ["aco\u0301r\u200bdo"]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "empty"),
        ("(nao", "missing )"),
        ("<nobody>", "no word list"),
        ("a ..40 b", "too long"),
        ("\\w*", "matches anything"),
        ("a(?=b)", "invalid perl operator"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    with pytest.raises(InvalidPattern, match=reason.replace("(", "\\(").replace(")", "\\)")):
        PatternSet([("p", pattern)])


def test_every_bad_pattern_is_named_at_once() -> None:
    with pytest.raises(InvalidPattern) as refusal:
        PatternSet([("one", "(a"), ("two", "fine"), ("three", "<x>")])
    assert [identity for identity, _ in refusal.value.reasons] == ["one", "three"]


def test_overlapping_patterns_all_count() -> None:
    patterns = PatternSet([("long", "nao foi reproduzido"), ("short", "foi reproduzido")])
    assert [match.id for match in patterns.find("nao foi reproduzido")] == ["long", "short"]


def test_a_hostile_text_costs_linear_time() -> None:
    patterns = PatternSet([("p", "(a|aa)+ ..12 (a|aa)+ ..12 b")])
    started = time.perf_counter()
    patterns.find("a " * 16_000)
    assert time.perf_counter() - started < 1.0
