"""Whether the FastAGI server answers: asked by run.py, and by `python -m agi check`."""

from __future__ import annotations

import socket

from core.settings import Settings, reachable


def answers(settings: Settings) -> bool:
    """Whether the server itself says something: it hangs up on who is no Asterisk; a stopped one does not."""
    try:
        with socket.create_connection((reachable(settings.agi_host), settings.agi_port), 1) as probe:
            probe.settimeout(2)
            probe.sendall(b"are you there\n\n")
            return probe.recv(64) == b""
    except ConnectionResetError:
        return True  # hung up with our words unread
    except OSError:
        return False
