"""Wording: the templates of everything the bridge writes, rendered so that nobody's text can act as markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.errors import Permanent
from helpdesk_bridge.policy import formats
from helpdesk_bridge.policy.escape import Ours, code, escape, link, without_placeholders

Complaint = tuple[str, int | None, str]
"""Template, line and reason."""

COMMON = frozenset({"rule", "reference", "language"})
"""Variables every comment gets."""

_READY = {"term": frozenset({"text"})}
"""Template → variables that are Markdown already: only a term's own exact text."""

_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


class Wording:
    """Every template of the policy, compiled on first use; ``sources`` maps ``comments/<language>/<name>.md`` to its text."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = dict(sources)
        self._environment = _environment(self.sources)

    def comment(self, template: str, language: Language, variables: Mapping[str, Any]) -> str:
        """Return a comment as Markdown. Raises: Permanent when the template cannot say it."""
        ready = {name: Ours(variables[name]) for name in _READY.get(template, ()) if name in variables}
        return self._render(f"comments/{language.value}/{template}.md", {**variables, **ready, "language": language.value})

    def term(self, template: str, language: Language, variables: Mapping[str, Any]) -> str:
        """Return a service term's exact text as Markdown. Raises: Permanent when the template cannot say it."""
        return self._render(f"terms/{language.value}/{template}.md", {**variables, "language": language.value})

    def _render(self, name: str, variables: Mapping[str, Any]) -> str:
        try:
            text = self._environment.get_template(name).render(variables)
        except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError) as error:
            raise Permanent(f"template {name} cannot be rendered: {error}") from error
        return without_placeholders(_BLANK_LINES.sub("\n\n", _TRAILING.sub("", text)).strip())

    def complaints(self, name: str, variables: Mapping[str, Any]) -> Iterator[Complaint]:
        """Say what keeps a template from being rendered with ``variables``: the syntax, an unknown name, or a value's misuse."""
        try:
            unknown = list(self._unknown(name, frozenset(variables) | {"language"}))
        except TemplateSyntaxError as error:
            yield error.name or name, error.lineno, error.message or "not a template"
            return
        except TemplateError as error:
            yield name, None, f"template {error} does not exist"
            return
        yield from unknown
        if not unknown:
            try:
                self._render(name, variables)
            except Permanent as error:
                yield name, _line_of(error, name), str(error.__cause__)

    def variables(self, name: str) -> frozenset[str]:
        """Return the variables a template and what it includes use. Raises: TemplateError."""
        tree = self._environment.parse(self._source(name), name)
        used = frozenset(meta.find_undeclared_variables(tree))
        return used.union(*(self.variables(included) for included in _included(tree)))

    def _unknown(self, name: str, known: frozenset[str]) -> Iterator[Complaint]:
        tree = self._environment.parse(self._source(name), name)
        for unknown in sorted(meta.find_undeclared_variables(tree) - known):
            line = next((node.lineno for node in tree.find_all(nodes.Name) if node.name == unknown), None)
            yield name, line, f"no variable is called {unknown}"
        for included in _included(tree):
            yield from self._unknown(included, known)

    def _source(self, name: str) -> str:
        source, _file, _fresh = self._environment.loader.get_source(self._environment, name)  # type: ignore[union-attr]
        return source


def _included(tree: nodes.Template) -> list[str]:
    return [name for name in meta.find_referenced_templates(tree) if name is not None]


def _line_of(error: Permanent, name: str) -> int | None:
    """Find the line of the template that failed: Jinja writes template frames into the traceback."""
    line, trace = None, error.__cause__.__traceback__ if error.__cause__ else None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _environment(sources: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        return (sources[name], name, lambda: True) if name in sources else None

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
    )
    environment.filters = {**{name: environment.filters[name] for name in _KEPT}, **_FILTERS}
    return environment


def _finalize(value: Any) -> Any:
    if isinstance(value, StrictUndefined):
        return value
    return "" if value is None else escape(value)


def _localized(write: Callable[..., str]) -> Callable[..., Ours]:
    """Make a filter of a function that writes a value in a language: the comment's own."""

    @pass_context
    def written(context: Context, value: Any, *arguments: Any) -> Ours:
        return Ours(escape(write(value, *arguments, Language(str(context["language"])))))

    return written


def _zone_name(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


_KEPT = ("default", "first", "join", "last", "length", "lower", "upper")
_FILTERS: dict[str, Callable[..., Any]] = {
    "money": _localized(formats.money),
    "unit_price": _localized(formats.unit_price),
    "instant": _localized(formats.instant),
    "day": _localized(formats.day),
    "windows": _localized(formats.windows),
    "weekdays": _localized(formats.weekdays),
    "zone_name": _zone_name,
    "code": code,
    "link": link,
}
