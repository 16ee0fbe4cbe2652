"""What every command of `python -m core` needs: the core, who is at the shell, and errors in one sentence.

Exit codes: 0 done · 1 something is wrong, and said · 2 the command itself was not understood.
"""

from __future__ import annotations

import getpass
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.actor import Actor
from core.audit.chain import seal_audit
from core.cli import words
from core.context import CoreContext, open_context
from core.errors import HotlineError
from core.settings import Settings, SettingsError

# What SQLite says, and what it means for whoever reads it.
_SQLITE = {
    "SQLITE_BUSY": "The database is locked: another import or a long write holds it. Try again in a moment.",
    "SQLITE_FULL": "The disk of the database is full: make room and try again. Nothing was half written.",
    "SQLITE_READONLY": "The database is read-only: this user may not write the file or its folder.",
    "SQLITE_CANTOPEN": "The database can't be opened: look at HOTLINE_STATE_DIR or HOTLINE_DATABASE_URL.",
    "SQLITE_NOTADB": "The file that HOTLINE_DATABASE_URL names is not a database.",
    "SQLITE_CORRUPT": "The database file is damaged: bring a backup.",
    "SQLITE_IOERR": "The disk of the database does not answer as it should. Nothing was half written.",
}


class Sentences(click.Group):
    """A group whose commands end in a sentence instead of a traceback when something outside is wrong."""

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except SettingsError as error:
            told = _sentence(error.__cause__) if isinstance(error.__cause__, DBAPIError) else str(error)
            raise click.ClickException(told) from error
        except HotlineError as error:
            raise click.ClickException(f"{sentence_case(words.refusal(error))}.") from error
        except DBAPIError as error:
            raise click.ClickException(_sentence(error)) from error
        except PoolTimeout as error:
            raise click.ClickException("The database has no connection to spare: try again in a moment.") from error
        except BrokenPipeError:
            # Whoever read our output has gone: nothing to say, and nobody to say it to.
            raise
        except OSError as error:
            raise click.ClickException(f"{error.strerror or error}: {error.filename or ''}".strip(": ")) from error


@contextmanager
def the_context() -> Iterator[CoreContext]:
    """The core that the environment describes, its database brought up to date. What was done in it is
    sealed at the end (R8): perhaps neither hotline nor site is running that would."""
    context = open_context(Settings.from_env())
    try:
        yield context
        seal_audit(context)
    finally:
        context.engine.dispose()


def shell_actor() -> Actor:
    """Whoever is at the shell."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return Actor.shell(user)


def sentence_case(words: str) -> str:
    """With a capital at the beginning, and the rest as it is."""
    return words[:1].upper() + words[1:]


def _sentence(error: DBAPIError) -> str:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "")
        for prefix, sentence in _SQLITE.items():
            if name.startswith(prefix):
                return sentence
        return f"The database refused: {cause}."
    return _postgresql_sentence(cause)


def _postgresql_sentence(cause: BaseException | None) -> str:
    state = getattr(cause, "sqlstate", None) or ""
    if state in ("55P03", "57014", "40P01"):
        return "The database is locked: somebody else holds the same rows. Try again in a moment."
    if state == "53100":
        return "The disk of the database is full: make room and try again. Nothing was half written."
    if state in ("25006", "42501"):
        return "The database is read-only for this user."
    if state in ("28000", "28P01", "3D000"):
        return "The database refuses this user, password or name: look at HOTLINE_DATABASE_URL."
    if not state or state.startswith(("08", "57P")):
        return "The database is not reachable: is it running, and is HOTLINE_DATABASE_URL right?"
    return f"The database refused (SQLSTATE {state})."
