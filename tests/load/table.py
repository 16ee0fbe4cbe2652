"""The table that the benchmark prints, a line at a time."""

from __future__ import annotations

from dataclasses import dataclass

WIDTHS = (58, 14, 10, 8, 16, 6)


@dataclass(frozen=True)
class Row:
    """One number, beside the bare server's where it has one, and what is aimed at."""

    what: str
    value: float | str
    bare: float | str = ""
    ratio: float | str = ""
    aim: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        verdict = {True: "met", False: "MISSED", None: ""}[self.met]
        return line(self.what, *map(_shown, (self.value, self.bare, self.ratio)), self.aim, verdict)


def at_most(limit: float, what: str, value: float, bare: float | str = "", *, of_ratio: bool = False) -> Row:
    """A row whose aim is an upper limit of the number itself, or of its ratio to the bare server's."""
    ratio = value / bare if isinstance(bare, float) and bare else ""
    judged = ratio if of_ratio else value
    aim = f"{'ratio ' if of_ratio else ''}<= {limit:g}"
    return Row(what, value, bare, ratio, aim, judged != "" and judged <= limit)


def compared(what: str, value: float, bare: float) -> Row:
    """A row without an aim."""
    return Row(what, value, bare, value / bare if bare else "")


def line(*cells: str) -> str:
    """Cells side by side: words to the left, numbers to the right."""
    shown = [
        f"{cell:<{width}}" if at in (0, 4) else f"{cell:>{width}}"
        for at, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    ]
    return "  ".join(shown).rstrip()


def head(own: str, bare: str) -> str:
    """What stands above the columns."""
    return line("", own, bare, "ratio", "aim", "")


def percentile(values: list[float], part: float) -> float:
    """The value below which this part of them lies; nan without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


def _shown(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}" if value < 100 else f"{value:,.0f}"
