"""Drug and treatment catalogue: the phone says where it is (R18)."""

from __future__ import annotations

from agi.call import Call
from core.service import Desk


def catalogue(call: Call, desk: Desk) -> None:
    """R18: the catalogue is on the web site."""
    call.play("catalogue-on-the-web")
