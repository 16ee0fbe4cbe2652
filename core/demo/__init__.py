"""Invented people that between them show every state and special case: README.md lists them.

They come in through the importer, as real people would.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import attempts, audit
from core.actor import Actor
from core.csv_import import FileResult, Progress, Report, import_folder
from core.database import upsert
from core.identification import card_subject
from core.office import Office
from core.schema import Card, Fact, Person

DATA = Path(__file__).parent / "data"
_LOCKED_CARD = "521033692"


def is_empty(office: Office) -> bool:
    """Whether nobody is in the database, or only demo people whose coming in was cut short."""
    with office.transaction() as session:
        begun = session.scalar(select(Fact.value).where(Fact.name == "demo")) == "begun"
        return begun or not session.scalar(select(func.count()).select_from(select(Person.id).limit(1).subquery()))


def load(
    office: Office,
    actor: Actor,
    report: Report,
    progress: Progress = lambda _name, _length: nullcontext(lambda _step: None),
) -> list[FileResult]:
    """Put the demo people in, and lock the PIN of the one who shows that. Safe to do again."""
    with office.transaction() as session:
        _note(session, "begun")
    results = import_folder(office, actor, DATA, report, progress=progress)
    with office.transaction() as session:
        _lock_pin(session, office, actor)
        _note(session, "loaded")
    return results


def _lock_pin(session: Session, office: Office, actor: Actor) -> None:
    """As six wrong PINs would (R4)."""
    card = session.execute(select(Card.id, Card.person_id).where(Card.card_number == _LOCKED_CARD)).one()
    while attempts.reserve(session, card_subject(card.id), office.settings.pin_lock_threshold):
        pass
    audit.record(session, actor, "demo", card.person_id, "PIN locked", office.now())


def _note(session: Session, value: str) -> None:
    noted = session.execute(update(Fact).where(Fact.name == "demo").values(value=value))
    if not noted.rowcount:
        session.execute(upsert(session, Fact).values(name="demo", value=value))
