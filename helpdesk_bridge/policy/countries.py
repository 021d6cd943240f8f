"""The ``holidays`` library, asked for one country at a time: by itself it loads every country of the world, 8 MB in each process."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import holidays

_PACKAGE = "holidays.countries"


def public_holidays(country: str, subdivision: str | None = None, year: int | None = None) -> holidays.HolidayBase:
    """Return the holidays of a country, or of a part of it, called as the country calls them whatever language the machine speaks.

    Raises: NotImplementedError for a country or a part that the library does not know.
    """
    _spare_the_others()
    own = holidays.country_holidays(country).default_language
    return holidays.country_holidays(country, subdiv=subdivision, years=year, language=own)


def _spare_the_others() -> None:
    """Stand in for the package whose ``__init__`` imports all countries; their modules are found in its folder all the same."""
    if _PACKAGE not in sys.modules:
        package = ModuleType(_PACKAGE)
        package.__path__ = [str(Path(holidays.__file__).with_name("countries"))]
        sys.modules[_PACKAGE] = package
