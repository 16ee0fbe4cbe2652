"""A request to the website."""

from __future__ import annotations

from pathlib import Path

from web.cookies import TokenCookie
from web.page import Page

VISIT = TokenCookie("session")


class SitePage(Page):
    """A request from anybody; `visit` is there for cardholders who have signed in."""

    templates = Path(__file__).parent / "templates"
    pin_change_path = "/account/pin"
    visit_cookie = VISIT
