"""Drug and treatment catalogue: the phone says where it is (R18)."""

from __future__ import annotations

from agi.call import Call
from core.service import Service


def catalogue(call: Call, service: Service) -> None:
    """R18: the catalogue is on the web site."""
    call.play("catalogue-on-the-web")
