"""Pieces of dialogues that several callers hold."""

from tests.support.telephony.phone import Phone


def dials_and_chooses(caller: Phone, *keys: str) -> None:
    caller.dials("12333")
    caller.hears("main-menu")
    caller.presses(*keys)


def identifies(caller: Phone, id_number: str, pin: str) -> None:
    """Enters ID number and PIN when asked for them."""
    caller.hears("id-enter")
    caller.presses(id_number.replace("X", "*"), "#")
    caller.hears("pin-enter")
    caller.presses(pin, "#")
    caller.hears("checking")


def hears_all(caller: Phone, *names: str) -> None:
    for name in names:
        caller.hears(name)


def changes_pin(caller: Phone, suffix: str, pin: str, id_number: str, new_pin: str) -> None:
    """5-1 for someone who is asked for the ID number too."""
    dials_and_chooses(caller, "5", "1")
    caller.hears("card-enter-last-8")
    caller.presses(suffix.replace("X", "*"), "#")
    caller.hears("pin-enter-original")
    caller.presses(pin, "#")
    caller.hears("id-enter")
    caller.presses(id_number, "#")
    caller.hears("pin-enter-new")
    caller.presses(new_pin, "#")
    caller.hears("pin-enter-new-again")
    caller.presses(new_pin, "#")
    caller.hears("pin-changed")
