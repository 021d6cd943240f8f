"""The house style of a PDF: A4, one typeface, quiet colours, a running head and foot on every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import font_lato
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

INK = (31, 41, 55)
SOFT = (107, 114, 128)
RULE = (209, 213, 219)
TINT = (243, 246, 249)
ACCENT = (15, 76, 92)
WARNING = (153, 27, 27)

MARGIN = 18.0
WIDTH = 210 - 2 * MARGIN
FOOT = 22.0
TYPEFACE = "Lato"
PAGES = "{pages}"
"""Stands for the number of pages until the last one is written."""

Colour = tuple[int, int, int]


class Sheet(FPDF):
    """Pages with our margins; ``foot`` writes the last lines of each."""

    def __init__(self, *, title: str, author: str, language: str, made_at: datetime, foot: Callable[[Sheet], None]) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self._foot = foot
        files: dict[str, Any] = font_lato.font_files
        for style, name in (("", "Lato"), ("B", "LatoBold"), ("I", "LatoItalic")):
            self.add_font(TYPEFACE, style, files[name])
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=FOOT + 4)
        self.set_title(title)
        self.set_author(author)
        self.set_lang(language)
        self.set_creation_date(made_at)
        self.set_text_shaping(False)
        self.alias_nb_pages(PAGES)

    def footer(self) -> None:
        """Write the foot of a page."""
        self.set_y(-FOOT)
        self.line_across()
        self.ln(2)
        self._foot(self)

    def ink(self, size: float, style: str = "", colour: Colour = INK) -> None:
        """Choose size, weight and colour of what is written next."""
        self.set_font(TYPEFACE, style, size)
        self.set_text_color(*colour)

    def text_line(self, text: str, *, width: float = 0, height: float = 5, align: Align = Align.L, last: bool = True) -> None:
        """Write one line of text, cut to its width, and go to the next unless more follows beside it."""
        x, y = (XPos.LMARGIN, YPos.NEXT) if last else (XPos.RIGHT, YPos.TOP)
        self.cell(width, height, self.cut(text, width or self.w - self.r_margin - self.x), align=align, new_x=x, new_y=y)

    def paragraph(self, text: str, *, height: float = 4.2, width: float = 0) -> None:
        """Write text over as many lines as it needs."""
        self.multi_cell(width, height, _printable(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def left_column(self, text: str, *, x: float, width: float, height: float) -> None:
        """Write text over as many lines as it needs, beside what stands left of it."""
        self.set_x(x)
        self.multi_cell(width, height, _printable_lines(text), align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def boxed(self, text: str, *, height: float) -> None:
        """Write what somebody wrote, beside a rule, over as many pages as it needs; signs the typeface lacks by their number."""
        drawn: Any = self.current_font
        shown = "".join(
            char if char == "\n" or ord(char) in drawn.cmap else f"[U+{ord(char):04X}]" for char in _printable_lines(text)
        )
        self.multi_cell(0, height, shown, border="L", align=Align.L, padding=(2, 3), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def cut(self, text: str, width: float) -> str:
        """Return as much of a text as fits into a width."""
        text = _printable(text)
        room = width - 2 * self.c_margin
        if self.get_string_width(text) <= room:
            return text
        while text and self.get_string_width(f"{text}…") > room:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def line_across(self, colour: Colour = RULE, thickness: float = 0.2) -> None:
        """Draw a rule over the whole width."""
        self.set_draw_color(*colour)
        self.set_line_width(thickness)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())

    def page_number(self, text: str, *, height: float) -> None:
        """Write the number of a page at the right edge, as wide as it will be when ``PAGES`` is replaced."""
        width = self.get_string_width(text.replace(PAGES, "0"))
        self.set_x(MARGIN + WIDTH - width - self.c_margin)
        self.cell(0, height, text, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def keep(self, height: float) -> bool:
        """Begin a new page unless so much room is left on this one; True when it did."""
        if self.get_y() + height <= self.h - FOOT - 4:
            return False
        self.add_page()
        return True


def _printable_lines(text: str) -> str:
    return "\n".join(_printable(line.replace("\t", "    ")) for line in text.splitlines())


def _printable(text: str) -> str:
    """Replace what no typeface can show: control characters and halves of surrogate pairs."""
    return "".join(char if char.isprintable() else " " for char in text.encode("utf-8", "replace").decode())
