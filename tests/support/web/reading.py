"""Reading a page as a person does: its heading, its facts, its tables, and what it complains about."""

from __future__ import annotations

import html
import re

from tests.support.web.visitor import Answer


def words(markup: str) -> str:
    """The words in a piece of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", markup))).strip()


def heading(page: Answer) -> str:
    """What the page is about."""
    (found,) = re.findall("<h1[^>]*>(.*?)</h1>", page.html, re.DOTALL)
    return words(found)


def facts(page: Answer) -> dict[str, str]:
    """Each name with what stands beside it."""
    pairs = re.findall("<dt[^>]*>(.*?)</dt>\\s*<dd[^>]*>(.*?)</dd>", page.html, re.DOTALL)
    return {words(name): words(value) for name, value in pairs}


def table(page: Answer, caption: str) -> list[dict[str, str]]:
    """The rows of the table whose caption begins like this, each cell under its heading."""
    for found in re.findall("<table.*?</table>", page.html, re.DOTALL):
        if words(re.search("<caption[^>]*>(.*?)</caption>", found, re.DOTALL)[1]).startswith(caption):
            headings, *rows = (
                [words(cell) for cell in re.findall("<t[hd][ >].*?</t[hd]>", row, re.DOTALL)]
                for row in re.findall("<tr.*?</tr>", found, re.DOTALL)
            )
            return [dict(zip(headings, row, strict=True)) for row in rows]
    raise AssertionError(f"no table {caption} on {page.path}")


def complaints(page: Answer) -> dict[str, str]:
    """What is wrong with each field. The summary, before everything else, says the same and leads there."""
    fields = dict(re.findall('<p class="field-error" id="(.*?)-error">(.*?)</p>', page.html))
    told = {name: words(sentence).removeprefix("错误：") for name, sentence in fields.items()}
    content = page.html.partition("<main")[2]
    summary = dict(re.findall('<li><a href="#(.*?)">(.*?)</a></li>', content.partition("<h1")[0]))
    assert {name: html.unescape(sentence) for name, sentence in summary.items()} == told
    assert page.status == (422 if told else 200)
    return told


def options(page: Answer, field: str) -> dict[str, str]:
    """What can be chosen in a field: what is sent, and its words."""
    found = re.search(rf'<select[^>]* name="{field}".*?</select>', page.html, re.DOTALL)
    assert found, f"no choice of {field} on {page.path}"
    return {value: words(text) for value, text in re.findall('<option value="(.*?)".*?>(.*?)</option>', found[0])}


def ways(page: Answer) -> dict[str, str]:
    """The links in the page's own part: where each leads."""
    content = page.html.partition("<main")[2].partition("</main>")[0]
    links = re.findall('<a[^>]* href="(.*?)"[^>]*>(.*?)</a>', content, re.DOTALL)
    return {words(text): html.unescape(address) for address, text in links}
