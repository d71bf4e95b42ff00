import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from checks.wire.connections import Peer
from checks.wire.tls import shake_hands
from fixtures.sightings import Sighting
from fixtures.vantages.local import Local
from tests.checks.wire.far_sides import (
    context_of_chain,
    far_side,
    over_tls,
    pem_of,
    server_context,
)
from tests.checks.wire.looking import distrust, look

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
TOMORROW = datetime.now(UTC) + timedelta(days=1)


def test_a_trusted_handshake_shows_what_was_agreed(authority: trustme.CA, here: Local) -> None:
    context = server_context(authority.issue_cert("localhost", "*.example.org", "127.0.0.1"))
    context.set_alpn_protocols(["h2"])
    with far_side(over_tls(context)) as port:
        seen = look(port, here)

    assert (seen.distrust, seen.mismatch, seen.staple) == ((), None, None)
    assert (seen.protocol, seen.cipher) == ("TLSv1.3", "TLS_AES_256_GCM_SHA384")
    assert (seen.group, seen.alpn) == ("x25519", "h2")
    assert (seen.address, seen.port) == ("127.0.0.1", port)
    assert 1300 < seen.hello_bytes < seen.sent
    assert seen.received > 500
    assert 0 < seen.connected_after < seen.seconds
    assert [name for name, *_ in seen.phases] == ["connect", "tls"]
    (certificate,) = seen.chain
    assert certificate.names == ("localhost", "*.example.org", "127.0.0.1")
    assert (certificate.key, certificate.signature) == ("EC P-256", "ecdsa-with-SHA256")
    assert (len(certificate.sha256), len(certificate.spki_sha256)) == (64, 64)


def test_an_older_protocol_is_named(authority: trustme.CA, here: Local) -> None:
    context = server_context(authority.issue_cert("localhost", key_type=trustme.KeyType.RSA))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-GCM-SHA256")
    with far_side(over_tls(context)) as port:
        seen = look(port, here)

    assert (seen.protocol, seen.cipher, seen.group) == ("TLSv1.2", "AES128-GCM-SHA256", None)
    assert (seen.alpn, seen.chain[0].key) == (None, "RSA 2048")


def test_the_system_store_counts_as_well(
    authority: trustme.CA, here: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", here.authorities[0])
    with far_side(over_tls(server_context(authority.issue_cert("localhost")))) as port:
        seen = look(port, Local())

    assert seen.distrust == ()


def test_an_untrusted_authority_is_part_of_the_handshake(here: Local) -> None:
    with far_side(over_tls(server_context(trustme.CA().issue_cert("localhost")))) as port:
        seen = look(port, here)

    assert distrust(seen) == [("unable to get local issuer certificate", 0)]
    assert seen.mismatch is None
    assert len(seen.chain) == 1


def test_an_expired_certificate_is_an_answer(authority: trustme.CA, here: Local) -> None:
    expired = authority.issue_cert("localhost", not_after=YESTERDAY)
    with far_side(over_tls(server_context(expired))) as port:
        seen = look(port, here)

    assert distrust(seen) == [("certificate has expired", 0)]
    assert "not trusted: certificate has expired (depth 0)" in seen.headline


def test_a_certificate_of_tomorrow_is_an_answer(authority: trustme.CA, here: Local) -> None:
    early = authority.issue_cert("localhost", not_before=TOMORROW)
    with far_side(over_tls(server_context(early))) as port:
        seen = look(port, here)

    assert distrust(seen) == [("certificate is not yet valid or the system clock is incorrect", 0)]


def test_every_fault_of_a_certificate_is_collected(here: Local) -> None:
    faulty = trustme.CA().issue_cert("example.org", not_after=YESTERDAY)
    with far_side(over_tls(server_context(faulty))) as port:
        seen = look(port, here)

    assert [text for text, _ in distrust(seen)] == [
        "unable to get local issuer certificate",
        "certificate has expired",
    ]
    assert seen.mismatch == "it is for example.org"


@pytest.mark.parametrize(
    ("host", "shown"),
    [("localhost", "localhost"), ("127.0.0.1", None), ("localhost.", "localhost")],
)
def test_the_name_is_sent_and_a_literal_is_not(
    authority: trustme.CA, here: Local, host: str, shown: str | None
) -> None:
    asked: list[str | None] = []
    context = server_context(authority.issue_cert("localhost", "127.0.0.1"))
    context.sni_callback = lambda _session, name, _context: asked.append(name)
    with far_side(over_tls(context)) as port:
        look(port, here, host)

    assert asked == [shown]


def test_ipv6_completes_too(authority: trustme.CA, here: Local) -> None:
    with far_side(over_tls(server_context(authority.issue_cert("::1"))), "::1") as port:
        seen = look(port, here, "::1", "::1")

    assert (seen.address, seen.mismatch, seen.distrust) == ("::1", None, ())


def test_a_missing_intermediate_is_distrusted(
    authority: trustme.CA, here: Local, tmp_path: Path
) -> None:
    leaf = authority.create_child_ca().issue_cert("localhost")
    whole = server_context(leaf)
    alone = context_of_chain(
        tmp_path, leaf.private_key_pem.bytes(), leaf.cert_chain_pems[0].bytes()
    )
    with far_side(over_tls(whole)) as port:
        complete = look(port, here)
    with far_side(over_tls(alone)) as port:
        incomplete = look(port, here)

    assert (len(complete.chain), complete.distrust) == (2, ())
    assert len(incomplete.chain) == 1
    assert distrust(incomplete)[0] == ("unable to get local issuer certificate", 0)


def test_an_intermediate_in_the_store_is_trusted_as_curl_does(
    authority: trustme.CA, tmp_path: Path
) -> None:
    between = authority.create_child_ca()
    vantage = Local(authorities=(pem_of(between, tmp_path),))
    with far_side(over_tls(server_context(between.issue_cert("localhost")))) as port:
        seen = look(port, vantage)

    assert seen.distrust == ()


def test_an_authority_file_that_changes_is_read_again(tmp_path: Path) -> None:
    first, second = trustme.CA(), trustme.CA()
    vantage = Local(authorities=(pem_of(first, tmp_path),))
    with far_side(over_tls(server_context(second.issue_cert("localhost")))) as port:
        before = look(port, vantage)
        Path(vantage.authorities[0]).unlink()
        pem_of(second, tmp_path)
        after = look(port, vantage)

    assert (len(before.distrust), len(after.distrust)) == (1, 0)


@pytest.mark.parametrize(
    ("host", "command"),
    [
        ("example.org", "-connect example.org:443 -servername example.org -showcerts </dev/null"),
        ("::1", "-connect [::1]:443 -noservername -showcerts </dev/null"),
    ],
)
def test_it_can_be_repeated_by_hand(host: str, command: str) -> None:
    sighting = Sighting(shake_hands, Peer(host), "here")

    assert sighting.by_hand == f"openssl s_client {command}"
