"""A comment made of thousands of phrases is read to its end; what that costs stands in the benchmarks."""

import pytest

from helpdesk_bridge.domain.reading import Context, Pending
from helpdesk_bridge.domain.values import Role
from helpdesk_bridge.language import read_comment
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.policy.evaluate_comments import comment_of, is_accepted

POLICY = load_policy()


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
    comment = comment_of({"body_text": "Aceito o termo. " + piece * (16_000 // len(piece))})
    reading = read_comment(
        comment, Context(author=Role.REQUESTER, pending=pending, last_agent_text="Segue o termo"), POLICY.lexicon
    )
    assert not is_accepted(comment, reading, pending, POLICY.rules)
