"""Invented people that between them show every state and special case: README.md lists them.

The people come in through the importer, as real ones would; staff.py makes who serves them.
"""

from __future__ import annotations

import csv
from contextlib import nullcontext
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.record import record
from core.context import CoreContext
from core.data_in.csv_import import FileResult, Progress, Report, import_folder
from core.demo.staff import put_staff
from core.demo.staff import staff_credentials as staff_credentials
from core.errors import PinLocked
from core.identity import attempts
from core.identity.identification import card_subject
from core.permissions import require
from core.records.database import rows_changed, upsert
from core.records.schema import Card, Fact, Person
from core.values import OtherOperation

DATA = Path(__file__).parent / "data"
LOCKED_CARD = "521033692"


def is_empty(context: CoreContext) -> bool:
    """Whether nobody is in the database, or only demo people whose coming in was cut short."""
    with context.transaction() as session:
        begun = session.scalar(select(Fact.value).where(Fact.name == "demo")) == "begun"
        return begun or not session.scalar(select(func.count()).select_from(select(Person.id).limit(1).subquery()))


def are_wanted(context: CoreContext) -> bool:
    """Whether the start brings them in: the operator has not said no, and nobody is on record yet."""
    return context.settings.demo and is_empty(context)


def is_alone(context: CoreContext) -> bool:
    """Whether the demo people are in the database and nobody else: what is only for the demo asks first."""
    with (DATA / "people.csv").open(encoding="utf-8", newline="") as people:
        demo_people = [row["id_number"] for row in csv.DictReader(people)]
    with context.read_only() as session:
        loaded = session.scalar(select(Fact.value).where(Fact.name == "demo")) == "loaded"
        others = select(Person.id).where(Person.id_number.not_in(demo_people)).limit(1)
        return loaded and session.scalar(others) is None


def load(
    context: CoreContext,
    actor: Actor,
    report: Report,
    progress: Progress = lambda _name, _length: nullcontext(lambda _step: None),
) -> list[FileResult]:
    """Put the demo people in, and lock the PIN of the one who shows that. Safe to do again. Raises NotYourRole."""
    require(actor, OtherOperation.DEMO)
    with context.transaction() as session:
        _note(session, "begun")
    results = import_folder(context, actor, DATA, report, progress=progress)
    put_staff(context, actor)
    with context.transaction() as session:
        _lock_pin(session, context, actor)
        _note(session, "loaded")
    return results


def _lock_pin(session: Session, context: CoreContext, actor: Actor) -> None:
    """As six wrong PINs would (R4)."""
    card = session.execute(select(Card.id, Card.person_id).where(Card.card_number == LOCKED_CARD)).one()
    while attempts.reserve(session, card_subject(card.id), context.settings.pin_lock_threshold):
        pass
    record(session, actor, OtherOperation.DEMO, card.person_id, PinLocked(), context.now())


def _note(session: Session, value: str) -> None:
    noted = session.execute(update(Fact).where(Fact.name == "demo").values(value=value))
    if not rows_changed(noted):
        session.execute(upsert(session, Fact).values(name="demo", value=value))
