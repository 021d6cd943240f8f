"""What each kind of policy document may say; unknown keys are refused."""

from __future__ import annotations

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Range, Regexp

from helpdesk_bridge.domain.facts import FACTS
from helpdesk_bridge.domain.values import Role
from helpdesk_bridge.policy.conditions import Conditions
from helpdesk_bridge.policy.fields import LANGUAGES, Sentences, Strict, Words
from helpdesk_bridge.policy.heads_schema import HeadsDocument
from helpdesk_bridge.policy.money_schema import BillingDocument, RatesDocument, StatementsDocument
from helpdesk_bridge.policy.schedule_schema import CalendarDocument, ConsultantDocument, CustomerDocument, PrerequisitesDocument

SLOTS = ("cnpj", "modality")


class FactsExample(Strict):
    """An example of a condition: facts, and whether it holds."""

    facts = ma.fields.Dict(keys=ma.fields.String(validate=OneOf(tuple(FACTS))), values=ma.fields.Raw(), required=True)
    expect = ma.fields.Boolean(required=True)


class ModalityDocument(Strict):
    """``modalities/*.yaml``."""

    code = ma.fields.String(required=True, validate=Regexp(r"^[a-z][a-z0-9_]*$"))
    labels = Sentences(required=True)
    aliases = ma.fields.List(ma.fields.String(), load_default=list)
    paid = ma.fields.Boolean(required=True)
    rank = ma.fields.Integer(required=True)
    recommended_when = Conditions(load_default=None, allow_none=True)
    waivable = ma.fields.Boolean(load_default=False)
    cost = Sentences(required=True)
    next_step = Sentences(required=True)
    examples = ma.fields.List(ma.fields.Nested(FactsExample), load_default=list)


class PhraseEntry(Strict):
    """One entry of the cue lexicon: patterns that mean one thing."""

    id = ma.fields.String(required=True)
    patterns = Words(required=True, validate=Length(min=1))
    roles = Words(load_default=list)
    unless = Words(load_default=list)
    score = ma.fields.Float(load_default=0.9, validate=Range(min=0, max=1))
    examples = Words(load_default=list)
    refused = Words(load_default=list, data_key="not")


class CriterionDocument(Strict):
    """One item of ``criteria`` in ``criteria/*.yaml``."""

    id = ma.fields.String(required=True, validate=Regexp(r"^[A-Z]{2}-[A-Za-z0-9]+$", error="must look like CS-01"))
    modality = ma.fields.String(load_default=None, allow_none=True)
    labels = Sentences(required=True)
    ask = Sentences(load_default=dict)
    roles = Words(load_default=list)
    when = Conditions(load_default=None, allow_none=True)
    unless = Words(load_default=list)
    undone_by = Words(load_default=list)
    yields_to = Words(load_default=list)
    cues = ma.fields.Dict(
        keys=ma.fields.String(validate=OneOf(LANGUAGES)), values=ma.fields.List(ma.fields.Nested(PhraseEntry)), load_default=dict
    )


class CriteriaDocument(Strict):
    """``criteria/*.yaml``: the catalogue and its lexicon. What the patterns say, the lexicon itself checks."""

    words = ma.fields.Dict(keys=ma.fields.String(), values=Words(), load_default=dict)
    criteria = ma.fields.List(ma.fields.Nested(CriterionDocument), load_default=list)
    findings = ma.fields.List(ma.fields.Nested(PhraseEntry), load_default=list)
    details = ma.fields.List(ma.fields.Nested(PhraseEntry), load_default=list)
    ignored = ma.fields.List(ma.fields.Nested(PhraseEntry), load_default=list)


class TermExample(Strict):
    """What the rendered term must contain."""

    language = ma.fields.String(required=True, validate=OneOf(LANGUAGES))
    product_line = ma.fields.String(load_default=None, allow_none=True)
    contains = Words(required=True, validate=Length(min=1))


class TermDocument(Strict):
    """``terms/*.yaml``."""

    modality = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    template = ma.fields.String(required=True, validate=Regexp(r"^[a-z0-9_]+$"))
    required_slots = ma.fields.List(ma.fields.String(validate=OneOf(SLOTS)), load_default=list)
    variables = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Raw(), load_default=dict)
    examples = ma.fields.List(ma.fields.Nested(TermExample), load_default=list)


class ConsentExample(Strict):
    """A comment's author and desk warnings, and whether an acceptance by them may count."""

    author = ma.fields.String(required=True, validate=OneOf(tuple(role.value for role in Role)))
    flags = ma.fields.List(ma.fields.String(), load_default=list)
    warnings = ma.fields.List(ma.fields.String(), load_default=list)
    expect = ma.fields.Boolean(required=True)


class ConsentDocument(Strict):
    """``consent/*.yaml``; there is one."""

    who_may_accept = ma.fields.String(required=True, validate=OneOf(("requester", "organization", "flagged")))
    required_slots = ma.fields.List(ma.fields.String(validate=OneOf(SLOTS)), load_default=list)
    blocking_warnings = ma.fields.List(ma.fields.String(), load_default=list)
    ask_automatically = ma.fields.Boolean(load_default=False)
    auto_send = ma.fields.List(ma.fields.String(), load_default=list)
    term_valid_days = ma.fields.Integer(load_default=None, allow_none=True, validate=Range(min=1, max=3650))
    examples = ma.fields.List(ma.fields.Nested(ConsentExample), load_default=list)


class RouteItem(Strict):
    """A sibling channel."""

    id = ma.fields.String(required=True)
    labels = Sentences(required=True)
    url = ma.fields.Url(required=True, schemes={"http", "https"})
    when = Conditions(load_default=None, allow_none=True)


class CompletenessEntry(Strict):
    """Something a ticket must say to be answered at once."""

    id = ma.fields.String(required=True)
    labels = Sentences(required=True)
    questions = Sentences(required=True)


class QuestionsEntry(Strict):
    """Which completeness items are asked first, in this order, while a condition holds."""

    when = Conditions(load_default=None, allow_none=True)
    ask = Words(required=True)
    at_most = ma.fields.Integer(load_default=3, validate=Range(min=1, max=9))


class RoutesDocument(Strict):
    """``routes/*.yaml``."""

    routes = ma.fields.List(ma.fields.Nested(RouteItem), load_default=list)
    completeness = ma.fields.List(ma.fields.Nested(CompletenessEntry), load_default=list)
    questions = ma.fields.List(ma.fields.Nested(QuestionsEntry), load_default=list)


class SiteDocument(Strict):
    """``site/*.yaml``; there is one: what holds for every term."""

    default_language = ma.fields.String(load_default="pt-BR", validate=OneOf(LANGUAGES))
    term_variables = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Raw(), load_default=dict)


SCHEMAS: dict[str, type[ma.Schema]] = {
    "modalities": ModalityDocument,
    "criteria": CriteriaDocument,
    "rates": RatesDocument,
    "terms": TermDocument,
    "calendars": CalendarDocument,
    "consultants": ConsultantDocument,
    "customers": CustomerDocument,
    "prerequisites": PrerequisitesDocument,
    "consent": ConsentDocument,
    "billing": BillingDocument,
    "statements": StatementsDocument,
    "routes": RoutesDocument,
    "site": SiteDocument,
    "heads": HeadsDocument,
}
"""Folder → what its documents may say. ``language`` is checked by the lexicon itself."""
