"""Rows into a table: new ones are added, known ones brought up to date."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Table, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from core.data_in.scratch import Row
from core.records.database import upsert
from core.records.schema import Base


def write(session: Session, table: type[Base], key: tuple[str, ...], batch: list[Row]) -> None:
    """Add or update one batch by the table's key."""
    values = [values for _, values in batch]
    statement = upsert(session, table.__table__)
    changes = {column: statement.excluded[column] for column in values[0] if column not in key}
    statement = statement.on_conflict_do_update(index_elements=key, set_=changes)
    if session.get_bind().dialect.name == "postgresql":
        # One statement a batch: a statement a row takes several times as long there.
        columns = list(values[0])
        statement = statement.from_select(columns, _as_rows(table.__table__, columns, values), include_defaults=False)
        session.connection().execute(statement)
    else:
        session.connection().execute(statement, values)


def _as_rows(table: Table, columns: list[str], values: list[dict[str, object]]) -> Select[Any]:
    """SELECT unnest(column), …: the batch as rows of the server's own."""
    return select(
        *(
            func.unnest(literal([row[column] for row in values], ARRAY(table.c[column].type))).label(column)
            for column in columns
        )
    )
