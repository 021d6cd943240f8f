"""The words a pattern needs: they may spare a search, and never lose a match."""

import re
from functools import cache

import pytest
import re2  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_bridge.language.patterns import PatternSet
from helpdesk_bridge.language.shapes import ANY
from helpdesk_bridge.language.syntax import Translation, WordLists, translate, word_lists
from helpdesk_bridge.language.text import normalise, squeeze
from helpdesk_bridge.policy.folders import read_documents


def translated(pattern: str, lists: WordLists) -> Translation:
    """Translate one pattern."""
    return translate(pattern, lists)


def needs(pattern: str, **words: list[str]) -> list[str]:
    """What a pattern needs, one line for each choice."""
    return sorted(" ".join(sorted(choice)) for choice in translated(pattern, word_lists(words)).needs)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("de acordo", ["acordo", "de"]),
        ("aceit[oa]s? ja", ["aceita aceitas aceito aceitos", "ja"]),
        ("aceit[oa]s?", [f"aceita{ANY} aceito{ANY}"]),
        ("(aceit*|aceito|acordos)", [f"aceit{ANY} acordos"]),
        ("simul* .. base", ["base", f"simul{ANY}"]),
        ("(nao|nunca) ... (foi|e) aceito", ["aceito", "e foi", "nao nunca"]),
        ("((de )?acordo( com o termo)?)", ["acordo"]),
        ("(muito )*obrigado", ["obrigado"]),
        ("de acordo|aprovado", ["acordo aprovado"]),
        ("<yes> (ja|agora)", ["agora ja", "claro pode sim", "claro ser sim"]),
        ("termo v ?\\d{1,2}", ["0", "termo", "v"]),
        ("can't", ["can", "t"]),
        ("a?termo", ["atermo termo"]),
        (".+", []),
        ("(?i)termo", []),
    ],
)
def test_a_pattern_needs_the_words_that_none_of_its_forms_can_do_without(pattern: str, expected: list[str]) -> None:
    assert expected == needs(pattern, yes=["sim", "claro", "pode ser"])


def test_a_pattern_that_ends_inside_a_word_needs_its_beginning_only() -> None:
    assert needs("negad[oa]") == [f"negada{ANY} negado{ANY}"]


PIECES = st.sampled_from(
    [
        "nao",
        "aceito",
        "o",
        "termo",
        "de",
        "acordo",
        "ou",
        "se",
        "x",
        "12",
        "h",
        "ção",
        "ß",
        "ж",
        "'",
        "_",
        "-",
        ".",
        ",",
        "?",
        "\n",
        " ",
    ]
)
GROUPS = st.recursive(
    st.sampled_from(
        ["nao", "aceit*", "termo", "de acordo", "o", "\\d", "\\w", "[oa]", "[o ,]", "[^a]", ".", " ", " .. ", " ... ", "_", "\\b"]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(lambda both: f"({both[0]}|{both[1]})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{0,2}", "{2}"])).map(lambda both: f"({both[0]}){both[1]}"),
    ),
    max_leaves=6,
)


@given(st.lists(GROUPS, min_size=1, max_size=6), st.lists(PIECES, max_size=24).map("".join))
@settings(max_examples=400, deadline=None)
def test_any_patterns_find_what_they_find_alone(patterns: list[str], text: str) -> None:
    pairs = [(str(number), pattern) for number, pattern in enumerate(patterns) if _is_sound(pattern)]
    assert _found(PatternSet(pairs), text) == _unfiltered(tuple(pairs), text)


DOCUMENTS: dict[str, list[dict[str, object]]] = {
    kind: [one.data for one in read_documents((), []) if one.name.startswith(f"{kind}/")] for kind in ("language", "criteria")
}


@cache
def shipped() -> list[tuple[PatternSet, tuple[tuple[str, str], ...], dict[str, list[str]]]]:
    """Every pattern of the shipped lexicons."""
    sets = []
    for kind in DOCUMENTS:
        words: dict[str, list[str]] = {}
        patterns: set[str] = set()
        for document in DOCUMENTS[kind]:
            words |= document.get("words") or {}
            patterns |= set(_patterns(document))
        pairs = tuple((pattern, pattern) for pattern in sorted(patterns))
        sets.append((PatternSet(pairs, words), pairs, words))
    return sets


WORDS = sorted({word for each in DOCUMENTS.values() for word in re.findall(r"\w+", str(each)) if len(word) < 16})
LEXICON = st.lists(
    st.one_of(st.sampled_from(WORDS), st.sampled_from([" ", ", ", ". ", "\n", "\u200b", "3h", "10/11", "?", "-"])), max_size=40
)


@given(LEXICON, st.sampled_from([" ", ""]))
@settings(max_examples=60, deadline=None)
def test_the_shipped_lexicons_find_what_their_patterns_find_alone(words: list[str], between: str) -> None:
    text = between.join(words)
    for search, pairs, lists in shipped():
        assert _found(search, text) == _unfiltered(pairs, text, lists)


def _patterns(entry: object) -> list[str]:
    """Every pattern and guard below an entry of a document."""
    if isinstance(entry, list):
        return [pattern for each in entry for pattern in _patterns(each)]
    if not isinstance(entry, dict):
        return []
    own = [str(pattern) for key in ("patterns", "unless") for pattern in entry.get(key) or ()]
    return own + [pattern for each in entry.values() for pattern in _patterns(each)]


def _found(search: PatternSet, text: str) -> list[tuple[str, int, int]]:
    return sorted((match.id, match.span.start, match.span.end) for match in search.find(normalise(text)))


@cache
def _alone(pairs: tuple[tuple[str, str], ...], words: tuple[tuple[str, tuple[str, ...]], ...]) -> list[tuple[str, object]]:
    lists = word_lists(dict(words))
    return [(identity, re2.compile(translated(pattern, lists).source)) for identity, pattern in pairs]


def _unfiltered(
    pairs: tuple[tuple[str, str], ...], text: str, words: dict[str, list[str]] | None = None
) -> list[tuple[str, int, int]]:
    squeezed, offsets = squeeze(normalise(text))
    compiled = _alone(pairs, tuple((name, tuple(map(str, phrases))) for name, phrases in (words or {}).items()))
    return sorted(
        (identity, *match.span()) if offsets is None else (identity, offsets[match.start()], offsets[match.end() - 1] + 1)
        for identity, pattern in compiled
        for match in pattern.finditer(squeezed)  # type: ignore[attr-defined]
        if match.start() < match.end()
    )


def _is_sound(pattern: str) -> bool:
    try:
        PatternSet([("one", pattern)])
    except Exception:  # noqa: BLE001 - a refusal is not what is tested here
        return False
    return True
