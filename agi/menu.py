"""A menu is data: keys and where they lead, side by side in spoken order (R40)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agi.call import UP, Call
from agi.refusals import REFUSAL_PROMPTS
from core.errors import HotlineError

Flow = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Menu:
    """A prompt that names the keys, and the flow or menu behind each of them."""

    prompt: str
    keys: Mapping[str, Flow | Menu]


def walk(menu: Menu, call: Call, *context: Any, top: bool = False) -> None:
    """Let the caller choose from the menu, again and again, until they go one menu up.

    At the top `*` only says the menu again. `context` is handed to every flow of the menu.
    """
    while True:
        key = call.menu(menu.prompt, menu.keys)
        if key != UP:
            take(menu.keys[key], call, *context)
        elif not top:
            return


def take(choice: Flow | Menu, call: Call, *context: Any) -> None:
    """Enter a flow or a menu. What the rules refuse there is said, and the caller goes on."""
    if isinstance(choice, Menu):
        walk(choice, call, *context)
        return
    call.flow(choice.__name__)
    try:
        choice(call, *context)
    except HotlineError as refusal:
        if refusal.code not in REFUSAL_PROMPTS:
            raise
        call.play(REFUSAL_PROMPTS[refusal.code])
