"""What tests are made with: the people, their doors and their tools. Tests take it from here, never from each other."""

import pytest

# A failing assert in here says as much as one in a test.
FOLDERS = ("agi", "browser", "core", "reader", "telephony", "web")
pytest.register_assert_rewrite(*(f"{__name__}.{folder}" for folder in FOLDERS))
