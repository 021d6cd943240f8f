"""Wording: the templates of everything the bridge writes, rendered so that nobody's text can act as markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes, pass_context
from jinja2.runtime import Context

from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.errors import Permanent
from helpdesk_bridge.policy import formats
from helpdesk_bridge.policy.escape import Ours, code, escape, link, without_placeholders
from helpdesk_bridge.policy.templates import TemplateEnvironment

Place = tuple[str, int]
"""Template and line."""

Complaint = tuple[str, int | None, str]
"""Template, line and reason."""

COMMON = frozenset({"rule", "reference", "language"})
"""Variables every comment gets."""

_READY = {"term": frozenset({"text"})}
"""Template → variables that are Markdown already: only a term's own exact text."""

_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_TAG = re.compile(r"(?P<body>\{%.*?)%\}", re.DOTALL)
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


class Scan(NamedTuple):
    """What one template says without what it includes."""

    used: Mapping[str, Place]
    own: frozenset[str]
    """Names it sets itself."""
    included: tuple[str, ...]


class Wording:
    """Every template of the policy, compiled on first use; ``sources`` maps ``comments/<language>/<name>.md`` to its text."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = dict(sources)
        self._environment = _environment(self.sources)
        self._scans: dict[str, Scan] = {}

    def comment(self, template: str, language: Language, variables: Mapping[str, Any]) -> str:
        """Return a comment as Markdown. Raises: Permanent when the template cannot say it."""
        ready = {name: Ours(variables[name]) for name in _READY.get(template, ()) if name in variables}
        return self._render(f"comments/{language.value}/{template}.md", {**variables, **ready, "language": language.value})

    def term(self, template: str, language: Language, variables: Mapping[str, Any]) -> str:
        """Return a service term's exact text as Markdown. Raises: Permanent when the template cannot say it."""
        return self._render(f"terms/{language.value}/{template}.md", {**variables, "language": language.value})

    def term_languages(self, template: str) -> frozenset[Language]:
        """Return the languages a term's template is written in."""
        return frozenset(language for language in Language if f"terms/{language.value}/{template}.md" in self.sources)

    def _render(self, name: str, variables: Mapping[str, Any]) -> str:
        try:
            text = self._environment.get_template(name).render(variables)
        except Exception as error:
            raise Permanent(f"template {name} cannot be rendered: {error}") from error
        return without_placeholders(_BLANK_LINES.sub("\n\n", _TRAILING.sub("", text)).strip())

    def complaints(self, name: str, variables: Mapping[str, Any]) -> list[Complaint]:
        """Say what keeps a template from being rendered with ``variables``: the syntax, an unknown name, or a value's misuse."""
        variables = {**variables, "language": name.split("/")[1]}
        try:
            used = self._used((name,), frozenset())
        except TemplateSyntaxError as error:
            return [(error.name or name, error.lineno, error.message or "not a template")]
        except TemplateError as error:
            return [(name, None, f"there is no template {error}")]
        unknown = sorted(used.keys() - variables.keys())
        if unknown:
            return [(*used[variable], f"no variable is called {variable}") for variable in unknown]
        try:
            self._render(name, variables)
        except Permanent as error:
            return [(*self._place_of(error, name), str(error.__cause__))]
        return []

    def variables(self, name: str) -> frozenset[str]:
        """Return the variables a template and what it includes use. Raises: TemplateError."""
        return frozenset(self._used((name,), frozenset()))

    def _used(self, trail: tuple[str, ...], own: frozenset[str]) -> dict[str, Place]:
        """Return each variable with a place that uses it.

        ``trail`` leads from the template to the included one that is read; ``own`` are names that the ones before it set themselves.
        """
        scan = self._scan(trail[-1])
        own |= scan.own
        used = {variable: place for variable, place in scan.used.items() if variable not in own}
        for included in scan.included:
            if included in trail:
                raise TemplateSyntaxError("includes itself", 1, trail[-1])
            used = {**self._used((*trail, included), own), **used}
        return used

    def _scan(self, name: str) -> Scan:
        if name not in self._scans:
            tree = self._environment.tree(name)
            names = list(tree.find_all(nodes.Name))
            included = tuple(meta.find_referenced_templates(tree))
            if None in included:
                raise TemplateSyntaxError("an include names its template in quotes", 1, name)
            undeclared = self._environment.compiled(name, tree)
            self._scans[name] = Scan(
                used={each: next((name, node.lineno) for node in names if node.name == each) for each in undeclared},
                own=frozenset(node.name for node in names if node.ctx == "store"),
                included=tuple(each for each in included if each is not None),
            )
        return self._scans[name]

    def _place_of(self, error: Permanent, name: str) -> tuple[str, int | None]:
        """Find the template and line that failed: Jinja writes template frames into the traceback."""
        place: tuple[str, int | None] = (name, None)
        trace = error.__cause__.__traceback__ if error.__cause__ else None
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            place = (file, trace.tb_lineno) if file in self.sources else place
            trace = trace.tb_next
        return place


def _environment(sources: Mapping[str, str]) -> TemplateEnvironment:
    written = {name: _with_line_breaks(text) for name, text in sources.items()}
    environment = TemplateEnvironment(
        written, undefined=StrictUndefined, finalize=_finalize, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters = {**{name: environment.filters[name] for name in _KEPT}, **FILTERS}
    return environment


def _with_line_breaks(source: str) -> str:
    """Keep the line break after a tag that ends a line of text: only a tag that stands alone takes its line away."""

    def marked(tag: re.Match[str]) -> str:
        before = source[source.rfind("\n", 0, tag.start()) + 1 : tag.start()]
        ends_line = tag.end() == len(source) or source[tag.end()] == "\n"
        text = ends_line and _TAG.sub("", before).strip()
        return f"{tag['body']}+%}}" if text and not tag["body"].endswith(("-", "+")) else tag.group()

    return _TAG.sub(marked, source)


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


_KEPT = ("default", "first", "join", "last", "length", "lower", "upper")
FILTERS: dict[str, Callable[..., Any]] = {
    "money": _localized(formats.money),
    "unit_price": _localized(formats.unit_price),
    "instant": _localized(formats.instant),
    "minute": _localized(formats.minute),
    "session": _localized(formats.session),
    "day": _localized(formats.day),
    "duration": _localized(formats.duration),
    "span": _localized(formats.span),
    "windows": _localized(formats.windows),
    "weekdays": _localized(formats.weekdays),
    "city": _localized(formats.city),
    "code": code,
    "link": link,
}
"""Ours, beside the few of Jinja's own that are kept."""
