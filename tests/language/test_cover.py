"""Spans, and what lies within them."""

from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.cover import Cover

PLACES = st.integers(0, 12)
SPANS = st.tuples(PLACES, PLACES).map(lambda ends: Span(min(ends), max(ends)))


@given(st.lists(SPANS, max_size=6), SPANS)
def test_a_span_is_held_where_one_span_is_around_all_of_it(spans: list[Span], asked: Span) -> None:
    assert any(each.start <= asked.start and asked.end <= each.end for each in spans) is Cover(spans).holds(asked)


@given(st.lists(SPANS, max_size=6), PLACES)
def test_a_place_is_covered_where_a_span_goes_over_it(spans: list[Span], place: int) -> None:
    assert any(each.start <= place < each.end for each in spans) is Cover(spans).at(place)


@given(st.lists(SPANS, max_size=6), SPANS)
def test_a_stretch_is_touched_where_a_span_begins_before_its_end_and_ends_behind_its_start(
    spans: list[Span], asked: Span
) -> None:
    assert any(each.start < asked.end and asked.start < each.end for each in spans) is Cover(spans).touches(
        asked.start, asked.end
    )
