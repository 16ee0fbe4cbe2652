"""`python -m agi` answers calls; `phone` is a telephone in the terminal; `check` asks whether the server answers."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from core.settings import Settings, SettingsError

USAGE = """usage: python -m agi          answer the calls that Asterisk hands over
       python -m agi phone    call the running hotline from this terminal
       python -m agi check    end with 0 if the running server answers"""


def main(arguments: list[str]) -> None:
    """Start what the arguments ask for."""
    if arguments not in ([], ["phone"], ["check"]):
        sys.exit(USAGE)
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        sys.exit(str(error))
    if arguments == ["phone"]:
        from agi.phone import call_from_terminal

        sys.exit(call_from_terminal(settings.agi_host, settings.agi_port))
    if arguments == ["check"]:
        from agi.check import answers

        sys.exit(None if answers(settings) else "The server does not answer.")
    answer_calls(settings)


def answer_calls(settings: Settings) -> None:
    """Check what a call needs, then serve until a signal. Whatever is missing is one sentence on stderr."""
    from agi.server import serve
    from core.context import open_context
    from core.process import start_logging

    try:
        start_logging(settings)
    except SettingsError as error:
        sys.exit(str(error))
    # A log line names its call; the caller of the logger, thread and process, looked up for each line, are in none.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    if sys.version_info >= (3, 12):
        logging.logAsyncioTasks = False
    logging._srcfile = None
    problems = sound_problems(settings.sounds_dir)
    if problems:
        more = f" And {len(problems) - 3} more." if len(problems) > 3 else ""
        sys.exit("The hotline can't start without its recordings. " + " ".join(problems[:3]) + more)
    try:
        context = open_context(settings)
    except SettingsError as error:
        sys.exit(str(error))
    serve(context, settings)


def sound_problems(own: Path | None) -> list[str]:
    """What is wrong with the recordings: the shipped ones, and the operator's own that replace some (R46)."""
    from sounds import library

    problems = library.problems(library.SHIPPED)
    if own is not None:
        problems += library.problems(own, complete=False)
    return problems


if __name__ == "__main__":
    main(sys.argv[1:])
