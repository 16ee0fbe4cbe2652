"""Whether the website answers: asked by run.py, and by `python -m web check`."""

from __future__ import annotations

import http.client

from core.settings import Settings, reachable


def answers(settings: Settings) -> bool:
    """Whether the website and its database are well."""
    return is_well(reachable(settings.web_host), settings.web_port)


def lives(settings: Settings) -> bool:
    """Whether the website itself answers. To start it again while its database is away helps nobody."""
    return _status(reachable(settings.web_host), settings.web_port, "/") is not None


def is_well(host: str, port: int) -> bool:
    """Whether what listens there says so of itself."""
    return _status(host, port, "/healthz") == 200


def _status(host: str, port: int, path: str) -> int | None:
    asking = http.client.HTTPConnection(host, port, timeout=2)
    try:
        asking.request("GET", path)
        return asking.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        asking.close()
