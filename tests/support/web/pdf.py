"""Reads a PDF of ours as a viewer does: a piece of text shows only where a font is set for it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader


def pages(body: bytes) -> list[str]:
    """The words of each page, a line for each piece of text."""
    return ["".join(f"{piece}\n" for piece in _pieces(page)) for page in PdfReader(BytesIO(body), strict=True).pages]


def _pieces(page: PageObject) -> list[str]:
    ended: list[str] = []
    piece: list[str] = []

    def is_shown(text: str, cm: object, tm: object, font: object, size: float) -> None:
        words = text.replace("\n", "")  # where it believes that a line ends
        assert font or not words.strip(), "text without a font is not shown"
        piece.append(words)

    def is_done(operator: bytes, *_: Any) -> None:
        if operator == b"ET":  # the end of one text
            ended.append("".join(piece).strip())  # without the gap that it sees before it
            piece.clear()

    page.extract_text(visitor_text=is_shown, visitor_operand_after=is_done)
    return ended
