"""Templates that are parsed once: what says which variables they ask for is what they are rendered with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, Environment, Template, TemplateNotFound, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.sandbox import ImmutableSandboxedEnvironment


class _Asking(CodeGenerator):
    """Notes the variables a template takes from its context, as ``jinja2.meta`` does with a generator of its own."""

    environment: TemplateEnvironment

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        self.environment.asked.update(
            name for action, name in frame.symbols.loads.values() if action == "resolve" and name not in self.environment.globals
        )


class _Sources(BaseLoader):
    """Templates by their names; one that was compiled before is taken as it is."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources
        self.codes: dict[str, CodeType] = {}

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if template not in self.sources:
            raise TemplateNotFound(template)
        return self.sources[template], template, lambda: True

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:  # noqa: A002
        code = self.codes.pop(name, None)
        if code is None:
            return super().load(environment, name, globals)
        return environment.template_class.from_code(environment, code, globals if globals is not None else {}, lambda: True)


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Templates in a sandbox, from texts that never change."""

    code_generator_class = _Asking

    def __init__(self, sources: Mapping[str, str], **options: Any) -> None:
        self.own = _Sources(sources)
        self.asked: set[str] = set()
        super().__init__(loader=self.own, cache_size=-1, **options)

    def tree(self, name: str) -> nodes.Template:
        """Parse a template. Raises: TemplateError."""
        return self.parse(self.own.get_source(self, name)[0], name)

    def compiled(self, name: str, tree: nodes.Template) -> frozenset[str]:
        """Compile a template to be rendered later, and return the variables it asks for. Raises: TemplateSyntaxError."""
        self.asked = set()
        self.own.codes[name] = self.compile(tree, name, name)
        return frozenset(self.asked)
