"""Alembic's way in: core.records.database.migrate hands over the connection; from a shell the settings name the
database."""

from alembic import context
from sqlalchemy import Connection

from core.records.database import open_database
from core.records.schema import Base
from core.settings import Settings


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with open_database(Settings.from_env()).connect() as fresh:
        _run(fresh)
        fresh.commit()
