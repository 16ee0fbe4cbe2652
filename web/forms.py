"""A form on a page: what was sent, what is wrong with it, and what stands in its fields when it is shown again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Form:
    """A form's fields, and the sentence about each that is wrong. Ours, since WTForms would want a class a form and
    renders fields its own way, while our sentences come with the core's errors and our fields from
    shared/templates/macros: this is all that we would use of it."""

    def __init__(self, fields: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        self._fields = dict(fields)
        self.errors: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        """The field as it was sent; one that was not is empty."""
        return self._fields.get(name, "")

    def text(self, name: str) -> str:
        """The field without the spaces around it."""
        return self[name].strip()

    def again(self, name: str, longest: int) -> str:
        """What the field holds when it is shown again to be corrected: at most so many characters."""
        return self.text(name)[:longest]

    def refuse(self, name: str, sentence: str) -> None:
        """Say what is wrong with a field."""
        self.errors[name] = sentence

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong, as far as was looked."""
        return not self.errors
