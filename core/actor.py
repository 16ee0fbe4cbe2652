"""Who asks, and through which door."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.values import Door, Role


@dataclass(frozen=True)
class Actor:
    """One caller, visitor, kiosk or clerk, for the length of a call or a request (R8).

    `source` is what R5 counts wrong attempts by; `who` tells one actor of a source from another
    (a call's unique id, a web session, a clerk); `office` is the clerk's.
    """

    door: Door
    source: str
    who: str
    office: str
    role: Role

    @classmethod
    def phone(cls, caller_number: str | None, call_id: str) -> Actor:
        """A caller. A number proves nothing, and callers without one share a source (R5)."""
        digits = re.sub(r"[^0-9+]", "", caller_number or "")[:20]
        return cls(Door.PHONE, f"phone:{digits or 'unknown'}", call_id[:64], "", Role.CITIZEN)

    @classmethod
    def web(cls, address: str, session_id: str = "") -> Actor:
        """A visitor of the site. Whoever shares a network address shares a source (R5)."""
        return cls(Door.WEB, f"web:{address}"[:128], session_id or "visitor", "", Role.CITIZEN)

    @classmethod
    def kiosk(cls, kiosk_id: int, office: str, session_id: str = "") -> Actor:
        """Somebody at a kiosk, which is the source that R5 counts."""
        return cls(Door.KIOSK, f"kiosk:{kiosk_id}", session_id or "visitor", office, Role.CITIZEN)

    @classmethod
    def kiosk_to_be(cls, address: str) -> Actor:
        """A browser at this network address in which no kiosk's key has been entered yet."""
        return cls(Door.KIOSK, f"kiosk at {address}"[:128], "visitor", "", Role.CITIZEN)

    @classmethod
    def staff(cls, door: Door, office: str, login: str, role: Role = Role.CLERK) -> Actor:
        """A clerk or an administrator of an office."""
        return cls(door, f"counter:{office}"[:128], f"staff:{login}"[:64], office, role)

    @classmethod
    def shell(cls, user: str) -> Actor:
        """Whoever is at the shell of the machine, with the database in their hands. The audit has always shown them
        beside the counters."""
        return cls(Door.BRANCH, "shell", f"shell:{user}"[:64], "shell", Role.SYSTEM_ADMINISTRATOR)

    @classmethod
    def system(cls) -> Actor:
        """What is done when its time has come, without anybody asking for it."""
        return cls(Door.PHONE, "term", "term", "", Role.SYSTEM)

    def is_staff_with(self, login: str) -> bool:
        """Whether this is the member of staff with this login."""
        return self.who == f"staff:{login}"[:64]

    @property
    def throttled(self) -> bool:
        """Whether R5 counts this source: a counter is not throttled."""
        return self.role is Role.CITIZEN

    @property
    def is_staff(self) -> bool:
        """Whether a person's ID document was seen instead of their PIN (R2)."""
        return self.role is not Role.CITIZEN
