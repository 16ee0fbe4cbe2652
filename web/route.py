"""What an address of the web program is: every table of routes is made of these."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from core.values import Operation, OtherOperation

View = Callable[..., Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Route:
    """An address, what may be sent to it, and who must ask: somebody who is signed in, an enrolled kiosk, staff who may
    do the `operation` (the core decides, see core.permissions; the route only says what its page is for);
    `first_password`: also staff who have yet to choose a password of their own. A `fixed` page is the same for
    everybody who is not signed in, for as long as the site runs."""

    method: str
    path: str
    view: View
    signed_in: bool = False
    enrolled: bool = False
    operation: Operation | OtherOperation | None = None
    first_password: bool = False
    fixed: bool = False
