"""Long lists, a page at a time, and the addresses of their pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

T = TypeVar("T")


@dataclass(frozen=True)
class Part(Generic[T]):
    """One page of a list; pages count from 1."""

    items: Sequence[T]
    number: int
    count: int


def part_of(items: Sequence[T], length: int, wanted: str) -> Part[T]:
    """The page that an address asks for; the first if there is no such one."""
    count = max(1, -(-len(items) // length))
    number = number_in(wanted) if 1 <= number_in(wanted) <= count else 1
    return Part(items[(number - 1) * length : number * length], number, count)


def number_in(text: str) -> int:
    """The number that an address asks for; 0 if it asks for none."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def address(path: str, number: int = 1, **chosen: str) -> str:
    """Where a page of a list stands, with what was chosen and without what was not."""
    asked = chosen | {"page": str(number) if number > 1 else ""}
    told = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{told}" if told else path
