"""YAML files that remember where everything stands, so that an error can name its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from helpdesk_bridge.errors import Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 40

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Unsound(ValueError):
    """YAML that is refused for what it is, not for its syntax."""

    def __init__(self, node: Any, reason: str) -> None:
        super().__init__(reason)
        self.line: int = node.start_mark.line + 1


class _Loader(_Parser):  # type: ignore[misc]
    """YAML 1.2's idea of plain words: ``no`` and ``on`` are words, ``13:30`` is no number, and dates are left to the schemas."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 - PyYAML's own way of configuring a loader


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|false|False)$", "tTfF"),
    ("null", r"^(?:~|null|Null|)$", "~nN\0"),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]+\.[0-9]+$", "-+0123456789"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), ["" if char == "\0" else char for char in _first]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One YAML file as data, with the line of every key and item."""

    name: str
    """Path below the policy folder: ``rates/brl.yaml``."""
    file: str
    """The file as people know it, for error messages."""
    text: str
    data: Any
    lines: Mapping[tuple[str, ...], int] = field(repr=False)

    def line(self, path: str | tuple[str, ...]) -> int | None:
        """Return the line of ``rows.0.hourly``, or of the nearest thing above it."""
        keys = tuple(path.split(".")) if isinstance(path, str) else path
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys)

    def problem(self, path: str, reason: str) -> Problem:
        """Return what is wrong at ``path``."""
        return Problem(self.file, self.line(path), path, reason)

    def problems(self, messages: Any, path: str = "") -> list[Problem]:
        """Return what marshmallow's nested messages say is wrong, each at its own place below ``path``."""
        if not isinstance(messages, dict):
            return [self.problem(path, str(reason)) for reason in messages]
        found = []
        for key, inner in messages.items():
            below = path if key in ("_schema", "key", "value") else f"{path}.{key}".lstrip(".")
            found += self.problems(inner, below)
        return found


def parse(name: str, file: str, text: str) -> Document | Problem:
    """Parse one YAML file, or say what is wrong with it."""
    if len(text.encode()) > MAX_BYTES:
        return Problem(file, None, "", f"larger than {MAX_BYTES} bytes")
    try:
        _guard(text)
        return _parse(name, file, text)
    except _Unsound as error:
        return Problem(file, error.line, "", str(error))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or "not a YAML document"
        if "nesting depth" in reason:  # the parser's own limit, met before ours where it reads ahead (libyaml since PyYAML 6.0.4)
            reason = f"nested deeper than {MAX_DEPTH}"
        return Problem(file, mark.line + 1 if mark else None, "", reason)
    except (yaml.YAMLError, ValueError) as error:
        return Problem(file, None, "", f"not a YAML document: {error}")


def _parse(name: str, file: str, text: str) -> Document:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines = dict(_lines(node, ())) if node is not None else {}
        data = loader.construct_document(node) if node is not None else None
    finally:
        loader.dispose()
    return Document(name=name, file=file, text=text, data=data, lines=lines)


def _guard(text: str) -> None:
    """Refuse aliases (a few lines of them make gigabytes), tags and bottomless nesting before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Unsound(event, "anchors and aliases are not allowed")
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) not in (None, "!"):
            raise _Unsound(event, "tags are not allowed")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _Unsound(event, f"nested deeper than {MAX_DEPTH}")


def _lines(node: yaml.Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _lines(item, (*path, str(index)))
    elif isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                problem = f"{key.value} is given twice" if isinstance(key, yaml.ScalarNode) else "a key must be a word"
                raise _Unsound(key, problem)
            seen.add(key.value)
            yield from _lines(value, (*path, key.value))
            yield (*path, key.value), key.start_mark.line + 1
