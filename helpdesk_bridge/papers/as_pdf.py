"""A statement as a page for people: who, which month, what it comes to, and every engagement with its consent and its entries."""

from __future__ import annotations

from datetime import UTC, datetime

from fpdf.enums import Align

from helpdesk_bridge.domain.lifecycle import ChargeState
from helpdesk_bridge.domain.statements import StatedEntry, StatementKind, StatementLine
from helpdesk_bridge.domain.tax_ids import tax_id
from helpdesk_bridge.papers.account import Account
from helpdesk_bridge.papers.sheet import ACCENT, INK, MARGIN, PAGES, RULE, SOFT, TINT, WARNING, WIDTH, Sheet
from helpdesk_bridge.policy import formats

_COLUMNS = (("date", 20.0), ("span", 31.0), ("kind", 33.0), ("consultant", 37.0), ("source", 33.0), ("work", 20.0))
_ROW = 5.2


def as_pdf(account: Account) -> bytes:
    """Write a statement as PDF; the same statement gives the same bytes."""
    seller = account.rules.statements.seller
    page = Sheet(
        title=f"{account.title} {account.name}",
        author=seller.name,
        language=account.language.value,
        made_at=account.closed_at or datetime(2000, 1, 1, tzinfo=UTC),
        foot=lambda sheet: _foot(sheet, account),
    )
    page.add_page()
    _head(page, account)
    _parties(page, account)
    _sums(page, account)
    for line in account.statement.lines:
        _engagement(page, account, line)
    _closing(page, account)
    return bytes(page.output())


def _head(page: Sheet, account: Account) -> None:
    seller = account.rules.statements.seller
    top = page.get_y()
    if seller.name:
        page.ink(11, "B")
        page.text_line(seller.name, width=WIDTH * 0.45)
    page.ink(8, colour=SOFT)
    number = f"{_label(seller.tax_id)} {_written(seller.tax_id)}" if seller.tax_id else ""
    for text in filter(None, (number, *seller.address, seller.contact)):
        page.text_line(text, width=WIDTH * 0.45, height=4)
    below = page.get_y()
    page.set_xy(MARGIN + WIDTH * 0.45, top)
    page.ink(17, "B", ACCENT)
    page.text_line(account.title, width=WIDTH * 0.55, height=8, align=Align.R)
    page.set_x(MARGIN + WIDTH * 0.45)
    page.ink(10, colour=SOFT)
    page.text_line(account.name, width=WIDTH * 0.55, height=5, align=Align.R)
    page.set_y(max(below, page.get_y()) + 3)
    page.line_across(ACCENT, 0.6)
    page.ln(4)


def _parties(page: Sheet, account: Account) -> None:
    statement, words = account.statement, account.words
    payer = account.payer
    label = words.say("unit" if statement.kind is StatementKind.PASS_THROUGH else "customer")
    first = (label, statement.organization or "—", f"{payer.label} {payer.written}" if payer is not None else statement.tax_id)
    closed = account.day(account.closed_at) if account.closed_at is not None else words.say("draft")
    month = f"{statement.period[5:]}/{statement.period[:4]}"
    facts = ((words.say("period"), month), (words.say("closed"), closed), (words.say("currency"), statement.currency))
    top = page.get_y()
    page.ink(7.5, colour=SOFT)
    page.text_line(first[0].upper(), width=WIDTH * 0.55, height=4)
    page.ink(12, "B")
    page.text_line(first[1], width=WIDTH * 0.55, height=6)
    page.ink(9)
    page.text_line(first[2], width=WIDTH * 0.55)
    below = page.get_y()
    width = WIDTH * 0.45 / len(facts)
    for position, (name, value) in enumerate(facts):
        page.set_xy(MARGIN + WIDTH * 0.55 + position * width, top)
        page.ink(7.5, colour=SOFT)
        page.text_line(name.upper(), width=width, height=4)
        page.set_x(MARGIN + WIDTH * 0.55 + position * width)
        page.ink(10, "B")
        page.text_line(value, width=width, height=6)
    page.set_y(below + 4)


def _sums(page: Sheet, account: Account) -> None:
    statement, words = account.statement, account.words
    boxes = (
        (words.say("time"), account.duration(statement.seconds)),
        (words.say("gross"), account.money(statement.gross)),
        (words.say("waived"), account.money(statement.waived)),
        (words.say("due"), account.money(statement.due)),
    )
    gap = 3.0
    width = (WIDTH - gap * (len(boxes) - 1)) / len(boxes)
    top = page.get_y()
    for position, (name, value) in enumerate(boxes):
        is_due = position == len(boxes) - 1
        x = MARGIN + position * (width + gap)
        page.set_fill_color(*(ACCENT if is_due else TINT))
        page.rect(x, top, width, 17, style="F", round_corners=True, corner_radius=1.5)
        page.set_xy(x + 2, top + 3)
        page.ink(7.5, colour=(205, 224, 230) if is_due else SOFT)
        page.text_line(name.upper(), width=width - 4, height=4)
        page.set_xy(x + 2, top + 8)
        page.ink(13, "B", (255, 255, 255) if is_due else INK)
        page.text_line(value, width=width - 4, height=6)
    page.set_y(top + 22)
    _billed(page, account)


def _billed(page: Sheet, account: Account) -> None:
    """Name the invoices, and say loudly when it is cancelled."""
    for billing in account.billings:
        if not billing.invoice or billing.issued_on is None:
            continue
        page.ink(8.5)
        number = {"label": _label(billing.tax_id), "tax_id": _written(billing.tax_id)}
        page.text_line(
            account.words.say("invoice", invoice=billing.invoice, day=formats.day(billing.issued_on, account.language), **number)
        )
    if account.cancelled is not None:
        page.ink(10, "B", WARNING)
        page.paragraph(account.words.say("cancelled", reason=account.cancelled), height=5)
    if account.billings:
        page.ln(2)


def _engagement(page: Sheet, account: Account, line: StatementLine) -> None:
    words = account.words
    page.keep(42 + _ROW * min(len(line.entries), 4))
    page.set_fill_color(*TINT)
    page.set_draw_color(*ACCENT)
    top = page.get_y()
    page.rect(MARGIN, top, WIDTH, 8, style="F")
    page.set_fill_color(*ACCENT)
    page.rect(MARGIN, top, 1.2, 8, style="F")
    page.set_xy(MARGIN + 3, top + 1.5)
    page.ink(10.5, "B", ACCENT)
    page.text_line(words.say("ticket", ticket=line.ticket), width=60, last=False)
    page.ink(9)
    page.text_line(account.modality(line), width=WIDTH - 63 - 40, last=False)
    page.ink(10.5, "B")
    page.text_line(account.money(line.due), width=40 - 2, align=Align.R)
    page.set_y(top + 9.5)
    page.ink(8, colour=SOFT)
    page.paragraph(_origin(account, line))
    page.ln(1)
    _entries(page, account, line)
    _price(page, account, line)
    page.ln(5)


def _origin(account: Account, line: StatementLine) -> str:
    words = account.words
    said = [
        words.say("term", reference=line.reference, version=line.version),
        words.say("consent", person=account.person(line), at=account.instant(line.accepted_at), comment=line.consent_comment),
        words.say("interrupted" if line.interrupted else "concluded", at=account.instant(line.ended_at)),
    ]
    said += [f"{words.name('field', name)}: {value}" for name, value in line.fields]
    return "  ·  ".join(said)


def _entries(page: Sheet, account: Account, line: StatementLine) -> None:
    _column_names(page, account)
    for entry in line.entries:
        if page.keep(_ROW + 4 * len(entry.excluded)):
            page.ink(8, colour=SOFT)
            page.text_line(f"{account.words.say('ticket', ticket=line.ticket)} · {account.modality(line)}", height=_ROW)
            _column_names(page, account)
        page.ink(8.5)
        _row(page, _cells(account, entry))
        for reason, seconds in entry.excluded:
            page.ink(7.5, "I", SOFT)
            page.set_x(MARGIN + _COLUMNS[0][1])
            said = account.words.say("excluded", time=account.duration(seconds), reason=account.reason(reason))
            page.text_line(said, width=WIDTH - _COLUMNS[0][1], height=4)
        page.line_across()


def _column_names(page: Sheet, account: Account) -> None:
    page.ink(7.5, "B", SOFT)
    _row(page, [account.words.say(name) for name, _width in _COLUMNS])
    page.line_across()


def _cells(account: Account, entry: StatedEntry) -> list[str]:
    start, end = account.local(entry.start), account.local(entry.end)
    pattern = "%H:%M:%S" if start.second or end.second else "%H:%M"
    return [
        formats.day(start.date(), account.language),
        f"{start.strftime(pattern)}–{end.strftime(pattern)}",
        account.kind(entry.kind),
        entry.consultant,
        account.source(entry.source),
        account.duration(entry.seconds),
    ]


def _row(page: Sheet, cells: list[str]) -> None:
    for position, ((_name, width), text) in enumerate(zip(_COLUMNS, cells, strict=True)):
        is_last = position == len(_COLUMNS) - 1
        page.text_line(text, width=width, height=_ROW, align=Align.R if is_last else Align.L, last=is_last)


def _price(page: Sheet, account: Account, line: StatementLine) -> None:
    """Show how the amount comes about: time × rate, what is waived, what is due."""
    words = account.words
    rows = [(words.say("price", time=account.duration(line.charged_seconds), hourly=account.money(line.hourly)), line.gross)]
    if line.charge is ChargeState.WAIVED:
        rows.append((words.say("charge_waived", reason=account.reason(line.reason)), -line.waived))
    page.ln(1)
    if line.charged_seconds != line.seconds:
        page.ink(7.5, "I", SOFT)
        times = {"worked": account.duration(line.seconds), "charged": account.duration(line.charged_seconds)}
        page.text_line(words.say("rounded_time", **times), height=4, align=Align.R)
    for said, amount in rows:
        page.ink(8.5, colour=SOFT)
        page.text_line(said, width=WIDTH - 32, align=Align.R, last=False)
        page.ink(8.5)
        page.text_line(account.money(amount) if amount >= 0 else f"– {account.money(-amount)}", width=32, align=Align.R)
    page.ink(9, "B")
    said = words.say("charge_passed", unit=line.unit) if line.charge is ChargeState.PASSED_THROUGH else words.say("due")
    page.text_line(said, width=WIDTH - 32, align=Align.R, last=False)
    page.text_line(account.money(line.due), width=32, align=Align.R)


def _closing(page: Sheet, account: Account) -> None:
    """Write the total once more, and what the statement rests on."""
    words, statement = account.words, account.statement
    page.keep(40)
    page.line_across(ACCENT, 0.6)
    page.ln(2)
    page.ink(11, "B", ACCENT)
    page.text_line(words.say("total"), width=WIDTH - 60, height=7, last=False)
    page.text_line(account.money(statement.due), width=60, height=7, align=Align.R)
    page.ln(2)
    page.ink(8, colour=SOFT)
    page.paragraph(" ".join(filter(None, (_taxes(account), words.say("zone", city=_city(account))))))
    footer = account.rules.statements.footer.get(account.language)
    if footer:
        page.ln(1)
        page.paragraph(footer)


def _taxes(account: Account) -> str:
    if account.statement.tax_percent:
        percent = f"{account.statement.tax_percent.normalize():f}"
        return account.words.say("taxes_included", percent=formats.number(percent, account.language))
    named = account.rules.term_variables.get("taxes")
    text = named.get(account.language.value, "") if isinstance(named, dict) else named
    return account.words.say("taxes_named", taxes=text) if text else ""


def _city(account: Account) -> str:
    return formats.city(account.rules.calendar.zone, account.language)


def _foot(page: Sheet, account: Account) -> None:
    page.ink(7, colour=SOFT)
    page.set_draw_color(*RULE)
    page.text_line(f"{account.title} {account.name}", width=WIDTH - 40, height=3.6, last=False)
    page.page_number(account.words.say("page", page=page.page_no(), pages=PAGES), height=3.6)
    if account.digest:
        page.text_line(f"{account.words.say('digest')}: {account.digest}", height=3.6)


def _label(number: str) -> str:
    known = tax_id(number)
    return known.label if known is not None else ""


def _written(number: str) -> str:
    known = tax_id(number)
    return known.written if known is not None else number
