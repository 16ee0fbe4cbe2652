"""Reading a page as a person does: its heading, its facts, its tables, and what it complains about."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

from tests.support.web.visitor import Answer


def words(markup: str | Tag) -> str:
    """The words in a piece of a page."""
    piece = markup if isinstance(markup, Tag) else BeautifulSoup(markup, "html.parser")
    return re.sub(r"\s+", " ", piece.get_text()).strip()


def find(page: Answer, selector: str) -> list[Tag]:
    """What a selector of CSS finds, in the page's order."""
    return list(page.soup.select(selector))


def heading(page: Answer) -> str:
    """What the page is about."""
    (found,) = find(page, "h1")
    return words(found)


def facts(page: Answer) -> dict[str, str]:
    """Each name with what stands beside it."""
    return {words(name): words(value) for name in find(page, "dt") if (value := name.find_next_sibling("dd"))}


def table(page: Answer, caption: str) -> list[dict[str, str]]:
    """The rows of the table whose caption begins like this, each cell under its heading."""
    for found in find(page, "table"):
        (name,) = found.select("caption")
        if words(name).startswith(caption):
            headings, *rows = ([words(cell) for cell in row.select("th, td")] for row in found.select("tr"))
            return [dict(zip(headings, row, strict=True)) for row in rows]
    raise AssertionError(f"no table {caption} on {page.path}")


def complaints(page: Answer) -> dict[str, str]:
    """What is wrong with each field. The summary, before everything else, says the same and leads there."""
    told = {
        str(sentence["id"]).removesuffix("-error"): words(sentence).removeprefix("错误：")
        for sentence in find(page, "p.field-error[id$='-error']")
    }
    summary = {
        str(link["href"]).removeprefix("#"): words(link)
        for link in find(page, "main li > a[href^='#']")
        if link.find_next("h1")
    }
    assert summary == told
    assert page.status == (422 if told else 200)
    return told


def options(page: Answer, field: str) -> dict[str, str]:
    """What can be chosen in a field: what is sent, and its words."""
    found = find(page, f'select[name="{field}"]')
    assert found, f"no choice of {field} on {page.path}"
    return {str(option["value"]): words(option) for option in found[0].select("option")}


def ways(page: Answer) -> dict[str, str]:
    """The links in the page's own part: where each leads."""
    return {words(link): str(link["href"]) for link in find(page, "main a[href]")}


def is_checked(page: Answer, **attributes: str) -> bool:
    """Whether a box or a circle with these attributes is filled in."""
    return any(page.soup.find_all("input", attrs=attributes | {"checked": True}))
