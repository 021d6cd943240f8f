"""``heads/*.yaml``: what ``helpdesk-bridge train`` fitted. Written by the command, not by hand; part of the policy's digest."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Range, Regexp

from helpdesk_bridge.domain.reading import SignalKind
from helpdesk_bridge.policy.fields import Strict, Words

SHA256 = Regexp(r"^[0-9a-f]{64}$", error="must be a SHA-256, 64 hexadecimal digits")
BASE64 = Regexp(r"^[A-Za-z0-9+/=\s]+$", error="must be base64")


class ModelPin(Strict):
    """The vectors the heads were fitted on: other ones would make them mean nothing."""

    package = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    variant = ma.fields.String(required=True)
    file = ma.fields.String(required=True)
    sha256 = ma.fields.String(required=True, validate=SHA256)


class TrainingFile(Strict):
    """A file the heads were fitted on."""

    file = ma.fields.String(required=True)
    items = ma.fields.Integer(required=True, validate=Range(min=0))
    sha256 = ma.fields.String(required=True, validate=SHA256)


class LabelHead(Strict):
    """Weights of what a comment may mean: float16, little-endian, one row a feature."""

    kinds = ma.fields.List(ma.fields.String(validate=OneOf(tuple(SignalKind))), required=True, validate=Length(min=2))
    weights = ma.fields.String(required=True, validate=BASE64)


class CriteriaHeads(Strict):
    """Weights of what a sentence may be evidence of, and the confidence from which each is heard."""

    ids = Words(required=True, validate=Length(min=1))
    thresholds = ma.fields.List(ma.fields.Float(validate=Range(min=0, max=1)), required=True)
    weights = ma.fields.String(required=True, validate=BASE64)

    @ma.validates_schema
    def _aligned(self, data: dict[str, list[object]], **_: object) -> None:
        if len(data["ids"]) != len(data["thresholds"]):
            raise ma.ValidationError("must be as many as ids", "thresholds")


class HeadsDocument(Strict):
    """One document: the model, what it was fitted on, and the weights."""

    model = ma.fields.Nested(ModelPin, required=True)
    fitted_on = ma.fields.List(ma.fields.Nested(TrainingFile), required=True)
    labels = ma.fields.Nested(LabelHead, required=True)
    criteria = ma.fields.Nested(CriteriaHeads, required=True)
