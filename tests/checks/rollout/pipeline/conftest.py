"""From where the tests look."""

import pytest

from fixtures.vantages import Vantage
from fixtures.vantages.local import Local


@pytest.fixture
def here() -> Vantage:
    return Local("host")
