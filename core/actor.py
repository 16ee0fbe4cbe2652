"""Who asks, and through which door."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.permissions import Door


@dataclass(frozen=True)
class Actor:
    """One caller, visitor, kiosk or clerk, for the length of a call or a request (R8).

    `source` is what R5 counts wrong attempts by; `who` tells one actor of a source from another
    (a call's unique id, a web session, a clerk); `office` is the clerk's.
    """

    door: Door
    source: str
    who: str
    office: str = ""

    @classmethod
    def phone(cls, caller_number: str | None, call_id: str) -> Actor:
        """A caller. A number proves nothing, and callers without one share a source (R5)."""
        digits = re.sub(r"[^0-9+]", "", caller_number or "")[:20]
        return cls(Door.PHONE, f"phone:{digits or 'unknown'}", call_id[:64])

    @property
    def throttled(self) -> bool:
        """Whether R5 counts this source: a counter is not throttled."""
        return self.door in (Door.PHONE, Door.WEB, Door.KIOSK)
