"""From folders of YAML and templates to one frozen Policy, or every error of every file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import marshmallow as ma

from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.domain.values import digest_of
from helpdesk_bridge.errors import ConfigurationError, Problem
from helpdesk_bridge.language import Lexicon, compile_lexicon
from helpdesk_bridge.language.lexicon import CueLexicon, compile_cues
from helpdesk_bridge.language.patterns import InvalidLexicon
from helpdesk_bridge.policy.assemble import assemble
from helpdesk_bridge.policy.documents import Document, parse
from helpdesk_bridge.policy.prove import prove
from helpdesk_bridge.policy.schema import SCHEMAS
from helpdesk_bridge.policy.wording import Wording

LANGUAGE = "language"
SHIPPED_POLICY = files("helpdesk_bridge.config") / "policy"
SHIPPED_TEMPLATES = files("helpdesk_bridge.templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything an administrator may change, under one digest."""

    rules: Rules
    lexicon: Lexicon = field(repr=False)
    cues: CueLexicon = field(repr=False)
    wording: Wording = field(repr=False)
    digest: str
    documents: Mapping[str, Any] = field(repr=False)
    """Document name → its text, templates included: what is stored beside the decisions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A document that fits its schema."""

    document: Document
    kind: str
    data: dict[str, Any]


def load_policy(*folders: Traversable) -> Policy:
    """Load the shipped policy overlaid by the site's folders: a file of the same name replaces, another adds.

    A folder's ``templates/`` overlays the shipped templates likewise. Raises: ConfigurationError with every problem.
    """
    policy, problems = _load(folders)
    if policy is None:
        raise ConfigurationError(tuple(problems))
    return policy


def check_policy(*folders: Traversable) -> list[Problem]:
    """Return everything that is wrong with a policy."""
    return _load(folders)[1]


def _load(folders: Iterable[Traversable]) -> tuple[Policy | None, list[Problem]]:
    problems: list[Problem] = []
    documents = list(_documents(folders, problems))
    sources = _templates(folders)
    loaded = [one for document in documents if (one := _fitted(document, problems)) is not None]
    cues = _compiled(compile_cues, documents, "criteria", problems)
    lexicon = _compiled(compile_lexicon, documents, LANGUAGE, problems)
    if problems:
        return None, problems
    digest = digest_of(
        {"documents": {one.name: _hash(one.text) for one in documents}, "templates": {k: _hash(v) for k, v in sources.items()}}
    )
    wording = Wording(sources)
    rules = assemble(loaded, wording, digest, problems)
    problems += prove(rules, loaded, wording) if rules is not None else []
    if problems or rules is None or cues is None or lexicon is None:
        return None, problems
    kept = {one.name: one.text for one in documents} | {f"templates/{name}": text for name, text in sources.items()}
    return Policy(rules=rules, lexicon=lexicon, cues=cues, wording=wording, digest=digest, documents=kept), []


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _documents(folders: Iterable[Traversable], problems: list[Problem]) -> Iterator[Document]:
    found: dict[str, Traversable] = {}
    for folder in (SHIPPED_POLICY, *folders):
        found |= {name: path for name, path in _walk(folder, ".yaml") if not name.startswith("templates/")}
    for name, path in sorted(found.items()):
        parsed = parse(name, str(path), path.read_text(encoding="utf-8"))
        if isinstance(parsed, Problem):
            problems.append(parsed)
        else:
            yield parsed


def _templates(folders: Iterable[Traversable]) -> dict[str, str]:
    sources = {}
    for folder in (SHIPPED_TEMPLATES, *(folder / "templates" for folder in folders)):
        sources.update({name: path.read_text(encoding="utf-8") for name, path in _walk(folder, ".md") if "/" in name})
    return dict(sorted(sources.items()))


def _walk(folder: Traversable, suffix: str, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, suffix, f"{prefix}{entry.name}/")
        elif entry.name.endswith(suffix):
            yield f"{prefix}{entry.name}", entry


def _fitted(document: Document, problems: list[Problem]) -> Loaded | None:
    kind = document.name.partition("/")[0]
    if kind == LANGUAGE:
        return None
    if kind not in SCHEMAS:
        problems.append(document.problem("", f"no policy folder is called {kind}; known: {', '.join([*SCHEMAS, LANGUAGE])}"))
        return None
    try:
        return Loaded(document=document, kind=kind, data=SCHEMAS[kind]().load(document.data or {}))
    except ma.ValidationError as error:
        problems += [document.problem(path, reason) for path, reason in flat(error.messages)]
        return None


def flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Turn marshmallow's nested messages into (path, reason)."""
    if isinstance(messages, dict):
        for key, inner in messages.items():
            name = "" if key == "_schema" else str(key)
            yield from flat(inner, ".".join(filter(None, (path, name))) if name not in ("key", "value") else path)
    else:
        yield from ((path, str(reason)) for reason in messages)


def _compiled(compile_: Any, documents: list[Document], kind: str, problems: list[Problem]) -> Any:
    mine = {document.file: document for document in documents if document.name.startswith(f"{kind}/")}
    try:
        return compile_({file: document.data for file, document in mine.items()})
    except InvalidLexicon as error:
        for file, path, reason in error.problems:
            document = mine.get(file)
            problems.append(document.problem(path, reason) if document else Problem(file, None, path, reason))
    except (AttributeError, KeyError, TypeError) as error:
        problems.append(Problem(f"{kind}/", None, "", f"a document has another shape than expected: {error!r}"))
    return None
