"""Every page of the site in large print, looked at as test_sights.py does; a worker of its own may take this file."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.browser.screens import SIGHTS, Reader, Sight, faults_of


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_has_no_fault(readers: Callable[[str, str], Reader], sight: Sight):
    faults = faults_of(sight, readers(sight.who, "large"))
    assert not faults, "\n".join(faults)
