"""The catalogue of drugs and treatment items (R18): searched by name, code, and pinyin initials of the name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import case, func, literal, select, true
from sqlalchemy.orm import Session

from core.records.schema import Drug, Treatment

PAGE_LENGTH = 20
LONGEST_SEARCH = 50


@dataclass(frozen=True)
class CatalogueQuery:
    """What to look for; everything if it is empty. Pages count from 1."""

    text: str = ""
    category: str = ""
    page: int = 1


@dataclass(frozen=True)
class CatalogueItem:
    """A drug, or a treatment item (which has no form). Prices in yuan, None without a limit; the share as 0.10."""

    code: str
    name: str
    category: str
    form: str
    unit: str
    price_limit: Decimal | None
    patient_share: Decimal


@dataclass(frozen=True)
class CataloguePage:
    """One page of what was found, and how much was found altogether."""

    items: tuple[CatalogueItem, ...]
    total: int


def found_by(name: str, code: str) -> str:
    """What an item is found by: its name, the pinyin initials of that (amxl for 阿莫西林) and its code, each between
    line ends, so that one look at one column tells whether and where somebody's words stand in them."""
    from pypinyin import Style, lazy_pinyin  # 55 MiB that only an import needs

    written = _plain(name)
    initials = re.sub(r"[^a-z0-9]", "", _plain("".join(lazy_pinyin(written, style=Style.FIRST_LETTER))))
    return f"\n{written}\n{initials}\n{_plain(code)}\n"


def search(session: Session, kind: type[Drug] | type[Treatment], query: CatalogueQuery) -> CataloguePage:
    """What has every word that was asked for, the closest first. One scan finds the page and the total: a part of a
    Chinese name is often two characters, which no index on three or more helps with. Without a text the index in
    order of names is enough."""
    columns = [kind.code, kind.name, kind.category, kind.unit, kind.price_limit, kind.patient_share]
    form = kind.form if kind is Drug else literal("")
    text = typed(query.text)
    in_category = kind.category == query.category if query.category else true()
    how_many = func.count().over() if text else select(func.count(kind.code)).where(in_category).scalar_subquery()
    found = select(how_many, *columns, form).where(in_category)
    if text:
        closeness = [
            (kind.found_by.contains(f"\n{text}\n", autoescape=True), 0),  # the whole name or code
            (kind.found_by.startswith(f"\n{text}", autoescape=True), 1),
            (kind.found_by.contains(f"\n{text}", autoescape=True), 2),
        ]
        found = found.where(*(kind.found_by.contains(word, autoescape=True) for word in text.split()))
        found = found.order_by(case(*closeness, else_=3))
    found = found.order_by(kind.name, kind.code).limit(PAGE_LENGTH)
    rows = session.execute(found.offset((query.page - 1) * PAGE_LENGTH)).all()
    return CataloguePage(
        tuple(
            CatalogueItem(code, name, category, form, unit, price_limit, patient_share)
            for _, code, name, category, unit, price_limit, patient_share, form in rows
        ),
        rows[0][0] if rows else 0,
    )


def typed(text: str) -> str:
    """What somebody typed, as it is looked for, and no more of it than a name may be long."""
    return _plain(text)[:LONGEST_SEARCH].strip()


def _plain(text: str) -> str:
    """In one spelling: no full width, no capitals, one space between words, no characters that nobody types."""
    usual = unicodedata.normalize("NFKC", text).lower()
    return " ".join("".join(each for each in usual if each.isprintable() or each.isspace()).split())
