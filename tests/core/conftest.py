"""What only the tests of the core share."""

from __future__ import annotations

import pytest

from tests.support.core.bureau import Bureau


@pytest.fixture
def known(bureau: Bureau) -> Bureau:
    """The bureau, with Anna and Bert and their cards known already."""
    return bureau.knows_anna_and_bert()
