"""The fault lab stands for as long as the tests of one file ask it."""

from collections.abc import Iterator

import pytest

from tests.faultlab.standing import Look, fault_lab


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Look]:
    with fault_lab(tmp_path_factory.mktemp("faultlab")) as looks:
        yield looks
