"""A request from a counter."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from core.actor import Actor
from core.errors import HotlineError
from core.permissions import may, require
from core.staffed.staff import StaffMember
from core.staffed.staff_visits import StaffVisit
from core.values import Operation
from web import words
from web.cookies import TokenCookie
from web.counter import words as counter_words
from web.page import AppContext, Page
from web.route import Route

STAFF = TokenCookie("staff")
PIN_PAD = TokenCookie("pin-pad", 24 * 3600)


class CounterPage(Page):
    """A request from a counter; `staff_visit` is None where nobody needs to have signed in."""

    templates = Path(__file__).parent / "templates"
    template_globals = {"counter_words": counter_words}
    for_staff = True
    root = "/counter"
    asks_reader = True

    def __init__(
        self, app_context: AppContext, request: web.Request, actor: Actor, staff_visit: StaffVisit | None
    ) -> None:
        super().__init__(app_context, request, actor)
        self.staff_visit = staff_visit

    @property
    def session_id(self) -> str:
        return self.staff_visit.session_id if self.staff_visit else ""

    def check(self, route: Route) -> None:
        """Say at once what this page's operation would refuse: NotYourRole or NotOnThisDoor."""
        if route.operation:
            require(self.actor, route.operation)

    @property
    def staff(self) -> StaffVisit:
        """Who is signed in, at which desk; only for routes that say so."""
        assert self.staff_visit is not None
        return self.staff_visit

    @property
    def actor(self) -> Actor:
        """Whoever is signed in, as the core knows them."""
        return self.service.actor

    @property
    def member(self) -> StaffMember:
        """Who is signed in; only for routes that say so."""
        return self.staff.member

    def may(self, *operations: Operation) -> bool:
        """Whether this office does one of these (section 2)."""
        return any(may(self.member.door, operation) for operation in operations)

    def refusal(self, error: HotlineError) -> words.Refusal:
        return counter_words.refusal(error, super().refusal)
