"""What a row leans on and must be in the database already: people, units, personal numbers.

Each check looks at one batch in a short transaction of its own, reports the bad rows and returns the good
ones. Nothing in the house removes people or units, so what was there is still there when the rows are written.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from core.context import CoreContext
from core.data_in.scratch import Row
from core.records.schema import Person, Unit

Reject = Callable[[int, str], None]
"""Report the row on this line, with the reason."""

Check = Callable[[CoreContext, list[Row], Reject], list[Row]]


def people(context: CoreContext, rows: list[Row], reject: Reject) -> list[Row]:
    """The person that an ID number names: `id_number` becomes `person_id`."""
    wanted = {values["id_number"] for _, values in rows}
    with context.transaction() as session:
        known: dict[object, int] = dict(
            session.execute(select(Person.id_number, Person.id).where(Person.id_number.in_(wanted))).tuples().all()
        )
    good = []
    for line, values in rows:
        person_id = known.get(values.pop("id_number"))
        if person_id is None:
            reject(line, "nobody in people.csv or the database has this id_number")
        else:
            values["person_id"] = person_id
            good.append((line, values))
    return good


def units(context: CoreContext, rows: list[Row], reject: Reject) -> list[Row]:
    """A unit number, where there is one, is a known unit's."""
    wanted = {values["unit_number"] for _, values in rows} - {"", None}
    with context.transaction() as session:
        known: set[object] = set(session.scalars(select(Unit.unit_number).where(Unit.unit_number.in_(wanted))))
    known |= {"", None}
    good = []
    for line, values in rows:
        if values["unit_number"] in known:
            good.append((line, values))
        else:
            reject(line, "no unit in units.csv or the database has this unit_number")
    return good


def personal_numbers(context: CoreContext, rows: list[Row], reject: Reject) -> list[Row]:
    """A personal number belongs to one person."""
    wanted = {values["personal_number"] for _, values in rows}
    with context.transaction() as session:
        owners: dict[object, object] = dict(
            session.execute(select(Person.personal_number, Person.id_number).where(Person.personal_number.in_(wanted)))
            .tuples()
            .all()
        )
    good = []
    for line, values in rows:
        if owners.get(values["personal_number"], values["id_number"]) == values["id_number"]:
            good.append((line, values))
        else:
            reject(line, "this personal_number belongs to another person")
    return good
