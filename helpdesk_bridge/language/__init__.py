"""Pure: what people wrote, and what it means."""

from helpdesk_bridge.language.commands import command_line, parse_commands
from helpdesk_bridge.language.cues import read_ticket
from helpdesk_bridge.language.detect import detect_language
from helpdesk_bridge.language.lexicon import CueLexicon, compile_cues
from helpdesk_bridge.language.phrases import Lexicon, compile_lexicon
from helpdesk_bridge.language.reply import visible_text
from helpdesk_bridge.language.signals import read_comment

__all__ = [
    "CueLexicon",
    "Lexicon",
    "command_line",
    "compile_cues",
    "compile_lexicon",
    "detect_language",
    "parse_commands",
    "read_comment",
    "read_ticket",
    "visible_text",
]
