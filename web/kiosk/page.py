"""A request from a kiosk."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from core.actor import Actor
from core.identity.visits import KIOSK_WARNING_SECONDS, Visit
from core.staffed.kiosks import EnrolledKiosk
from web.cookies import LONGEST_SECONDS, TokenCookie
from web.page import AppContext, Page
from web.proxy import visitor_address

KIOSK = TokenCookie("kiosk", LONGEST_SECONDS)
KIOSK_VISIT = TokenCookie("kiosk-session")


class KioskPage(Page):
    """A request from a kiosk; `kiosk` is None only where none needs to be enrolled."""

    templates = Path(__file__).parent / "templates"
    root = "/kiosk"
    pin_change_path = "/kiosk/pin"
    visit_cookie = KIOSK_VISIT
    warning_seconds = KIOSK_WARNING_SECONDS
    asks_reader = True

    def __init__(
        self, app_context: AppContext, request: web.Request, kiosk: EnrolledKiosk | None, visit: Visit | None
    ) -> None:
        if kiosk:
            actor = kiosk.actor(visit.session_id if visit else "")
        else:
            actor = Actor.kiosk_to_be(visitor_address(request))
        super().__init__(app_context, request, actor, visit)
        self.kiosk = kiosk
