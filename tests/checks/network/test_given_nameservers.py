"""Nameservers that a profile gives by address and port, through the real program."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixtures.lab.places import HOSTS, NAMESERVER, SITE
from fixtures.lab.start import start_lab
from tests.checks.wire.dns_sides import free_place
from tests.program import Ended, run_checks

CHECK = f"check_nameservers_reply[{SITE}@here]"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve the lab's names; not to the program, which only knows where its nameserver is."""
    with start_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab.port(NAMESERVER, 53)


def ask(folder: Path, nameserver: str) -> Ended:
    profile = folder / "given.yaml"
    profile.write_text(
        f"name: given\nnameservers: ['{nameserver}']\nhosts: {{absent: none here}}\n"
        f"endpoints: [{{host: {SITE}}}]\n"
    )
    return run_checks(folder, f"--profile={profile}", "-k", "check_nameservers_reply")


def replies(ended: Ended) -> list[dict[str, Any]]:
    return [seen["observation"] for end in ended.journal("sighting.end") for seen in end["seen"]]


def test_a_given_nameserver_is_asked_at_its_port(port: int, tmp_path: Path) -> None:
    ended = ask(tmp_path, f"{NAMESERVER}:{port}")

    assert ended.verdicts() == {CHECK: "upheld"}, ended.out
    assert {one["server"] for one in replies(ended)} == {f"{NAMESERVER}:{port}"}
    assert {one["transport"] for one in replies(ended)} == {"udp", "tcp"}
    assert [HOSTS[SITE]] in [one["addresses"] for one in replies(ended)]
    (begin,) = ended.journal("sighting.begin")
    assert f"dig @{NAMESERVER} -p {port} {SITE} A" in begin["by_hand"]


def test_a_given_nameserver_is_not_asked_at_another_port(port: int, tmp_path: Path) -> None:
    silent = free_place(NAMESERVER)

    ended = ask(tmp_path, str(silent))

    assert silent.port != port
    assert ended.verdicts() == {CHECK: "violated"}, ended.out
    assert {one["reason"] for one in replies(ended)} == {"refused"}
