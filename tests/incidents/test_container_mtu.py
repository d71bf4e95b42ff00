"""A host that is well and a container that is not, by their MTU."""

from datetime import datetime
from typing import Any

import pytest

from tests.incidents.container_mtu import ASSUMED, CARRIED, NAME, happen
from tests.incidents.reading import GOOD, Runs, causes, diagnosis, hold, of
from tests.program import Ended


@pytest.fixture(scope="module")
def black_hole(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return happen(tmp_path_factory.mktemp("mtu"))


def handshakes(ended: Ended) -> dict[str, tuple[datetime, dict[str, Any]]]:
    """Return when each vantage shook hands, and what it saw."""
    begun = {line["sighting"]: line for line in ended.journal("sighting.begin")}
    return {
        begun[line["sighting"]]["vantage"]: (
            datetime.fromisoformat(begun[line["sighting"]]["at"]),
            line["seen"][0]["observation"],
        )
        for line in ended.journal("sighting.end")
        if begun[line["sighting"]]["probe"] == "shake_hands"
    }


def test_the_host_is_well_and_its_container_is_silent(black_hole: Runs) -> None:
    broken = black_hole["broken"]

    assert broken.status == 1, broken.out
    assert of(broken, "violated") == {"check_handshake_completes[github.com@runner]"}
    assert all("@runner]" in check for check in of(broken, "inconclusive"))
    assert "check_handshake_completes[github.com@host]" in of(broken, "upheld")
    (here, completed), (there, refused) = (handshakes(broken)[one] for one in ("host", "runner"))
    assert completed["address"] == refused["address"] == "140.82.112.3"
    assert abs((there - here).total_seconds()) < 60
    assert (refused["reason"], refused["phase"]) == ("silent", "client-hello")


def test_the_black_hole_is_named_with_both_mtus(black_hole: Runs) -> None:
    broken = black_hole["broken"]

    assert set(causes(broken)) == {"mtu-black-hole"}, broken.out
    told = diagnosis(broken, "mtu-black-hole")
    assert "140.82.112.3: silent for " in told["facts"]
    assert "passes by segments of 1380 bytes (packets of 1420)" in told["facts"]
    assert f"MTU at runner: eth0 {ASSUMED}, lo " in told["facts"]
    assert f"MTU at host: lo 65536, podman0 {ASSUMED}, vpn0 {CARRIED}" in told["facts"]
    assert "sudo ip link set dev IF mtu" in told["remedy"]
    assert "sudo ip link set dev IF mtu FORMER" in told["undo"]
    sizes = {line["vantage"]: line["interfaces"] for line in broken.journal("vantage")}
    assert sizes["host"]["vpn0"] == CARRIED
    assert sizes["runner"]["eth0"] == ASSUMED


def test_tls_is_the_first_layer_that_differs(black_hole: Runs) -> None:
    broken, mended = black_hole["broken"], black_hole["mended"]

    (told,) = broken.journal("comparison")
    assert (told["target"], told["layer"]) == ("github.com", "TLS")
    assert "names (140.82.112.3, DNS)" in told["equal"]
    assert told["equal"][-1] == "TCP"
    assert told["vantages"] == ["host", "runner"]
    assert f"MTU {CARRIED} / {ASSUMED}" in told["sizes"]
    (same,) = mended.journal("comparison")
    assert same["layer"] == ""


def test_with_the_hosts_mtu_the_container_is_well(black_hole: Runs) -> None:
    mended = black_hole["mended"]

    assert mended.status == 0, mended.out
    assert set(mended.verdicts().values()) == GOOD
    (line,) = (one for one in mended.journal("vantage") if one["vantage"] == "runner")
    assert line["interfaces"]["eth0"] == CARRIED


def test_the_records_are_as_they_are_kept(black_hole: Runs) -> None:
    hold(black_hole, NAME)
