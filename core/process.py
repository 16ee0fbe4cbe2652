"""What a server asks of the machine that it runs on."""

from __future__ import annotations

import resource


def allow_many_connections() -> None:
    """Each call and each visitor is a file descriptor: raise the soft limit, often 1,024, to the hard one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
