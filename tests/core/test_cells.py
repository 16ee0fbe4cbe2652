"""What one cell of a file may hold, to the last character that fits (R50)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.data_in import cells
from core.data_in.cells import BadCell
from core.values import CardState, CatalogueCategory
from tests.support.core.bureau import ANNA, ANNAS_CARD


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (cells.text(), " 某 单位 ", "某 单位"),
        (cells.text(), "长" * 200, "长" * 200),
        (cells.text(5), "12345", "12345"),
        (cells.text(may_be_empty=True), " ", ""),
        (cells.one_of(CardState), " active ", CardState.ACTIVE),
        (cells.word_of(CatalogueCategory), "乙", "乙"),
        (cells.money, " 0 ", Decimal(0)),
        (cells.money, "999999999999.99", Decimal("999999999999.99")),
        (cells.money, "1.5", Decimal("1.5")),
        (cells.money_or_nothing, " ", None),
        (cells.money_or_nothing, "0", Decimal(0)),
        (cells.share, "0", Decimal(0)),
        (cells.share, "1.00", Decimal(1)),
        (cells.month, " 1950-01 ", "1950-01"),
        (cells.month, "2099-12", "2099-12"),
        (cells.day, "1950-01-01", date(1950, 1, 1)),
        (cells.day, " 2024-02-29 ", date(2024, 2, 29)),
        (cells.count, "999999999", 999_999_999),
        (cells.count_or_zero, " ", 0),
        (cells.count_or_zero, "7", 7),
        (cells.yes_or_no, " 1 ", True),
        (cells.yes_or_no, "0", False),
        (cells.pin, " 000000 ", "000000"),
        (cells.pin, "", ""),
        (cells.id_number, f" {ANNA} ", ANNA),
        (cells.card_number, f" {ANNAS_CARD.lower()} ", ANNAS_CARD),
        (cells.personal_number, " 0012 ", "0012"),
        (cells.unit_number, "6001", "6001"),
        (cells.unit_number_or_empty, "6001", "6001"),
        (cells.unit_number_or_empty, " ", ""),
        (cells.unit_number_or_none, "6001", "6001"),
        (cells.unit_number_or_none, " ", None),
    ],
)
def test_r50_a_cell_that_is_right_is_read(read, cell, value):
    assert read(cell) == value


@pytest.mark.parametrize(
    ("read", "cell", "reason"),
    [
        (cells.text(), " ", "is empty"),
        (cells.text(), "长" * 201, "is longer than 200 characters"),
        (cells.text(), "a\tb", "holds control characters"),
        (cells.word_of(CatalogueCategory), "", "must be one of 甲, 乙, 丙"),
        (cells.money, "-1", "is negative"),
        (cells.money, "1.005", "has more than two decimals"),
        (cells.money, "1000000000000", "is not an amount such as 1234.56"),
        (cells.money, "1.", "is not an amount such as 1234.56"),
        (cells.money_or_nothing, "x", "is not an amount such as 1234.56"),
        (cells.share, "1.01", "must lie between 0.00 and 1.00"),
        (cells.month, "1949-12", "is not a month as YYYY-MM"),
        (cells.month, "2026-00", "is not a month as YYYY-MM"),
        (cells.day, "2026-1-1", "is not a day as YYYY-MM-DD"),
        (cells.day, "2026-02-29", "is a day that no calendar has"),
        (cells.count, "1000000000", "is not a whole number"),
        (cells.count, "", "is not a whole number"),
        (cells.count_or_zero, "-1", "is not a whole number"),
        (cells.yes_or_no, "", "must be 1 or 0"),
        (cells.yes_or_no, "2", "must be 1 or 0"),
        (cells.pin, "12345", "is not six digits"),
        (cells.pin, "1234567", "is not six digits"),
        (cells.id_number, "", "is empty"),
        (cells.id_number, ANNA[:-1], "has the wrong length"),
        (cells.id_number, "500103850210997", "is an old one of fifteen digits"),
        (cells.id_number, "500103198513109970", "has an impossible birth date"),
        (cells.id_number, "500103198502109971", "has a wrong check character"),
        (cells.card_number, "A0000000*", "has characters that don't belong there"),
        (cells.personal_number, "9" * 21, "has the wrong length"),
        (cells.unit_number, "6x", "has characters that don't belong there"),
        (cells.unit_number_or_empty, "x", "has characters that don't belong there"),
        (cells.unit_number_or_none, "x", "has characters that don't belong there"),
    ],
)
def test_r50_r6_a_cell_that_is_wrong_is_told_in_these_words_and_not_repeated(read, cell, reason):
    with pytest.raises(BadCell) as refused:
        read(cell)
    assert str(refused.value) == reason
