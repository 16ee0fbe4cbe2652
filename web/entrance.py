"""What a way into the web program is. Each knows its visitors, and lets a request in or leads it to where one signs
in."""

from __future__ import annotations

from typing import Protocol

from aiohttp import web

from web.page import AppContext, Page
from web.route import Route


class Entrance(Protocol):
    """One way in."""

    def stranger(self, app_context: AppContext, request: web.Request) -> Page:
        """The page of somebody who has shown nothing yet: what goes wrong is told on it."""

    async def admit(self, app_context: AppContext, request: web.Request, route: Route) -> Page | web.StreamResponse:
        """The page of whoever asks; or the way to where they must go first."""


def go(path: str) -> web.Response:
    """Send a browser to another page, which it will ask for with GET."""
    return web.Response(status=303, headers={"Location": path})
