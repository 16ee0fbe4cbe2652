"""The way into the website."""

from __future__ import annotations

from aiohttp import web

from core.actor import Actor
from core.identity import visits
from core.values import Door
from web.entrance import go
from web.page import AppContext, Page
from web.proxy import visitor_address
from web.route import Route
from web.site.page import VISIT, SitePage


class SiteEntrance:
    """Everybody, and cardholders who have signed in."""

    def stranger(self, app_context: AppContext, request: web.Request) -> Page:
        return SitePage(app_context, request, Actor.web(visitor_address(request)))

    async def admit(self, app_context: AppContext, request: web.Request, route: Route) -> Page | web.StreamResponse:
        token = VISIT.read(request)
        visit = await app_context.run(visits.resume, app_context.core, Door.WEB, token) if token else None
        if visit:
            return SitePage(app_context, request, Actor.web(visitor_address(request), visit.session_id), visit)
        if not route.signed_in:
            return self.stranger(app_context, request)
        if token is None:
            return go(f"/sign-in?next={request.rel_url.raw_path}" if request.method == "GET" else "/sign-in")
        over = go("/signed-out?why=ended")
        VISIT.take_back(request, over)
        return over
