"""The ways into the web program: the public site, the kiosks, the counters. Each knows its visitors, and lets a request
in or leads it to where one signs in."""

from __future__ import annotations

from typing import Protocol

from aiohttp import web

from core import kiosks, sessions, staff_sessions
from core.actor import Actor
from core.permissions import Door
from web.cookies import KIOSK, KIOSK_VISIT, STAFF, VISIT
from web.page import CounterPage, House, KioskPage, Page
from web.proxy import visitor_address
from web.route import Route
from web.security import is_private


class Entrance(Protocol):
    """One way in."""

    def stranger(self, house: House, request: web.Request) -> Page:
        """The page of somebody who has shown nothing yet: what goes wrong is told on it."""

    async def admit(self, house: House, request: web.Request, route: Route) -> Page | web.StreamResponse:
        """The page of whoever asks; or the way to where they must go first."""


def entrance_to(path: str) -> Entrance:
    """The way in that an address belongs to."""
    first = path.lstrip("/").partition("/")[0]
    return {"kiosk": _KIOSK_HALL, "counter": _COUNTER}.get(first, _SITE)


class _Site:
    """Everybody, and cardholders who have signed in."""

    def stranger(self, house: House, request: web.Request) -> Page:
        return Page(house, request, Actor.web(visitor_address(request)))

    async def admit(self, house: House, request: web.Request, route: Route) -> Page | web.StreamResponse:
        token = VISIT.read(request)
        visit = await house.run(sessions.resume, house.office, Door.WEB, token) if token else None
        if visit:
            return Page(house, request, Actor.web(visitor_address(request), visit.session_id), visit)
        if not route.signed_in:
            return self.stranger(house, request)
        if token is None:
            return _go(f"/sign-in?next={request.rel_url.raw_path}" if request.method == "GET" else "/sign-in")
        over = _go("/signed-out?why=ended")
        VISIT.take_back(request, over)
        return over


class _KioskHall:
    """A kiosk that was enrolled, and whoever stands before it with a card in its reader."""

    def stranger(self, house: House, request: web.Request) -> Page:
        return KioskPage(house, request, None, None)

    async def admit(self, house: House, request: web.Request, route: Route) -> Page | web.StreamResponse:
        key = KIOSK.read(request) if is_private(request) else None
        kiosk = await house.run(kiosks.recognise, house.office, key) if key else None
        if kiosk is None:
            return _go("/kiosk/enrol") if route.enrolled else self.stranger(house, request)
        token = KIOSK_VISIT.read(request)
        visit = await house.run(sessions.resume, house.office, Door.KIOSK, token) if token else None
        if visit or not route.signed_in:
            return KioskPage(house, request, kiosk, visit)
        # Whoever comes by the Back button, after somebody else has left, is not told that there was anybody.
        return _go("/kiosk/left?why=ended" if token else "/kiosk")


class _Counter:
    """Clerks and administrators; and the PIN pads, at which nobody signs in."""

    def stranger(self, house: House, request: web.Request) -> Page:
        return CounterPage(house, request, Actor.web(visitor_address(request)), None)

    async def admit(self, house: House, request: web.Request, route: Route) -> Page | web.StreamResponse:
        token = STAFF.read(request) if is_private(request) else None
        visit = await house.run(staff_sessions.resume, house.office, token) if token else None
        if visit is None:
            return self._sign_in_first(request) if route.signed_in else self.stranger(house, request)
        if visit.member.password_is_initial and route.signed_in and not route.first_password:
            return _go("/counter/password")
        return CounterPage(house, request, visit.member.actor, visit)

    def _sign_in_first(self, request: web.Request) -> web.StreamResponse:
        if STAFF.read(request) is None:
            return _go("/counter/sign-in")
        over = _go("/counter/sign-in?why=ended")
        STAFF.take_back(request, over)
        return over


_SITE, _KIOSK_HALL, _COUNTER = _Site(), _KioskHall(), _Counter()


def _go(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path})
