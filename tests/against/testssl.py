"""nginx on a host without a network, looked at by our probe and by testssl.sh; run there itself."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.x509.ocsp import OCSPCertStatus

from checks.wire.connections import Peer
from checks.wire.handshakes import Handshake
from checks.wire.tls import shake_hands_at
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.against.chains import HOST, INTERMEDIATE, LEAF, PAST, ROOT, Chain
from tests.against.issuing import answer_ocsp, issue, rivest
from tests.against.nginx import Place, Site, nginx
from tests.needs import need
from tests.program import ROOT as SUITE

NETWORK = "127.44.7"
RIGHT = Chain((LEAF, INTERMEDIATE))
WRONG = Chain((issue("other", INTERMEDIATE, names=["other.test"], valid=PAST, key=rivest()),))


@dataclass(frozen=True)
class Scanned:
    """One server: what we saw of it, and what testssl.sh found, by its ids."""

    ours: Handshake
    found: Mapping[str, str]


def scan_within(within: Sequence[str], folder: Path) -> Mapping[str, Scanned]:
    """Serve and scan on the host that the command leads to: it takes half a minute."""
    argv = [*within, sys.executable, "-m", __name__, str(folder)]
    ended = subprocess.run(
        argv, cwd=SUITE, capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    scanned = {}
    for name, (raw, findings) in json.loads(ended.stdout).items():
        ours = decode(raw)
        assert isinstance(ours, Handshake), ours
        scanned[name] = Scanned(ours, {one["id"]: one["finding"] for one in findings})
    return scanned


def _sites(folder: Path) -> Mapping[str, Site]:
    (folder / "staple").write_bytes(answer_ocsp(LEAF, INTERMEDIATE, OCSPCertStatus.GOOD))
    stapling = f"ssl_stapling on; ssl_stapling_file {folder}/staple;"
    older = "ssl_protocols TLSv1.2;"
    return {
        "right": Site(RIGHT.directives(folder, "right") + stapling, "ssl http2"),
        "wrong": Site(WRONG.directives(folder, "wrong") + older),
    }


def _scan(name: str, place: Place, folder: Path) -> subprocess.Popen[bytes]:
    """Begin a scan of protocols and of the certificate, which asks no resolver and nobody else."""
    return subprocess.Popen(
        [
            *(need("testssl"), "--quiet", "--warnings", "off", "--color", "0", "--nodns", "none"),
            *("--protocols", "--server-defaults", "--ip", place.address),
            *("--jsonfile", str(folder / f"{name}.json"), f"https://{HOST}:{place.port}/"),
        ],
        env=os.environ | {"CA_BUNDLES_PATH": str(folder / "trusted"), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def _look(place: Place, authorities: Path) -> Any:
    peer, here = Peer(HOST, place.port), Local(authorities=(str(authorities),))
    looking = shake_hands_at(peer, place.address, here, deadline=10)
    return encode(asyncio.run(looking))


def _main(folder: Path) -> None:
    (folder / "trusted").mkdir()
    root = folder / "trusted" / "root.pem"
    root.write_bytes(ROOT.pem)
    with nginx(folder, NETWORK, _sites(folder)) as places:
        scans = [_scan(name, place, folder) for name, place in places.items()]
        seen = {name: _look(place, root) for name, place in places.items()}
        for scan in scans:
            scan.wait()
    found = {name: json.loads((folder / f"{name}.json").read_bytes()) for name in places}
    json.dump({name: (seen[name], found[name]) for name in places}, sys.stdout)


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
