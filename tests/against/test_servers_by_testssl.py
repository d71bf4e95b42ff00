"""Two of nginx's servers, a right one and a wrong one: as testssl.sh finds them."""

from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address

import pytest

from tests.against.chains import STRANGER
from tests.against.testssl import Scanned, scan_within
from tests.needs import need
from tests.stand_ins import without_internet

pytestmark = pytest.mark.slow  # in a file of its own, so that nothing else waits for it

SERVERS = ("right", "wrong")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Scanned]:
    need("testssl")
    host = tmp_path_factory.mktemp("host")
    within = without_internet(host, silent=False)
    store = host / "etc" / "ssl" / "certs" / "ca-certificates.crt"
    store.write_bytes(STRANGER.pem)  # an empty one could not be read
    return scan_within(within, tmp_path_factory.mktemp("servers"))


@pytest.mark.parametrize("server", SERVERS)
def test_the_protocol_is_the_newest_that_is_offered(
    server: str, scanned: Mapping[str, Scanned]
) -> None:
    ours, found = scanned[server].ours, scanned[server].found
    offered = [one for one in ("TLS1", "TLS1_1", "TLS1_2", "TLS1_3") if offers(found[one])]

    assert offered == (["TLS1_2", "TLS1_3"] if server == "right" else ["TLS1_2"])
    assert ours.protocol == offered[-1].replace("TLS", "TLSv").replace("_", ".")
    assert ours.alpn == found.get("ALPN_HTTP2", found["ALPN"])
    assert ours.alpn == ("h2" if server == "right" else "http/1.1")


def offers(finding: str) -> bool:
    assert finding.startswith(("offered", "not offered")), finding
    return finding.startswith("offered")


@pytest.mark.parametrize("server", SERVERS)
def test_the_certificate_is_the_one_that_is_found(
    server: str, scanned: Mapping[str, Scanned]
) -> None:
    ours, found = scanned[server].ours, scanned[server].found
    leaf = ours.chain[0]

    assert leaf.sha256 == found["cert_fingerprintSHA256"].lower()
    assert leaf.serial == f"{int(found['cert_serialNumber'], 16):x}"
    assert leaf.subject == f"CN={found['cert_commonName']}"
    assert leaf.issuer == f"CN={found['cert_caIssuers']}"
    assert leaf.names == tuple(plain(one) for one in found["cert_subjectAltName"].split())
    assert minute(leaf.not_before) == found["cert_notBefore"]
    assert minute(leaf.not_after) == found["cert_notAfter"]
    assert len(ours.chain) == int(found["certs_countServer"])
    assert leaf.signature == "ecdsa-with-SHA256"
    assert found["cert_signatureAlgorithm"] == "ECDSA with SHA256"
    key, size = ("EC P-256", "EC 256 bits") if server == "right" else ("RSA 2048", "RSA 2048 bits")
    assert leaf.key == key
    assert found["cert_keySize"].startswith(size)


def plain(name: str) -> str:
    return str(ip_address(name)) if name.count(":") > 1 else name


def minute(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"


def test_what_is_right_is_found_right(scanned: Mapping[str, Scanned]) -> None:
    ours, found = scanned["right"].ours, scanned["right"].found

    assert (ours.distrust, ours.mismatch) == ((), None)
    assert ours.staple is not None
    assert ours.staple.status == "good"
    assert found["cert_chain_of_trust"].startswith("passed")
    assert found["cert_trust"].startswith("Ok via SAN")
    assert "expired" not in found["cert_expirationStatus"]
    assert found["OCSP_stapling"] == "offered"


def test_what_is_wrong_is_found_wrong(scanned: Mapping[str, Scanned]) -> None:
    ours, found = scanned["wrong"].ours, scanned["wrong"].found

    assert [(error.code, error.depth) for error in ours.distrust] == [(20, 0), (10, 0)]
    assert found["cert_chain_of_trust"] == "failed (chain incomplete)."
    assert found["cert_expirationStatus"] == "expired"
    assert ours.mismatch == "it is for other.test"
    assert found["cert_trust"].startswith("certificate does not match supplied URI")
    assert ours.staple is None
    assert found["OCSP_stapling"] == "not offered"
