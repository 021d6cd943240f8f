"""The words of statements: complete in every language, or the policy is refused."""

from __future__ import annotations

import pytest

from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.errors import ConfigurationError
from helpdesk_bridge.policy.vocabulary import Vocabulary
from tests.policy.site import Site, shipped

WORDS = "templates/statements/en/words.md"


def test_holes_are_filled_and_codes_without_words_stay_readable() -> None:
    words = Vocabulary(shipped().wording.sources, Language.EN)

    assert words.say("ticket", ticket="{zone}") == "Ticket {zone}"
    assert (words.name("field", "cost_centre"), words.name("field", "project_code")) == ("Cost centre", "project code")


@pytest.mark.parametrize(
    ("key", "reason"), [("nothing", "there are no words for it"), ("ticket", "nothing is filled into {ticket}")]
)
def test_words_that_cannot_be_said_are_told(key: str, reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        Vocabulary(shipped().wording.sources, Language.EN).say(key)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("- due: Amount due\n", "", f"{WORDS}: due: there are no words for it"),
        ("Ticket {ticket}", "The ticket", f"{WORDS}:17: ticket: says nothing about {{ticket}}"),
    ],
)
def test_words_that_another_language_has_are_missed(site: Site, old: str, new: str, problem: str) -> None:
    assert site.changed(WORDS, (old, new)).problems() == [problem]
