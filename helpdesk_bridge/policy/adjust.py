"""Adding adjusted rows to the rate table's YAML, with everything else in the file left as people wrote it."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from helpdesk_bridge.domain.rates import adjusted
from helpdesk_bridge.domain.rules import Adjustment, Rate
from helpdesk_bridge.errors import ConfigurationError, Problem
from helpdesk_bridge.policy.load import check_policy

_YEAR = re.compile(r"(?<!\d)(19|20)\d{2}(?!\d)")
_WIDEST = 10_000
"""Columns: lines are never broken for their length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row that ends, and the row that follows it."""

    ends: Rate
    begins: Rate


def steps(rows: Iterable[Rate], day: date, source: Adjustment, taken: Iterable[str]) -> tuple[Step, ...]:
    """Plan what follows each row from ``day`` on; ``source`` says where the percentage comes from."""
    ids = set(taken)
    planned = []
    for row in rows:
        name = _name(row.id, day, ids)
        ids.add(name)
        adjustment = Adjustment(
            follows=row.id, percent=source.percent, source=source.source, months=source.months, digest=source.digest
        )
        begins = Rate(
            id=name,
            modality=row.modality,
            product_line=row.product_line,
            currency=row.currency,
            hourly=adjusted(row.hourly, source.percent),
            valid_from=day,
            valid_to=None,
            index=row.index,
            adjustment=adjustment,
        )
        planned.append(Step(ends=row, begins=begins))
    return tuple(planned)


def _name(old: str, day: date, taken: set[str]) -> str:
    """Name the new row after the old one: the year in its name becomes the new one."""
    for name in (_YEAR.sub(str(day.year), old), f"{old}-{day.year}", f"{old}-{day.isoformat()}"):
        if name not in taken:
            return name
    raise ConfigurationError((Problem("rates/", None, "", f"there is a row {old}-{day.isoformat()} already"),))


def write_steps(planned: Sequence[Step], documents: Mapping[str, str], site: Path, folders: Sequence[Path]) -> tuple[Path, ...]:
    """Write the steps into the site's policy folder, once the policy is known to hold with them; return the files.

    ``documents`` are the policy's own by name: a shipped file is copied into ``site`` first. Raises: ConfigurationError,
    and then nothing was written.
    """
    changed = {}
    for name in sorted(name for name in documents if name.startswith("rates/")):
        text = _with_steps(documents[name], planned)
        if text is not None:
            changed[name] = text
    with tempfile.TemporaryDirectory(prefix="helpdesk-bridge-rates-") as folder:
        for name, text in changed.items():
            _put(Path(folder) / name, text)
        problems = check_policy(*folders, Path(folder))
    if problems:
        raise ConfigurationError(tuple(problems))
    return tuple(_put(site / name, text) for name, text in changed.items())


def _put(path: Path, text: str) -> Path:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
    return path


def _with_steps(text: str, planned: Sequence[Step]) -> str | None:
    """Return a document with the steps of its rows, comments and layout kept; None when it holds none of them."""
    from ruamel.yaml import YAML  # only an adjustment needs it
    from ruamel.yaml.util import load_yaml_guess_indent

    _data, indent, offset = load_yaml_guess_indent(text)
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDEST
    yaml.representer.ignore_aliases = lambda _data: True
    yaml.indent(mapping=2, sequence=indent or 4, offset=offset or 0)
    data = yaml.load(text)
    rows = data["rows"]
    mine = [(rows.index(row), step) for row in rows for step in planned if row["id"] == step.ends.id]
    for position, step in sorted(mine, key=lambda each: each[0], reverse=True):
        new = _row(step.begins, rows[position])
        _end(rows[position], step.begins.valid_from - timedelta(days=1))
        _hand_over(rows[position], new)
        rows.insert(position + 1, new)
    if not mine:
        return None
    written = io.StringIO(newline="")
    yaml.dump(data, written)
    return written.getvalue().replace("\n", "\r\n" if "\r\n" in text else "\n")


def _end(row: Any, day: date) -> None:
    if row.get("valid_to") is None:
        row.pop("valid_to", None)
        row.insert(list(row).index("valid_from") + 1, "valid_to", day)
    else:
        row["valid_to"] = day


def _hand_over(old: Any, new: Any) -> None:
    """Give the comment lines that stand below a row, and are about what comes next, to the row that now ends there."""
    for key in list(old)[-1:]:
        found = old.ca.items.get(key)
        token = found[2] if found else None
        first, _, rest = token.value.partition("\n") if token is not None else ("", "", "")
        if token is not None and rest.strip():
            token.value = f"{first}\n"
            new.yaml_add_eol_comment("#", list(new)[-1])
            new.ca.items[list(new)[-1]][2].value = f"\n{rest}"


def _row(rate: Rate, like: Any) -> Any:
    """Return a row as YAML, in the style of the one it follows."""
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString as Quoted

    assert rate.adjustment is not None
    adjustment = CommentedMap(
        follows=rate.adjustment.follows, percent=Quoted(str(rate.adjustment.percent)), source=rate.adjustment.source
    )
    for key, value in (("months", rate.adjustment.months), ("digest", rate.adjustment.digest)):
        if value:
            adjustment[key] = value
    row = CommentedMap(id=rate.id, modality=str(rate.modality))
    if rate.product_line is not None:
        row["product_line"] = rate.product_line
    row.update(currency=rate.currency, hourly=Quoted(str(rate.hourly)), valid_from=rate.valid_from)
    if rate.index:
        row["index"] = rate.index
    row["adjustment"] = adjustment
    adjustment.fa.set_flow_style()
    if like.fa.flow_style():
        row.fa.set_flow_style()
    return row
