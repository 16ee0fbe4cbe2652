"""A reader that is not there, with a tray of the demo people's cards: for the demo and for tests.

What keeps it away from real people: it has the demo's cards and no others, it serves pages of this very machine alone,
and `python -m web.reader` does not start it beside a database with anybody else in it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable

from core import demo
from core.numbers import card_check_character
from core.values import CardState
from web.reader.state import Message, NotUnderstood, ReaderState, Slot, TrayCard
from web.words import CARD_STATES

NAME = "模拟读卡器（只有演示用的卡）"
_UNKNOWN_NUMBER = "Z9999999" + card_check_character("Z9999999")


def demo_tray() -> tuple[TrayCard, ...]:
    """The cards of core/demo, one that nobody has, and one that can't be read."""
    with (demo.DATA / "people.csv").open(encoding="utf-8", newline="") as people:
        names = {row["id_number"]: row["name"] for row in csv.DictReader(people)}
    with (demo.DATA / "cards.csv").open(encoding="utf-8", newline="") as cards:
        rows = list(csv.DictReader(cards))
    return (
        *(
            TrayCard(str(place), f"{names[row['id_number']]}：{_describe(row)}", row["card_number"])
            for place, row in enumerate(rows, 1)
        ),
        TrayCard("unknown", "没有登记的卡", _UNKNOWN_NUMBER),
        TrayCard("unreadable", "读不出的卡", Slot.UNREADABLE),
    )


def _describe(row: dict[str, str]) -> str:
    if row["card_number"] == demo.LOCKED_CARD:
        return "密码已锁定"
    if row["state"] == CardState.ACTIVE.value and not row["pin"]:
        return "初始密码"
    return CARD_STATES[CardState(row["state"])]


class SimulatedReader:
    """Does what a page asks for: insert, pull, unplug, plug-in."""

    def __init__(self, tray: tuple[TrayCard, ...]) -> None:
        self.tray = tray
        self._cards = {card.id: card.card for card in tray}
        self._inside: str | Slot = Slot.EMPTY
        self._plugged_in = True
        self._announce: Callable[[ReaderState], object] = lambda state: None

    def begin(self, announce: Callable[[ReaderState], object]) -> None:
        self._announce = announce
        self._tell()

    def do(self, request: Message) -> None:
        """A card that is put in where one is already takes its place; one in a reader that is unplugged stays in."""
        match request:
            case {"do": "insert", "card": str(card)} if card in self._cards:
                self._put(Slot.EMPTY)
                self._put(self._cards[card])
            case {"do": "pull"}:
                self._put(Slot.EMPTY)
            case {"do": "unplug" | "plug-in" as action}:
                self._plugged_in = action == "plug-in"
                self._tell()
            case _:
                raise NotUnderstood

    def end(self) -> None:
        self._announce = lambda state: None

    def _put(self, card: str | Slot) -> None:
        self._inside = card
        self._tell()

    def _tell(self) -> None:
        self._announce(ReaderState(NAME, True, self._inside) if self._plugged_in else ReaderState(NAME))
