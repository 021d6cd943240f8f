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
class Exclusion:
    """What no modality covers, and the channels that its criterion opens."""

    id: CriterionId
    routes: tuple[Route, ...] = ()


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
    """Completeness items nobody has given; they stand on the agent's checklist beside the default modality."""
    asked: tuple[str, ...] = ()
    """Those of them that the customer is asked for, the most needed first."""
    exclusions: tuple[Exclusion, ...] = ()
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
                "exclusions": sorted(exclusion.id for exclusion in self.exclusions),
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
    exclusions = _exclusions(met, facts, rules)
    plain = default and not exclusions
    return Recommendation(
        modality=winner.code,
        met=met,
        missing=_missing(winner, runner_up, facts, rules),
        runner_up=runner_up,
        confidence=_confidence(winner, met),
        routes=tuple(route for route in rules.routes if _route_fits(route, facts)) if plain else (),
        incomplete=missing if plain else (),
        asked=_asked(missing, facts, rules) if plain else (),
        exclusions=exclusions,
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


def _exclusions(met: tuple[MetCriterion, ...], facts: Facts, rules: Rules) -> tuple[Exclusion, ...]:
    """What is out of every modality's scope, each with the channels that fit because of it and of nothing else."""
    found = []
    for criterion in met:
        if criterion.id.startswith("EX-"):
            without = {**facts, "criteria": tuple(other.id for other in met if other.id != criterion.id)}
            because = tuple(r for r in rules.routes if _route_fits(r, facts) and not _route_fits(r, without))
            found.append(Exclusion(id=criterion.id, routes=because))
    return tuple(found)


def _asked(missing: tuple[str, ...], facts: Facts, rules: Rules) -> tuple[str, ...]:
    """The few questions that matter for what the ticket is about; the policy says which, and how many."""
    questions = next((each for each in rules.questions if each.when is None or each.when.holds(facts)), None)
    return tuple(item for item in questions.ask if item in missing)[: questions.at_most] if questions else ()


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
    excluded = any(item.id.startswith("EX-") for item in met)
    if winner.recommended_when is None:
        paid = any(item.modality not in (None, winner.code) for item in met)
        return SOMETHING_AGAINST if paid or excluded else NOTHING_AGAINST
    sure = round(min(1 - prod(1 - score for score in scores), ADDED_BY_FACTS), 2)
    return min(sure, SOMETHING_AGAINST) if excluded else sure
