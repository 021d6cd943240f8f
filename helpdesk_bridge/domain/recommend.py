"""Recommend a modality: criteria met with their evidence, what is missing, the runner-up and why it lost."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from helpdesk_bridge.domain.conditions import Facts, FactValue
from helpdesk_bridge.domain.reading import Cue
from helpdesk_bridge.domain.rules import Criterion, Modality, Route, Rules
from helpdesk_bridge.domain.values import CriterionId, ModalityCode, digest_of

ADDED_BY_FACTS = 0.99
"""Certainty of a criterion that a field's value meets by itself."""
NOTHING_AGAINST = 0.8
"""Certainty of the default modality when nothing speaks for another."""

SOMETHING_AGAINST = 0.6
"""Certainty of the default modality when another has evidence, but not enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetCriterion:
    """A criterion that is met, with its evidence; no cues: a fact meets it."""

    id: CriterionId
    modality: ModalityCode | None
    cues: tuple[Cue, ...] = ()

    @property
    def score(self) -> float:
        """How sure its best evidence is."""
        return max((cue.score for cue in self.cues), default=ADDED_BY_FACTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingCriterion:
    """A criterion that alone would change the outcome to ``modality``."""

    id: CriterionId
    modality: ModalityCode
    roles: tuple[str, ...] = ()
    """Who can tell; empty: anybody. The rules' ``ask`` says what to ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerUp:
    """The second best modality and why it lost."""

    modality: ModalityCode
    reason: str
    """``choice`` (the customer chose another), ``rank`` (criteria of another prevail) or ``criteria`` (not enough of its own)
    or ``default`` (the usual way, when a paid one is recommended)."""
    criteria: tuple[CriterionId, ...] = ()
    """Its own criteria that are met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What the bridge recommends for a ticket as it stands."""

    modality: ModalityCode
    met: tuple[MetCriterion, ...] = ()
    missing: tuple[MissingCriterion, ...] = ()
    runner_up: RunnerUp | None = None
    confidence: float = NOTHING_AGAINST
    routes: tuple[Route, ...] = ()
    """Sibling channels that fit; offered beside the default modality."""
    incomplete: tuple[str, ...] = ()
    """Completeness items nobody has given; asked for beside the default modality."""
    exclusions: tuple[CriterionId, ...] = ()
    """Out-of-scope reasons found (``EX-…``): route, never charge silently."""
    passed_through: bool = False
    """The requester is a vendor's consultant: a paid modality's cost is passed to their unit."""

    @property
    def outcome(self) -> str:
        """Digest of what was concluded; the wording of the evidence does not change it."""
        return digest_of(
            {
                "modality": self.modality,
                "met": sorted(criterion.id for criterion in self.met),
                "runner_up": self.runner_up.modality if self.runner_up else None,
                "routes": sorted(route.id for route in self.routes),
                "exclusions": sorted(self.exclusions),
            }
        )


def recommend(ticket_facts: Facts, cues: tuple[Cue, ...], missing: tuple[str, ...], rules: Rules) -> Recommendation:
    """Weigh the criteria: the customer's explicit choice, then the highest rank whose condition holds, else the default."""
    met = _met(ticket_facts, cues, rules)
    facts: dict[str, FactValue] = {**ticket_facts, "criteria": tuple(criterion.id for criterion in met)}
    fitting = [modality for modality in _by_rank(rules) if _fits(modality, facts)]
    chosen = next((modality for modality in fitting if modality.paid and modality.code == facts.get("modality_choice")), None)
    winner = chosen or next(iter(fitting), _default(rules))
    runner_up = _runner_up(winner, fitting, met, rules, chosen=chosen is not None)
    default = winner.recommended_when is None
    return Recommendation(
        modality=winner.code,
        met=met,
        missing=_missing(winner, runner_up, facts, rules),
        runner_up=runner_up,
        confidence=_confidence(winner, met),
        routes=tuple(route for route in rules.routes if _route_fits(route, facts)) if default else (),
        incomplete=missing if default else (),
        exclusions=tuple(criterion.id for criterion in met if criterion.id.startswith("EX-")),
        passed_through=any(criterion.id.startswith("RQ-") for criterion in met),
    )


def _met(facts: Facts, cues: tuple[Cue, ...], rules: Rules) -> tuple[MetCriterion, ...]:
    """Criteria in the catalogue's order: by words, or by a fact alone."""
    met = []
    for criterion in rules.criteria:
        evidence = tuple(cue for cue in cues if cue.criterion == criterion.id)
        if evidence or (criterion.when is not None and criterion.when.holds(facts)):
            met.append(MetCriterion(id=criterion.id, modality=criterion.modality, cues=evidence))
    return tuple(met)


def _by_rank(rules: Rules) -> list[Modality]:
    return sorted(rules.modalities, key=lambda modality: -modality.rank)


def _default(rules: Rules) -> Modality:
    return next(modality for modality in reversed(_by_rank(rules)) if modality.recommended_when is None)


def _fits(modality: Modality, facts: Facts) -> bool:
    return modality.recommended_when is not None and modality.recommended_when.holds(facts)


def _route_fits(route: Route, facts: Facts) -> bool:
    return route.when is None or route.when.holds(facts)


def _runner_up(
    winner: Modality, fitting: list[Modality], met: tuple[MetCriterion, ...], rules: Rules, *, chosen: bool
) -> RunnerUp | None:
    """The best of the rest: one whose condition holds, else one with criteria of its own, else the default."""
    rest = [modality for modality in _by_rank(rules) if modality.code != winner.code and modality.recommended_when is not None]
    own = {modality.code: tuple(item.id for item in met if item.modality == modality.code) for modality in rest}
    for modality in rest:
        if modality in fitting:
            return RunnerUp(modality=modality.code, reason="choice" if chosen else "rank", criteria=own[modality.code])
    for modality in rest:
        if own[modality.code]:
            return RunnerUp(modality=modality.code, reason="criteria", criteria=own[modality.code])
    return None if winner.recommended_when is None else RunnerUp(modality=_default(rules).code, reason="default")


def _missing(winner: Modality, runner_up: RunnerUp | None, facts: Facts, rules: Rules) -> tuple[MissingCriterion, ...]:
    """Criteria that would each make the runner-up win, those that support itself can tell first."""
    modality = rules.modality(runner_up.modality) if runner_up is not None and runner_up.reason == "criteria" else None
    if modality is None or modality.rank <= winner.rank:
        return ()
    wanted = [
        criterion
        for criterion in rules.criteria
        if criterion.modality == modality.code and _can_tell(criterion, facts) and _would_fit(criterion, modality, facts)
    ]
    wanted.sort(key=lambda criterion: "agent" not in criterion.roles)
    return tuple(MissingCriterion(id=criterion.id, modality=modality.code, roles=criterion.roles) for criterion in wanted)


def _can_tell(criterion: Criterion, facts: Facts) -> bool:
    return criterion.roles != ("consultant",) or facts.get("requester_kind") == "consultant"


def _would_fit(criterion: Criterion, modality: Modality, facts: Facts) -> bool:
    met = facts.get("criteria")
    known = met if isinstance(met, tuple) else ()
    return criterion.id not in known and _fits(modality, {**facts, "criteria": (*known, criterion.id)})


def _confidence(winner: Modality, met: tuple[MetCriterion, ...]) -> float:
    scores = [item.score for item in met if item.modality == winner.code]
    if winner.recommended_when is None:
        paid = any(item.modality not in (None, winner.code) for item in met)
        return SOMETHING_AGAINST if paid else NOTHING_AGAINST
    return round(min(1 - prod(1 - score for score in scores), ADDED_BY_FACTS), 2)
