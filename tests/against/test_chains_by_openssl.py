"""Chains that nginx sends: read and judged as `openssl s_client` reads and judges them."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from checks.wire.connections import Peer
from checks.wire.handshakes import Handshake
from checks.wire.tls import shake_hands
from fixtures.sightings import Sighting
from fixtures.vantages.local import Local
from tests.against.chains import CHAINS, HOST, INTERMEDIATE, Chain
from tests.against.issuing import issue
from tests.against.nginx import Place, Site, nginx
from tests.against.openssl import Shown, read_chain, s_client
from tests.checks.wire.looking import look
from tests.program import ROOT
from tests.stand_ins import without_internet

NETWORK = "127.44.1"
COMMON_NAME = Chain((issue(HOST, INTERMEDIATE), INTERMEDIATE), for_the_name=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chains")


@pytest.fixture(scope="module")
def places(folder: Path) -> Iterator[Mapping[str, Place]]:
    every = {**CHAINS, "common-name": COMMON_NAME}
    sites = {name: Site(chain.directives(folder, name)) for name, chain in every.items()}
    with nginx(folder, NETWORK, sites) as serving:
        yield serving


def both(place: Place, chain: Chain, folder: Path) -> tuple[Handshake, Shown]:
    """Ask our probe and s_client, which trust the same."""
    authorities = chain.authorities(folder, "trusted")
    here = Local(authorities=(str(authorities),))
    ours = look(place.port, here, chain.host, place.address)
    theirs = s_client(place, chain.host, authorities)
    assert isinstance(theirs, Shown), theirs
    return ours, theirs


@pytest.mark.parametrize("name", CHAINS)
def test_a_chain_is_what_openssl_says_of_it(
    name: str, places: Mapping[str, Place], folder: Path
) -> None:
    chain = CHAINS[name]
    ours, theirs = both(places[name], chain, folder)

    assert ours.chain == theirs.chain
    assert len(ours.chain) == len(chain.sent)
    found = tuple((error.code, error.depth) for error in ours.distrust)
    assert found == theirs.errors == chain.errors
    assert (ours.mismatch is None) == theirs.for_the_name == chain.for_the_name
    assert ours.accepted == (not chain.errors and chain.for_the_name)


def test_a_common_name_alone_is_no_name_though_openssl_takes_it(
    places: Mapping[str, Place], folder: Path
) -> None:
    ours, theirs = both(places["common-name"], COMMON_NAME, folder)

    assert (theirs.errors, theirs.for_the_name) == ((), True)
    assert (ours.distrust, ours.accepted) == ((), False)  # RFC 9525, 2: never the common name
    assert "subjectAltName" in (ours.mismatch or "")


@pytest.mark.parametrize("name", ["good", "expired"])
def test_the_command_by_hand_shows_the_same_chain(
    name: str, places: Mapping[str, Place], folder: Path
) -> None:
    place = places[name]
    peer = Peer(place.address, place.port)
    authorities = CHAINS[name].authorities(folder, "by-hand")

    ended = subprocess.run(
        ["sh", "-c", Sighting(shake_hands, peer, "here").by_hand],
        env=os.environ | {"SSL_CERT_FILE": str(authorities), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    ours = look(place.port, Local(authorities=(str(authorities),)), place.address, place.address)
    said = re.findall(r"^ *Verify return code: (\d+)", ended.stdout, re.MULTILINE)
    assert ours.chain == read_chain(ended.stdout)
    assert [str(error.code) for error in ours.distrust] == [one for one in said[:1] if one != "0"]


def test_a_host_whose_own_store_is_empty_could_not_look(tmp_path: Path) -> None:
    within = without_internet(tmp_path, silent=False)
    program = "from checks.wire.tls_engine import trust; trust(())"

    ended = subprocess.run(
        [*within, sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert ended.returncode == 1
    assert "VantageError: this host's own authorities could not be read: " in ended.stderr
