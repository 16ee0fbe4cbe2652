"""The way in from a kiosk."""

from __future__ import annotations

from aiohttp import web

from core.identity import visits
from core.staffed import kiosks
from core.values import Door
from web.entrance import go
from web.kiosk.page import KIOSK, KIOSK_VISIT, KioskPage
from web.page import AppContext, Page
from web.route import Route
from web.security import is_private


class KioskEntrance:
    """A kiosk that was enrolled, and whoever stands before it with a card in its reader."""

    def stranger(self, app_context: AppContext, request: web.Request) -> Page:
        return KioskPage(app_context, request, None, None)

    async def admit(self, app_context: AppContext, request: web.Request, route: Route) -> Page | web.StreamResponse:
        key = KIOSK.read(request) if is_private(request) else None
        kiosk = await app_context.run(kiosks.recognise, app_context.core, key) if key else None
        if kiosk is None:
            return go("/kiosk/enrol") if route.enrolled else self.stranger(app_context, request)
        token = KIOSK_VISIT.read(request)
        visit = await app_context.run(visits.resume, app_context.core, Door.KIOSK, token) if token else None
        if visit or not route.signed_in:
            return KioskPage(app_context, request, kiosk, visit)
        # Whoever comes by the Back button, after somebody else has left, is not told that there was anybody.
        return go("/kiosk/left?why=ended" if token else "/kiosk")
