"""Rows into a table: new ones are added, known ones brought up to date."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.csv_import.scratch import Row
from core.database import upsert
from core.schema import Base


def write(session: Session, table: type[Base], key: tuple[str, ...], batch: list[Row]) -> None:
    """Add or update one batch by the table's key."""
    values = [values for _, values in batch]
    statement = upsert(session, table.__table__)
    changes = {column: statement.excluded[column] for column in values[0] if column not in key}
    statement = statement.on_conflict_do_update(index_elements=key, set_=changes)
    session.connection().execute(statement, values)
