"""A comment made of thousands of phrases is read to its end; what that costs stands in the benchmarks."""

import pytest

from helpdesk_bridge.domain.reading import Context, Pending, Reading, SignalKind
from helpdesk_bridge.domain.values import Role
from helpdesk_bridge.language import read_comment
from helpdesk_bridge.language.carried import MOST_TIMES
from helpdesk_bridge.language.phrases import MOST
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.policy.evaluate_comments import comment_of, is_accepted

POLICY = load_policy()
WORDS = sorted({word for phrase in POLICY.lexicon.phrases.values() for text in phrase.examples for word in text.split()})


def read(text: str, pending: Pending = Pending.TERM_PENDING) -> Reading:
    context = Context(author=Role.REQUESTER, pending=pending, last_agent_text="Segue o termo")
    return read_comment(comment_of({"body_text": text}), context, POLICY.lexicon)


@pytest.mark.parametrize(
    "piece",
    [
        "não aceito o termo ",
        "De jeito nenhum estou de acordo, ",
        "Recuso. Talvez. ",
        "quinta às 9h, ",
        "Sí, acepto si ",
        "(só se \n",
    ],
)
@pytest.mark.parametrize("pending", [Pending.TERM_PENDING, Pending.IN_PROGRESS])
def test_thousands_of_phrases_are_read_to_the_end_and_accept_nothing(piece: str, pending: Pending) -> None:
    text = "Aceito o termo. " + piece * (16_000 // len(piece))
    assert not is_accepted(comment_of({"body_text": text}), read(text, pending), pending, POLICY.rules)


def test_an_assent_said_a_hundred_times_goes_to_a_person() -> None:
    reading = read("Aceito o termo. " * MOST)
    assert "flooded" in reading.flags
    assert [(each.kind, each.certain, each.reason) for each in reading.signals] == [
        (SignalKind.ACCEPTANCE, False, "not_plain_text")
    ]


def test_an_assent_said_twice_is_no_flood() -> None:
    assert frozenset() == read("Aceito o termo. Aceito o termo.").flags


def test_what_is_said_after_a_flood_is_heard() -> None:
    reading = read("Bom dia, segue o termo de consultoria. " * (2 * MOST) + "Parem o atendimento.", Pending.IN_PROGRESS)
    assert SignalKind.INTERRUPTION in {each.kind for each in reading.signals}


@pytest.mark.parametrize("pending", [Pending.TERM_PENDING, Pending.IN_PROGRESS])
def test_a_flood_concludes_nothing_since_a_guard_may_stand_where_nobody_listens(pending: Pending) -> None:
    reading = read("Não aceito o termo, parem o atendimento. " * (2 * MOST), pending)
    assert reading.signals
    assert not any(each.certain for each in reading.signals)


def test_words_of_everything_are_asked_about_even_where_nobody_reads_them() -> None:
    reading = read(" ".join(WORDS[number * 7 % len(WORDS)] for number in range(6_000)), Pending.IN_PROGRESS)
    assert "flooded" in reading.flags
    assert reading.signals
    assert not any(each.certain for each in reading.signals)


def test_an_assent_that_stretches_over_more_than_four_thousand_characters_goes_to_a_person() -> None:
    said = [read(f"Aceito o termo.{' ' * blanks}Obrigado.").signals for blanks in (1, 4_000)]
    assert [(each.certain, each.reason) for signals in said for each in signals] == [(True, ""), (False, "not_certain")]


def test_whoever_names_more_times_than_are_told_apart_confirms_none() -> None:
    reading = read("Confirmo quinta às 9h. " + "quinta às 9h, " * MOST_TIMES, Pending.SLOT_PROPOSED)
    assert MOST_TIMES >= len(reading.signals) > 1
    assert not any(each.certain for each in reading.signals)
