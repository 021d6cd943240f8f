"""The script of docs/evidence.md, as a third party runs it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "evidence.md"


def the_script() -> str:
    """Return the text of the script as it stands in the document."""
    found = re.search(r"^```python\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


_COMPILED: Any = compile(the_script(), "verify.py", "exec")


def verdict(file: Path, key: str, *published: str) -> str:
    """Run the script here and return what it says: ``valid: …`` or ``NOT VALID: …``."""
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["verify.py", str(file), key, *published])
        try:
            exec(_COMPILED, {"print": said.append})
        except SystemExit as end:
            said.append(str(end.code))
    (answer,) = said
    return answer
