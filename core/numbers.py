"""The numbers that people key in: their form (R1), and how they are shown to others (R6)."""

from __future__ import annotations

import re
import unicodedata

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from core.errors import MalformedNumber
from core.values import NumberFault, NumberKind

ID_NUMBER_LENGTH = 18
CARD_SUFFIX_LENGTH = 8
LONGEST_NUMBER = 20

_CARD_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CARD_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def parse_id_number(text: str) -> str:
    """The ID number (GB 11643) in its plain form, or MalformedNumber (R1).

    Full-width digits, a small x and spaces are understood. The district code is not judged: districts
    were renamed, and older residents were born before Chongqing's codes existed.
    """
    number = plain_number(text)
    if re.fullmatch(r"[0-9]{15}", number):
        raise MalformedNumber(NumberKind.ID, NumberFault.FIFTEEN_DIGITS)
    if len(number) != ID_NUMBER_LENGTH:
        raise MalformedNumber(NumberKind.ID, NumberFault.LENGTH)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise MalformedNumber(NumberKind.ID, NumberFault.CHARACTERS)
    try:
        ric.get_birth_date(number)
    except ValidationError as error:
        raise MalformedNumber(NumberKind.ID, NumberFault.BIRTH_DATE) from error
    if ric.calc_check_digit(number) != number[-1]:
        raise MalformedNumber(NumberKind.ID, NumberFault.CHECK)
    return number


def parse_card_number(text: str) -> str:
    """The nine-character card number in its plain form, or MalformedNumber."""
    number = plain_number(text)
    if len(number) != 1 + CARD_SUFFIX_LENGTH:
        raise MalformedNumber(NumberKind.CARD, NumberFault.LENGTH)
    if not re.fullmatch(r"[0-9A-Z][0-9]{7}[0-9X]", number):
        raise MalformedNumber(NumberKind.CARD, NumberFault.CHARACTERS)
    if card_check_character(number[:-1]) != number[-1]:
        raise MalformedNumber(NumberKind.CARD, NumberFault.CHECK)
    return number


def parse_card_suffix(text: str) -> str:
    """A card number's last eight characters (R20), or MalformedNumber. They can't be checked alone."""
    suffix = plain_number(text)
    if len(suffix) != CARD_SUFFIX_LENGTH:
        raise MalformedNumber(NumberKind.CARD_SUFFIX, NumberFault.LENGTH)
    if not re.fullmatch(r"[0-9]{7}[0-9X]", suffix):
        raise MalformedNumber(NumberKind.CARD_SUFFIX, NumberFault.CHARACTERS)
    return suffix


def parse_personal_number(text: str) -> str:
    """A personal number (个人社保号), or MalformedNumber."""
    return _digits(NumberKind.PERSONAL, text)


def parse_unit_number(text: str) -> str:
    """A unit number (单位社保号), or MalformedNumber."""
    return _digits(NumberKind.UNIT, text)


def card_check_character(first_eight: str) -> str:
    """The ninth character of a card number by GB 11714: 11 − sum mod 11, 10 as X and 11 as 0."""
    total = sum(w * _CARD_VALUES[c] for w, c in zip(_CARD_WEIGHTS, first_eight, strict=True))
    return "0X987654321"[total % 11]


def mask_id_number(number: str) -> str:
    """500***********001X: enough for its owner to recognise, nothing for a stranger to use (R6)."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_card_number(number: str) -> str:
    """*****678X (R6)."""
    return "*" * (len(number) - 4) + number[-4:]


def mask_name(name: str) -> str:
    """王**: the family name, and how long the rest is (R6)."""
    return name[:1] + "*" * (len(name) - 1)


def mask_personal_number(number: str) -> str:
    """****0001 (R6)."""
    return "*" * (len(number) - 4) + number[-4:]


def mask_phone(number: str) -> str:
    """138****5678 (R6); nothing for somebody without a telephone."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) > 7 else "*" * len(number)


def plain_number(text: str) -> str:
    """What somebody typed, as numbers are kept: no full width, no spaces, capitals."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def _digits(kind: NumberKind, text: str) -> str:
    number = plain_number(text)
    if not 1 <= len(number) <= LONGEST_NUMBER:
        raise MalformedNumber(kind, NumberFault.LENGTH)
    if not re.fullmatch(r"[0-9]+", number):
        raise MalformedNumber(kind, NumberFault.CHARACTERS)
    return number
