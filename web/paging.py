"""Long lists, a page at a time, and the addresses of their pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from aiohttp import web

T = TypeVar("T")


@dataclass(frozen=True)
class Part(Generic[T]):
    """One page of a list; pages count from 1."""

    items: Sequence[T]
    number: int
    count: int


def page_number(query: Mapping[str, str]) -> int:
    """The page of a list that an address asks for, the first if it asks for none. Raises HTTPNotFound for what is no
    page's number."""
    wanted = query.get("page") or "1"
    if not re.fullmatch("[1-9][0-9]{0,8}", wanted):
        raise web.HTTPNotFound
    return int(wanted)


def part_of(items: Sequence[T], length: int, query: Mapping[str, str]) -> Part[T]:
    """The page that an address asks for, of `length` items. Raises HTTPNotFound if there is no such one."""
    number = page_number(query)
    return part(items[(number - 1) * length : number * length], number, len(items), length)


def part(items: Sequence[T], number: int, total: int, length: int) -> Part[T]:
    """The same where the core has looked for one page alone; `total` is how many items there are on all of them."""
    count = max(1, -(-total // length))
    if number > count:
        raise web.HTTPNotFound
    return Part(items, number, count)


def number_in(text: str) -> int:
    """The number that an address chooses something by; 0 if it chooses nothing."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def address(path: str, chosen: Mapping[str, str], number: int = 1) -> str:
    """Where a page of a list stands, with what was chosen and without what was not."""
    asked = {**chosen, "page": str(number) if number > 1 else ""}
    told = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{told}" if told else path
