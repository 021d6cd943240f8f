"""Characters that no database and no desk can keep: NUL, and halves of a surrogate pair."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_UNSAYABLE = re.compile("[\x00\ud800-\udfff]")


def sayable(value: Any) -> Any:
    """Replace each of them, one for one, everywhere in a JSON value."""
    if isinstance(value, str):
        return _UNSAYABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, Mapping):
        return {sayable(key): sayable(one) for key, one in value.items()}
    return [sayable(one) for one in value] if isinstance(value, list | tuple) else value
