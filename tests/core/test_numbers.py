"""The form of ID and card numbers (R1), and their masks (R6)."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from core.errors import MalformedNumber
from core.numbers import (
    card_check_character,
    mask_card_number,
    mask_id_number,
    parse_card_number,
    parse_card_suffix,
    parse_id_number,
    parse_personal_number,
)

VALID = "11010519491231002X"  # the standard's own example


@pytest.mark.parametrize(
    "text", [VALID, VALID.lower(), " 110105 19491231 002x ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_r1_full_width_small_x_and_spaces_are_understood(text):
    assert parse_id_number(text) == VALID


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "length"),
        ("110105194912310021", "check"),
        ("110105491231002", "fifteen_digits"),
        ("11010519491331002X", "birth_date"),
        ("11010519490229002X", "birth_date"),
        ("1101051949123X0021", "characters"),
        ("11010519491231002XX", "length"),
        ("1" * 40, "length"),
        ("11010519491231002A", "characters"),
    ],
)
def test_r1_a_wrong_form_says_what_is_wrong(text, reason):
    with pytest.raises(MalformedNumber) as refused:
        parse_id_number(text)
    assert refused.value.reason == reason
    assert not text or text not in str(refused.value)


def test_r1_the_district_code_is_not_judged():
    head = "99999919700101999"
    number = head + ric.calc_check_digit(head + "0")
    assert parse_id_number(number) == number


@given(st.text(max_size=25))
def test_r1_whatever_is_typed_gets_a_number_or_a_refusal(text):
    for parse in (parse_id_number, parse_card_number, parse_card_suffix, parse_personal_number):
        try:
            parse(text)
        except MalformedNumber:
            continue


@given(st.from_regex(r"[0-9A-Z][0-9]{7}", fullmatch=True), st.integers(0, 7), st.sampled_from(string.digits))
def test_a_card_numbers_check_character_catches_one_wrong_digit(body, place, digit):
    """GB 11714: the weights are prime to 11, so one digit keyed wrong never passes."""
    number = body + card_check_character(body)
    assert parse_card_number(number) == number
    mistaken = number[:place] + digit + number[place + 1 :]
    if mistaken != number and (place or body[0].isdigit()):
        with pytest.raises(MalformedNumber):
            parse_card_number(mistaken)


def test_gb_11714_example():
    """D2143569 is the standard's example; its check character is X."""
    assert card_check_character("D2143569") == "X"


@given(st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True), st.from_regex(r"[0-9A-Z][0-9]{7}[0-9X]", fullmatch=True))
def test_r6_masks_keep_the_length_and_hide_the_middle(id_number, card_number):
    masked = mask_id_number(id_number)
    assert len(masked) == 18 and masked.count("*") == 11
    assert (masked[:3], masked[-4:]) == (id_number[:3], id_number[-4:])
    masked = mask_card_number(card_number)
    assert len(masked) == 9 and masked.count("*") == 5 and masked[-4:] == card_number[-4:]
