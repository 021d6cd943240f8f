"""Reading the shipped policy and the site's folders laid over it, file by file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from helpdesk_bridge.errors import Problem
from helpdesk_bridge.policy.documents import Document, parse

SHIPPED_POLICY = files("helpdesk_bridge.config") / "policy"
SHIPPED_TEMPLATES = files("helpdesk_bridge.templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as it was read."""

    file: str
    """The file as people know it, for error messages."""
    text: str


def existing(folders: Iterable[Traversable], problems: list[Problem]) -> tuple[Traversable, ...]:
    """Return the folders that are there."""
    given = tuple(folders)
    problems += [Problem(str(folder), None, "", "is not a folder") for folder in given if not folder.is_dir()]
    return tuple(folder for folder in given if folder.is_dir())


def read_documents(folders: Iterable[Traversable], problems: list[Problem]) -> list[Document]:
    """Return the policy's documents: a later folder's file replaces one of the same name, and an empty one removes it."""
    found: dict[str, Traversable] = {}
    for folder in (SHIPPED_POLICY, *folders):
        found |= {name: path for name, path in _below(folder, ".yaml").items() if not name.startswith("templates/")}
    documents = []
    for name, source in _read(found, problems).items():
        parsed = parse(name, source.file, source.text)
        if isinstance(parsed, Problem):
            problems.append(parsed)
        elif parsed.data is not None:
            documents.append(parsed)
    return documents


def read_templates(folders: Iterable[Traversable], problems: list[Problem]) -> dict[str, Source]:
    """Return the templates, ``<kind>/<language>/<name>.md``; what lies elsewhere is documentation."""
    found: dict[str, Traversable] = {}
    for folder in (SHIPPED_TEMPLATES, *(folder / "templates" for folder in folders)):
        if folder.is_dir():
            found |= {name: path for name, path in _below(folder, ".md").items() if name.count("/") == 2}
    return _read(found, problems)


def _below(folder: Traversable, suffix: str, prefix: str = "") -> dict[str, Traversable]:
    """Return the files of one kind by their names below ``folder``; hidden ones are somebody else's."""
    found: dict[str, Traversable] = {}
    for entry in folder.iterdir():
        if entry.name.startswith((".", "__")):
            continue
        if entry.is_dir():
            found |= _below(entry, suffix, f"{prefix}{entry.name}/")
        elif entry.name.endswith(suffix):
            found[f"{prefix}{entry.name}"] = entry
    return found


def _read(found: Mapping[str, Traversable], problems: list[Problem]) -> dict[str, Source]:
    """Read files in the order of their names."""
    read = {}
    for name, path in sorted(found.items()):
        try:
            read[name] = Source(file=str(path), text=path.read_text(encoding="utf-8"))
        except OSError as error:
            problems.append(Problem(str(path), None, "", f"cannot be read: {error.strerror}"))
        except UnicodeDecodeError:
            problems.append(Problem(str(path), None, "", "is not UTF-8"))
    return read
