"""Commands that agents type in internal notes: one a line, beginning with a slash."""

from __future__ import annotations

import re
from difflib import get_close_matches

from helpdesk_bridge.domain.reading import Command
from helpdesk_bridge.language.phrases import Lexicon
from helpdesk_bridge.language.text import normalise

MOST = 20
"""Commands of one note that are answered."""
LONGEST = 1_000
"""Characters of a line that are read."""

_LINE = re.compile(r"^[ \t\u00a0*•-]*/(?P<name>[^\W\d_][\w-]{1,30})(?:[ \t\u00a0]+(?P<argument>.*?))?[ \t\u00a0]*$")


def command_line(line: str) -> Command | None:
    """Return one line's command as it was typed, not yet looked up in a lexicon; None when the line is none."""
    match = _LINE.match(line) if len(line) <= LONGEST and len(line.splitlines()) == 1 else None
    if match is None:
        return None
    return Command(name=_typed(match), argument=_argument(match), line=match.group().strip(), known=False)


def parse_commands(text: str, lexicon: Lexicon) -> tuple[Command, ...]:
    """Return the commands of a note in their order; quoted lines are history. Total on any text."""
    found = [match for line in text.splitlines() if (match := _LINE.match(line[:LONGEST]))]
    return tuple(_command(match, lexicon) for match in found[:MOST])


def _command(match: re.Match[str], lexicon: Lexicon) -> Command:
    typed, argument, line = _typed(match), _argument(match), match.group().strip()
    if typed in lexicon.commands:
        return Command(name=lexicon.commands[typed], argument=argument, line=line)
    near = get_close_matches(typed, lexicon.commands, n=1)
    return Command(name=typed, argument=argument, line=line, known=False, nearest=lexicon.commands[near[0]] if near else None)


def _typed(match: re.Match[str]) -> str:
    return normalise(match["name"]).replace("\u200b", "")


def _argument(match: re.Match[str]) -> str:
    return " ".join((match["argument"] or "").split())
