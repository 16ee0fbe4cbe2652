"""Spoken numbers read back by another way than they were made (R44)."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sounds import library, numbers

_VALUE = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "幺": 1}
_WEIGHT = {"十": 10, "百": 100, "千": 1000}


def said(names: list[str]) -> str:
    return "".join(library.words(name) for name in names)


def read(text: str) -> int:
    """A Chinese number as a reader adds it up, character by character from the left."""
    total = section = digit = 0
    for character in text:
        if character in _VALUE:
            digit = _VALUE[character]
        elif character == "万":
            total, section, digit = (section + digit) * 10_000, 0, 0
        else:
            # A bare 十 at the head is ten.
            section += (digit or 1) * _WEIGHT[character]
            digit = 0
    return total + section + digit


def read_money(text: str) -> Decimal:
    parts = re.fullmatch(r"(?:(.+)元)?(?:零?(.)角)?(?:零?(.)分)?", text)
    assert parts, text
    yuan, jiao, fen = (read(part or "零") for part in parts.groups())
    return Decimal(yuan * 100 + jiao * 10 + fen) / 100


def spoken_zeros_are_right(text: str) -> bool:
    """No 零 twice, none before the end, and one wherever a place in the middle is missing."""
    number = re.sub(r"[元人].*", "", text)
    if number == text or number in ("零", ""):
        return True
    if "零零" in number or number.endswith("零") or number.startswith("零"):
        return False
    weights = {"十": 1, "百": 2, "千": 3}
    for section in number.split("万"):
        place = None
        for piece in re.findall(r"零|[一二三四五六七八九两]?[十百千]|[一二三四五六七八九两]", section):
            if piece == "零":
                place = "gap"
                continue
            here = weights.get(piece[-1], 0)
            if isinstance(place, int) and here != place - 1:
                return False
            place = here
    return True


@pytest.mark.parametrize(
    ("money", "text"),
    [
        ("1234.56", "一千二百三十四元五角六分"),
        ("1005", "一千零五元"),
        ("0.05", "五分"),
        ("0", "零元"),
        ("0.50", "五角"),
        ("2", "两元"),
        ("2.05", "两元零五分"),
        ("10", "十元"),
        ("15.1", "十五元一角"),
        ("110", "一百一十元"),
        ("112", "一百一十二元"),
        ("1010", "一千零一十元"),
        ("2000", "两千元"),
        ("2200", "两千二百元"),
        ("1000000", "一百万元"),
        ("10005", "一万零五元"),
        ("10500", "一万零五百元"),
        ("10515.20", "一万零五百一十五元二角"),
        ("20022", "两万零二十二元"),
        ("123456.78", "十二万三千四百五十六元七角八分"),
        ("1050000", "一百零五万元"),
        ("30020000", "三千零二万元"),
        ("1100000", "一百一十万元"),
        ("10150000", "一千零一十五万元"),
        ("35000000", "三千五百万元"),
        ("99999999.99", "九千九百九十九万九千九百九十九元九角九分"),
    ],
)
def test_amounts_are_said_as_a_person_says_them(money: str, text: str) -> None:
    assert said(numbers.amount(Decimal(money))) == text


@given(st.one_of(st.integers(0, 10**4), st.integers(0, 10**6), st.integers(0, 10**10 - 1)))
def test_every_amount_reads_back_to_itself(cents: int) -> None:
    money = Decimal(cents) / 100
    text = said(numbers.amount(money))
    assert read_money(text) == money
    assert spoken_zeros_are_right(text)


@given(st.one_of(st.integers(0, 2000), st.integers(0, numbers.MOST_PEOPLE)))
def test_every_count_of_people_reads_back_to_itself(count: int) -> None:
    text = said(numbers.people(count))
    assert text.endswith("人") and read(text[:-1]) == count
    assert spoken_zeros_are_right(text)


@given(st.integers(0, numbers.MOST_MONTHS))
def test_every_length_of_time_reads_back_to_itself(count: int) -> None:
    text = said(numbers.months(count))
    assert text.endswith("个月") and read(text[:-2]) == count


def test_two_months_are_liang() -> None:
    assert said(numbers.months(2)) == "两个月"
    assert said(numbers.months(12)) == "十二个月"
    assert said(numbers.months(110)) == "一百一十个月"


@given(st.integers(numbers.YEARS[0], numbers.YEARS[-1]), st.integers(1, 12))
def test_every_month_of_a_year_reads_back_to_itself(year: int, month: int) -> None:
    parts = re.fullmatch("(....)年(.+)月", said(numbers.year_month(f"{year}-{month:02d}")))
    assert parts
    assert [_VALUE[character] for character in parts[1]] == [int(digit) for digit in str(year)]
    assert read(parts[2]) == month


@given(st.from_regex(r"([0-9]{2}){1,9}", fullmatch=True))
def test_every_reference_number_reads_back_to_itself(number: str) -> None:
    text = said(numbers.digits(number))
    assert "".join(str(_VALUE[character]) for character in text) == number
    assert "一" not in text


@pytest.mark.parametrize("money", ["-1", "0.005", "100000000", "1e12"])
def test_an_amount_that_cannot_be_said_exactly_is_refused(money: str) -> None:
    with pytest.raises(ValueError):
        numbers.amount(Decimal(money))


@pytest.mark.parametrize("number", ["", "123", "12a4", "１２", "-1"])
def test_a_number_that_is_no_pairs_of_digits_is_refused(number: str) -> None:
    with pytest.raises(ValueError):
        numbers.digits(number)


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "1989-12", "2026-1", "202610", "2026-1０"])
def test_a_month_that_is_none_is_refused(month: str) -> None:
    with pytest.raises(ValueError):
        numbers.year_month(month)
