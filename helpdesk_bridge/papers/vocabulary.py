"""The words of a paper: one template for each language, ``- key: text`` line by line, which a site may overlay like any other."""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.errors import ConfigurationError, Problem

_LINE = re.compile(r"^- ([a-z_]+(?:\.[a-z_]+)?): (.+)$", re.MULTILINE)
_HOLE = re.compile(r"\{([a-z_]+)\}")


class Vocabulary:
    """What a paper says, in one language."""

    def __init__(self, sources: Mapping[str, str], language: Language) -> None:
        """Read the words; ``sources`` are the policy's templates by name. Raises: ConfigurationError when there are none."""
        self.language = language
        self._name = f"statements/{language.value}/words.md"
        if self._name not in sources:
            raise ConfigurationError((Problem(self._name, None, "", "there is no such template"),))
        self._texts: dict[str, str] = dict(_LINE.findall(sources[self._name]))

    @property
    def keys(self) -> frozenset[str]:
        """Everything there are words for."""
        return frozenset(self._texts)

    def holes(self, key: str) -> frozenset[str]:
        """Return what is filled into a text."""
        return frozenset(_HOLE.findall(self._texts[key]))

    def say(self, key: str, **values: object) -> str:
        """Return a text with its holes filled. Raises: ConfigurationError when it is missing or has an unknown hole."""
        if key not in self._texts:
            raise ConfigurationError((Problem(self._name, None, key, "there are no words for it"),))
        unknown = self.holes(key) - values.keys()
        if unknown:
            raise ConfigurationError((Problem(self._name, None, key, f"nothing is filled into {{{min(unknown)}}}"),))
        return _HOLE.sub(lambda hole: str(values[hole[1]]), self._texts[key])

    def name(self, kind: str, code: str) -> str:
        """Return what people call a code (``field.cost_centre``), or the code itself."""
        return self._texts.get(f"{kind}.{code}", code.replace("_", " "))
