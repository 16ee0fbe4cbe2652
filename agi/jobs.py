"""Work of the core under way, as a call sees it. What runs it is agi.workers' business."""

from __future__ import annotations

from typing import Protocol, TypeVar

T_co = TypeVar("T_co", covariant=True)


class TooSlow(Exception):
    """The core did not answer in time."""


class Job(Protocol[T_co]):
    """Work under way."""

    def wait(self, seconds: float | None) -> bool:
        """Wait at most so long, or without limit; True when it is done."""

    def overdue(self) -> bool:
        """Has it taken so long that the caller must be told?"""

    def give_up(self) -> None:
        """Nobody wants it any more: if it has not begun, it never will."""

    def result(self) -> T_co:
        """What the finished work returned; raises what it raised."""
