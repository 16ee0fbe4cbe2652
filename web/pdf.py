"""What every PDF shares: A4, the fonts, and a foot on each page. Of a font it holds the characters that it needs."""

from __future__ import annotations

import logging
from pathlib import Path

from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"

# It tells about every glyph that it leaves out of the file.
logging.getLogger("fontTools").setLevel(logging.WARNING)


class Pdf(FPDF):
    """A4 with a title and a foot: what it is, and the number of the page."""

    def __init__(self, title: str, foot: str) -> None:
        super().__init__(format="A4")
        self._foot = foot
        self.set_margins(15, 15)
        self.set_auto_page_break(True, margin=20)
        self.add_font("latin", fname=FONTS / "LiberationSans-Regular.ttf")
        self.add_font("han", fname=FONTS / "DroidSansFallbackFull.ttf")
        self.set_fallback_fonts(["han"])
        self.set_title(title)
        self.set_lang("zh-CN")
        self.alias_nb_pages()
        self.add_page()
        self.write_line(title, 20, "C")
        self.ln(4)

    def footer(self) -> None:
        self.set_y(-14)
        self.write_line(f"{self._foot}    第 {self.page_no()} 页，共 {{nb}} 页", 8, "C")

    def write_line(self, text: str, size: float, align: str = "L") -> None:
        self.set_font("latin", size=size)
        self.cell(0, size * 0.6, text, align=align, new_x="LMARGIN", new_y="NEXT")
