"""From where repositories are read."""

import pytest

from checks.wire.repositories import vantage_of
from config.repositories import Repository
from config.schema import Profile
from config.vantages import KubernetesVantage, LabVantage, LocalVantage, SshVantage, VantageSpec

FAR = SshVantage(name="far", kind="ssh", host="far.test")
POD = KubernetesVantage(name="pod", kind="kubernetes", pod="p")
LAB = LabVantage(name="lab", kind="lab")
HERE = LocalVantage(name="here")


def profile(*vantages: VantageSpec) -> Profile:
    return Profile.model_validate(
        {
            "name": "p",
            "vantages": vantages,
            "endpoints": {"absent": "none"},
            "hosts": {"absent": "none"},
        }
    )


@pytest.mark.parametrize(
    ("vantages", "expected"),
    [((HERE,), "here"), ((FAR, POD, LAB, HERE), "lab"), ((FAR, HERE), "here"), ((FAR, POD), "far")],
)
def test_the_first_vantage_that_is_near_is_taken(
    vantages: tuple[VantageSpec, ...], expected: str
) -> None:
    assert vantage_of(profile(*vantages), Repository(name="r", path="/r")) == expected


def test_the_vantage_that_a_repository_names_is_taken() -> None:
    repository = Repository(name="r", path="/r", vantage="far")

    assert vantage_of(profile(HERE, FAR), repository) == "far"
