"""The phone's menus as they run, for a reader: the keys of agi.menus with the words that a caller hears beside them,
so that the page, the announcement and the menu can't disagree (R40)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agi.flows.loss_report import loss_report
from agi.flows.personal_account import ACCOUNT_MENU, personal_account
from agi.flows.pin_change import pin_change
from agi.menu import Flow, Menu
from agi.menus import MAIN_MENU
from sounds import library

_SPOKEN_KEYS = dict(zip("零一二三四五六七八九", "0123456789", strict=True))
_BEHIND_A_FLOW: dict[Flow, Menu] = {personal_account: ACCOUNT_MENU}


@dataclass(frozen=True)
class Choice:
    """A key, what the announcement calls it, all the keys that lead there, and what can be chosen then."""

    key: str
    name: str
    keys: tuple[str, ...]
    under: tuple[Choice, ...]


def draw(menu: Menu = MAIN_MENU, keys: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    """What the announcement of this menu offers, in its order, and everything under it."""
    names = {
        _SPOKEN_KEYS[key]: name for name, key in re.findall("([^，。]+)请按([零一二三四五六七八九])", _words(menu))
    }
    return tuple(
        Choice(key, names[key], (*keys, key), draw(under, (*keys, key)) if under else ())
        for key, under in ((key, _menu_behind(choice)) for key, choice in menu.keys.items() if key in names)
    )


def keys_to(flow: Callable[..., None], menu: Menu = MAIN_MENU) -> tuple[str, ...]:
    """The keys that lead a caller from the main menu to a flow."""
    return next(_ways(flow, menu, ()))


def operator_hours() -> str:
    """When somebody answers, as the announcement says it."""
    return library.words("operator-closed").partition("人工服务时间是，")[2].rstrip("。")


def _words(menu: Menu) -> str:
    return library.words(menu.prompt)


def _menu_behind(choice: Flow | Menu) -> Menu | None:
    return choice if isinstance(choice, Menu) else _BEHIND_A_FLOW.get(choice)


def _ways(flow: Callable[..., None], menu: Menu, keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, choice in menu.keys.items():
        if choice is flow:
            yield (*keys, key)
        elif under := _menu_behind(choice):
            yield from _ways(flow, under, (*keys, key))


TO_PIN_CHANGE = keys_to(pin_change)
TO_LOSS_REPORT = keys_to(loss_report)
TO_PERSONAL_ACCOUNT = keys_to(personal_account)
