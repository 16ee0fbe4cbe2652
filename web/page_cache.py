"""Pages that are the same for everybody who is not signed in, for as long as the site runs: made once."""

from __future__ import annotations

from aiohttp import web

from web.page import Page
from web.precompressed import Precompressed
from web.route import View


class PageCache:
    """The pages of routes that are `fixed`."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, bool], Precompressed] = {}

    async def show(self, page: Page, view: View) -> web.StreamResponse:
        """The page as it was made for the first who asked for it in this print size."""
        if page.session_id or page.request.query_string:
            return await view(page)
        size = page.request.path, page.large_print
        if size not in self._made:
            shown = await view(page)
            assert isinstance(shown, web.Response) and isinstance(shown.body, bytes)  # no file, no stream
            self._made[size] = Precompressed.of(shown.body, shown.content_type)
        return self._made[size].answer(page.request)
