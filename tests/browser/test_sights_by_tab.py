"""Every page of the site, in both print sizes, with the keyboard alone."""

from __future__ import annotations

from tests.browser.sights import Reader


def test_tab_goes_through_everything_in_order_and_out_again(look: Reader):
    look.walks_by_tab()
