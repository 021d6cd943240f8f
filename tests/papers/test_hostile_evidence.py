"""Whatever people write and are called, their evidence can be put on a page and on paper."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from helpdesk_bridge.domain.dossier import Dossier
from helpdesk_bridge.domain.events import CommentAdded
from helpdesk_bridge.domain.journal import Record, chain, genesis
from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.domain.values import Language, Person, Role
from helpdesk_bridge.papers.evidence_files import as_files
from helpdesk_bridge.policy.vocabulary import Vocabulary
from tests.domain.builders import DESK, TICKET, Story, a_comment, a_reading, a_ticket
from tests.papers.test_hostile_names import ANYTHING
from tests.policy.site import shipped


def a_dossier(name: str, words: str) -> Dossier:
    """Build the dossier of an acceptance in these words."""
    person = Person(id="1", role=Role.REQUESTER, name=name)
    story = Story(rules=shipped().rules, ticket=a_ticket(requester=person)).term_sent_and_posted()
    comment = a_comment(3, words, author=person)
    story._grow(comment)
    story.tell(CommentAdded(ticket=story.ticket, comment=comment, reading=a_reading(words, SignalKind.ACCEPTANCE)))
    return of_story(story)


def of_story(story: Story) -> Dossier:
    """Build the dossier of what happened."""
    records: list[Record] = []
    for seq, entry in enumerate(story.entries, start=1):
        previous = records[-1].hash if records else genesis(DESK, TICKET)
        records.append(chain(entry, seq=seq, previous=previous, salt="5a17"))
    return Dossier(
        desk=DESK,
        ticket=TICKET,
        records=tuple(records),
        engagement=story.engagement,
        seals=(),
        made_at=datetime(2026, 11, 25, tzinfo=UTC),
        made_by="root",
        version="0",
        key=None,
    )


@settings(max_examples=40, deadline=None)
@given(ANYTHING, ANYTHING, st.sampled_from(list(Language)))
def test_any_words_can_stand_on_every_page(name: str, words: str, language: Language) -> None:
    rules, vocabulary = shipped().rules, Vocabulary(shipped().wording.sources, language, "evidence")
    files = as_files(a_dossier(name, words), rules, vocabulary)

    assert len(PdfReader(io.BytesIO(files["evidence.pdf"])).pages) >= 1
    assert files["evidence.html"].decode().count("<pre>") == files["evidence.html"].decode().count("</pre>")
    assert files["evidence.jsonl"].isascii()


@pytest.mark.parametrize(
    ("certain", "said"), [(True, "Cut-off of the interruption"), (False, "Provisional cut-off, not confirmed")]
)
def test_a_cut_off_that_nobody_confirmed_is_called_provisional(certain: bool, said: str) -> None:
    story = Story(rules=shipped().rules).accepted()
    story.says(30, SignalKind.INTERRUPTION, certain=certain)
    vocabulary = Vocabulary(shipped().wording.sources, Language.EN, "evidence")
    page = as_files(of_story(story), shipped().rules, vocabulary)["evidence.html"].decode()

    told = ("Cut-off of the interruption", "Provisional cut-off, not confirmed")
    assert [words for words in told if words in page] == [said]
