"""Laws that hold for every history of a ticket, however people, desk, finance and clock behave."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings

from helpdesk_bridge.domain import desk_time
from helpdesk_bridge.domain.billing import charge_of
from helpdesk_bridge.domain.decide import decide
from helpdesk_bridge.domain.engagement import Engagement, ServiceTerm
from helpdesk_bridge.domain.events import TimeLogged
from helpdesk_bridge.domain.fold import fold
from helpdesk_bridge.domain.journal import Entry
from helpdesk_bridge.domain.ledger import Charge, TimeEntry
from helpdesk_bridge.domain.lifecycle import CHARGE, TERM, WORK, ChargeState
from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.store import decode_engagement, encode_engagement
from tests.domain.builders import DESK, TECHNICAL, TICKET, some_rules
from tests.domain.histories import Act, History, acts, drawn

FEW = settings(max_examples=800, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))


Terms = tuple[ServiceTerm, ...]


@cache
def rules() -> Rules:
    """The small policy with the shipped billing."""
    shipped = load_policy().rules
    small = some_rules()
    modalities = tuple(
        replace(modality, waivable=(known := shipped.modality(modality.code)) is not None and known.waivable)
        for modality in small.modalities
    )
    return replace(small, modalities=modalities, billing=shipped.billing, calendar=shipped.calendar)


def check(history: History) -> None:
    """Everything that must hold at every moment of a history."""
    for _event, before, after, entries in history.steps:
        the_machines_stay_within_their_tables(before, after)
        what_is_locked_stays(before, after, entries)
        a_stopwatch_runs_until_it_is_stopped(before, after, entries)
    for term in history.engagement.terms:
        earlier = history.engagement.before(term)
        only_consented_time_is_billed(term, history.entries, earlier)
        the_charge_is_minutes_times_the_frozen_rate(term, earlier)
        technical_consulting_is_never_waived(term, earlier)
    no_minute_of_a_consultant_is_billed_twice(history)
    a_fact_of_the_desk_stands_once_and_only_agents_work(history)
    what_the_desk_said_was_heard(history)
    the_cache_is_the_fold(history)


@given(acts())
@FEW
def test_the_laws_hold_for_any_history(history: list[Act]) -> None:
    check(History(rules()).play(history))


@given(acts())
@FEW
def test_the_laws_hold_once_support_consulting_was_accepted(history: list[Act]) -> None:
    check(History(rules(), accepted="consultoria-suporte").play(history))


@given(acts())
@FEW
def test_the_laws_hold_once_technical_consulting_was_accepted(history: list[Act]) -> None:
    check(History(rules(), accepted="consultoria-tecnica").play(history))


@given(acts())
@FEW
def test_a_repeated_receipt_timer_or_invoice_changes_nothing(history: list[Act]) -> None:
    story = History(rules(), accepted="consultoria-suporte").play(history)
    for event in story.repeatable():
        before = story.engagement
        story.tell(event)

        assert story.engagement == before, event


@pytest.mark.nightly
@pytest.mark.parametrize("accepted", [None, "consultoria-suporte", "consultoria-tecnica"])
def test_the_laws_hold_for_thousands_of_histories(accepted: str | None) -> None:
    @given(acts())
    @MANY
    def all_of_them(history: list[Act]) -> None:
        check(History(rules(), accepted=accepted).play(history))

    all_of_them()


def the_machines_stay_within_their_tables(before: Engagement, after: Engagement) -> None:
    """One event may make several moves, each of them one the table has."""
    for old, new in itertools.zip_longest(before.terms, after.terms):
        if old is None:
            continue
        assert new.state in _reachable(TERM, old.state)
        assert new.work in _reachable(WORK, old.work)
        assert new.charge in _reachable(CHARGE, old.charge)


def _reachable(table: dict, state: object) -> set:
    found, fresh = {state}, {state}
    while fresh:
        fresh = {after for (from_, _move), after in table.items() if from_ in fresh} - found
        found |= fresh
    return found


def what_is_locked_stays(before: Engagement, after: Engagement, entries: tuple[Entry, ...]) -> None:
    """Once a statement holds a charge nothing that is recorded changes it; only finance's own moves do."""
    for old, new in zip(before.terms, after.terms, strict=False):
        if old.charge.is_locked and not any(each.kind == "released" and each.body["number"] == old.number for each in entries):
            assert new.charged == old.charged
            assert new.entries == old.entries
            assert (new.waiver, new.pass_through, new.finding) == (old.waiver, old.pass_through, old.finding)
            assert not [each for each in entries if each.kind == "charged" and each.body["number"] == old.number]


def only_consented_time_is_billed(term: ServiceTerm, journal: list[Entry], earlier: Terms) -> None:
    """Judge every stretch of every entry by the journal alone, and compare with the bill."""
    charge = term.charged if term.charge.is_locked else charge_of(term, rules(), earlier)
    assert charge is not None
    consent, holes = _consent(term, journal), list(_holes(term, journal))
    for entry in _standing(term):
        billed = sum(line.seconds for line in charge.lines if line.entry == entry.number)
        excluded = sum(one.seconds for one in charge.exclusions if one.entry == entry.number)
        assert billed + excluded == entry.seconds
        assert billed <= _allowed(entry, consent, holes)
    assert charge.seconds == sum(line.seconds for line in charge.lines)


def _standing(term: ServiceTerm) -> Iterator[TimeEntry]:
    corrected = {entry.corrects for entry in term.entries}
    return (entry for entry in term.entries if entry.number not in corrected)


def _allowed(entry: TimeEntry, consent: datetime | None, holes: list[tuple[datetime, datetime]]) -> int:
    """Count the seconds after the consent and in no hole, stretch by stretch."""
    if consent is None:
        return 0
    marks = sorted(
        {entry.start, entry.end, *(mark for hole in holes for mark in hole if entry.start < mark < entry.end), consent}
    )
    seconds = 0
    for start, end in itertools.pairwise(marks):
        middle = start + (end - start) / 2
        inside = entry.start <= middle <= entry.end and middle > consent
        if inside and not any(low <= middle <= high for low, high in holes):
            seconds += int((end - start) / timedelta(seconds=1))
    return seconds


ALWAYS = datetime(9999, 1, 1, tzinfo=UTC)


def _consent(term: ServiceTerm, journal: list[Entry]) -> datetime | None:
    mine = [entry for entry in journal if entry.body.get("number") == term.number]
    if any(entry.kind == "retracted" for entry in mine):
        return None
    return next((entry.at for entry in mine if entry.kind == "consent"), None)


def _holes(term: ServiceTerm, journal: list[Entry]) -> Iterator[tuple[datetime, datetime]]:
    """Pauses, and everything after the cut-off."""
    paused = suspected = None
    for entry in (entry for entry in journal if entry.body.get("number") == term.number):
        match entry.kind:
            case "paused":
                paused = datetime.fromisoformat(entry.body["since"]) if "since" in entry.body else entry.at
            case "resumed" if paused is not None:
                yield paused, entry.at
                paused = None
            case "interruption_suspected":
                suspected = suspected or entry.at
            case "cut_off_cleared":
                suspected = None
            case "interrupted":
                yield suspected or entry.at, ALWAYS
                if paused is not None:
                    yield paused, entry.at
                paused = suspected = None
            case "concluded" if paused is not None:
                yield paused, entry.at
                paused = None
    if paused is not None:
        yield paused, ALWAYS
    if suspected is not None:
        yield suspected, ALWAYS


def the_charge_is_minutes_times_the_frozen_rate(term: ServiceTerm, earlier: Terms) -> None:
    charge = charge_of(term, rules(), earlier)
    exact = Decimal(charge.seconds) * Decimal("354.00") / 3600

    assert charge.gross == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert charge.due in (charge.gross, Decimal("0.00"))


def technical_consulting_is_never_waived(term: ServiceTerm, earlier: Terms) -> None:
    charges: list[Charge | None] = [term.charged, charge_of(term, rules(), earlier)]
    if term.modality == TECHNICAL:
        assert term.charge is not ChargeState.WAIVED
        assert all(charge is None or charge.due == charge.gross for charge in charges)


def no_minute_of_a_consultant_is_billed_twice(history: History) -> None:
    """What is billed of somebody, under whatever term, fits into the time that passed while they worked."""
    terms = history.engagement.terms
    charges = [charge_of(term, rules(), history.engagement.before(term)) for term in terms]
    billed = {line.entry: line.seconds for charge in charges for line in charge.lines}
    standing = [entry for term in terms for entry in term.standing]
    for consultant in {entry.consultant for entry in standing}:
        mine = [entry for entry in standing if entry.consultant == consultant]
        passed = sum(int((end - start) / timedelta(seconds=1)) for start, end in _union((one.start, one.end) for one in mine))
        assert sum(billed[entry.number] for entry in mine) <= passed
    assert all(billed[entry.number] == 0 for entry in standing if entry.same_as is not None)


def _union(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def a_fact_of_the_desk_stands_once_and_only_agents_work(history: History) -> None:
    """Corrections follow each other in one chain; whoever is no agent can only take time away."""
    first: dict[int, str] = {}
    for entry in (entry for term in history.engagement.terms for entry in term.entries):
        first[entry.number] = first[entry.corrects] if entry.corrects is not None else entry.source
    standing = [first[entry.number] for term in history.engagement.terms for entry in term.standing]
    facts = [source for source in standing if source.startswith("time:")]
    assert len(facts) == len(set(facts))
    for entry in history.entries:
        if entry.kind == "time_logged" and entry.body["source"].startswith("time:"):
            assert entry.actor.startswith("agent:") or entry.body["start"] == entry.body["end"]


def what_the_desk_said_was_heard(history: History) -> None:
    """Reading the same ticket again finds nothing new, and telling a fact again does nothing."""
    assert list(desk_time.news(history.ticket, history.engagement, history.now)) == []
    for time in history.ticket.time or ():
        again = TimeLogged(ticket=history.ticket, time=time, at=history.now)
        assert decide(again, history.engagement, history.rules).entries == ()


def a_stopwatch_runs_until_it_is_stopped(before: Engagement, after: Engagement, entries: tuple[Entry, ...]) -> None:
    """Nothing but a stop, or an acceptance that was taken back, ends a stopwatch: least of all a refusal."""
    for old, new in zip(before.terms, after.terms, strict=False):
        if old.stopwatch is not None and new.stopwatch is None:
            assert {"stopwatch_stopped", "retracted"} & {each.kind for each in entries if each.body.get("number") == old.number}
    assert sum(term.stopwatch is not None for term in after.terms) <= 1


def the_cache_is_the_fold(history: History) -> None:
    assert fold(Engagement(desk=DESK, ticket=TICKET), history.entries) == history.engagement
    assert decode_engagement(encode_engagement(history.engagement)) == history.engagement


REACHED = {
    "consent", "paused", "resumed", "interrupted", "interruption_suspected", "cut_off_cleared", "retracted", "declined", "withdrawn",
    "slot_proposed", "slot_confirmed", "reschedule_needed", "stopwatch_started", "stopwatch_stopped", "clocked",
    "time_logged", "work_started", "concluded", "reopened", "charged", "finding", "waived", "passed_through", "tax_id_changed",
    "stated", "invoiced", "reinvoiced", "cancelled", "released",
}  # fmt: skip
"""Kinds of entries that the histories must reach for the laws to mean anything."""


def test_every_kind_of_act_comes_up_and_leads_somewhere() -> None:
    """The laws would hold for histories in which nothing ever happens: these do not."""
    missing = set(REACHED)
    for seed in range(3000):
        story = History(rules(), accepted="consultoria-suporte").play(drawn(seed))
        missing -= {entry.kind for *_, entries in story.steps for entry in entries}
        if not missing:
            break
    assert missing == set()
