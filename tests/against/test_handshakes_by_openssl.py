"""Handshakes with nginx, completed and refused: as `openssl s_client` tells of them."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.wire.connections import Peer
from checks.wire.handshakes import Handshake, HandshakeOutcome, HandshakeRefusal
from checks.wire.tls import shake_hands_at
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.against.chains import CHAINS, HOST
from tests.against.nginx import Place, Site, nginx
from tests.against.openssl import Refused, Shown, s_client

NETWORK = "127.44.2"
GCM = "TLS_AES_256_GCM_SHA384"
ECDSA_GCM = "ECDHE-ECDSA-AES256-GCM-SHA384"


@dataclass(frozen=True)
class Agreed:
    """What nginx is told, and what it has to agree to."""

    directives: str
    protocol: str = "TLSv1.3"
    cipher: str = GCM
    group: str | None = "x25519"
    alpn: str | None = "http/1.1"
    chain: str = "good"


def older(words: str, cipher: str, group: str | None = "x25519") -> Agreed:
    return Agreed(f"ssl_protocols TLSv1.2; {words}", "TLSv1.2", cipher, group, chain="rsa")


CURVE = "ssl_ecdh_curve X25519;"
AGREED = {
    "both-versions": Agreed(CURVE),
    "h2": Agreed(CURVE, alpn="h2"),
    "tls1.3-alone": Agreed(f"ssl_protocols TLSv1.3; {CURVE}"),
    "tls1.3-secp256r1": Agreed("ssl_ecdh_curve prime256v1;", group="secp256r1"),
    "tls1.3-secp384r1": Agreed("ssl_ecdh_curve secp384r1;", group="secp384r1"),
    "tls1.3-secp521r1": Agreed("ssl_ecdh_curve secp521r1;", group="secp521r1"),
    "tls1.3-aes128": Agreed(
        f"{CURVE} ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;",
        cipher="TLS_AES_128_GCM_SHA256",
    ),
    "tls1.3-chacha20": Agreed(
        f"{CURVE} ssl_conf_command Ciphersuites TLS_CHACHA20_POLY1305_SHA256;",
        cipher="TLS_CHACHA20_POLY1305_SHA256",
    ),
    "tls1.2-alone": Agreed(f"ssl_protocols TLSv1.2; {CURVE}", "TLSv1.2", ECDSA_GCM),
    "tls1.2-rsa-key-exchange": older("ssl_ciphers AES128-GCM-SHA256;", "AES128-GCM-SHA256", None),
    "tls1.2-cbc": older(f"{CURVE} ssl_ciphers ECDHE-RSA-AES128-SHA;", "ECDHE-RSA-AES128-SHA"),
    "tls1.2-chacha20": older(
        f"{CURVE} ssl_ciphers ECDHE-RSA-CHACHA20-POLY1305;", "ECDHE-RSA-CHACHA20-POLY1305"
    ),
    "tls1.2-secp384r1": older(
        "ssl_ecdh_curve secp384r1;", "ECDHE-RSA-AES256-GCM-SHA384", "secp384r1"
    ),
    "asks-for-a-certificate": Agreed(f"{CURVE} ssl_verify_client on;"),
    "asks-for-a-certificate-tls1.2": Agreed(
        f"ssl_protocols TLSv1.2; {CURVE} ssl_verify_client on;", "TLSv1.2", ECDSA_GCM
    ),
}
REFUSED = {
    "an-older-protocol-alone": ("ssl_protocols TLSv1.1;", 70),
    "no-cipher-in-common": (
        "ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;",
        40,
    ),
    "no-group-in-common": ("ssl_protocols TLSv1.3; ssl_ecdh_curve brainpoolP256r1;", 40),
    "no-such-name": ("ssl_reject_handshake on;", 112),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("handshakes")


@pytest.fixture(scope="module")
def authorities(folder: Path) -> Path:
    return CHAINS["good"].authorities(folder, "root")


@pytest.fixture(scope="module")
def places(folder: Path, authorities: Path) -> Iterator[Mapping[str, Place]]:
    shown = {name: CHAINS[name].directives(folder, name) for name in ("good", "rsa")}
    clients = f"ssl_client_certificate {authorities};"
    sites = {
        name: Site(
            f"{shown[one.chain]} {clients} {one.directives}", f"ssl {'http2' * (one.alpn == 'h2')}"
        )
        for name, one in AGREED.items()
    }
    for name, (directives, _) in REFUSED.items():
        sites[name] = Site(shown["good"] + directives)
    sites["plain"] = Site("", "")
    with nginx(folder, NETWORK, sites) as serving:
        yield serving


def look(place: Place, authorities: Path) -> HandshakeOutcome:
    here = Local(authorities=(str(authorities),))
    seen = asyncio.run(shake_hands_at(Peer(HOST, place.port), place.address, here, deadline=10))
    assert decode(encode(seen)) == seen
    return seen


def completed(place: Place, authorities: Path) -> tuple[Handshake, Shown]:
    ours, theirs = look(place, authorities), s_client(place, HOST, authorities)
    assert isinstance(ours, Handshake), ours
    assert isinstance(theirs, Shown), theirs
    return ours, theirs


def refused(place: Place, authorities: Path) -> tuple[HandshakeRefusal, Refused]:
    ours, theirs = look(place, authorities), s_client(place, HOST, authorities)
    assert isinstance(ours, HandshakeRefusal), ours
    assert isinstance(theirs, Refused), theirs
    return ours, theirs


@pytest.mark.parametrize("name", AGREED)
def test_what_was_agreed_is_what_openssl_agrees_to(
    name: str, places: Mapping[str, Place], authorities: Path
) -> None:
    wanted = AGREED[name]
    ours, theirs = completed(places[name], authorities)

    agreed = (ours.protocol, ours.cipher, ours.group, ours.alpn)
    assert agreed == (theirs.protocol, theirs.cipher, theirs.group, theirs.alpn)
    assert agreed == (wanted.protocol, wanted.cipher, wanted.group, wanted.alpn)
    assert ours.chain == theirs.chain
    assert (ours.distrust, theirs.errors, ours.staple, theirs.staple) == ((), (), None, None)
    assert (ours.address, ours.port) == (places[name].address, places[name].port)


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_the_alert_that_openssl_hears(
    name: str, places: Mapping[str, Place], authorities: Path
) -> None:
    _, number = REFUSED[name]
    ours, theirs = refused(places[name], authorities)

    assert ours.alert is not None
    assert (ours.reason, ours.phase, ours.alert.sender) == ("alert", "client-hello", "peer")
    assert ours.alert.number == theirs.alert == number
    assert ours.received == theirs.received == 7


def test_what_speaks_no_tls_is_none_to_openssl(
    places: Mapping[str, Place], authorities: Path
) -> None:
    ours, theirs = refused(places["plain"], authorities)

    assert (ours.reason, ours.phase, ours.alert) == ("not-tls", "client-hello", None)
    assert (theirs.alert, theirs.received) == (None, 5)
    assert "wrong version number" in theirs.text
    assert ours.first_bytes.startswith(b"HTTP/1.1 400 Bad Request\r\n")
