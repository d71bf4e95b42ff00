"""An authority of the tests' own, and this host trusting it."""

from pathlib import Path

import pytest
import trustme

from fixtures.vantages.local import Local
from tests.checks.wire.far_sides import pem_of


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def here(authority: trustme.CA, tmp_path: Path) -> Local:
    return Local(authorities=(pem_of(authority, tmp_path),))
