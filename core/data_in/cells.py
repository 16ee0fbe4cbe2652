"""What one cell may hold. Each reader returns the value, or raises BadCell with the reason.

A reason never repeats the cell: a column too few, and the cell is a PIN or an ID number (R6).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import TypeVar

from core import numbers
from core.errors import MalformedNumber

E = TypeVar("E", bound=Enum)
Reader = Callable[[str], object]

# A file is mostly the same months, amounts and people again and again.
_remembered = lru_cache(maxsize=50_000)

_MALFORMED = {
    "length": "has the wrong length",
    "characters": "has characters that don't belong there",
    "birth_date": "has an impossible birth date",
    "check": "has a wrong check character",
    "fifteen_digits": "is an old one of fifteen digits",
}


class BadCell(ValueError):
    """The message is the reason, as the end of a sentence that began with the column's name."""


def text(longest: int = 200, may_be_empty: bool = False) -> Reader:
    """Words in one line."""

    def read(cell: str) -> str:
        cell = cell.strip()
        if not cell and not may_be_empty:
            raise BadCell("is empty")
        if len(cell) > longest:
            raise BadCell(f"is longer than {longest} characters")
        if not cell.isprintable():
            raise BadCell("holds control characters")
        return cell

    return read


def one_of(kind: type[E]) -> Callable[[str], E]:
    """A member of an enum, by its value."""
    by_value = {choice.value: choice for choice in kind}

    def read(cell: str) -> E:
        try:
            return by_value[cell.strip()]
        except KeyError:
            raise BadCell(f"must be one of {', '.join(by_value)}") from None

    return read


def word_of(kind: type[Enum] | Mapping[str, object]) -> Reader:
    """The value of one of an enum's members, or one of a table's words."""
    words = tuple(kind) if isinstance(kind, Mapping) else tuple(choice.value for choice in kind)

    def read(cell: str) -> str:
        if cell.strip() not in words:
            raise BadCell(f"must be one of {', '.join(words)}")
        return cell.strip()

    return read


@_remembered
def money(cell: str) -> Decimal:
    """Yuan, never negative, with at most two decimals."""
    cell = cell.strip()
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", cell, re.ASCII):
        return Decimal(cell)
    if cell.startswith("-"):
        raise BadCell("is negative")
    if re.fullmatch(r"[0-9]+\.[0-9]{3,}", cell, re.ASCII):
        raise BadCell("has more than two decimals")
    raise BadCell("is not an amount such as 1234.56")


def money_or_nothing(cell: str) -> Decimal | None:
    """Yuan, or nothing where there is no limit."""
    return money(cell) if cell.strip() else None


def share(cell: str) -> Decimal:
    """The part that the patient pays, from 0.00 to 1.00."""
    part = money(cell)
    if part > 1:
        raise BadCell("must lie between 0.00 and 1.00")
    return part


@_remembered
def month(cell: str) -> str:
    """YYYY-MM."""
    if not re.fullmatch(r"(19[5-9][0-9]|20[0-9]{2})-(0[1-9]|1[0-2])", cell.strip(), re.ASCII):
        raise BadCell("is not a month as YYYY-MM")
    return cell.strip()


def day(cell: str) -> date:
    """YYYY-MM-DD."""
    if not re.fullmatch(r"(19[5-9][0-9]|20[0-9]{2})-[0-9]{2}-[0-9]{2}", cell.strip(), re.ASCII):
        raise BadCell("is not a day as YYYY-MM-DD")
    try:
        return date.fromisoformat(cell.strip())
    except ValueError:
        raise BadCell("is a day that no calendar has") from None


def count(cell: str) -> int:
    """A whole number."""
    if not re.fullmatch(r"[0-9]{1,9}", cell.strip(), re.ASCII):
        raise BadCell("is not a whole number")
    return int(cell)


def count_or_zero(cell: str) -> int:
    """A whole number, 0 when nothing is written."""
    return count(cell) if cell.strip() else 0


def yes_or_no(cell: str) -> bool:
    """1 or 0."""
    if cell.strip() not in ("0", "1"):
        raise BadCell("must be 1 or 0")
    return cell.strip() == "1"


def pin(cell: str) -> str:
    """Six digits, or nothing for the default PIN. An imported PIN is not judged by R23: it is somebody's already."""
    if not re.fullmatch(r"([0-9]{6})?", cell.strip(), re.ASCII):
        raise BadCell("is not six digits")
    return cell.strip()


@_remembered
def id_number(cell: str) -> str:
    """R1."""
    return _number(numbers.parse_id_number, cell)


def card_number(cell: str) -> str:
    """Nine characters with the right check character."""
    return _number(numbers.parse_card_number, cell)


@_remembered
def personal_number(cell: str) -> str:
    """Digits."""
    return _number(numbers.parse_personal_number, cell)


@_remembered
def unit_number(cell: str) -> str:
    """Digits."""
    return _number(numbers.parse_unit_number, cell)


def unit_number_or_empty(cell: str) -> str:
    """Digits, or nothing for someone who pays for themselves."""
    return unit_number(cell) if cell.strip() else ""


def unit_number_or_none(cell: str) -> str | None:
    """Digits, or nothing for someone without an employer."""
    return unit_number(cell) if cell.strip() else None


def _number(parse: Callable[[str], str], cell: str) -> str:
    if not cell.strip():
        raise BadCell("is empty")
    try:
        return parse(cell)
    except MalformedNumber as error:
        raise BadCell(_MALFORMED[error.reason]) from None
