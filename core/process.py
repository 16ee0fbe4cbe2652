"""What a server does once, when it starts: its log, and what it asks of the machine."""

from __future__ import annotations

import logging
import resource
import sys

from core.settings import Settings, SettingsError


def allow_many_connections() -> None:
    """Each call and each visitor is a file descriptor: raise the soft limit, often 1,024, to the hard one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def start_logging(settings: Settings) -> None:
    """Log to stderr from HOTLINE_LOG_LEVEL on. Raises SettingsError for a level that there is not."""
    try:
        logging.basicConfig(
            level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
        )
    except ValueError as error:
        raise SettingsError("HOTLINE_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.") from error
    logging.getLogger("alembic").setLevel(logging.WARNING)
