"""Amounts, months, people, dates and reference numbers as lists of recorded pieces (R44).

A caller must hear the very number that is on record, so numbers are cut into few, long pieces: short
ones are misheard on a telephone. Everything under a thousand with its unit is one piece
("三百四十五元"), what stands before it is another ("一千二百", "二十三万"), 角 and 分 are the last.
Only what is rare and harmless is cut smaller: people from a hundred on, months beyond thirty years.
Asterisk leaves about 50 ms between two files, which sounds like the speaker's own little pause.

Each public function returns the names of the pieces in the order of playing; `pieces()` says what is
spoken in every piece there is. Nothing here reads a file.
"""

from decimal import Decimal
from functools import cache

MOST_MONEY = Decimal("99999999.99")
MOST_PEOPLE = 99_999
MOST_MONTHS = 600
YEARS = range(1990, 2041)

_DIGITS = "零一二三四五六七八九"
_DIGITS_ONE_BY_ONE = "零幺二三四五六七八九"
_WHOLE_MONTHS = 360


def amount(money: Decimal) -> list[str]:
    """The pieces that say an amount of money: 1234.56 → 一千二百三十四元五角六分 (R44).

    Exact to the cent: an amount with parts of a cent, negative or above `MOST_MONEY` is a ValueError,
    because a rounded amount in a citizen's ear is a wrong one.
    """
    if not Decimal(0) <= money <= MOST_MONEY or money != money.quantize(Decimal("0.01")):
        raise ValueError("an amount is spoken from 0 to 99999999.99, in whole cents")
    yuan, cents = divmod(int(money * 100), 100)
    if yuan == 0 and cents:
        return _cents(cents, after_yuan=False)
    return _yuan(yuan) + _cents(cents, after_yuan=True)


def people(count: int) -> list[str]:
    """The pieces that say a number of people: 1005 → 一千零五人."""
    if not 0 <= count <= MOST_PEOPLE:
        raise ValueError(f"people are spoken from 0 to {MOST_PEOPLE}")
    high, rest = divmod(count, 10_000)
    thousands, below = divmod(rest, 1000)
    hundreds, tail = divmod(below, 100)
    if count < 100:
        return [f"people-{count}"]
    said = []
    if high:
        said.append(f"wan-{high}" if rest else f"wan-{high}-people")
    if thousands:
        said.append(f"thousand-{thousands}" if below else f"thousand-{thousands}-people")
    if hundreds:
        gap = "zero-" if high and not thousands else ""
        if thousands and tail:
            # One piece for both is heard better than two short ones.
            said[-1] = f"thousand-{thousands}-hundred-{hundreds}"
        else:
            said.append(f"{gap}hundred-{hundreds}" if tail else f"{gap}hundred-{hundreds}-people")
    elif tail >= 10:
        # 零 goes with what stands before it: three syllables carry better than two.
        said[-1] += "-zero"
    return [*said, _tail(tail, "people")] if tail else said


def months(count: int) -> list[str]:
    """The pieces that say a length of time: 2 → 两个月."""
    if not 0 <= count <= MOST_MONTHS:
        raise ValueError(f"months are spoken from 0 to {MOST_MONTHS}")
    hundreds, tail = divmod(count, 100)
    if count <= _WHOLE_MONTHS or tail == 0:
        return [f"months-{count}"]
    return [f"hundred-{hundreds}", _tail(tail, "months")]


def year_month(month: str) -> list[str]:
    """The pieces that say a month of a year: "2026-10" → 二零二六年十月."""
    year, _, number = month.partition("-")
    if not (
        len(year) == 4
        and len(number) == 2
        and (year + number).isascii()
        and (year + number).isdigit()
        and int(year) in YEARS
        and 1 <= int(number) <= 12
    ):
        raise ValueError(f"a month is YYYY-MM from {YEARS[0]} to {YEARS[-1]}")
    return [f"year-{year}", f"month-{int(number)}"]


def digits(number: str) -> list[str]:
    """The pieces that say a reference number digit by digit, in pairs: 12… → 幺二 …

    Reference numbers have an even number of digits; another length is a ValueError.
    """
    if not number or len(number) % 2 or not (number.isascii() and number.isdigit()):
        raise ValueError("a number is spoken in pairs of digits")
    return [f"digits-{number[at : at + 2]}" for at in range(0, len(number), 2)]


def _yuan(number: int) -> list[str]:
    high, rest = divmod(number, 10_000)
    if high == 0:
        return _thousands(rest)
    if rest == 0:
        return _ten_thousands(high, "-yuan")
    return _ten_thousands(high, "") + _after_ten_thousands(rest)


def _thousands(number: int) -> list[str]:
    """0 to 9999 yuan, at the head of an amount or after 万."""
    thousands, rest = divmod(number, 1000)
    if thousands == 0:
        return [f"yuan-{rest}"]
    hundreds, tail = divmod(rest, 100)
    if rest == 0:
        return [f"thousand-{thousands}-yuan"]
    if hundreds == 0:
        return [f"thousand-{thousands}", f"yuan-zero-{tail}"]
    if tail == 0:
        return [f"thousand-{thousands}-hundred-{hundreds}-yuan"]
    return [f"thousand-{thousands}-hundred-{hundreds}", _tail(tail, "yuan")]


def _after_ten_thousands(rest: int) -> list[str]:
    """1 to 9999 yuan after 万: where the thousands are missing, 零 says so."""
    if rest >= 1000:
        return _thousands(rest)
    hundreds, tail = divmod(rest, 100)
    if hundreds == 0:
        return [f"yuan-zero-{tail}"]
    if tail == 0:
        return [f"zero-hundred-{hundreds}-yuan"]
    return [f"zero-hundred-{hundreds}", _tail(tail, "yuan")]


def _tail(tail: int, unit: str) -> str:
    """1 to 99 after hundreds: 零五元, 一十五元, 三十四元."""
    if tail < 10:
        return f"{unit}-zero-{tail}"
    return f"{unit}-full-{tail}" if tail < 20 else f"{unit}-{tail}"


def _ten_thousands(number: int, end: str) -> list[str]:
    """1 to 9999 times ten thousand; `end` is the unit where nothing follows, else empty."""
    if number < 100:
        return [f"wan-{number}{end}"]
    thousands, below = divmod(number, 1000)
    hundreds, tail = divmod(below, 100)
    if below == 0:
        return [f"wan-thousand-{thousands}{end}"]
    if tail == 0:
        return ([f"thousand-{thousands}"] if thousands else []) + [f"wan-hundred-{hundreds}{end}"]
    if tail < 10:
        last = f"wan-zero-{tail}{end}"
    else:
        last = f"wan-full-{tail}{end}" if tail < 20 else f"wan-{tail}{end}"
    if thousands == 0:
        return [f"hundred-{hundreds}", last]
    if hundreds:
        return [f"thousand-{thousands}-hundred-{hundreds}", last]
    return [f"thousand-{thousands}" if tail < 10 else f"thousand-{thousands}-zero", last]


def _cents(cents: int, *, after_yuan: bool) -> list[str]:
    jiao, fen = divmod(cents, 10)
    if jiao and fen:
        return [f"jiao-{jiao}-fen-{fen}"]
    if jiao:
        return [f"jiao-{jiao}"]
    if fen:
        return [f"zero-fen-{fen}" if after_yuan else f"fen-{fen}"]
    return []


@cache
def pieces() -> dict[str, str]:
    """Every piece that the functions above can name, and the words spoken in it."""
    words = _yuan_pieces() | _thousand_pieces() | _wan_pieces() | _cent_pieces() | _people_pieces()
    words |= {f"months-{n}": _head(n) + "个月" for n in (*range(_WHOLE_MONTHS + 1), *range(400, 601, 100))}
    words |= _tail_pieces("months", "个月")
    words |= {f"year-{n}": "".join(_DIGITS[int(digit)] for digit in str(n)) + "年" for n in YEARS}
    words |= {f"month-{n}": _below_thousand(n) + "月" for n in range(1, 13)}
    one_by_one = _DIGITS_ONE_BY_ONE
    return words | {f"digits-{n:02d}": one_by_one[n // 10] + one_by_one[n % 10] for n in range(100)}


def _yuan_pieces() -> dict[str, str]:
    words = {f"yuan-{n}": _head(n) + "元" for n in range(1000)} | _tail_pieces("yuan", "元")
    words |= {f"yuan-zero-{n}": _after_zero(n) + "元" for n in range(10, 100)}
    for n in range(1, 10):
        words[f"thousand-{n}-yuan"] = f"{_head(n)}千元"
        words[f"zero-hundred-{n}-yuan"] = f"零{_DIGITS[n]}百元"
        for m in range(1, 10):
            words[f"thousand-{n}-hundred-{m}-yuan"] = f"{_head(n)}千{_DIGITS[m]}百元"
    return words


def _people_pieces() -> dict[str, str]:
    words = {f"people-{n}": _head(n) + "人" for n in range(100)} | _tail_pieces("people", "人")
    for n in range(1, 10):
        words[f"hundred-{n}-people"] = f"{_DIGITS[n]}百人"
        words[f"zero-hundred-{n}-people"] = f"零{_DIGITS[n]}百人"
        words[f"thousand-{n}-people"] = f"{_head(n)}千人"
        words[f"wan-{n}-people"] = f"{_head(n)}万人"
        words[f"wan-{n}-zero"] = f"{_head(n)}万零"
    return words


def _tail_pieces(unit: str, end: str) -> dict[str, str]:
    """What follows hundreds and is said otherwise than at the head: 零五元, 一十五元."""
    words = {f"{unit}-zero-{n}": _after_zero(n) + end for n in range(1, 10)}
    return words | {f"{unit}-full-{n}": "一" + _below_thousand(n) + end for n in range(10, 20)}


def _thousand_pieces() -> dict[str, str]:
    words = {}
    for n in range(1, 10):
        words[f"thousand-{n}"] = f"{_head(n)}千"
        words[f"thousand-{n}-zero"] = f"{_head(n)}千零"
        words[f"hundred-{n}"] = f"{_DIGITS[n]}百"
        words[f"zero-hundred-{n}"] = f"零{_DIGITS[n]}百"
        for m in range(1, 10):
            words[f"thousand-{n}-hundred-{m}"] = f"{_head(n)}千{_DIGITS[m]}百"
    return words


def _wan_pieces() -> dict[str, str]:
    words = {f"wan-{n}": _head(n) + "万" for n in range(1, 100)}
    large = {f"wan-full-{n}": "一" + _below_thousand(n) + "万" for n in range(10, 20)}
    for n in range(1, 10):
        large[f"wan-zero-{n}"] = f"零{_DIGITS[n]}万"
        large[f"wan-hundred-{n}"] = f"{_DIGITS[n]}百万"
        large[f"wan-thousand-{n}"] = f"{_head(n)}千万"
    # Only money goes above a million, so only money needs the large pieces with its unit.
    words |= {f"{name}-yuan": said + "元" for name, said in (words | large).items()}
    return words | large


def _cent_pieces() -> dict[str, str]:
    words = {}
    for n in range(1, 10):
        words[f"jiao-{n}"] = f"{_DIGITS[n]}角"
        words[f"fen-{n}"] = f"{_DIGITS[n]}分"
        words[f"zero-fen-{n}"] = f"零{_DIGITS[n]}分"
        for m in range(1, 10):
            words[f"jiao-{n}-fen-{m}"] = f"{_DIGITS[n]}角{_DIGITS[m]}分"
    return words


def _head(number: int) -> str:
    """0 to 999 as they are said before a unit, with nothing before them: 2 is 两."""
    return "两" if number == 2 else _below_thousand(number)


def _after_zero(number: int) -> str:
    return "零" + ("一" if 10 <= number < 20 else "") + _below_thousand(number)


def _below_thousand(number: int) -> str:
    """0 to 999: 十五, 一百零五, 一百一十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if not hundreds and not tens:
        return _DIGITS[ones]
    said = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif ones:
        said += "零"
    return said + (_DIGITS[ones] if ones else "")
