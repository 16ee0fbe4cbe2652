"""The entrances and every address, in one table, which the tests read too."""

from __future__ import annotations

from web.counter.entrance import CounterEntrance
from web.counter.routes import COUNTER
from web.entrance import Entrance
from web.kiosk.entrance import KioskEntrance
from web.kiosk.routes import KIOSK
from web.site.entrance import SiteEntrance
from web.site.routes import SITE

ROUTES = (*SITE, *KIOSK, *COUNTER)

_SITE = SiteEntrance()
_ENTRANCES: dict[str, Entrance] = {"kiosk": KioskEntrance(), "counter": CounterEntrance()}


def entrance_to(path: str) -> Entrance:
    """The way in that an address belongs to."""
    return _ENTRANCES.get(path.lstrip("/").partition("/")[0], _SITE)
