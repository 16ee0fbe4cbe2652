"""What is known of a reader at one moment, and what a page is told when that changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

Message = dict[str, object]


class Slot(Enum):
    """A reader without a card whose number is known."""

    EMPTY = "card-out"
    UNREADABLE = "card-unreadable"


@dataclass(frozen=True)
class ReaderState:
    """`card` is a number where one could be read; nothing shows it by accident (R6)."""

    name: str = ""
    ready: bool = False
    card: str | Slot = field(default=Slot.EMPTY, repr=False)

    @property
    def reader_message(self) -> Message:
        return {"event": "reader", "ready": self.ready, "name": self.name}

    @property
    def card_message(self) -> Message:
        if isinstance(self.card, Slot):
            return {"event": self.card.value}
        return {"event": "card-in", "number": self.card}

    def changes_since(self, earlier: ReaderState) -> list[Message]:
        """What a page that knew `earlier` has to hear."""
        pairs = ((self.reader_message, earlier.reader_message), (self.card_message, earlier.card_message))
        return [now for now, before in pairs if now != before]


@dataclass(frozen=True)
class TrayCard:
    """A card that can be put into a simulated reader."""

    id: str
    label: str
    card: str | Slot = field(repr=False)


class NotUnderstood(Exception):
    """A page asked for something that this reader does not do."""


class Reader(Protocol):
    """A reader, real or simulated. It announces what it finds as long as it is watched."""

    tray: tuple[TrayCard, ...]

    def begin(self, announce: Callable[[ReaderState], object]) -> None:
        """Start watching. `announce` may be called from any thread."""

    def do(self, request: Message) -> None:
        """What a page asks for. Raises NotUnderstood."""

    def end(self) -> None:
        """Stop watching; afterwards nothing is announced."""
