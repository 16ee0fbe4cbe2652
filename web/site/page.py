"""A request to the website."""

from __future__ import annotations

from web.cookies import TokenCookie
from web.page import Page

VISIT = TokenCookie("session")


class SitePage(Page):
    """A request from anybody; `visit` is there for cardholders who have signed in."""

    pin_change_path = "/account/pin"
    visit_cookie = VISIT
