"""The way in from a counter."""

from __future__ import annotations

from aiohttp import web

from core.actor import Actor
from core.staffed import staff_visits
from web.counter.page import STAFF, CounterPage
from web.entrance import go
from web.page import AppContext, Page
from web.proxy import visitor_address
from web.route import Route
from web.security import is_private


class CounterEntrance:
    """Clerks and administrators; and the PIN pads, at which nobody signs in."""

    def stranger(self, app_context: AppContext, request: web.Request) -> Page:
        return CounterPage(app_context, request, Actor.web(visitor_address(request)), None)

    async def admit(self, app_context: AppContext, request: web.Request, route: Route) -> Page | web.StreamResponse:
        token = STAFF.read(request) if is_private(request) else None
        visit = await app_context.run(staff_visits.resume, app_context.core, token) if token else None
        if visit is None:
            return self._sign_in_first(request) if route.signed_in else self.stranger(app_context, request)
        if visit.member.password_is_initial and route.signed_in and not route.first_password:
            return go("/counter/password")
        return CounterPage(app_context, request, visit.member.actor, visit)

    def _sign_in_first(self, request: web.Request) -> web.StreamResponse:
        if STAFF.read(request) is None:
            return go("/counter/sign-in")
        over = go("/counter/sign-in?why=ended")
        STAFF.take_back(request, over)
        return over
