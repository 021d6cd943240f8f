"""From folders of YAML and templates to one frozen Policy, or every error of every file at once."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import marshmallow as ma

from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.domain.values import digest_of
from helpdesk_bridge.errors import ConfigurationError, Problem
from helpdesk_bridge.language import Lexicon, compile_lexicon
from helpdesk_bridge.language.lexicon import CueLexicon, compile_cues
from helpdesk_bridge.language.patterns import InvalidLexicon, forget_examples
from helpdesk_bridge.policy.assemble import assemble
from helpdesk_bridge.policy.checks import Contents, Loaded, check
from helpdesk_bridge.policy.documents import Document
from helpdesk_bridge.policy.folders import Source, existing, read_documents, read_templates
from helpdesk_bridge.policy.prove import prove
from helpdesk_bridge.policy.schema import SCHEMAS
from helpdesk_bridge.policy.wording import Wording

Compiled = TypeVar("Compiled")

LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything an administrator may change, under one digest."""

    rules: Rules
    lexicon: Lexicon = field(repr=False)
    cues: CueLexicon = field(repr=False)
    wording: Wording = field(repr=False)
    heads: Mapping[str, Any] | None = field(repr=False, default=None)
    """What the reader `ml` was fitted to, as its document says."""
    digest: str
    documents: Mapping[str, Any] = field(repr=False)
    """Document name → its text, templates included: what is stored beside the decisions."""


def load_policy(*folders: Traversable) -> Policy:
    """Load the shipped policy overlaid by the site's folders: a file of the same name replaces, another adds, an empty one removes.

    A folder's ``templates/`` overlays the shipped templates likewise. Raises: ConfigurationError with every problem.
    """
    policy, problems = _load(folders)
    _give_back()
    if policy is None:
        raise ConfigurationError(tuple(problems))
    return policy


def check_policy(*folders: Traversable) -> list[Problem]:
    """Return everything that is wrong with a policy."""
    return _load(folders)[1]


def _give_back() -> None:
    """Hand the memory of the proofs back to the system: glibc keeps it, a sixth of all that a worker holds."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _load(folders: Iterable[Traversable]) -> tuple[Policy | None, list[Problem]]:
    problems: list[Problem] = []
    folders = existing(folders, problems)
    documents = read_documents(folders, problems)
    templates = read_templates(folders, problems)
    loaded = _fitted(documents, problems)
    cues = _compiled(compile_cues, _of_kind(documents, "criteria"), loaded, problems)
    lexicon = _compiled(compile_lexicon, _of_kind(documents, LANGUAGE), loaded, problems)
    forget_examples()
    wording = Wording({name: source.text for name, source in templates.items()})
    contents = Contents(loaded)
    if len(loaded) + len(_of_kind(documents, LANGUAGE)) == len(documents):
        problems += check(contents, wording)
    if problems or cues is None or lexicon is None:
        return None, problems
    digest = _digest(documents, templates)
    rules = assemble(contents, wording, digest)
    problems += prove(rules, contents, wording, {name: source.file for name, source in templates.items()})
    kept = {one.name: one.text for one in documents} | {f"templates/{name}": one.text for name, one in templates.items()}
    heads = next((one.data for one in contents.whole.get("heads", ())), None)
    policy = Policy(rules=rules, lexicon=lexicon, cues=cues, wording=wording, heads=heads, digest=digest, documents=kept)
    return (None if problems else policy), problems


def _digest(documents: Iterable[Document], templates: Mapping[str, Source]) -> str:
    """Name a policy by the content of its files, wherever they lie."""
    return digest_of(
        {
            "documents": {one.name: _hash(one.text) for one in documents},
            "templates": {name: _hash(source.text) for name, source in templates.items()},
        }
    )


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _fitted(documents: Iterable[Document], problems: list[Problem]) -> list[Loaded]:
    """Return the documents that fit the schema of their folder."""
    fitted = []
    for document in documents:
        kind = document.name.partition("/")[0]
        if kind == LANGUAGE:
            continue
        if kind not in SCHEMAS or "/" not in document.name:
            known = ", ".join([*SCHEMAS, LANGUAGE])
            problems.append(document.problem("", f"a policy document lies in one of the folders {known}"))
            continue
        try:
            fitted.append(Loaded(document=document, kind=kind, data=SCHEMAS[kind]().load(document.data)))
        except ma.ValidationError as error:
            problems += document.problems(error.messages)
    return fitted


def _of_kind(documents: Iterable[Document], kind: str) -> list[Document]:
    return [document for document in documents if document.name.startswith(f"{kind}/")]


def _compiled(
    compile_: Callable[[dict[str, Any]], Compiled], documents: list[Document], loaded: Iterable[Loaded], problems: list[Problem]
) -> Compiled | None:
    """Compile the lexicon of one folder, once its documents have the right shape."""
    sound = {one.document.name for one in loaded}
    mine = {document.file: document for document in documents}
    if any(document.name not in sound for document in documents if document.name.partition("/")[0] in SCHEMAS):
        return None
    try:
        return compile_({file: document.data for file, document in mine.items()})
    except InvalidLexicon as error:
        for file, path, reason in error.problems:
            document = mine.get(file)
            problems.append(document.problem(path, reason) if document else Problem(file, None, path, reason))
    except (AttributeError, KeyError, TypeError) as error:
        problems += [document.problem("", f"has another shape than expected: {error!r}") for document in documents]
    return None
