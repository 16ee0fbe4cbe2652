"""The migrations lead to the tables that the code knows, in SQLite and in PostgreSQL."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from core.records.schema import Base


def test_the_newest_schema_is_that_of_the_mappings(context):
    with context.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
