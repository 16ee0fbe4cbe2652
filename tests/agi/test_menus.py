"""The running menus and their spoken words can't disagree (R40)."""

import re
import tomllib
from pathlib import Path

import pytest

from agi.flows.loss_report import OPERATOR_OFFER, REFERENCE_MENU
from agi.flows.operator import AWAY_PROMPTS
from agi.flows.personal_account import ACCOUNT_MENU
from agi.menus import CARD_MENU, ENQUIRY_MENU, MAIN_MENU
from agi.refusals import PIN_CARD_PROMPTS, REFUSAL_PROMPTS, WEAK_PIN_PROMPTS
from core.values import CardState, WeakPinReason

ROOT = Path(__file__).parents[2]
PROMPTS = tomllib.loads((ROOT / "sounds" / "manifest.toml").read_text(encoding="utf-8"))["prompts"]
SPOKEN_KEYS = dict(zip("零一二三四五六七八九", "0123456789", strict=True))
MENUS = (MAIN_MENU, ENQUIRY_MENU, ACCOUNT_MENU, CARD_MENU, OPERATOR_OFFER, REFERENCE_MENU)


@pytest.mark.parametrize("menu", MENUS, ids=lambda menu: menu.prompt)
def test_r40_a_menu_says_its_keys_in_their_order(menu):
    spoken = [SPOKEN_KEYS[key] for key in re.findall("请按([零一二三四五六七八九])", PROMPTS[menu.prompt])]
    keys = list(menu.keys)
    assert spoken == keys if "0" in spoken else spoken == keys[:-1]
    assert keys[-1] == "0"


def test_every_prompt_that_the_code_names_has_words():
    named = set()
    for path in (ROOT / "agi").rglob("*.py"):
        named |= set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)+)"', path.read_text(encoding="utf-8")))
    named -= {"hotline-ask", "hotline-operator", "utf-8", "site-packages"}
    assert named - set(PROMPTS) == set()
    assert {"welcome", "checking", "goodbye"} <= set(PROMPTS)


def test_every_state_and_reason_has_words():
    assert set(WEAK_PIN_PROMPTS) == set(WeakPinReason)
    assert set(PIN_CARD_PROMPTS) == set(CardState) - {CardState.ACTIVE}
    words = {*WEAK_PIN_PROMPTS.values(), *PIN_CARD_PROMPTS.values(), *REFUSAL_PROMPTS.values()}
    assert words | set(AWAY_PROMPTS.values()) <= set(PROMPTS)
