"""What each door may do: section 2 of the rules, cell by cell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.errors import NotOnThisDoor
from core.permissions import ALLOWED, may, require, table
from core.service import Service
from core.values import Door, Operation
from tests.support.core.audit import outcomes
from tests.support.core.people import somebody_at

RULES = Path(__file__).parents[2] / "core" / "rules.md"


def written_table() -> list[list[str]]:
    section = RULES.read_text(encoding="utf-8").split("## 2.")[1].split("## 3.")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    plain = [[re.sub(r"\s*(\([R0-9–, ]+\)|`\[源\]`)", "", cell).strip() for cell in row] for row in rows]
    return [plain[0], *plain[2:]]


def test_section_2_is_the_table_of_the_rules():
    assert table() == written_table()


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("door", Door)
def test_section_2_a_refusal_names_the_doors_that_can_help(door, operation):
    if may(door, operation):
        require(somebody_at(door), operation)
        return
    with pytest.raises(NotOnThisDoor) as refused:
        require(somebody_at(door), operation)
    assert refused.value.doors == ALLOWED[operation] and door not in refused.value.doors


def test_r8_a_pin_change_refused_by_its_door_is_on_record(context, holder):
    """A branch resets a PIN but does not change one."""
    held = holder()
    with pytest.raises(NotOnThisDoor):
        Service(context, somebody_at(Door.BRANCH, "counter", "clerk", "a branch")).check_original_pin(
            held.suffix, held.pin
        )
    assert outcomes(context, held) == [("original PIN", "not_on_this_door operation=change the PIN")]
