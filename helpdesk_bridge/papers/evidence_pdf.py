"""Evidence as a PDF for people, on the house's sheet."""

from __future__ import annotations

from fpdf.enums import Align

from helpdesk_bridge.papers.evidence_page import Block, Facts, Heading, Page, Remark, Table, Verbatim
from helpdesk_bridge.papers.sheet import ACCENT, INK, MARGIN, PAGES, RULE, SOFT, TINT, WARNING, WIDTH, Sheet

_NAME = 46.0


def as_pdf(page: Page) -> bytes:
    """Write a dossier as PDF; the same dossier gives the same bytes."""
    sheet = Sheet(
        title=f"{page.title}: {page.subtitle}",
        author=page.rules.statements.seller.name,
        language=page.words.language.value,
        made_at=page.dossier.made_at,
        foot=lambda sheet: _foot(sheet, page),
    )
    sheet.add_page()
    _head(sheet, page)
    for block in page.blocks():
        _draw(sheet, block)
    return bytes(sheet.output())


def _head(sheet: Sheet, page: Page) -> None:
    seller = page.rules.statements.seller.name
    if seller:
        sheet.ink(9, "B", SOFT)
        sheet.text_line(seller, height=5)
    sheet.ink(20, "B", ACCENT)
    sheet.text_line(page.title, height=10)
    sheet.ink(11)
    sheet.text_line(page.subtitle, height=6)
    sheet.ink(8.5, colour=SOFT)
    sheet.text_line(page.made)
    sheet.ln(1)
    sheet.line_across(ACCENT, 0.6)
    sheet.ln(4)


def _draw(sheet: Sheet, block: Block) -> None:
    match block:
        case Heading(level=1):
            _part(sheet, block.text)
        case Heading():
            sheet.keep(22)
            sheet.ln(2)
            sheet.ink(10.5, "B")
            sheet.text_line(block.text, height=6)
        case Facts():
            _facts(sheet, block)
        case Verbatim():
            _verbatim(sheet, block)
        case Remark():
            sheet.ink(9, "B" if block.is_warning else "", WARNING if block.is_warning else INK)
            sheet.paragraph(block.text, height=4.6)
            sheet.ln(1.5)
        case Table():
            _table(sheet, block)


def _part(sheet: Sheet, text: str) -> None:
    sheet.keep(34)
    sheet.ln(4)
    top = sheet.get_y()
    sheet.set_fill_color(*TINT)
    sheet.rect(MARGIN, top, WIDTH, 8, style="F")
    sheet.set_fill_color(*ACCENT)
    sheet.rect(MARGIN, top, 1.2, 8, style="F")
    sheet.set_xy(MARGIN + 3, top + 1.4)
    sheet.ink(11, "B", ACCENT)
    sheet.text_line(text)
    sheet.set_y(top + 10)


def _facts(sheet: Sheet, facts: Facts) -> None:
    for name, value in facts.rows:
        sheet.keep(10)
        top = sheet.get_y()
        sheet.ink(8, colour=SOFT)
        sheet.text_line(name, width=_NAME, height=4.6, last=False)
        sheet.ink(9)
        sheet.left_column(value, x=MARGIN + _NAME, width=WIDTH - _NAME, height=4.6)
        if sheet.get_y() < top + 4.6:
            sheet.set_y(top + 4.6)
    sheet.ln(1.5)


def _verbatim(sheet: Sheet, words: Verbatim) -> None:
    sheet.keep(20)
    sheet.ink(7.5, colour=SOFT)
    sheet.paragraph(words.caption, height=4)
    sheet.set_draw_color(*RULE)
    sheet.set_line_width(0.6)
    sheet.ink(9)
    sheet.boxed(words.text, height=4.6)
    sheet.ln(2.5)


def _table(sheet: Sheet, table: Table) -> None:
    size, height = (6.4, 3.9) if table.is_dense else (8.0, 5.0)
    widths = [share * WIDTH / sum(table.widths) for share in table.widths]
    _row(sheet, table.columns, widths, size, height, is_head=True)
    for row in table.rows:
        if sheet.keep(height + 1):
            _row(sheet, table.columns, widths, size, height, is_head=True)
        _row(sheet, row, widths, size, height)
    sheet.ln(2)


def _row(sheet: Sheet, cells: tuple[str, ...], widths: list[float], size: float, height: float, *, is_head: bool = False) -> None:
    filled = [cell for cell in cells if cell]
    if len(filled) == 1 and len(cells) > 1 and not is_head:
        sheet.ink(size - 0.5, "I", SOFT)
        sheet.set_x(MARGIN + widths[0])
        sheet.text_line(filled[0], width=WIDTH - widths[0], height=height)
    else:
        sheet.ink(size, "B" if is_head else "", SOFT if is_head else INK)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            sheet.text_line(cell, width=width, height=height, align=Align.L, last=place == len(cells) - 1)
    sheet.line_across()


def _foot(sheet: Sheet, page: Page) -> None:
    sheet.ink(7, colour=SOFT)
    sheet.text_line(f"{page.title} · {page.subtitle}", width=WIDTH - 40, height=3.6, last=False)
    sheet.page_number(page.words.say("page", page=sheet.page_no(), pages=PAGES), height=3.6)
    sheet.text_line(f"{page.words.say('head')}: {page.dossier.head}", height=3.6)
