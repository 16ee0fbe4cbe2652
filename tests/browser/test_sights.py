"""Every page of the site is looked at once, and asked everything; test_sights_in_large_print.py looks at them again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.browser.person import Person
from tests.support.browser.screens import SIGHTS, Reader, Sight, faults_of
from web.routes import SITE

NO_PAGES = {  # files, and what only leads on to a page
    "GET /account/record.csv", "GET /account/record.pdf", "GET /healthz",
    "POST /sign-out", "POST /session/keep", "POST /print-size", "POST /account/loss",
}  # fmt: skip


def test_no_page_is_forgotten():
    routes = {f"{route.method} {route.path}" for route in SITE}
    assert {sight.route for sight in SIGHTS if sight.route} == routes - NO_PAGES
    assert len({sight.name for sight in SIGHTS}) == len(SIGHTS)


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_has_no_fault(readers: Callable[[str, str], Reader], sight: Sight):
    faults = faults_of(sight, readers(sight.who, "usual"))
    assert not faults, "\n".join(faults)


def test_the_second_page_brings_only_itself(person: Person):
    person.opens("/")
    person.follows("查找办理网点")
    person.sees_heading("办理网点")
    brought = person.page.evaluate(
        "performance.getEntriesByType('resource').map((each) => [new URL(each.name).pathname, each.transferSize])"
    )
    assert len(brought) >= 3 and all(size == 0 for _, size in brought), brought
