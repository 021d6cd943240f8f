"""What a ticket as it stands asks for: a recommendation when its outcome changed, and the term the customer chose."""

from __future__ import annotations

from typing import Any

from helpdesk_bridge.domain import closing, gone, terms
from helpdesk_bridge.domain.conditions import Facts
from helpdesk_bridge.domain.decision import NOTHING, Decision, Situation
from helpdesk_bridge.domain.events import TicketSeen
from helpdesk_bridge.domain.facts import facts_of
from helpdesk_bridge.domain.reading import Cue, TicketReading
from helpdesk_bridge.domain.recommend import MetCriterion, Recommendation, RunnerUp, recommend
from helpdesk_bridge.domain.rules import Modality, Route, Rules
from helpdesk_bridge.domain.term_commands import recommendation_tag
from helpdesk_bridge.domain.values import Ticket, TicketStatus

QUOTES = 2
"""Quotes shown for each criterion; the journal keeps the place of every one."""
QUOTE_LENGTH = 220
CONFIDENCE = ((0.85, "high"), (0.65, "medium"), (0.0, "low"))


def see(event: TicketSeen, situation: Situation) -> Decision:
    """Recommend when the outcome changed; send the chosen modality's term where policy lets us; a solved ticket ends the work."""
    if event.ticket.status is TicketStatus.GONE:
        return gone.noticed(situation)
    back = gone.returned(situation)
    return back + _as_it_stands(event, situation.after(back))


def _as_it_stands(event: TicketSeen, situation: Situation) -> Decision:
    term = situation.engagement.term
    if event.ticket.status in (TicketStatus.SOLVED, TicketStatus.CLOSED) and term is not None and term.is_running:
        return closing.concluded(situation, term, rule=f"status:{event.ticket.status.value}")
    if event.ticket.status is not TicketStatus.OPEN:
        return NOTHING
    _facts, recommendation = advise(event.ticket, event.reading, situation.rules)
    choice = chosen_modality(event.ticket, situation.rules)
    done = _recommended(recommendation, event.ticket, situation) if _is_news(recommendation, situation) else NOTHING
    if choice is None or choice.code not in situation.rules.consent.auto_send or situation.engagement.terms:
        return done
    if terms.refusal_to_send(situation, choice) is not None:
        return done
    return done + terms.send(situation.after(done), choice, rule="auto_send")


def advise(ticket: Ticket, reading: TicketReading, rules: Rules) -> tuple[Facts, Recommendation]:
    """Return the facts of a ticket and what they recommend."""
    choice = chosen_modality(ticket, rules)
    facts = facts_of(ticket, reading, modality_choice=choice.code if choice else None)
    return facts, recommend(facts, reading.cues, reading.missing, rules)


def chosen_modality(ticket: Ticket, rules: Rules) -> Modality | None:
    """Return the modality the customer chose in a form field, or None."""
    chosen = ticket.field("modality")
    return rules.modality_named(chosen) if chosen else None


def _is_news(recommendation: Recommendation, situation: Situation) -> bool:
    """A recommendation is said once: again only when its outcome changes, and never over a person's or customer's decision."""
    engagement, term = situation.engagement, situation.engagement.term
    if engagement.override is not None or recommendation.outcome == engagement.outcome:
        return False
    return term is None or not (term.is_running or (term.is_pending and term.modality == recommendation.modality))


def _recommended(recommendation: Recommendation, ticket: Ticket, situation: Situation) -> Decision:
    number = situation.engagement.recommendations + 1
    entry = situation.entry(
        "recommended",
        modality=recommendation.modality,
        outcome=recommendation.outcome,
        criteria=[criterion.id for criterion in recommendation.met],
        evidence=[_place(cue) for criterion in recommendation.met for cue in criterion.cues],
        runner_up=recommendation.runner_up.modality if recommendation.runner_up else None,
        confidence=recommendation.confidence,
    )
    wanted = recommendation_tag(recommendation.modality)
    tags = [recommendation_tag(modality.code) for modality in situation.rules.modalities]
    note = situation.note(
        "recommendation",
        key=f"recommendation:{number}",
        rule=" + ".join(criterion.id for criterion in recommendation.met) or "default",
        add_tags=(wanted,),
        remove_tags=tuple(tag for tag in tags if tag != wanted),
        fields=(("modality_recommended", recommendation.modality),),
        **_shown(recommendation, ticket, situation),
    )
    return Decision((entry,), (note,))


def _place(cue: Cue) -> dict[str, Any]:
    """Where the evidence stands; the words themselves stay at the desk."""
    return {
        "criterion": cue.criterion,
        "source": cue.source,
        "comment": cue.comment,
        "span": [cue.span.start, cue.span.end],
        "pattern": cue.pattern,
    }


def _shown(recommendation: Recommendation, ticket: Ticket, situation: Situation) -> dict[str, Any]:
    rules, language = situation.rules, situation.engagement.language
    modality = rules.modality(recommendation.modality)
    assert modality is not None
    excluded = {exclusion.id: exclusion for exclusion in recommendation.exclusions}
    items = {item.id: item for item in rules.completeness}
    asked = [items[each] for each in recommendation.asked if each in items]
    return {
        "modality_label": modality.labels[language],
        "confidence": next(word for least, word in CONFIDENCE if recommendation.confidence >= least),
        "met": [_met(each, ticket, situation) for each in recommendation.met if each.id not in excluded],
        "missing": [_missing(each.id, situation) for each in recommendation.missing],
        "runner_up": _runner_up(recommendation.runner_up, situation),
        "cost": modality.cost[language],
        "next_step": modality.next_step[language],
        "command": f"/termo {modality.aliases[0]}" if modality.paid else None,
        "routes": _routes(recommendation.routes, situation),
        "lacks": [
            items[each].labels[language]
            for each in recommendation.incomplete
            if each in items and each not in recommendation.asked
        ],
        "draft_questions": [item.questions[language] for item in asked],
        "exclusions": [
            {**_met(each, ticket, situation), "routes": _routes(excluded[each.id].routes, situation)}
            for each in recommendation.met
            if each.id in excluded
        ],
        "pass_through": recommendation.passed_through,
    }


def _routes(routes: tuple[Route, ...], situation: Situation) -> list[dict[str, str]]:
    return [{"label": route.labels[situation.engagement.language], "url": route.url} for route in routes]


def _met(criterion: MetCriterion, ticket: Ticket, situation: Situation) -> dict[str, Any]:
    quotes = [{"text": cue.text[:QUOTE_LENGTH], "who": _speaker(cue, ticket)} for cue in criterion.cues[:QUOTES]]
    return {"id": criterion.id, "label": _label(criterion.id, situation), "quotes": quotes}


def _missing(code: str, situation: Situation) -> dict[str, Any]:
    criterion = situation.rules.criterion(code)
    ask = criterion.ask.get(situation.engagement.language, "") if criterion else ""
    return {"id": code, "label": _label(code, situation), "ask": ask}


def _runner_up(runner_up: RunnerUp | None, situation: Situation) -> dict[str, Any] | None:
    modality = situation.rules.modality(runner_up.modality) if runner_up else None
    if runner_up is None or modality is None:
        return None
    return {
        "label": modality.labels[situation.engagement.language],
        "reason": runner_up.reason,
        "criteria": list(runner_up.criteria),
    }


def _label(code: str, situation: Situation) -> str:
    criterion = situation.rules.criterion(code)
    return criterion.labels[situation.engagement.language] if criterion else code


def _speaker(cue: Cue, ticket: Ticket) -> str:
    if cue.comment is None:
        return ticket.requester.name or cue.author.value
    author = next((comment.author for comment in ticket.comments if comment.id == cue.comment), None)
    return author.name if author is not None and author.name else cue.author.value
