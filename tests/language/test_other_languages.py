"""Spanish and English: real acceptances are heard in offices' own words, and nothing that bargains, waits or hands on is one."""

from __future__ import annotations

import pytest

from helpdesk_bridge.domain.reading import Context, Pending
from helpdesk_bridge.domain.values import Comment, CommentId, Person, Role
from helpdesk_bridge.language import read_comment
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.policy.evaluate_comments import is_accepted
from tests.domain.builders import at
from tests.language.other_languages import ACCEPTED, FOR_A_PERSON

POLICY = load_policy()


def _accepted(text: str) -> bool:
    comment = Comment(id=CommentId("1"), author=Person(id="1", role=Role.REQUESTER), public=True, at=at(60), text=text)
    reading = read_comment(comment, Context(author=Role.REQUESTER, pending=Pending.TERM_PENDING), POLICY.lexicon)
    return is_accepted(comment, reading, Pending.TERM_PENDING, POLICY.rules)


@pytest.mark.parametrize("text", ACCEPTED)
def test_an_acceptance_in_an_office_s_own_words_is_heard(text):
    assert _accepted(text)


def test_nothing_that_bargains_waits_or_hands_on_is_an_acceptance():
    assert [text for text in FOR_A_PERSON if _accepted(text)] == []
