"""Who may do what, as data that every operation and every door reads: section 2 of the rules for what people come
for, and the roles for everything else.

python -m core doors     prints section 2
"""

from __future__ import annotations

from core.actor import Actor
from core.errors import NotOnThisDoor, NotYourRole
from core.values import COUNTERS, Door, Operation, OtherOperation, Role

_MANAGED = (Door.BRANCH, Door.SERVICE_CENTRE)

ALLOWED: dict[Operation, tuple[Door, ...]] = {
    Operation.ENQUIRE_SELF: (Door.PHONE, Door.WEB, Door.KIOSK, *COUNTERS),
    Operation.ENQUIRE_BY_NUMBER: (Door.PHONE, Door.WEB, *COUNTERS),
    Operation.CATALOGUE: (Door.WEB, Door.KIOSK, *COUNTERS),
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

_SERVE_OR_ARE_SERVED = (Role.CITIZEN, Role.CLERK)
_MANAGERS = frozenset({Role.ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR})

ROLES: dict[OtherOperation, frozenset[Role]] = {
    OtherOperation.IDENTIFY: frozenset(_SERVE_OR_ARE_SERVED),
    OtherOperation.IDENTIFY_CARD: frozenset(_SERVE_OR_ARE_SERVED),
    OtherOperation.CHECK_ORIGINAL_PIN: frozenset(_SERVE_OR_ARE_SERVED),
    OtherOperation.FIND_PERSON: frozenset({Role.CLERK}),
    OtherOperation.SHOW_CARD: frozenset({Role.CLERK}),
    OtherOperation.REVEAL: frozenset({Role.CLERK}),
    OtherOperation.PRINT_FORM: frozenset({Role.CLERK}),
    OtherOperation.STAFF_SIGN_IN: frozenset({Role.CLERK, Role.ADMINISTRATOR}),
    OtherOperation.CHOOSE_PASSWORD: frozenset({Role.CLERK, Role.ADMINISTRATOR}),
    OtherOperation.MANAGE_STAFF: _MANAGERS,
    OtherOperation.MANAGE_KIOSKS: _MANAGERS,
    OtherOperation.ENTER_KIOSK_KEY: frozenset({Role.CITIZEN}),
    OtherOperation.MANAGE_OFFICES: _MANAGERS,
    OtherOperation.READ_AUDIT: frozenset({Role.ADMINISTRATOR}),
    OtherOperation.EXPORT_AUDIT: frozenset({Role.ADMINISTRATOR}),
    OtherOperation.UNLOCK_PIN: frozenset({Role.SYSTEM_ADMINISTRATOR}),
    OtherOperation.IMPORT: frozenset({Role.SYSTEM_ADMINISTRATOR}),
    OtherOperation.DEMO: frozenset({Role.SYSTEM_ADMINISTRATOR}),
    OtherOperation.LAPSE_LOSS: frozenset({Role.SYSTEM}),
}


def may(door: Door, operation: Operation) -> bool:
    """Whether this door does this operation."""
    return door in ALLOWED[operation]


def require(actor: Actor, *operations: Operation | OtherOperation) -> None:
    """Raise NotYourRole unless the actor is somebody who does all of this, and NotOnThisDoor, naming the doors that
    can help, for what section 2 gives to others."""
    for operation in operations:
        if isinstance(operation, OtherOperation):
            if actor.role not in ROLES[operation]:
                raise NotYourRole(actor.role)
        elif actor.role not in _SERVE_OR_ARE_SERVED:
            raise NotYourRole(actor.role)
        elif not may(actor.door, operation):
            raise NotOnThisDoor(operation, ALLOWED[operation])


def require_role(actor: Actor, *roles: Role) -> None:
    """Raise NotYourRole unless the actor is one of these, for what is no operation of its own."""
    if actor.role not in roles:
        raise NotYourRole(actor.role)


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
