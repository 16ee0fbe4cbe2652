"""Every address, in one table, which the tests read too."""

from __future__ import annotations

from web.counter.routes import COUNTER
from web.kiosk.routes import KIOSK
from web.site.routes import SITE

ROUTES = (*SITE, *KIOSK, *COUNTER)
