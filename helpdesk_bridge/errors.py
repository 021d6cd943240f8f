"""Errors, named by what the worker must do next. Their docstrings are their messages."""

from __future__ import annotations


class BridgeError(Exception):
    """Something the bridge cannot do."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class Refused(BridgeError):
    """The desk cannot say this, or says no: parking the row for a person is all that helps."""


class Retryable(BridgeError):
    """Nothing happened; the same call may be made again after ``after`` seconds."""

    def __init__(self, message: str | None = None, *, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Uncertain(BridgeError):
    """The call may have taken effect; look before calling again."""


class Permanent(BridgeError):
    """The same call will never succeed (gone ticket, revoked token, malformed request)."""


class Gone(Permanent):
    """The desk no longer has this ticket."""


class ParseError(BridgeError):
    """The delivery is authentic but cannot be understood; it is stored parked."""


class Unauthentic(BridgeError):
    """The delivery does not prove that it comes from the desk."""


class StoreUnavailable(BridgeError):
    """The database cannot record anything right now."""


class SchemaOutdated(BridgeError):
    """The database schema is not the one this version needs; run ``helpdesk-bridge db upgrade``."""


class ConfigurationError(BridgeError):
    """Settings or policy are wrong; ``problems`` names file, line, field and reason of each."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Problem:
    """One thing wrong in one file: ``file:line: field: reason``."""

    __slots__ = ("field", "file", "line", "reason")

    def __init__(self, file: str, line: int | None, field: str, reason: str) -> None:
        self.file, self.line, self.field, self.reason = file, line, field, reason

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field}: {self.reason}" if self.field else f"{place}: {self.reason}"

    def __repr__(self) -> str:
        return f"Problem({str(self)!r})"
