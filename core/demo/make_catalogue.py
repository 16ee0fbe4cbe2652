"""Writes data/drugs.csv and data/treatments.csv anew from the stems in catalogue_stems.toml.

Codes, prices, categories and shares are made up; each follows from the name, so that writing again changes nothing.

python -m core.demo.make_catalogue
"""

from __future__ import annotations

import csv
import tomllib
import zlib
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from pathlib import Path

DATA = Path(__file__).parent / "data"
STEMS = tomllib.loads((Path(__file__).parent / "catalogue_stems.toml").read_text(encoding="utf-8"))
DRUG_COLUMNS = ("code", "name", "category", "form", "unit", "price_limit", "patient_share")
TREATMENT_COLUMNS = tuple(column for column in DRUG_COLUMNS if column != "form")
SHARES = ("0.05", "0.10", "0.15", "0.20", "0.30")

Drug = tuple[str, str, str, str, str, str]  # name, category, form, unit, price limit, the patient's share
Treatment = tuple[str, str, str, str, str]


def drugs() -> Iterator[Drug]:
    """Every drug: medicines in their forms and strengths, formulas in their packs, herbs by the gram."""
    for kind, half_in_full, most in (("drugs", True, 60), ("new_drugs", False, 4_000)):
        for name, stem, form, unit, price in _medicines(kind, most):
            category, share = _paid_by_patient(stem, half_in_full)
            has_limit = half_in_full or _chance(stem, 4)
            yield name, category, form, unit, _yuan(price) if has_limit else "", share
    for name, _, form, unit, _ in _medicines("excluded_drugs", 200):
        yield name, "丙", form, unit, "", "1.00"
    for packed in STEMS["formulas"]:
        for name, (place, pack) in product(_words(packed["names"]), enumerate(_words(packed["packs"]))):
            price = _price(name, 45) * (2 + place) / 2
            yield f"{name} {pack}", *_traditional(name, packed["form"], packed["unit"], price)
    for name in _words(STEMS["herbs"]["names"]):
        yield f"{name}（饮片）", *_traditional(name, "中药饮片", "克", _price(name, 2))
        yield f"{name}（配方颗粒）", *_traditional(name, "中药配方颗粒", "克", _price(name, 5))


def treatments() -> Iterator[Treatment]:
    """Every treatment item: pictures, laboratory, surgery, care."""
    for pictures in STEMS["pictures"]:
        for part, (method, yuan) in product(_words(pictures["parts"]), pictures["methods"].items()):
            yield _item(part + method, "次", yuan)
    for tests in STEMS["laboratory"]:
        for name, specimen, method in product(*(_words(tests[key]) for key in ("names", "specimens", "methods"))):
            yield _item(f"{specimen}{name}（{method}）", "项", tests["yuan"])
    for work in STEMS["deeds"]:
        for place, deed in product(_words(work["places"]), _words(work["deeds"])):
            yield _item(place + deed, work["unit"], work["yuan"])
    for name in _words(STEMS["single"]["names"]):
        yield _item(name, "次", 60)
    for name in _words(STEMS["excluded_treatments"]["names"]):
        yield name, "丙", "次", "", "1.00"


def write(folder: Path) -> None:
    """Both files, whole."""
    for name, columns, letter, rows in (
        ("drugs.csv", DRUG_COLUMNS, "Y", drugs()),
        ("treatments.csv", TREATMENT_COLUMNS, "T", treatments()),
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows((f"DEMO-{letter}{number:04d}", *row) for number, row in enumerate(rows, 1))


def _medicines(kind: str, most: int) -> Iterator[tuple[str, str, str, str, Decimal]]:
    """Name, stem, form, unit and price of every name of this kind, in each of its forms and strengths."""
    for line in STEMS[kind]:
        strengths = list(enumerate(_words(line["strengths"])))
        for stem, form, (place, strength) in product(_words(line["names"]), _words(line["forms"]), strengths):
            called, unit, pattern, factor = STEMS["forms"][form]
            price = _price(stem, most) * Decimal(factor) * (2 + place) / 2
            yield f"{pattern.format(stem)} {strength}", stem, called, unit, price


def _traditional(name: str, form: str, unit: str, price: Decimal) -> tuple[str, str, str, str, str]:
    category, share = _paid_by_patient(name, True)
    return category, form, unit, _yuan(price), share


def _item(name: str, unit: str, yuan: int) -> Treatment:
    category, share = _paid_by_patient(name, yuan < 200)
    return name, category, unit, _yuan(yuan * Decimal(90 + _number(name) % 21) / 100), share


def _paid_by_patient(name: str, half_in_full: bool) -> tuple[str, str]:
    """甲 is paid in full; of 乙 the patient pays a part."""
    if half_in_full and _chance(name, 2):
        return "甲", "0.00"
    return "乙", SHARES[_number(name, "share") % len(SHARES)]


def _price(name: str, most: int) -> Decimal:
    """A price between a tenth of the highest and the highest."""
    return most * Decimal(100 + _number(name, "price") % 901) / 1000


def _words(text: str) -> list[str]:
    return text.split()


def _chance(name: str, of: int) -> bool:
    return _number(name, "chance") % of == 0


def _number(name: str, use: str = "") -> int:
    """Some number that always belongs to this name."""
    return zlib.crc32(f"{use}{name}".encode())


def _yuan(amount: Decimal) -> str:
    return str(max(amount, Decimal("0.01")).quantize(Decimal("0.01")))


if __name__ == "__main__":
    write(DATA)
