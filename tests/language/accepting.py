"""Whether the shipped policy takes a comment for an acceptance by itself, while a term is pending."""

from __future__ import annotations

from helpdesk_bridge.domain.reading import Context, Pending
from helpdesk_bridge.domain.values import Comment, CommentId, Person, Role
from helpdesk_bridge.language import read_comment
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.policy.evaluate_comments import is_accepted
from tests.domain.builders import at

POLICY = load_policy()


def accepted(
    text: str, role: Role = Role.REQUESTER, *, html: str | None = None, asked: str | None = None, ticket: str | None = None
) -> bool:
    """Read a public comment as its author's answer to the pending term; ``asked`` is what the support said before it."""
    comment = Comment(id=CommentId("1"), author=Person(id="1", role=role), public=True, at=at(60), text=text, html=html)
    context = Context(author=role, pending=Pending.TERM_PENDING, last_agent_text=asked, ticket=ticket)
    return is_accepted(comment, read_comment(comment, context, POLICY.lexicon), Pending.TERM_PENDING, POLICY.rules)
