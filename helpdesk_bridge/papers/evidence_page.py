"""Evidence as people read it: headings, facts, verbatim texts and tables, whatever they are drawn on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from helpdesk_bridge.domain.dossier import Dossier, Said
from helpdesk_bridge.domain.engagement import ServiceTerm
from helpdesk_bridge.domain.journal import Record
from helpdesk_bridge.domain.ledger import Charge, TimeEntry
from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.domain.tax_ids import tax_id
from helpdesk_bridge.policy import formats
from helpdesk_bridge.policy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a part; level 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Words exactly as somebody wrote them."""

    text: str
    caption: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence of ours."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column names; ``widths`` are shares of the page."""

    columns: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]
    is_dense: bool = False


Block = Heading | Facts | Verbatim | Remark | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A dossier with the words it is told in."""

    dossier: Dossier
    rules: Rules
    words: Vocabulary

    @property
    def title(self) -> str:
        """What stands at its head."""
        return self.words.say("title")

    @property
    def subtitle(self) -> str:
        """Which ticket it is about."""
        return self.words.say("subtitle", ticket=self.dossier.ticket, desk=self.dossier.desk)

    @property
    def made(self) -> str:
        """When it was made, and by whom."""
        return self.words.say("made", at=self.instant(self.dossier.made_at), by=self.dossier.made_by)

    def blocks(self) -> Iterator[Block]:
        """Tell everything, the most asked for first."""
        yield from _integrity(self)
        for term in self.dossier.engagement.terms:
            yield from _term(self, term)
        yield from _said(self)
        yield from _erasures(self)
        yield from _chain(self)
        yield from _seals(self)
        yield Heading(self.words.say("check"))
        yield Remark(self.words.say("how"))
        yield Remark(self.words.say("zone", city=formats.city(self.rules.calendar.zone, self.words.language)))

    def instant(self, moment: datetime) -> str:
        """Write an instant to the second, in the site's zone."""
        return formats.instant(moment, self.rules.calendar.zone, self.words.language)

    def money(self, amount: Decimal | str, currency: str) -> str:
        """Write an amount."""
        return formats.money(amount, currency, self.words.language)

    def duration(self, seconds: int) -> str:
        """Write a time worked."""
        return formats.duration(seconds, self.words.language)

    def day(self, moment: datetime) -> str:
        """Write the local day of an instant."""
        return formats.day(self.rules.calendar.local(moment).date(), self.words.language)

    def actor(self, actor: str) -> str:
        """Write who did something, as the journal knows them."""
        role, _, known = actor.partition(":")
        return f"{self.words.name('role', role)} {known}".strip()

    def reason(self, code: str) -> str:
        """Return what people call a reason."""
        if code in self.rules.billing.motives:
            return self.rules.billing.motives[code][self.words.language]
        finding = self.rules.billing.finding(code)
        return finding.labels[self.words.language] if finding is not None else self.words.name("reason", code)


def _integrity(page: Page) -> Iterator[Block]:
    dossier, words = page.dossier, page.words
    if dossier.seals:
        covered = words.say("sealed_up_to", seq=dossier.sealed_up_to, records=len(dossier.records))
    else:
        covered = words.say("unsealed")
    first, last = dossier.records[0].at, dossier.records[-1].at
    yield Facts(
        (
            (words.say("records"), str(len(dossier.records))),
            (words.say("period"), words.say("from_to", first=page.instant(first), last=page.instant(last))),
            (words.say("head"), dossier.head),
            (words.say("sealed"), covered),
            (words.say("key"), dossier.key or words.say("unsigned")),
            (words.say("policies"), "\n".join(dossier.policies)),
        )
    )
    if dossier.key is None:
        yield Remark(words.say("unsigned"), is_warning=True)


def _term(page: Page, term: ServiceTerm) -> Iterator[Block]:
    words, language = page.words, page.words.language
    modality = page.rules.modality(term.modality)
    label = modality.labels[language] if modality is not None else term.modality
    yield Heading(words.say("engagement", number=term.number, modality=label))
    sent = page.dossier.sent(term)
    shown = "—"
    if term.posted_at is not None:
        shown = words.say("in_comment", at=page.instant(term.posted_at), comment=term.comment or "—")
    rate = words.say("per_hour", amount=page.money(term.hourly, term.currency), row=term.rate)
    yield Facts(
        (
            (words.say("state"), words.name("state", term.state.value)),
            (words.say("reference"), f"{term.reference} · {term.version}"),
            (words.say("sent"), page.instant(term.sent_at)),
            (words.say("posted"), shown),
            (words.say("rate"), rate),
        )
    )
    text = str(sent.body["text"]) if sent is not None else words.say("nobody")
    yield Verbatim(text, f"{words.say('term_text')} · {words.say('digest')} {term.text_digest}")
    yield from _consent(page, term)
    yield from _work(page, term)
    yield from _charge(page, term)


def _consent(page: Page, term: ServiceTerm) -> Iterator[Block]:
    words = page.words
    yield Heading(words.say("consent"), 2)
    consent = page.dossier.consent(term)
    if consent is None:
        yield Remark(words.say("no_consent"))
        return
    body, spoken = consent.body, page.dossier.words_behind(consent)
    pattern = f"{body['label']} · {body['pattern']}" if body.get("pattern") else ""
    rows = [
        (words.say("who"), f"{_person(page, spoken)} · {page.actor(str(body['actor']))}"),
        (words.say("when"), page.instant(consent.at)),
        (words.say("comment"), str(body["comment"])),
        (words.say("channel"), str(body.get("channel") or "")),
        (words.say("read_by"), pattern),
        (words.say("warnings"), ", ".join(body.get("warnings") or ())),
        (words.say("ratified_by"), page.actor(str(body["ratified_by"])) if body.get("ratified_by") else ""),
        (words.say("reason"), str(body.get("reason") or "") if body.get("ratified_by") else ""),
        (words.say("words_digest"), str(body["words_digest"])),
        (words.say("delivery_digest"), str(body.get("delivery_digest") or "")),
        (words.say("record"), f"{consent.seq} · {consent.hash}"),
    ]
    yield Facts(tuple((name, value) for name, value in rows if value))
    yield _quoted(page, spoken, words.say("verbatim"))


def _person(page: Page, spoken: Record | None) -> str:
    body: Mapping[str, Any] = spoken.body if spoken is not None else {}
    return " · ".join(str(body[key]) for key in ("name", "email") if body.get(key)) or page.words.say("nobody")


def _quoted(page: Page, spoken: Record | None, caption: str) -> Block:
    body: Mapping[str, Any] = spoken.body if spoken is not None else {}
    text = str(body.get("text") or body.get("own_words") or "")
    if text:
        return Verbatim(text, caption)
    return Remark(f"{caption}: {page.words.say('erased_words')}", is_warning=True)


def _work(page: Page, term: ServiceTerm) -> Iterator[Block]:
    words = page.words
    yield Heading(words.say("work"), 2)
    if term.entries:
        columns = tuple(words.say(name) for name in ("seq", "date", "span", "kind", "consultant", "source", "worked", "billable"))
        rows = tuple(row for entry in term.entries for row in _entry(page, term, entry))
        yield Table(columns, (5, 11, 17, 15, 17, 15, 10, 10), rows)
    else:
        yield Remark(words.say("no_work"))
    facts = [
        (words.say("paused"), f"{page.instant(pause.start)} – {page.instant(pause.end) if pause.end else words.say('still')}")
        for pause in term.pauses
    ]
    cut_off = "cut_off_provisional" if term.cut_off_is_provisional else "cut_off"
    for name, moment in ((cut_off, term.cut_off), ("concluded", term.concluded_at)):
        if moment is not None:
            facts.append((words.say(name), page.instant(moment)))
    if facts:
        yield Facts(tuple(facts))


def _entry(page: Page, term: ServiceTerm, entry: TimeEntry) -> Iterator[tuple[str, ...]]:
    start, end = page.rules.calendar.local(entry.start), page.rules.calendar.local(entry.end)
    pattern = "%H:%M:%S" if start.second or end.second else "%H:%M"
    kind = page.rules.billing.kind(entry.kind)
    billable = "—"
    if term.charged is not None:
        billable = page.duration(next((line.seconds for line in term.charged.lines if line.entry == entry.number), 0))
    where, _, known = entry.source.partition(":")
    yield (
        str(entry.number),
        page.day(entry.start),
        f"{start.strftime(pattern)}–{end.strftime(pattern)}",
        kind.labels[page.words.language] if kind is not None else entry.kind,
        entry.consultant,
        page.words.say(f"{where}_source", id=known) if where in ("comment", "time", "order") else entry.source,
        page.duration(entry.seconds),
        billable,
    )
    for note in _notes(page, term, entry):
        yield ("", "", note, "", "", "", "", "")


def _notes(page: Page, term: ServiceTerm, entry: TimeEntry) -> Iterator[str]:
    later = next((other.number for other in term.entries if other.corrects == entry.number), None)
    if later is not None:
        yield page.words.say("corrected", number=later)
    for one in term.charged.exclusions if term.charged is not None else ():
        if one.entry == entry.number:
            yield page.words.say("excluded", time=page.duration(one.seconds), reason=page.reason(one.reason))


def _charge(page: Page, term: ServiceTerm) -> Iterator[Block]:
    words, charge = page.words, term.charged
    yield Heading(words.say("charge"), 2)
    if charge is None:
        yield Remark(words.say("no_charge"))
        return
    rows = [(words.say("standing"), words.name("standing", term.charge.value)), *_calculation(page, term, charge)]
    if term.pass_through is not None:
        unit = term.pass_through
        given = ", ".join(f"{name}: {value}" for name, value in unit.fields)
        rows.append((words.say("passed_through"), " · ".join(filter(None, (unit.unit, _written(unit.tax_id), given)))))
    if term.statement is not None:
        rows.append((words.say("statement"), term.statement))
    if term.invoice is not None:
        day = formats.day(term.invoice.issued_on, words.language)
        number = _written(term.invoice.tax_id)
        rows.append((words.say("invoice"), words.say("invoiced", number=term.invoice.number, day=day, tax_id=number)))
    yield Facts(tuple(rows))


def _calculation(page: Page, term: ServiceTerm, charge: Charge) -> Iterator[tuple[str, str]]:
    words = page.words
    gross, hourly = page.money(charge.gross, term.currency), page.money(term.hourly, term.currency)
    yield words.say("calculation"), words.say("computed", time=page.duration(charge.charged_seconds), hourly=hourly, gross=gross)
    if charge.charged_seconds != charge.seconds:
        times = {"worked": page.duration(charge.seconds), "charged": page.duration(charge.charged_seconds)}
        yield "", words.say("rounded_time", **times)
    if term.finding is not None:
        yield words.say("finding"), _finding(page, term)
    if term.waiver is not None:
        by, at = page.actor(term.waiver.by), page.instant(term.waiver.at)
        yield words.say("waiver"), words.say("waived_by", motive=page.reason(term.waiver.motive), by=by, at=at)
    if charge.gross != charge.due:
        why = f" ({page.reason(charge.reason)})" if charge.reason else ""
        yield words.say("waived"), f"{page.money(charge.gross - charge.due, term.currency)}{why}"
    yield words.say("due"), page.money(charge.due, term.currency)


def _finding(page: Page, term: ServiceTerm) -> str:
    assert term.finding is not None
    told = page.reason(term.finding.kind)
    if term.finding.issue is None:
        return told
    key = "issue_available" if term.finding.available else "issue"
    return f"{told} · {page.words.say(key, issue=term.finding.issue)}"


def _written(number: str | None) -> str:
    known = tax_id(number) if number else None
    return f"{known.label} {known.written}" if known is not None else number or ""


def _said(page: Page) -> Iterator[Block]:
    said = page.dossier.said()
    if not said:
        return
    yield Heading(page.words.say("said"))
    for one in said:
        yield _quoted(page, one.words, _caption(page, one))


def _caption(page: Page, one: Said) -> str:
    body: Mapping[str, Any] = one.words.body
    decision = page.words.name("decision", one.decision.kind) if one.decision is not None else "—"
    at = page.instant(one.words.at)
    return page.words.say("decided", at=at, comment=body.get("comment") or "—", decision=decision)


def _erasures(page: Page) -> Iterator[Block]:
    if not page.dossier.erasures:
        return
    yield Heading(page.words.say("erasures"))
    for each in page.dossier.erasures:
        body: Mapping[str, Any] = each.body
        numbers = ", ".join(str(seq) for seq in body.get("records", ())) or "—"
        at, by = page.instant(each.at), page.actor(each.actor)
        yield Remark(page.words.say("erasure", at=at, by=by, records=numbers, reason=body.get("reason", "")))


def _chain(page: Page) -> Iterator[Block]:
    words = page.words
    yield Heading(words.say("chain"))
    columns = tuple(words.say(name) for name in ("seq", "at", "record", "actor", "hash"))
    erased = page.dossier.erased
    rows = tuple(
        (
            str(record.seq),
            f"{record.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            f"{record.kind} ({words.say('erased')})" if record.seq in erased else record.kind,
            record.actor,
            record.hash,
        )
        for record in page.dossier.records
    )
    yield Table(columns, (4, 15, 15, 17, 49), rows, is_dense=True)


def _seals(page: Page) -> Iterator[Block]:
    words = page.words
    yield Heading(words.say("seals"))
    if not page.dossier.seals:
        yield Remark(words.say("unsealed"))
        return
    columns = tuple(words.say(name) for name in ("seal_number", "at", "covers", "hash"))
    rows = tuple(
        (
            str(each.seal.number),
            f"{each.seal.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            words.say("up_to", seq=each.head.seq),
            each.seal.hash,
        )
        for each in page.dossier.seals
    )
    yield Table(columns, (6, 15, 30, 49), rows, is_dense=True)
