"""Spanish and English: real acceptances are heard in offices' own words, and nothing that bargains, waits or hands on is one."""

from __future__ import annotations

import pytest

from tests.language.accepting import accepted
from tests.language.other_languages import ACCEPTED, FOR_A_PERSON


@pytest.mark.parametrize("text", ACCEPTED)
def test_an_acceptance_in_an_office_s_own_words_is_heard(text):
    assert accepted(text)


def test_nothing_that_bargains_waits_or_hands_on_is_an_acceptance():
    assert [text for text in FOR_A_PERSON if accepted(text)] == []
