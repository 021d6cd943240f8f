"""Times in prose come out as plain data, and what a condition is tied to as well."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_bridge.domain.reading import Context, Pending, SignalKind
from helpdesk_bridge.domain.values import Comment, CommentId, Person, Role
from helpdesk_bridge.language import read_comment
from helpdesk_bridge.language.slots import slot_options
from helpdesk_bridge.language.ties import tie_data
from helpdesk_bridge.policy import load_policy
from tests.domain.builders import at


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quinta às 9h", [{"weekday": "3", "time": "09:00"}]),
        ("amanhã depois das 14h", [{"day_offset": "1", "after": "14:00"}]),
        ("depois de amanhã às 8 da manhã", [{"day_offset": "2", "time": "08:00"}]),
        ("jueves 10:00 hora de Lima", [{"weekday": "3", "time": "10:00", "zone": "America/Lima"}]),
        ("tomorrow 3pm", [{"day_offset": "1", "time": "15:00"}]),
        ("mañana por la mañana", [{"day_offset": "1", "part": "morning"}]),
        ("Prefiro na parte da tarde.", [{"part": "afternoon"}]),
        ("sexta 27/11 8:30", [{"weekday": "4", "date": "--11-27", "time": "08:30"}]),
        ("25/11/2026 das 14h às 16h", [{"date": "2026-11-25", "time": "14:00", "time_to": "16:00"}]),
        ("2026-11-25 14:00-16:00", [{"date": "2026-11-25", "time": "14:00", "time_to": "16:00"}]),
        ("dia 2 de dezembro, quarta-feira, às dez horas", [{"date": "--12-02", "weekday": "2", "time": "10:00"}]),
        ("Pode marcar dia 27 às 9.", [{"date": "---27", "time": "09:00"}]),
        ("el lunes 30 a las 14", [{"weekday": "0", "date": "---30", "time": "14:00"}]),
        ("Tuesday between 2 and 4pm", [{"weekday": "1", "time": "14:00", "time_to": "16:00"}]),
        ("the 27th at 9:30am Eastern time", [{"date": "---27", "time": "09:30", "zone": "America/New_York"}]),
        ("semana que vem, segunda, antes das 11h", [{"week_offset": "1", "weekday": "0", "before": "11:00"}]),
        ("next week, Wednesday at noon", [{"week_offset": "1", "weekday": "2", "time": "12:00"}]),
        ("no dia 26 às 14h", [{"date": "---26", "time": "14:00"}]),
    ],
)
def test_a_time_is_read_as_written(text, expected):
    assert [dict(option.data) for option in slot_options(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "terça às 10h ou quinta às 15h30",
            [{"weekday": "1", "time": "10:00"}, {"weekday": "3", "time": "15:30"}],
        ),
        ("quarta 9h ou 11h", [{"weekday": "2", "time": "09:00"}, {"weekday": "2", "time": "11:00"}]),
        (
            "9h ou 11h, horário de Lima",
            [{"time": "09:00", "zone": "America/Lima"}, {"time": "11:00", "zone": "America/Lima"}],
        ),
    ],
)
def test_every_time_named_is_an_option(text, expected):
    assert [dict(option.data) for option in slot_options(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Não podemos dia 26. Sugiro 27/11 às 10h.", [{"date": "--11-27", "time": "10:00"}]),
        ("Consegue às 10h em vez das 9h?", [{"time": "10:00"}]),
        ("qualquer dia dessa semana menos quinta", [{"week_offset": "0"}]),
        ("jueves 10 am de Brasilia, acá serán las 7", [{"weekday": "3", "time": "10:00", "zone": "America/Sao_Paulo"}]),
        ("Não posso na quinta.", []),
    ],
)
def test_a_time_that_is_put_aside_is_no_option(text, expected):
    assert [dict(option.data) for option in slot_options(text)] == expected


@pytest.mark.parametrize(
    "text", ["o ramal é 4410", "CNPJ 11.222.333/0001-81", "uma sessão de 2 horas", "R$ 5,90 por minuto", "a segunda via da nota"]
)
def test_other_numbers_are_no_times(text):
    assert slot_options(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Aceito desde que não ultrapasse R$ 1.000,00.", {"cap_amount": "1000.00"}),
        ("aceito desde que não passe de mil reais", {"cap_amount": "1000.00"}),
        ("com teto de R$ 590,00 (100 minutos)", {"cap_amount": "590.00", "cap_minutes": "100"}),
        ("siempre que no supere las 3 horas", {"cap_minutes": "180"}),
        ("aceito até 2h30", {"cap_minutes": "150"}),
        ("we accept up to two hours, pending PO number 660-20418", {"cap_minutes": "120", "po": "660-20418"}),
        ("A gente topa, falta o PO.", {"po": "pending"}),
        ("sem cobrança se for erro do produto", {"if_product_error": "true"}),
        ("aceito, validade até 30/11", {"date": "--11-30"}),
        ("aceito a R$ 5,90 por minuto se começar amanhã às 9h", {"day_offset": "1", "time": "09:00"}),
    ],
)
def test_a_condition_yields_what_it_is_tied_to(text, expected):
    assert dict(tie_data(text)) == expected


def test_each_time_of_a_counter_proposal_is_a_signal_with_its_words():
    text = "Infelizmente não consigo nesse horário. Pode ser terça às 10h ou quinta às 15h30?"
    comment = Comment(id=CommentId("1"), author=Person(id="1", role=Role.REQUESTER), public=True, at=at(1), text=text)
    reading = read_comment(comment, Context(author=Role.REQUESTER, pending=Pending.SLOT_PROPOSED), load_policy().lexicon)

    told = [signal for signal in reading.signals if signal.kind is SignalKind.SLOT_COUNTER_PROPOSAL]

    assert [dict(signal.data) for signal in told] == [{"weekday": "1", "time": "10:00"}, {"weekday": "3", "time": "15:30"}]
    assert told[1].span.of(text) == "quinta às 15h30"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789 /:.-hasdemnterçquinta\u0301\u200b", max_size=80))
def test_any_text_yields_times_that_point_into_it(text):
    for option in slot_options(text):
        assert 0 <= option.span.start < option.span.end <= len(text)
        assert {"time", "date", "weekday", "day_offset", "week_offset", "part", "after", "before"} & dict(option.data).keys()
    assert isinstance(tie_data(text), tuple)
