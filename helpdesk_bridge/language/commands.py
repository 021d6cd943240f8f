"""Commands that agents type in internal notes: one a line, beginning with a slash."""

from __future__ import annotations

import re
from difflib import get_close_matches

from helpdesk_bridge.domain.reading import Command
from helpdesk_bridge.language.phrases import Lexicon
from helpdesk_bridge.language.text import normalise

MOST = 20
"""Commands of one note that are answered."""

_LINE = re.compile(r"^[ \t\u00a0*•-]*/(?P<name>[^\W\d_][\w-]{1,30})(?:[ \t\u00a0]+(?P<argument>.*?))?[ \t\u00a0]*$")


def parse_commands(text: str, lexicon: Lexicon) -> tuple[Command, ...]:
    """Return the commands of a note in their order; quoted lines are history. Total on any text."""
    found = [match for line in text.splitlines() if (match := _LINE.match(line[:1000]))]
    return tuple(_command(match, lexicon) for match in found[:MOST])


def _command(match: re.Match[str], lexicon: Lexicon) -> Command:
    typed = normalise(match["name"]).replace("\u200b", "")
    argument = " ".join((match["argument"] or "").split())
    line = match.group().strip()
    if typed in lexicon.commands:
        return Command(name=lexicon.commands[typed], argument=argument, line=line)
    near = get_close_matches(typed, lexicon.commands, n=1)
    return Command(name=typed, argument=argument, line=line, known=False, nearest=lexicon.commands[near[0]] if near else None)
