"""Fields that several kinds of policy documents share."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow.validate import Length, OneOf

from helpdesk_bridge.domain.values import Language

LANGUAGES = tuple(language.value for language in Language)


class Strict(ma.Schema):
    """A document that may say only what its schema knows."""

    class Meta:
        """Unknown keys are errors."""

        unknown = ma.RAISE


class Sentences(ma.fields.Field[dict[Language, str]]):
    """One sentence for every language."""

    _given = ma.fields.Dict(keys=ma.fields.String(validate=OneOf(LANGUAGES)), values=ma.fields.String(validate=Length(min=1)))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> dict[Language, str]:
        given = self._given.deserialize(value) or {}
        absent = [language for language in LANGUAGES if language not in given]
        if given and absent:
            raise ma.ValidationError(f"a sentence is missing for {', '.join(absent)}")
        return {Language(language): text for language, text in given.items()}


class Word(ma.fields.Field[str]):
    """A word or a phrase; a number stands for its digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        if type(value) not in (str, int, float) or value == "":
            raise ma.ValidationError("must be a word or a phrase")
        return str(value)


class Words(ma.fields.List[str]):
    """A list of words or phrases."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Word(), **options)
