"""Normalising keeps every offset; sentences end where people end them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.language.text import normalise, sentences, squeeze, words


@given(st.text())
def test_normalising_never_changes_the_length(text: str) -> None:
    assert len(text) == len(normalise(text))


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(text) == normalise(normalise(text))


@given(st.text())
def test_squeezed_offsets_point_at_the_same_characters(text: str) -> None:
    normalised = normalise(text)
    squeezed, offsets = squeeze(normalised)
    if offsets is not None:
        assert squeezed == "".join(normalised[offset] for offset in offsets[:-1])


@given(st.text(alphabet=st.sampled_from("aB .!?;\n\r-1)\u200b")))
def test_every_word_of_a_text_lies_in_exactly_one_sentence(text: str) -> None:
    spans = sentences(text)
    for word in words(text):
        assert sum(span.start <= word.start and word.end <= span.end for span in spans) == 1


def test_accents_case_dashes_and_quotes_are_folded() -> None:
    assert normalise("NÃO É “padrão” – ok") == 'nao e "padrao" - ok'


def test_full_width_letters_are_read_as_letters() -> None:
    assert normalise("ＡＣＥＩＴＯ") == "aceito"


@pytest.mark.parametrize("hidden", ["de aco\u0301rdo", "de a\u200bcordo", "de\u00ad acordo"])
def test_hidden_characters_are_looked_through(hidden: str) -> None:
    assert squeeze(normalise(hidden))[0] == "de acordo"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O Sr. João da Silva Ltda. ligou. Não resolveu!", ["O Sr. João da Silva Ltda. ligou.", "Não resolveu!"]),
        ("Release 12.1.2410. Ok?", ["Release 12.1.2410.", "Ok?"]),
        ("Veja o art. 5 da lei.", ["Veja o art. 5 da lei."]),
        ("a mensagem continua\nna linha seguinte.", ["a mensagem continua\nna linha seguinte."]),
        ("Primeira linha\nSegunda linha", ["Primeira linha", "Segunda linha"]),
        ("Fiz:\n- um\n- dois", ["Fiz:", "- um", "- dois"]),
        ("um\n\ndois", ["um", "dois"]),
        ("", []),
    ],
)
def test_sentences_end_where_people_end_them(text: str, expected: list[str]) -> None:
    assert expected == [span.of(text) for span in sentences(text)]


def test_words_keep_their_inner_marks() -> None:
    text = "e-mail d'água 12.1.2410 ana@x.example fim."
    assert [span.of(text) for span in words(text)] == ["e-mail", "d'água", "12.1.2410", "ana@x.example", "fim"]
