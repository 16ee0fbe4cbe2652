"""What really comes over the wire for a page and everything it needs."""

from __future__ import annotations

from collections import Counter

from playwright.sync_api import Page


class Wire:
    """Listens to a tab whose browser keeps nothing."""

    def __init__(self, page: Page) -> None:
        self._wire = page.context.new_cdp_session(page)
        self._page_of: dict[str, str] = {}
        self._bytes: Counter[str] = Counter()
        self._wire.on("Network.requestWillBeSent", self._asked)
        self._wire.on("Network.loadingFinished", self._came)
        self._wire.send("Network.enable")
        self._wire.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def weight_of_page(self) -> int:
        """Bytes for the page that is shown now, headers and all."""
        shown = self._wire.send("Page.getFrameTree")["frameTree"]["frame"]["loaderId"]
        return self._bytes[shown]

    def _asked(self, event: dict) -> None:
        self._page_of[event["requestId"]] = event["loaderId"]

    def _came(self, event: dict) -> None:
        self._bytes[self._page_of[event["requestId"]]] += event["encodedDataLength"]
