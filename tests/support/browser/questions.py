"""What is asked of a page, all at once: it is opened once, and everything that is wrong with it is told together."""

from __future__ import annotations

from collections.abc import Iterable

from tests.support.browser.person import Person

WIDER_TEXT = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""  # WCAG 1.4.12


class Questions:
    """Asked of the page that somebody looks at; each answer is kept with its question and the screen."""

    def __init__(self, look: Person) -> None:
        self._look = look
        self._faults: list[str] = []

    def ask(self, question: str, found: Iterable[object]) -> None:
        screen = self._look.page.viewport_size
        assert screen
        self._faults += [f"{question}, {screen['width']} by {screen['height']}: {each}" for each in found]

    def answered(self) -> list[str]:
        """All faults, with whatever went wrong behind the page."""
        troubles, self._look.troubles = self._look.troubles, []
        return self._faults + [f"trouble: {each}" for each in troubles]
