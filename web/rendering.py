"""The templates, and how money, months and moments are written in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2

from web import static_files, words

SHARED = Path(__file__).parent / "shared" / "templates"


class Renderer:
    """Makes the text of a page. The time zone is the office's, for moments."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._of: dict[Path, jinja2.Environment] = {}

    def __call__(self, folder: Path, known: Mapping[str, Any], template: str, values: Mapping[str, Any]) -> str:
        """A template of an entrance, whose own are in `folder` and know what is `known` there."""
        if folder not in self._of:
            self._of[folder] = self._templates(folder, known)
        return self._of[folder].get_template(template).render(values)

    def _templates(self, folder: Path, known: Mapping[str, Any]) -> jinja2.Environment:
        """Those of an entrance, and behind them the shared ones; one that it has in a version of its own is found as
        shared/… all the same."""
        shared = jinja2.FileSystemLoader(SHARED)
        loaders = [jinja2.FileSystemLoader(folder), shared, jinja2.PrefixLoader({"shared": shared})]
        made = jinja2.Environment(
            loader=jinja2.ChoiceLoader(loaders),
            autoescape=True,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        made.filters |= {
            "yuan": words.yuan,
            "percent": words.percent,
            "month": words.month,
            "moment": self.moment,
            "day": self.day,
        }
        made.globals |= {"static": static_files.url, "words": words, **known}
        return made

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
