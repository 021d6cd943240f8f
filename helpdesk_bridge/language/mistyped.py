"""Words as they are typed in a hurry: a letter missing, doubled or swapped with its neighbour, or one held down."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from string import ascii_lowercase

LEAST = 6
"""Letters from which a word one slip away is still that word: shorter ones have too many neighbours that mean something else."""

_HELD = re.compile(r"(.)\1{2,}")
_LAUGHTER = re.compile(r"(?:k{2,}|(?:ha){2,}h?|(?:he){2,}|(?:ja){2,}|(?:rs){1,4}|(?:hua){2,}|hu+e+)")


def is_nearly(word: str, known: Collection[str]) -> bool:
    """True when a word is known, or only mistyped: no letter is another one, so that no word turns into its neighbour in meaning."""
    return word in known or any(each in known for each in _meant(word)) or _LAUGHTER.fullmatch(word) is not None


def _meant(word: str) -> Iterator[str]:
    yield _HELD.sub(r"\1", word)
    yield _HELD.sub(r"\1\1", word)
    if len(word) < LEAST or not word.isalpha():
        return
    for place in range(1, len(word)):
        if word[place] == word[place - 1]:
            yield word[:place] + word[place + 1 :]
        yield word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]
        yield from (word[:place] + letter + word[place:] for letter in ascii_lowercase)
