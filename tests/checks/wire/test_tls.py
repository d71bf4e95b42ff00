import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from OpenSSL import SSL

from checks.wire.certificates import Staple, read_staple
from checks.wire.connections import Peer
from checks.wire.handshakes import Handshake, HandshakeRefusal
from checks.wire.tls import shake_hands
from checks.wire.tls_engine import Alert
from checks.wire.tls_stream import TlsStream, open_tls
from fixtures.sightings import Sighting
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.far_sides import (
    Behaviour,
    context_of_chain,
    far_side,
    over_tls,
    pem_of,
    read_hello,
    server_context,
)

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def here(authority: trustme.CA, tmp_path: Path) -> Local:
    return Local(authorities=(pem_of(authority, tmp_path),))


def look(port: int, vantage: Local, host: str = "localhost", at: str = "127.0.0.1") -> Handshake:
    async def session() -> Handshake | HandshakeRefusal | object:
        peer = Peer(host, port)
        opened = await open_tls(peer, at, vantage, alpn=("h2", "http/1.1"), deadline=10)
        if isinstance(opened, TlsStream):
            await opened.close()
            assert (opened.distrust is None) == (
                not opened.handshake.distrust and opened.handshake.mismatch is None
            )
            return opened.handshake
        return opened

    seen = asyncio.run(session())
    assert isinstance(seen, Handshake), seen
    assert decode(encode(seen)) == seen
    assert seen.headline.isprintable()
    return seen


def distrust(seen: Handshake) -> list[tuple[str, int]]:
    return [(error.text, error.depth) for error in seen.distrust]


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


def test_another_hosts_certificate_is_a_mismatch(authority: trustme.CA, here: Local) -> None:
    names = [f"host{number}.example.org" for number in range(8)]
    with far_side(over_tls(server_context(authority.issue_cert(*names)))) as port:
        seen = look(port, here)

    assert seen.distrust == ()
    assert seen.mismatch == f"it is for {', '.join(names[:5])} and 3 more"


@pytest.mark.parametrize(
    ("name", "host", "mismatch"),
    [
        ("*.example.org", "api.example.org", None),
        ("*.example.org", "a.b.example.org", "it is for *.example.org"),
        ("*.example.org", "example.org", "it is for *.example.org"),
        ("api.example.org", "api.EXAMPLE.org.", None),
        ("127.0.0.1", "127.0.0.1", None),
        ("127.0.0.2", "127.0.0.1", "it is for 127.0.0.2"),
        ("localhost", "127.0.0.1", "it is for localhost"),
    ],
)
def test_names_are_matched_as_browsers_do(
    authority: trustme.CA, here: Local, name: str, host: str, mismatch: str | None
) -> None:
    with far_side(over_tls(server_context(authority.issue_cert(name)))) as port:
        seen = look(port, here, host)

    assert seen.mismatch == mismatch


def test_a_common_name_alone_is_no_name(authority: trustme.CA, here: Local) -> None:
    with far_side(over_tls(server_context(authority.issue_cert(common_name="localhost")))) as port:
        seen = look(port, here)

    assert seen.mismatch is not None
    assert "localhost" in seen.chain[0].subject


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


def test_a_chain_of_two_hundred_is_kept(authority: trustme.CA, here: Local, tmp_path: Path) -> None:
    leaf = authority.issue_cert("localhost")
    ballast = trustme.CA().cert_pem.bytes()
    context = context_of_chain(
        tmp_path, leaf.private_key_pem.bytes(), leaf.cert_chain_pems[0].bytes(), *[ballast] * 199
    )
    with far_side(over_tls(context)) as port:
        seen = look(port, here)

    assert (len(seen.chain), seen.distrust) == (200, ())


def test_a_chain_beyond_what_openssl_takes_is_refused_by_us(
    authority: trustme.CA, here: Local, tmp_path: Path
) -> None:
    leaf = authority.issue_cert("localhost")
    ballast = trustme.CA().cert_pem.bytes()
    context = context_of_chain(
        tmp_path, leaf.private_key_pem.bytes(), leaf.cert_chain_pems[0].bytes(), *[ballast] * 400
    )
    with far_side(over_tls(context)) as port:
        opened = asyncio.run(open_tls(Peer("localhost", port), "127.0.0.1", here, deadline=10))

    assert isinstance(opened, HandshakeRefusal)
    assert (opened.reason, opened.alert) == ("protocol", Alert(47, "illegal_parameter", "us"))
    assert "excessive message size" in opened.errors[0]


def hostile_certificate(tmp_path: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name(
        [x509.NameAttribute(x509.NameOID.COMMON_NAME, "\x1b[31mred\x1b[0m\u202egro.elpmaxe\r\nx")]
    )
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("evil\x00.example.org"),
            x509.DNSName("a\x1b[2J\nb"),
            x509.DNSName("\x7f" * 300),
        ]
    )
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, YESTERDAY, TOMORROW)
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA384())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    return context_of_chain(
        tmp_path,
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain),
        certificate.public_bytes(pem),
    )


def test_hostile_names_are_kept_as_they_are_and_shown_escaped(here: Local, tmp_path: Path) -> None:
    with far_side(over_tls(hostile_certificate(tmp_path))) as port:
        seen = look(port, here)

    assert "\u202e" in seen.chain[0].subject
    assert seen.chain[0].names[0] == "evil\x00.example.org"
    assert seen.chain[0].key == "EC P-384"
    assert "evil\\x00.example.org" in seen.headline
    assert distrust(seen)[0][1] == 0


def staple_from(authority: trustme.CA, leaf: trustme.LeafCert, status: str) -> bytes:
    issuer = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
    key = serialization.load_pem_private_key(authority.private_key_pem.bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    revoked = status == "REVOKED"
    return (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()),
            issuer=issuer,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus[status],
            this_update=YESTERDAY,
            next_update=TOMORROW,
            revocation_time=YESTERDAY if revoked else None,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, issuer)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def stapling(leaf: trustme.LeafCert, staple: bytes) -> Behaviour:
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    key = serialization.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    context.use_privatekey(key)
    context.use_certificate(x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()))
    context.set_ocsp_server_callback(lambda _session, _extra: staple)

    def behave(connection: socket.socket) -> None:
        session = SSL.Connection(context, None)
        session.set_accept_state()
        session.bio_write(read_hello(connection))
        with pytest.raises(SSL.WantReadError):
            session.do_handshake()
        connection.sendall(session.bio_read(65536))
        read_hello(connection)

    return behave


@pytest.mark.parametrize("status", ["GOOD", "REVOKED", "UNKNOWN"])
def test_a_staple_is_read(authority: trustme.CA, here: Local, status: str) -> None:
    leaf = authority.issue_cert("localhost")
    with far_side(stapling(leaf, staple_from(authority, leaf, status))) as port:
        seen = look(port, here)

    assert seen.staple == Staple(
        status.lower(), YESTERDAY.replace(microsecond=0), TOMORROW.replace(microsecond=0)
    )


def test_a_responder_that_refuses_is_quoted(authority: trustme.CA, here: Local) -> None:
    refusal = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    staple = refusal.public_bytes(serialization.Encoding.DER)
    with far_side(stapling(authority.issue_cert("localhost"), staple)) as port:
        seen = look(port, here)

    assert seen.staple == Staple("unauthorized", None, None)


def test_a_staple_that_is_no_ocsp_is_unreadable() -> None:
    assert read_staple(b"\x30\x80junk").status.startswith("unreadable: ")


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
