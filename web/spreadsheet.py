"""CSV as a spreadsheet takes it."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_rows(rows: Iterable[Iterable[object]]) -> bytes:
    """UTF-8 with a mark at its beginning, without which Excel takes it for something else. No cell is a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _harmless(cell: object) -> object:
    """What people are called must not be a formula, not even where full-width signs begin one."""
    is_formula = isinstance(cell, str) and unicodedata.normalize("NFKC", cell[:1]) in FORMULA_SIGNS
    return f"'{cell}" if is_formula else cell
