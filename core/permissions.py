"""What each door may do: section 2 of the rules, as data that every door reads.

python -m core doors     prints it
"""

from __future__ import annotations

from enum import Enum

from core.errors import NotOnThisDoor


class Door(Enum):
    """A way in: a channel, or a kind of counter office."""

    PHONE = "phone"
    WEB = "web"
    KIOSK = "kiosk"
    AGENCY = "agency"
    BRANCH = "branch"
    SERVICE_CENTRE = "service centre"

    @property
    def channel(self) -> str:
        """phone, web, kiosk or counter."""
        return self.value if self in (Door.PHONE, Door.WEB, Door.KIOSK) else "counter"


class Operation(Enum):
    """What can be asked for; the value is what the audit shows."""

    ENQUIRE_SELF = "enquire about oneself"
    ENQUIRE_BY_NUMBER = "benefits and contributions by number"
    CATALOGUE = "drug and treatment catalogue"
    CHANGE_PIN = "change the PIN"
    RESET_PIN = "reset a forgotten or locked PIN"
    REPORT_LOSS = "report a loss"
    WRITE_UP_LOSS = "write up a reported loss"
    RELEASE_LOSS = "release a loss"
    REPLACE_CARD = "apply for a replacement, issue the new card"


_COUNTERS = (Door.AGENCY, Door.BRANCH, Door.SERVICE_CENTRE)
_MANAGED = (Door.BRANCH, Door.SERVICE_CENTRE)

ALLOWED: dict[Operation, tuple[Door, ...]] = {
    Operation.ENQUIRE_SELF: (Door.PHONE, Door.WEB, Door.KIOSK, *_COUNTERS),
    Operation.ENQUIRE_BY_NUMBER: (Door.PHONE, Door.WEB, *_COUNTERS),
    Operation.CATALOGUE: (Door.WEB, Door.KIOSK, *_COUNTERS),
    Operation.CHANGE_PIN: (Door.PHONE, Door.WEB, Door.KIOSK, Door.AGENCY, Door.SERVICE_CENTRE),
    Operation.RESET_PIN: _MANAGED,
    Operation.REPORT_LOSS: (Door.PHONE, Door.WEB, *_MANAGED),
    Operation.WRITE_UP_LOSS: _MANAGED,
    Operation.RELEASE_LOSS: (Door.BRANCH,),
    Operation.REPLACE_CARD: (Door.BRANCH,),
}

CONDITIONS: dict[tuple[Operation, Door], str] = {
    (Operation.ENQUIRE_SELF, Door.KIOSK): "card in the reader",
    (Operation.ENQUIRE_SELF, Door.AGENCY): "for the person at the window",
    (Operation.CHANGE_PIN, Door.AGENCY): "with a card reader, ID document and original PIN, keyed by the person",
    (Operation.CHANGE_PIN, Door.SERVICE_CENTRE): "same",
    (Operation.REPORT_LOSS, Door.BRANCH): "written",
    (Operation.REPORT_LOSS, Door.SERVICE_CENTRE): "written",
    # Why not, where the reason is worth saying.
    (Operation.CATALOGUE, Door.PHONE): "says: see the web site",
    (Operation.REPORT_LOSS, Door.KIOSK): "(the card is in the reader)",
}


def may(door: Door, operation: Operation) -> bool:
    """Whether this door does this operation."""
    return door in ALLOWED[operation]


def require(door: Door, operation: Operation) -> None:
    """Raise NotOnThisDoor, naming the doors that can help, unless this one may."""
    if not may(door, operation):
        raise NotOnThisDoor(operation, ALLOWED[operation])


def table() -> list[list[str]]:
    """Section 2 of the rules, a row an operation, with its heading row."""
    rows = [["operation", *(door.value for door in Door)]]
    for operation in Operation:
        cells = []
        for door in Door:
            mark = "●" if may(door, operation) else "–"
            cells.append(f"{mark} {CONDITIONS.get((operation, door), '')}".strip())
        rows.append([operation.value, *cells])
    return rows
