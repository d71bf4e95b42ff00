"""The hosts file, names and connections: each fault gives its cause, and no other."""

import pytest

from tests.faultlab import faults
from tests.faultlab.fault import Fault
from tests.faultlab.kept import shows_its_cause
from tests.faultlab.standing import Look

FAULTS = (*faults.HEALTHY, *faults.IN_HOSTS, *faults.IN_NAMES, *faults.IN_CONNECTIONS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_gives_its_cause_and_no_other(fault: Fault, look: Look) -> None:
    shows_its_cause(fault, look)
