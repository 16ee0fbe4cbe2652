"""`python -m agi` answers calls; `python -m agi phone` is a telephone in the terminal."""

from __future__ import annotations

import logging
import os
import sys

from core.settings import Settings, SettingsError

USAGE = """usage: python -m agi          answer the calls that Asterisk hands over
       python -m agi phone    call the running hotline from this terminal"""


def main(arguments: list[str]) -> None:
    """Start what the arguments ask for."""
    if arguments not in ([], ["phone"]):
        sys.exit(USAGE)
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        sys.exit(str(error))
    if arguments:
        from agi.phone import call_from_terminal

        sys.exit(call_from_terminal(settings.agi_host, settings.agi_port))
    answer_calls(settings)


def answer_calls(settings: Settings) -> None:
    """Check what a call needs, then serve."""
    from agi.server import serve
    from core.office import open_office
    from sounds import library

    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    problems = library.problems(library.SHIPPED)
    if problems:
        sys.exit("The hotline's prompts are not complete: " + "; ".join(problems[:5]))
    serve(open_office(settings), settings)


if __name__ == "__main__":
    main(sys.argv[1:])
