"""`python -m web` serves the site until a signal; `check` asks whether the running one answers."""

from __future__ import annotations

import asyncio
import os
import sys

from core.settings import Settings, SettingsError
from web import check

USAGE = "usage: python -m web [check]"


def main(arguments: list[str]) -> None:
    """Start or ask. Whatever is missing is one sentence on stderr."""
    if arguments not in ([], ["check"]):
        sys.exit(USAGE)
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        sys.exit(str(error))
    if arguments:
        sys.exit(None if check.answers(settings) else "The website does not answer.")
    serve_pages(settings)


def serve_pages(settings: Settings) -> None:
    """Open the database and serve until a signal."""
    from core.context import open_context
    from core.process import start_logging
    from web.app import make_app
    from web.server import serve

    try:
        start_logging(settings)
        context = open_context(settings)
    except SettingsError as error:
        sys.exit(str(error))
    asyncio.run(serve(make_app(context), settings))


if __name__ == "__main__":
    main(sys.argv[1:])
