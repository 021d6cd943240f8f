"""The words of papers (statements, evidence): one template for each language and paper, ``- key: text`` line by line, which a site may overlay like any other."""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.errors import ConfigurationError, Problem

_LINE = re.compile(r"^- ([a-z_]+(?:\.[a-z_]+)?): (.+)$", re.MULTILINE)
PAPERS = ("statements", "evidence")
"""Folders below the templates that hold the words of a paper."""

_HOLE = re.compile(r"\{([a-z_]+)\}")


class Vocabulary:
    """What a paper says, in one language."""

    def __init__(self, sources: Mapping[str, str], language: Language, paper: str = "statements") -> None:
        """Read the words of a paper; ``sources`` are the policy's templates by name. Raises: ConfigurationError when there are none."""
        self.language = language
        self.source = _name(paper, language)
        if self.source not in sources:
            raise ConfigurationError((Problem(self.source, None, "", "there is no such template"),))
        found = list(_LINE.finditer(sources[self.source]))
        self._texts = {each[1]: each[2] for each in found}
        self._lines = {each[1]: sources[self.source].count("\n", 0, each.start()) + 1 for each in found}

    @property
    def keys(self) -> frozenset[str]:
        """Everything there are words for."""
        return frozenset(self._texts)

    def holes(self, key: str) -> frozenset[str]:
        """Return what is filled into a text."""
        return frozenset(_HOLE.findall(self._texts[key]))

    def line(self, key: str) -> int:
        """Return the line a text stands in."""
        return self._lines[key]

    def say(self, key: str, **values: object) -> str:
        """Return a text with its holes filled. Raises: ConfigurationError when it is missing or has an unknown hole."""
        if key not in self._texts:
            raise ConfigurationError((Problem(self.source, None, key, "there are no words for it"),))
        unknown = self.holes(key) - values.keys()
        if unknown:
            raise ConfigurationError((Problem(self.source, None, key, f"nothing is filled into {{{min(unknown)}}}"),))
        return _HOLE.sub(lambda hole: str(values[hole[1]]), self._texts[key])

    def name(self, kind: str, code: str) -> str:
        """Return what people call a code (``field.cost_centre``), or the code itself."""
        return self._texts.get(f"{kind}.{code}", code.replace("_", " "))


def complaints(sources: Mapping[str, str]) -> list[tuple[str, int | None, str]]:
    """Say what the words of one language lack that another has: template, line and reason."""
    return [complaint for paper in PAPERS for complaint in _complaints(sources, paper)]


def _complaints(sources: Mapping[str, str], paper: str) -> list[tuple[str, int | None, str]]:
    found: list[tuple[str, int | None, str]] = []
    absent = [name for name in (_name(paper, language) for language in Language) if name not in sources]
    if absent:
        return [(name, None, "there is no such template") for name in absent]
    known = [Vocabulary(sources, language, paper) for language in Language]
    holes: dict[str, frozenset[str]] = {}
    for words in known:
        holes |= {key: holes.get(key, frozenset()) | words.holes(key) for key in words.keys}
    for words in known:
        found += [(words.source, None, f"{key}: there are no words for it") for key in sorted(holes.keys() - words.keys)]
        for key in sorted(words.keys):
            lost = holes[key] - words.holes(key)
            if lost:
                found.append((words.source, words.line(key), f"{key}: says nothing about {{{min(lost)}}}"))
    return found


def _name(paper: str, language: Language) -> str:
    return f"{paper}/{language.value}/words.md"
