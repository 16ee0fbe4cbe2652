"""What can be shown only once: a first password, the key of a kiosk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from web.counter.page import CounterPage
from web.forms import Form

T = TypeVar("T")


async def make(page: CounterPage, form: Form, work: Callable[[], Awaitable[T]]) -> T | None:
    """What `work` makes, for whoever sent the form first; None for whoever sends it again: it was shown."""
    made: list[T] = []

    async def once() -> str:
        made.append(await work())
        return "done"

    await page.once(form, once)
    return made[0] if made else None
