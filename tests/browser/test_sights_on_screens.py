"""Every page of the site, in both print sizes, on small screens and large ones, enlarged and with wider text; and a
picture of it to look at."""

from __future__ import annotations

import pytest

from tests.browser.person import DESKTOP, PHONE, SMALLEST
from tests.browser.sights import Reader

WIDER_TEXT = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""  # WCAG 1.4.12
TEXT_OF_TWICE_THE_SIZE = ":root { font-size: 212.5% !important; }"


@pytest.mark.parametrize(
    ("screen", "style"),
    [
        (SMALLEST, ""),  # as 1280 pixels are at 400 %
        ((640, 450), ""),  # and at 200 %
        (DESKTOP, ""),
        (SMALLEST, WIDER_TEXT),
        (DESKTOP, WIDER_TEXT),
        (DESKTOP, TEXT_OF_TWICE_THE_SIZE),
    ],
    ids=["400%", "200%", "desktop", "400%-wider", "wider", "200%-text"],
)
def test_nothing_is_cut_off_or_leads_to_the_side(look: Reader, screen, style):
    faults = look.cut_off(screen, style)
    look.turns_to(PHONE)
    assert faults == []


def test_a_picture_is_kept_to_look_at(look: Reader):
    for name, screen in (("phone", PHONE), ("desktop", DESKTOP)):
        look.turns_to(screen)
        look.keeps_picture(f"{look.looks_at}-{name}")
    look.turns_to(PHONE)
