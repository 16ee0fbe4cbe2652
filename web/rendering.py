"""The templates, and how money, months and moments are written in them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import jinja2

from web import static_files, words
from web.counter import words as counter_words

if TYPE_CHECKING:
    from web.page import Page

HERE = Path(__file__).parent


class Renderer:
    """Makes the text of a page. The time zone is the office's, for moments."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self._templates.filters |= {
            "yuan": words.yuan,
            "percent": words.percent,
            "month": words.month,
            "moment": self.moment,
            "day": self.day,
        }
        self._templates.globals |= {"static": static_files.url, "words": words, "counter_words": counter_words}

    def __call__(self, page: Page, template: str, values: dict[str, Any]) -> str:
        # An entrance has some of the pages that it shares with others in a version of its own, in its folder.
        own = [f"{page.root[1:]}/{template}"] if page.root else []
        return self._templates.select_template([*own, template]).render(
            page=page,
            visit=page.visit,
            path=page.request.path,
            large_print=page.large_print,
            **values,
        )

    def moment(self, at: datetime) -> str:
        """2026年11月23日 14:05, where the office is."""
        return write_moment(at, self._zone)

    def day(self, at: date) -> str:
        """2026年11月23日."""
        local = at.astimezone(self._zone) if isinstance(at, datetime) else at
        return f"{local.year}年{local.month}月{local.day}日"


def write_moment(at: datetime, zone: ZoneInfo) -> str:
    """2026年11月23日 14:05."""
    local = at.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
