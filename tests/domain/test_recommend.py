"""Which modality is recommended, why, what would change it, and when it is said again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from helpdesk_bridge.domain.conditions import Check, Condition, Operator
from helpdesk_bridge.domain.reading import Cue
from helpdesk_bridge.domain.recommend import Exclusion, Recommendation, recommend
from helpdesk_bridge.domain.rules import Questions, Route
from helpdesk_bridge.domain.values import CriterionId, Language, Role, Span
from tests.language.shipped import rules


def a_cue(criterion: str, text: str = "…", score: float = 0.9) -> Cue:
    """Evidence for one criterion."""
    return Cue(
        criterion=CriterionId(criterion),
        source="description",
        comment=None,
        span=Span(0, len(text)),
        text=text,
        pattern="p",
        author=Role.REQUESTER,
        score=score,
    )


def recommended(*criteria: str, missing: tuple[str, ...] = (), **facts: Any) -> Recommendation:
    """Recommend under the shipped rules for a ticket whose words meet these criteria."""
    return recommend({"requester_kind": "customer", **facts}, tuple(map(a_cue, criteria)), missing, rules())


def a_route(name: str, criterion: str) -> Route:
    """A channel offered when a criterion is met."""
    return Route(
        id=name,
        labels=dict.fromkeys(Language, name),
        url="https://example.org",
        when=Condition(all=(Check(field="criteria", operator=Operator.INCLUDES, value=criterion),)),
    )


def test_a_ticket_without_criteria_is_standard_support() -> None:
    result = recommended()
    assert (result.modality, result.runner_up, result.missing) == ("standard_support", None, ())


def test_one_criterion_of_support_consulting_is_enough() -> None:
    assert recommended("CS-01").modality == "support_consulting"


def test_technical_criteria_prevail_and_the_other_is_the_runner_up() -> None:
    result = recommended("CS-03", "CT-02")
    assert result.runner_up is not None
    assert (
        result.modality,
        result.runner_up.modality,
        result.runner_up.reason,
        result.runner_up.criteria,
    ) == ("technical_consulting", "support_consulting", "rank", ("CS-03",))


def test_two_confirmations_leave_standard_support_and_ask_the_agent_first() -> None:
    result = recommended("CS-05a", "CS-05b")
    assert result.runner_up is not None
    assert (
        result.modality,
        result.runner_up.modality,
        result.runner_up.reason,
        result.missing[0].id,
    ) == ("standard_support", "support_consulting", "criteria", "CS-01")


def test_the_third_confirmation_is_among_what_is_missing() -> None:
    assert "CS-05c" in [criterion.id for criterion in recommended("CS-05a", "CS-05b").missing]


def test_what_only_a_consultant_can_tell_is_not_asked_of_a_customer() -> None:
    asked = {
        kind: {item.id for item in recommended("CS-05a", requester_kind=kind).missing} for kind in ("customer", "consultant")
    }
    assert ("CS-02" in asked["customer"], "CS-02" in asked["consultant"]) == (False, True)


def test_all_three_confirmations_recommend_support_consulting() -> None:
    assert recommended("CS-05a", "CS-05b", "CS-05c").modality == "support_consulting"


def test_the_customers_choice_in_a_field_is_a_criterion_without_words() -> None:
    result = recommended(modality_choice="technical_consulting")
    assert (
        result.modality,
        [item.id for item in result.met],
        [item.cues for item in result.met],
    ) == ("technical_consulting", ["CT-06"], [()])


def test_the_customers_choice_wins_over_a_higher_rank() -> None:
    result = recommended("CT-01", modality_choice="support_consulting")
    assert result.runner_up is not None
    assert (
        result.modality,
        result.runner_up.modality,
        result.runner_up.reason,
    ) == ("support_consulting", "technical_consulting", "choice")


def test_choosing_standard_support_does_not_hide_criteria() -> None:
    assert recommended("CT-01", modality_choice="standard_support").modality == "technical_consulting"


def test_what_no_modality_covers_is_standard_support_with_a_note() -> None:
    result = recommended("EX-DEV")
    assert (result.modality, result.exclusions, result.confidence) == (
        "standard_support",
        (Exclusion(id=CriterionId("EX-DEV")),),
        0.6,
    )


def test_what_no_modality_covers_is_routed_also_beside_a_paid_modality_that_is_then_less_sure() -> None:
    training = a_route("training", "EX-TRN")
    policy = replace(rules(), routes=(training, a_route("updates", "SP-03")))
    result = recommend({"requester_kind": "customer"}, (a_cue("EX-TRN"), a_cue("CT-01"), a_cue("SP-03")), (), policy)
    assert (result.modality, result.exclusions, result.routes, result.confidence) == (
        "technical_consulting",
        (Exclusion(id=CriterionId("EX-TRN"), routes=(training,)),),
        (),
        0.6,
    )


def test_a_consultants_cost_is_passed_to_their_unit() -> None:
    assert (
        recommended("CS-02", requester_kind="consultant").passed_through,
        recommended("CS-01").passed_through,
    ) == (True, False)


def test_routes_and_missing_details_go_with_standard_support_only() -> None:
    updates = a_route("updates", "SP-03")
    policy = replace(rules(), routes=(updates,), questions=(Questions(ask=("release",)),))
    facts = {"requester_kind": "customer"}
    standard = recommend(facts, (a_cue("SP-03"),), ("release",), policy)
    paid = recommend(facts, (a_cue("SP-03"), a_cue("CT-01")), ("release",), policy)
    assert [(each.routes, each.incomplete, each.asked) for each in (standard, paid)] == [
        ((updates,), ("release",), ("release",)),
        ((), (), ()),
    ]


def test_a_plain_doubt_is_asked_the_few_things_its_criterion_needs_in_the_policys_order() -> None:
    doubt = Condition(all=(Check(field="criteria", operator=Operator.INCLUDES, value="SP-01"),))
    questions = (Questions(ask=("routine", "release"), when=doubt), Questions(ask=("steps", "message", "since", "release")))
    policy, lacking = replace(rules(), questions=questions), ("release", "steps", "message", "since")
    facts = {"requester_kind": "customer"}
    assert [recommend(facts, cues, lacking, policy).asked for cues in ((a_cue("SP-01"),), ())] == [
        ("release",),
        ("steps", "message", "since"),
    ]


def test_nothing_is_asked_about_what_no_modality_covers() -> None:
    policy = replace(rules(), questions=(Questions(ask=("release",)),))
    result = recommend({"requester_kind": "customer"}, (a_cue("EX-INF"),), ("release",), policy)
    assert (result.incomplete, result.asked) == ((), ())


def test_other_words_for_the_same_criteria_do_not_change_the_outcome() -> None:
    facts = {"requester_kind": "customer"}
    one, other = (
        recommend(facts, (a_cue("CS-03", text),), (), rules()).outcome for text in ("só o produto 1", "apenas o item 2")
    )
    assert one == other


def test_another_criterion_changes_the_outcome() -> None:
    assert recommended("CS-03").outcome != recommended("CS-03", "CS-01").outcome


def test_more_evidence_is_more_certain() -> None:
    assert recommended("CS-03").confidence < recommended("CS-03", "CS-01").confidence <= 0.99


def test_criteria_the_policy_does_not_know_are_left_out() -> None:
    assert recommended("XX-99").met == ()
