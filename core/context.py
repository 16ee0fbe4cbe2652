"""What the core needs to do its work: made once a process, shared by every caller."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.keys import Keys, load_keys
from core.records import database
from core.settings import Settings, SettingsError
from core.vault import PinVault


@dataclass(frozen=True)
class CoreContext:
    """The database, the settings, the keys and the clock. `now` may be any clock: tests bring their own."""

    engine: Engine
    settings: Settings
    keys: Keys
    vault: PinVault
    now: Callable[[], datetime]

    def transaction(self) -> AbstractContextManager[Session]:
        """One operation on the database: see core.records.database.transaction."""
        return database.transaction(self.engine)

    def autocommit(self, *, durable: bool = True) -> AbstractContextManager[Session]:
        """Statements that each stand for themselves: see core.records.database.autocommit."""
        return database.autocommit(self.engine, durable=durable)

    def read_only(self) -> AbstractContextManager[Session]:
        """A look at the database that holds up no operation: see core.records.database.read_only."""
        return database.read_only(self.engine)

    def try_database(self) -> None:
        """Return if an operation could be carried out now; else raise what stands in its way."""
        with self.transaction() as session:
            session.execute(text("SELECT 1"))


def open_context(settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> CoreContext:
    """Open the database that the settings name, bring it up to date and check that the secret fits it.

    Raises SettingsError with a sentence for the operator.
    """
    keys = load_keys(settings)
    starting = database.open_database(settings, for_start=True)
    try:
        database.migrate(starting)
        database.check_secret(starting, keys)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise SettingsError(f"The database that HOTLINE_DATABASE_URL names can't be used: {reason}.") from error
    finally:
        starting.dispose()
    return CoreContext(database.open_database(settings), settings, keys, PinVault(settings, keys.pin), now)
