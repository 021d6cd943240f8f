"""The closed-world gate: an acceptance stands by itself only when all other words are known to be harmless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Set

from helpdesk_bridge.domain.consent import SPOILING_FLAGS
from helpdesk_bridge.domain.reading import Pending, SignalKind
from helpdesk_bridge.domain.values import Span
from helpdesk_bridge.language.asked import asks_for_consent
from helpdesk_bridge.language.cover import Cover
from helpdesk_bridge.language.explained import (
    BOLD,
    Explained,
    Statement,
    by_templates,
    explained,
    is_performative,
    may_explain,
    names_another_ticket,
    spans_of,
)
from helpdesk_bridge.language.mistyped import is_nearly
from helpdesk_bridge.language.people import speaks_for_somebody
from helpdesk_bridge.language.phrases import (
    ASK,
    BENIGN,
    DETAIL,
    HEDGE,
    HINT,
    OBJECT,
    PRESENTS,
    RETREAT,
    STRAY,
    TELLING,
    Heard,
    Lexicon,
    Phrase,
)
from helpdesk_bridge.language.reply import Reply
from helpdesk_bridge.language.signed import says_something, signed_text
from helpdesk_bridge.language.text import INVISIBLE, normalise

LEAST_LIKENESS = 0.02
"""Below this likeness to labelled acceptances, one that looks certain goes to a person."""
LONGEST = 4_000
"""Characters of the author's own words that are weighed; whoever writes more does not only accept."""
SHORT = 3
"""Words up to which likeness says nothing."""

_BESIDE = frozenset(
    {
        SignalKind.ACCEPTANCE,
        SignalKind.SLOT_CONFIRMATION,
        SignalKind.SLOT_COUNTER_PROPOSAL,
        SignalKind.BILLING_INFO,
        SignalKind.UNCLEAR,
        SignalKind.RESUME,
        SignalKind.PREREQUISITES,
    }
)
"""What may be said beside an acceptance."""
_ANSWERS = {
    SignalKind.CONDITIONAL_ACCEPTANCE: "condition",
    SignalKind.QUESTION: "question",
    SignalKind.REFUSAL: "negation",
}
"""What another answer beside an acceptance is called."""
_NO_DOUBT = frozenset({BENIGN, OBJECT, TELLING, DETAIL, HEDGE, RETREAT, HINT, ASK, PRESENTS, STRAY})
_NEVER_EXPLAINED = frozenset({"delegation", "other_matter"})
"""Whoever leaves it to somebody else, or means another ticket's term, does so in any template."""
SELECTOR = "\ufe0f"
_WORD = re.compile(r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f'’-]+[^\W_]*)*|[^\w\s]|_+")
_HARMLESS = frozenset(
    ".,;!:-–—()'/👍🙏😊🤝✅🙂😀👏🚀💪🏻🏼🏽🏾🏿❤💙💚💛🧡👌🌼🌻🌷😅😄😃🙌🤗💐🌹☕😉😁\ufe0f☺🎉🥳🎊✨😍🥰😘💖💕💓🌟⭐👋🙋🫶🤞🤜🤛👊☎📞📲📧✉🖥💻🌞☀🌸🌺🍀🐎🏃💨⚡🔥🎯👆👇☝🥹😇😌😎🤩🤠💜🤎🖤🙇🫡🍻🧉🎈💯¡"
)
_REFUSED_MARKS = re.compile(r"\.\.\.|…|__|~~|\[|\(\s*+(?:[xX]\s*+)?\)|[“”\"«»❌👎*<>=|]")
_ELLIPSES = frozenset({"...", "…"})
"""Before the last words that accept they are a pause; behind them they leave something open."""
_ASKING = re.compile("[?¿]")
_QUOTES = frozenset('“”"«»')
_JOINERS = frozenset({0xFE0F, *range(0x1F3FB, 0x1F400), *range(0x300, 0x304), 0x308, 0x327})
"""Emoji variation marks and common combining accents; any other invisible character may hide something."""


def doubt(statement: Statement, lexicon: Lexicon) -> str:
    """Return why an acceptance does not stand by itself, as a stable code; the empty string when it does."""
    if statement.context.pending is not Pending.TERM_PENDING:
        return "no_pending_term"
    if SPOILING_FLAGS & statement.reply.flags:
        return "not_plain_text"
    if sum(span.end - span.start for span in statement.reply.kept) > LONGEST:
        return spoiling_reason(statement.heard) or "not_certain"
    found = by_templates(statement)
    spoiler = _spoiler(statement.heard, found.spans)
    if spoiler is not None and not may_explain(statement, spoiler[1], lexicon):
        return _reason(spoiler[0])
    if spoiler is not None or not _is_clear(statement, found, lexicon):
        found = explained(statement, lexicon)
    spoilt = (
        spoiling_reason(statement.heard, found.spans)
        or _spoilt_signature(statement.reply, lexicon)
        or _somebody_else_s(statement, lexicon)
    )
    if spoilt:
        return spoilt
    if _asks(statement, found.spans):
        return "question"
    if not any(is_performative(phrase) for phrase, _span in statement.heard.spoken):
        return "not_certain"
    if not names_the_term(statement) and _answers_something_else(statement, lexicon):
        return "not_certain"
    if _hides_something(statement) or not _is_clear(statement, found, lexicon):
        return "unknown_words"
    if len(statement.own.split()) <= SHORT or statement.likeness >= LEAST_LIKENESS or not lexicon.likeness.labels:
        return ""
    return "not_certain"


def names_the_term(statement: Statement) -> bool:
    """True when the words say what they are about: the term, the service, the charge."""
    return any(phrase.kind is None and phrase.reason == OBJECT for phrase, _span in statement.heard.spoken)


def may_be_spoilt(heard: Heard, reasons: Set[str]) -> bool:
    """True when something is said that takes an acceptance's certainty for one of these reasons, unless a template explains it."""
    return any(_spoils(phrase) and _reason(phrase) in reasons for phrase, _span in heard.spoken)


def _spoils(phrase: Phrase) -> bool:
    """True for a spoiler, or another answer."""
    if phrase.kind in _BESIDE or (phrase.kind is None and phrase.reason in _NO_DOUBT):
        return False
    return not phrase.pending or Pending.TERM_PENDING in phrase.pending


def _reason(phrase: Phrase) -> str:
    return phrase.reason or _ANSWERS.get(phrase.kind or SignalKind.NONE, "not_certain")


def _somebody_else_s(statement: Statement, lexicon: Lexicon) -> str:
    """Return why an answer is another person's, or another ticket's."""
    if speaks_for_somebody(statement.own, lexicon.asides.names):
        return "delegation"
    return "other_matter" if names_another_ticket(statement) else ""


def _answers_something_else(statement: Statement, lexicon: Lexicon) -> bool:
    """A bare "de acordo" answers what the support said last; that must have asked for acceptance of the term."""
    asked = statement.context.last_agent_text
    return asked is not None and not asks_for_consent(asked, lexicon)


def spoiling_reason(heard: Heard, explained: Iterable[Span] = ()) -> str:
    """Return why an acceptance among these phrases is in doubt: a spoiler, or another answer, that no template explains."""
    spoiler = _spoiler(heard, explained)
    return _reason(spoiler[0]) if spoiler is not None else ""


def _spoiler(heard: Heard, explained: Iterable[Span]) -> tuple[Phrase, Span] | None:
    """Return the first spoiler, or other answer, that no template explains."""
    within: Cover | None = None
    for phrase, span in heard.spoken:
        if not _spoils(phrase):
            continue
        within = within or Cover((*explained, *spans_of(heard.templates, BENIGN)))
        if phrase.reason in _NEVER_EXPLAINED or not within.holds(span):
            return phrase, span
    return None


def _spoilt_signature(reply: Reply, lexicon: Lexicon) -> str:
    """A condition may hide below the closing, where names and posts belong."""
    text = signed_text(reply)
    if not text:
        return ""
    heard = lexicon.heard(normalise(text))
    if heard.flooded or any(phrase.reason in (HEDGE, RETREAT) for phrase, _span in heard.spoken):
        return "not_certain"
    if says_something(text, heard, lexicon.asides):
        return "unknown_words"
    return spoiling_reason(heard)


def _is_clear(statement: Statement, found: Explained, lexicon: Lexicon) -> bool:
    """True when no word, sign or question is left that nothing explains; whatever more is explained, it stays so."""
    return not (_asks(statement, found.spans) or _is_marked(statement, found.spans)) and _is_known(
        statement, found.covered, lexicon.known
    )


def _asks(statement: Statement, explained: tuple[Span, ...]) -> bool:
    marks = [match.start() for match in _ASKING.finditer(statement.own)]
    return bool(marks) and not all(map(Cover(explained).at, marks))


def _is_marked(statement: Statement, explained: tuple[Span, ...]) -> bool:
    """True when signs stand that draw, strike or leave open; a template may put a clause's letter between quotes."""
    found = list(_REFUSED_MARKS.finditer(statement.own))
    bold = {place for match in BOLD.finditer(statement.own) for place in (match.start(), match.end() - 1)}
    assents = [span for phrase, span in statement.heard.spoken if is_performative(phrase)]
    hesitates = max((span.start for span in assents), default=0)
    found = [
        match for match in found if match.start() not in bold and not (match.group() in _ELLIPSES and match.end() <= hesitates)
    ]
    if any(match.group() not in _QUOTES for match in found):
        return True
    inside = Cover(Span(span.start + 1, span.end) for span in explained if span.end > span.start + 1)
    return not all(inside.at(match.start()) for match in found)


def _hides_something(statement: Statement) -> bool:
    if INVISIBLE not in statement.normal:
        return False
    return any(
        mark == INVISIBLE and ord(char) not in _JOINERS for char, mark in zip(statement.own, statement.normal, strict=True)
    )


def _is_known(statement: Statement, covered: bytearray, known: frozenset[str]) -> bool:
    """True when every word and sign is explained or of the closed vocabulary."""
    for match in _WORD.finditer(statement.own):
        if all(covered[match.start() : match.end()]) or match.group().replace(SELECTOR, "") in _HARMLESS:
            continue
        if not is_nearly(unicodedata.normalize("NFC", match.group()).lower().replace(SELECTOR, ""), known):
            return False
    return True
